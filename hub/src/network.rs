//! Finds this device's addresses on local networks and chooses those that go into the QR code.

use porchlight_model::hub::MAX_HUB_ADDRESSES;
use std::collections::BTreeSet;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::time::Duration;

/// How often an open hub polls its device's addresses, which takes a fraction of a millisecond.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// A boxed future.
pub type Later<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// The source of a device's addresses. It is polled, because devices move.
pub trait Network: Send + Sync {
    /// Completes when the addresses should be polled again.
    fn may_have_changed(&self) -> Later<'_>;

    /// The addresses for phones, best first, at most [`MAX_HUB_ADDRESSES`]. Among equals, those in `serve` come
    /// first, so that a code stays valid for as long as possible. Empty without a network.
    ///
    /// # Errors
    /// When the system cannot list its interfaces.
    fn addresses(&self, serve: &[IpAddr]) -> io::Result<Vec<IpAddr>>;
}

/// The operating system's network interfaces.
#[derive(Debug, Clone, Copy)]
pub struct SystemNetwork;

impl Network for SystemNetwork {
    fn may_have_changed(&self) -> Later<'_> {
        Box::pin(tokio::time::sleep(LOOK_EVERY))
    }

    fn addresses(&self, serve: &[IpAddr]) -> io::Result<Vec<IpAddr>> {
        let all = if_addrs::get_if_addrs()?;
        Ok(to_tell(all.iter().map(|interface| (interface.name.as_str(), interface.ip())), serve))
    }
}

/// A network with fixed addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedNetwork(pub Vec<IpAddr>);

impl Network for FixedNetwork {
    fn may_have_changed(&self) -> Later<'_> {
        Box::pin(std::future::pending())
    }

    fn addresses(&self, _: &[IpAddr]) -> io::Result<Vec<IpAddr>> {
        Ok(self.0.clone())
    }
}

/// How well an address suits phones; the smallest is best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// IPv4, private (RFC 1918).
    Private,
    /// IPv6, unique local (RFC 4193).
    UniqueLocal,
    /// IPv6, globally routable, from networks that assign no other.
    Global,
    /// IPv4, link-local, self-assigned by the device (RFC 3927).
    Alone,
}

/// Returns `None` for an address that phones cannot use. That includes link-local IPv6: it needs the name that the phone itself gives
/// to its interface, and browsers do not accept one.
fn kind_of(address: IpAddr) -> Option<Kind> {
    match address {
        IpAddr::V4(address) if address.is_private() => Some(Kind::Private),
        IpAddr::V4(address) if address.is_link_local() => Some(Kind::Alone),
        IpAddr::V6(address) if address.is_unique_local() => Some(Kind::UniqueLocal),
        IpAddr::V6(address) if address.segments()[0] & 0xe000 == 0x2000 => Some(Kind::Global),
        IpAddr::V4(_) | IpAddr::V6(_) => None,
    }
}

/// Chooses the addresses of [`Network::addresses`] from all, each with the name of its interface. An interface has several IPv6 addresses that lead
/// to the same place, and each makes the code longer: one is chosen.
fn to_tell<'a>(all: impl IntoIterator<Item = (&'a str, IpAddr)>, serve: &[IpAddr]) -> Vec<IpAddr> {
    let known = all.into_iter().filter_map(|(interface, address)| {
        let kind = kind_of(address)?;
        Some((kind, !serve.contains(&address), address, interface))
    });
    let mut known: Vec<_> = known.collect();
    known.sort_unstable();
    known.dedup_by_key(|(_, _, address, _)| *address);
    let (mut with_any, mut with_v6) = (BTreeSet::new(), BTreeSet::new());
    known.retain(|(kind, _, _, interface)| match kind {
        Kind::Private => {
            with_any.insert(*interface);
            true
        }
        Kind::UniqueLocal | Kind::Global => {
            with_any.insert(*interface);
            with_v6.insert(*interface)
        }
        Kind::Alone => !with_any.contains(interface),
    });
    known.into_iter().take(MAX_HUB_ADDRESSES).map(|(_, _, address, _)| address).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Addresses separated by spaces; an interface's name precedes its addresses.
    fn check(all: &str, serve: &str, told: &str) {
        let mut interface = "";
        let named: Vec<_> = all
            .split_whitespace()
            .filter_map(|word| match word.parse() {
                Ok(address) => Some((interface, address)),
                Err(_) => {
                    interface = word;
                    None
                }
            })
            .collect();
        let read = |text: &str| text.split_whitespace().map(|word| word.parse().unwrap()).collect::<Vec<IpAddr>>();
        assert_eq!(to_tell(named, &read(serve)), read(told), "{all}, {serve} serve");
    }

    #[test]
    fn phones_are_told_addresses_of_local_networks_and_first_those_that_serve() {
        check("", "", "");
        check("lo 127.0.0.1 ::1 wifi 8.8.8.8 100.64.0.1 0.0.0.0 :: ff02::1", "", "");
        check("a 169.254.3.4 b 192.168.1.20 c 10.0.0.7", "", "10.0.0.7 192.168.1.20 169.254.3.4");
        check("a 192.168.1.20 b 192.168.1.20", "", "192.168.1.20");
        check("a 10.0.0.7 b 169.254.3.4 192.168.1.20", "192.168.1.20 169.254.3.4", "192.168.1.20 10.0.0.7");
        // A fifth address does not replace one that is in use.
        let five = "a 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 192.168.1.20";
        check(five, "192.168.1.20", "192.168.1.20 10.0.0.1 10.0.0.2 10.0.0.3");
    }

    #[test]
    fn of_ipv6_phones_are_told_one_address_of_each_interface_and_none_that_needs_a_scope() {
        check("wifi fe80::1", "", "");
        check("wifi fe80::1 fd00::7", "", "fd00::7");
        check("wifi 2001:db8::7 fe80::1", "", "2001:db8::7");
        check("wifi 2001:db8::7 fd00::7 192.168.1.20", "", "192.168.1.20 fd00::7");
        check("wifi 2001:db8::7 169.254.3.4", "", "2001:db8::7");
        check("wifi fd00::7 cable fd00::8 2001:db8::8", "", "fd00::7 fd00::8");
        // A new temporary address does not change the code while the old one is still assigned.
        check("wifi 2001:db8::1 2001:db8::2", "", "2001:db8::1");
        check("wifi 2001:db8::1 2001:db8::2", "2001:db8::2", "2001:db8::2");
        check("virtual 172.17.0.1 wifi 2001:db8::7", "", "172.17.0.1 2001:db8::7");
    }
}
