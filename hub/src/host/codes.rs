//! The QR codes that an open hub has shown, and whether they still lead to it.

use porchlight_model::time::At;
use std::net::IpAddr;

/// How many codes are remembered, the most recent ones.
const MAX_CODES: usize = 16;

/// The codes, each as the list of addresses in it.
#[derive(Debug, Default)]
pub(super) struct Codes {
    shown: Vec<Vec<IpAddr>>,
    /// When the device's addresses last changed so that an earlier code may no longer lead to it.
    pub(super) moved: Option<At>,
}

impl Codes {
    /// Records the addresses in the code that is shown from now on. Without a network there are no addresses and no code.
    pub(super) fn told(&mut self, addresses: Vec<IpAddr>, now: At) {
        // A phone that scanned an earlier code may not reach the hub when one of its addresses is gone and a new one serves instead.
        let is_stale = |code: &Vec<IpAddr>| {
            let lacks = |one: &[IpAddr], all: &[IpAddr]| one.iter().any(|address| !all.contains(address));
            lacks(code, &addresses) && lacks(&addresses, code)
        };
        if self.shown.iter().any(is_stale) {
            self.moved = Some(now);
        }
        if addresses.is_empty() || self.shown.contains(&addresses) {
            return;
        }
        if self.shown.len() == MAX_CODES {
            self.shown.remove(0);
        }
        self.shown.push(addresses);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Shows the codes in order and checks at which of them, counted from 1, phones were last asked to scan again.
    fn check(codes: &[&[u8]], moved: Option<i64>) {
        let mut told = Codes::default();
        for (code, at) in codes.iter().zip(1..) {
            told.told(code.iter().map(|host| IpAddr::from([10, 0, 0, *host])).collect(), At(at));
        }
        assert_eq!(told.moved, moved.map(At), "{codes:?}");
    }

    #[test]
    fn phones_scan_again_only_where_their_code_no_longer_leads_to_the_hub() {
        check(&[&[1]], None);
        check(&[&[1], &[], &[1]], None);
        check(&[&[1], &[1, 2], &[1]], None);
        check(&[&[1, 2], &[2]], None);
        check(&[&[1, 2], &[2, 1]], None);
        check(&[&[], &[1]], None);
        check(&[&[1], &[2]], Some(2));
        check(&[&[1], &[], &[2]], Some(3));
        check(&[&[1], &[2], &[]], Some(2));
        check(&[&[1], &[1, 2], &[2]], Some(3));
        check(&[&[1, 2], &[1, 3]], Some(2));
        check(&[&[1], &[2], &[1]], Some(3));
    }

    #[test]
    fn the_last_codes_are_remembered() {
        let mut told = Codes::default();
        for host in 0..=255_u8 {
            told.told(vec![IpAddr::from([10, 0, 0, host])], At(1));
        }
        assert_eq!(told.shown.len(), MAX_CODES);
    }
}
