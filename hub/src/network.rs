//! Which addresses this device has on local networks, and which of them phones are told.

use porchlight_model::hub::MAX_HUB_ADDRESSES;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::time::Duration;

/// How often an open hub looks where its device is: it takes a fraction of a millisecond.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What is waited for.
pub type Later<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Where a device is; asked again and again, for devices move.
pub trait Network: Send + Sync {
    /// Waits until it is time to ask again.
    fn may_have_changed(&self) -> Later<'_>;

    /// The addresses at which phones are to find it, the best first, [`MAX_HUB_ADDRESSES`] at most; of equals those that `serve` already come
    /// first, so that a code holds for as long as it can. None where there is no network.
    ///
    /// # Errors
    /// When the system does not tell.
    fn addresses(&self, serve: &[IpAddr]) -> io::Result<Vec<IpAddr>>;
}

/// What the system says of its interfaces.
#[derive(Debug, Clone, Copy)]
pub struct SystemNetwork;

impl Network for SystemNetwork {
    fn may_have_changed(&self) -> Later<'_> {
        Box::pin(tokio::time::sleep(LOOK_EVERY))
    }

    fn addresses(&self, serve: &[IpAddr]) -> io::Result<Vec<IpAddr>> {
        let all = if_addrs::get_if_addrs()?;
        Ok(to_tell(all.iter().map(if_addrs::Interface::ip), serve))
    }
}

/// Always the same addresses.
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

/// How good an address is for phones; the least is the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// Given by a network that keeps to itself (RFC 1918).
    Private,
    /// Taken by the device for want of any (RFC 3927).
    Alone,
}

fn kind_of(address: IpAddr) -> Option<Kind> {
    match address {
        IpAddr::V4(address) if address.is_private() => Some(Kind::Private),
        IpAddr::V4(address) if address.is_link_local() => Some(Kind::Alone),
        IpAddr::V4(_) | IpAddr::V6(_) => None,
    }
}

/// See [`Network::addresses`].
fn to_tell(all: impl IntoIterator<Item = IpAddr>, serve: &[IpAddr]) -> Vec<IpAddr> {
    let known = all.into_iter().filter_map(|address| Some((kind_of(address)?, !serve.contains(&address), address)));
    let mut known: Vec<_> = known.collect();
    known.sort_unstable();
    known.dedup();
    known.truncate(MAX_HUB_ADDRESSES);
    known.into_iter().map(|(_, _, address)| address).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn addresses(text: &str) -> Vec<IpAddr> {
        text.split_whitespace().map(|address| address.parse().unwrap()).collect()
    }

    fn check(all: &str, serve: &str, told: &str) {
        assert_eq!(to_tell(addresses(all), &addresses(serve)), addresses(told), "{all}, {serve} serve");
    }

    #[test]
    fn phones_are_told_addresses_of_local_networks_and_first_those_that_serve() {
        check("", "", "");
        check("127.0.0.1 ::1 8.8.8.8 100.64.0.1 0.0.0.0", "", "");
        check("169.254.3.4 192.168.1.20 10.0.0.7", "", "10.0.0.7 192.168.1.20 169.254.3.4");
        check("192.168.1.20 192.168.1.20", "", "192.168.1.20");
        check("10.0.0.7 169.254.3.4 192.168.1.20", "192.168.1.20 169.254.3.4", "192.168.1.20 10.0.0.7 169.254.3.4");
        // A fifth does not push one out that serves.
        let five = "10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 192.168.1.20";
        check(five, "192.168.1.20", "192.168.1.20 10.0.0.1 10.0.0.2 10.0.0.3");
    }
}
