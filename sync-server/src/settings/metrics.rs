//! The setting that says where a relay serves its metrics: an address, or `off`.

use serde::Deserialize;
use std::net::{AddrParseError, Ipv4Addr, SocketAddr, SocketAddrV4};
use std::str::FromStr;

/// Where metrics are served by default.
pub const USUAL_METRICS: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 9464));

/// Where metrics are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Metrics {
    /// At this address.
    At(SocketAddr),
    /// Nowhere.
    Off,
}

impl FromStr for Metrics {
    type Err = AddrParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "off" => Ok(Self::Off),
            address => address.parse().map(Self::At),
        }
    }
}

impl TryFrom<String> for Metrics {
    type Error = AddrParseError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}
