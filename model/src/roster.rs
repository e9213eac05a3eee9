//! A delta encoding of the roster: a device that holds it receives only the times that have changed.
//!
//! ```text
//! GET /v1/roster                        every device: [{…}, …]
//! GET /v1/roster?newest=<version>&have=<hash>&as_of=<ms>  the same, or, where the hash is that of the relay's roster but for times: [place, heard, lease, …]
//! ```
//! A relay from before this tells every device, whatever it is asked; a device from before this asks for nothing else.

use crate::id::Sha256;
use crate::relay::RosterDevice;
use crate::time::At;
use serde::{Deserialize, Serialize};

/// What a device says of the roster that it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterAsk {
    /// The SHA-256 of [`steady`] of it.
    pub have: Sha256,
    /// When a relay sent it, by the relay's clock.
    pub as_of: At,
}

/// What a device says of itself when it asks for the roster, or for open invites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterVersion {
    /// The newest version of the protocol in which it understands the answer; a device from before ranges does not say. It is told of no device
    /// whose role it could not read.
    #[serde(default)]
    pub newest: Option<u16>,
}

/// The stable part of a roster, in bytes to be hashed: everything except the times of last contact and the leases, which every sync changes.
///
/// # Errors
/// When serialisation fails, which does not happen for these types.
pub fn steady(roster: &[RosterDevice]) -> serde_json::Result<Vec<u8>> {
    let without_times = |device: &RosterDevice| RosterDevice { last_heard: None, lease_until: At(0), ..device.clone() };
    serde_json::to_vec(&roster.iter().map(without_times).collect::<Vec<_>>())
}

/// The same as a program stores it that does not know when and by whom devices were revoked: it lacks nothing else.
///
/// # Errors
/// As [`steady`].
pub fn steady_without_revocations(roster: &[RosterDevice]) -> serde_json::Result<Vec<u8>> {
    let without = |device: &RosterDevice| RosterDevice { revocation: None, ..device.clone() };
    steady(&roster.iter().map(without).collect::<Vec<_>>())
}

/// The times that a device lacks which was told the roster at `as_of`, three numbers for each who was heard from since: the place in the
/// roster from 0, when they were last heard from, and until when their lease is, in milliseconds. All else is as the device holds it. Relays hear of each other's guests late and their clocks differ: what
/// falls in the minute before is sent again.
#[must_use]
pub fn times_since(roster: &[RosterDevice], as_of: At) -> Vec<i64> {
    const LATE_MS: i64 = 60_000;
    let since = as_of.plus_ms(-LATE_MS);
    let times = (0..).zip(roster).filter_map(|(place, device)| {
        let heard = device.last_heard.filter(|heard| *heard >= since)?;
        Some([place, heard.0, device.lease_until.0])
    });
    times.flatten().collect()
}

/// Puts times into a roster, as [`times_since`] tells them.
pub fn set_times(roster: &mut [RosterDevice], times: &[i64]) {
    for told in times.chunks_exact(3) {
        if let Some(device) = usize::try_from(told[0]).ok().and_then(|place| roster.get_mut(place)) {
            (device.last_heard, device.lease_until) = (Some(At(told[1])), At(told[2]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{DeviceId, DocId, MemberId};
    use crate::member::Role;
    use crate::relay::Revocation;

    fn device(n: u8) -> RosterDevice {
        RosterDevice {
            device: DeviceId::from_bytes([n; 16]),
            member: MemberId::from_bytes([n; 16]),
            name: "Ana".to_owned(),
            role: Role::Canvasser,
            last_heard: Some(At(1_000_000)),
            is_revoked: false,
            revocation: None,
            docs: Vec::new(),
            hand_in: Vec::new(),
            lease_until: At(5),
            hub_key: None,
        }
    }

    #[test]
    fn only_times_leave_what_is_compared_as_it_is() -> serde_json::Result<()> {
        let before = steady(&[device(1), device(2)])?;
        let check = |is_same: bool, change: &dyn Fn(&mut RosterDevice)| {
            let mut roster = [device(1), device(2)];
            change(&mut roster[1]);
            assert_eq!(steady(&roster).ok().as_ref() == Some(&before), is_same, "{:?}", roster[1]);
        };
        check(true, &|device| device.last_heard = None);
        check(true, &|device| device.lease_until = At(9));
        check(false, &|device| device.name = "Ana Maria".to_owned());
        check(false, &|device| device.role = Role::Captain);
        check(false, &|device| device.is_revoked = true);
        check(false, &|device| device.docs = vec![DocId::from_bytes([3; 16])]);
        check(false, &|device| device.hand_in = vec![DocId::from_bytes([3; 16])]);
        check(false, &|device| device.hub_key = Some(Sha256([3; 32])));
        let revocation = || Some(Revocation { at: At(9), by: None, by_name: String::new() });
        check(false, &|device| device.revocation = revocation());
        let known = RosterDevice { revocation: revocation(), ..device(2) };
        assert_eq!(steady_without_revocations(&[device(1), known])?, before);
        Ok(())
    }

    #[test]
    fn told_times_make_the_roster_what_it_is() {
        let mut held = [device(1), device(2), device(3)];
        let mut roster = held.clone();
        (roster[1].last_heard, roster[1].lease_until) = (Some(At(2_000_000)), At(7));
        let told = times_since(&roster, At(1_500_000));
        assert_eq!(told, [1, 2_000_000, 7]);
        set_times(&mut held, &told);
        assert_eq!(held, roster);
        // A foreign relay may send indexes out of range, and a list that ends too early.
        set_times(&mut held, &[3, 1, 1, -1, 1, 1, 0, 1]);
        assert_eq!(held, roster);
    }
}
