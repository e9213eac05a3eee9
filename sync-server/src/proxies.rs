//! The trusted proxies in front of a relay, which determine the client's address.

use axum::http::HeaderMap;
use std::net::{IpAddr, SocketAddr};

/// The header to which a proxy appends the address of its client.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Addresses of proxies, or whole networks of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies(Vec<Network>);

/// All addresses that begin with the same bits. One of version 4 is such, however it is written: clients' addresses are compared so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    n_bits: u32,
}

impl Proxies {
    /// Reads addresses (`127.0.0.1`, `::1`) and networks (`10.0.0.0/8`); `None` where one is neither.
    #[must_use]
    pub fn parse(texts: &[String]) -> Option<Self> {
        texts.iter().map(|text| Network::parse(text.trim())).collect::<Option<_>>().map(Self)
    }

    /// From which address a request comes: the last one on its way that is no proxy. What anybody else says of that is not believed.
    ///
    /// ```text
    /// X-Forwarded-For: made up, client, proxy 1   from proxy 2
    ///                           ▲ the last that is no proxy
    /// ```
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        let lines: Vec<_> = headers.get_all(FORWARDED_FOR).iter().filter_map(|line| line.to_str().ok()).collect();
        for told in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
            if !self.0.iter().any(|network| network.holds(client)) {
                break;
            }
            let Some(address) = told_address(told.trim()) else { break };
            client = address.to_canonical();
        }
        client
    }
}

/// An address as proxies write it: bare, in brackets, or with the port behind it.
fn told_address(text: &str) -> Option<IpAddr> {
    let in_brackets = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    if let Ok(address) = in_brackets.unwrap_or(text).parse() {
        return Some(address);
    }
    text.parse().ok().map(|with_port: SocketAddr| with_port.ip())
}

impl Network {
    /// Reads an address or a network. One that begins within `::ffff:0:0/96` and reaches beyond it would hold none of those that are meant.
    fn parse(text: &str) -> Option<Self> {
        let (address, n_bits) = match text.split_once('/') {
            Some((address, n_bits)) => (address, Some(n_bits.parse().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let n_bits: u32 = n_bits.unwrap_or(if address.is_ipv4() { 32 } else { 128 });
        let canonical = address.to_canonical();
        let n_bits = if canonical == address { n_bits } else { n_bits.checked_sub(96)? };
        let most = if canonical.is_ipv4() { 32 } else { 128 };
        (n_bits <= most).then_some(Self { address: canonical, n_bits })
    }

    fn holds(self, address: IpAddr) -> bool {
        let differ = match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => (own.to_bits() ^ other.to_bits()).leading_zeros(),
            (IpAddr::V6(own), IpAddr::V6(other)) => (own.to_bits() ^ other.to_bits()).leading_zeros(),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => return false,
        };
        differ >= self.n_bits
    }
}

#[cfg(test)]
mod tests {
    use super::Proxies;
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    fn proxies(texts: &[&str]) -> Option<Proxies> {
        Proxies::parse(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn the_last_address_that_is_no_proxy_counts_and_nobody_else_is_believed() {
        let near = ["127.0.0.1", "10.1.0.0/16", "::1", "fd00::/8"];
        for (trusted, peer, told, client) in [
            (&near[..], "127.0.0.1", &["192.0.2.7"][..], "192.0.2.7"),
            (&near, "127.0.0.1", &["198.51.100.1, 192.0.2.7"], "192.0.2.7"),
            (&near, "127.0.0.1", &["198.51.100.1, 192.0.2.7 , 10.1.200.3"], "192.0.2.7"),
            (&near, "::1", &["198.51.100.1", "2001:db8::7,fd12::1"], "2001:db8::7"),
            (&near, "::ffff:127.0.0.1", &["::ffff:192.0.2.7"], "192.0.2.7"),
            (&near, "10.2.0.1", &["192.0.2.7"], "10.2.0.1"),
            (&near, "127.0.0.1", &[], "127.0.0.1"),
            (&near, "127.0.0.1", &["192.0.2.7, nonsense"], "127.0.0.1"),
            (&[], "127.0.0.1", &["192.0.2.7"], "127.0.0.1"),
            (&["0.0.0.0/0"], "192.0.2.1", &["192.0.2.7"], "192.0.2.7"),
            (&["::ffff:10.0.0.1"], "10.0.0.1", &["192.0.2.7"], "192.0.2.7"),
            (&["::ffff:10.0.0.1"], "::ffff:10.0.0.1", &["192.0.2.7"], "192.0.2.7"),
            (&["::ffff:10.0.0.1"], "10.0.0.2", &["192.0.2.7"], "10.0.0.2"),
            (&["::ffff:10.0.0.0/104"], "10.7.0.1", &["192.0.2.7"], "192.0.2.7"),
            (&["::ffff:10.0.0.0/104"], "11.7.0.1", &["192.0.2.7"], "11.7.0.1"),
            (&near, "127.0.0.1", &["192.0.2.7:51234"], "192.0.2.7"),
            (&near, "127.0.0.1", &["192.0.2.7:51234, 10.1.200.3:443"], "192.0.2.7"),
            (&near, "127.0.0.1", &["[2001:db8::7]:51234"], "2001:db8::7"),
            (&near, "127.0.0.1", &["[2001:db8::7]"], "2001:db8::7"),
            (&near, "127.0.0.1", &["[::ffff:192.0.2.7]:51234"], "192.0.2.7"),
            (&near, "127.0.0.1", &["192.0.2.7:port"], "127.0.0.1"),
        ] {
            let name = HeaderName::from_static(super::FORWARDED_FOR);
            let lines = told.iter().filter_map(|line| Some((name.clone(), HeaderValue::from_str(line).ok()?)));
            let headers: HeaderMap = lines.collect();
            let found = proxies(trusted).zip(peer.parse().ok()).map(|(all, peer)| all.client(peer, &headers));
            assert_eq!(found, client.parse().ok(), "{peer} {told:?}");
        }
    }

    #[test]
    fn what_is_no_address_and_no_network_is_refused() {
        for text in ["", "proxy.example.org", "10.0.0.0/33", "::1/129", "10.0.0.0/", "10.0.0.1:80", "::ffff:10.0.0.0/8"]
        {
            assert_eq!(proxies(&[text]), None, "{text}");
        }
    }
}
