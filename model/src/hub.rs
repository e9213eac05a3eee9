//! A hub: a captain's device that collects results from phones on the local network and carries them to the campaign's relay.
//!
//! A phone finds it by a link, shown as a QR: `https://relay/hub#1.<fingerprint>.<name>~<address>[~<address>…]`, in which the
//! fingerprint is the SHA-256 of the certificate that the hub made for itself. The page behind the link is the installed app's own, so
//! a phone's camera opens it without any network.
//!
//! A device proves itself with a token for this one hub: the SHA-256 of [`TOKEN_LABEL`], the device's hub key and the fingerprint. The
//! hub key is the SHA-256 of [`KEY_LABEL`] and of the SHA-256 of the device's relay token: the relay can tell it to captains, who cannot
//! make the token itself from it; and what a strange hub is shown is of no use at another one.
//!
//! Before anything is sent to it, not even that token, a hub proves that it knows the device's hub key, which the relay tells to captains and
//! coordinators alone: to a [`Challenge`] it answers with the SHA-256 of [`PROOF_LABEL`], the key, its own fingerprint and the random numbers of
//! both sides. A hub of a stranger's own cannot, and what another hub would answer names another fingerprint.

use crate::id::{DeviceId, Sha256};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The label before the hash of the relay token in a device's hub key.
pub const KEY_LABEL: &[u8] = b"porchlight hub key";

/// The label before key and fingerprint in a device's token for one hub.
pub const TOKEN_LABEL: &[u8] = b"porchlight hub token";

/// The label before key, fingerprint and nonces in a hub's proof.
pub const PROOF_LABEL: &[u8] = b"porchlight hub proof";

/// The path at which a hub authenticates itself: `POST`, a [`Challenge`] in JSON, answered by a [`Proof`].
pub const PROVE_PATH: &str = "/v1/hub";

/// A device's challenge to a hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// The device that asks.
    pub device: DeviceId,
    /// A nonce.
    #[serde(with = "hex::serde")]
    pub nonce: [u8; 32],
}

/// A hub's proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The hub's nonce.
    #[serde(with = "hex::serde")]
    pub nonce: [u8; 32],
    /// The hash that only a hub with the device's hub key can compute.
    pub proof: Sha256,
}

/// The most addresses of one hub.
pub const MAX_HUB_ADDRESSES: usize = 4;

/// The longest name of a hub's captain in a link, in characters; a longer one is cut.
pub const MAX_HUB_NAME_CHARS: usize = 40;

/// The version of the link.
const VERSION: &str = "1";

/// Text that is no link to a hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no link to a hub")]
pub struct NoHubLink;

/// The link to a hub: its addresses and its identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubLink {
    /// The address of the campaign's relay, without a slash at the end: the installed app belongs to it.
    pub relay: String,
    /// The SHA-256 of the hub's certificate.
    pub fingerprint: Sha256,
    /// Whose device it is.
    pub name: String,
    /// Its addresses on the local network, `192.168.1.20:8788` or `[fd00::20]:8788`, TCP and UDP alike; one to [`MAX_HUB_ADDRESSES`].
    pub addresses: Vec<String>,
}

impl HubLink {
    /// This link with the addresses of an earlier one behind its own, where both are of one hub and there is room: it may be back there one day.
    #[must_use]
    pub fn and_earlier(mut self, earlier: &Self) -> Self {
        if earlier.fingerprint == self.fingerprint {
            let old = earlier.addresses.iter().filter(|address| !self.addresses.contains(*address));
            let old: Vec<_> = old.take(MAX_HUB_ADDRESSES.saturating_sub(self.addresses.len())).cloned().collect();
            self.addresses.extend(old);
        }
        self
    }
}

impl fmt::Display for HubLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name: String = self.name.chars().take(MAX_HUB_NAME_CHARS).collect();
        write!(f, "{}/hub#{VERSION}.{}.{}", self.relay, self.fingerprint, hex::encode(name))?;
        self.addresses.iter().try_for_each(|address| write!(f, "~{address}"))
    }
}

impl FromStr for HubLink {
    type Err = NoHubLink;

    fn from_str(text: &str) -> Result<Self, NoHubLink> {
        let (page, fragment) = text.trim().split_once('#').ok_or(NoHubLink)?;
        let relay = page.trim_end_matches('/').strip_suffix("/hub").ok_or(NoHubLink)?;
        let (head, addresses) = fragment.split_once('~').ok_or(NoHubLink)?;
        let mut parts = head.split('.');
        let (Some(VERSION), Some(fingerprint), Some(name), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NoHubLink);
        };
        let name = hex::decode(name).ok().and_then(|name| String::from_utf8(name).ok()).ok_or(NoHubLink)?;
        let addresses: Vec<String> = addresses.split('~').map(str::to_owned).collect();
        let are_addresses = addresses.len() <= MAX_HUB_ADDRESSES && addresses.iter().all(|address| is_address(address));
        if !are_addresses || name.chars().count() > MAX_HUB_NAME_CHARS {
            return Err(NoHubLink);
        }
        let fingerprint = fingerprint.parse().map_err(|_| NoHubLink)?;
        Ok(Self { relay: relay.to_owned(), fingerprint, name, addresses })
    }
}

/// Whether this looks like a number of a host and one of a port; which host it is, the network knows.
fn is_address(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else { return false };
    let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_host = match inner {
        Some(host) => host.contains(':') && host.bytes().all(|byte| byte.is_ascii_hexdigit() || b".:".contains(&byte)),
        None => host.contains('.') && host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'),
    };
    is_host && port.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> HubLink {
        HubLink {
            relay: "https://relay.example".to_owned(),
            fingerprint: Sha256([7; 32]),
            name: "Béa ~ O'Neil".to_owned(),
            addresses: ["192.168.1.20:8788", "[fd00::20]:8788"].map(str::to_owned).to_vec(),
        }
    }

    #[test]
    fn a_link_is_read_as_it_was_written() {
        let text = link().to_string();
        assert_eq!(text.parse(), Ok(link()));
        assert_eq!(format!(" {text}\n").parse(), Ok(link()));
        assert!(text.len() < 220, "it fits a QR that a cheap camera reads: {}", text.len());
    }

    #[test]
    fn a_hub_that_moved_is_looked_for_at_its_new_addresses_and_then_at_the_old_ones() {
        let at = |addresses: &[&str]| HubLink {
            addresses: addresses.iter().map(|address| (*address).to_owned()).collect(),
            ..link()
        };
        let old = at(&["10.0.0.1:1", "10.0.0.2:1", "10.0.0.3:1"]);
        assert_eq!(
            at(&["10.0.0.9:1"]).and_earlier(&old),
            at(&["10.0.0.9:1", "10.0.0.1:1", "10.0.0.2:1", "10.0.0.3:1"])
        );
        let four = at(&["10.0.0.9:1", "10.0.0.2:1", "10.0.0.1:1", "10.0.0.3:1"]);
        assert_eq!(at(&["10.0.0.9:1", "10.0.0.2:1"]).and_earlier(&old), four);
        assert_eq!(four.clone().and_earlier(&at(&["10.0.0.5:1"])), four);
        let other = HubLink { fingerprint: Sha256([8; 32]), ..old };
        assert_eq!(link().and_earlier(&other), link(), "another hub is another hub");
    }

    #[test]
    fn what_is_no_link_is_refused() {
        let text = link().to_string();
        for wrong in [
            String::new(),
            text.replace('#', ""),
            text.replace("/hub", "/join"),
            text.replace("#1.", "#2."),
            text.replace("07.", "0."),
            text.replace(":8788", ""),
            text.replace("192.168.1.20", "relay.example"),
            text.replace("192.168.1.20", ""),
            text.replace(":8788", ":88788"),
            text.replace("[fd00::20]", "fd00::20"),
            text.split_once('~').map(|(head, _)| head.to_owned()).unwrap_or_default(),
            format!("{text}~10.0.0.1:1~10.0.0.2:1~10.0.0.3:1"),
        ] {
            assert_eq!(wrong.parse::<HubLink>(), Err(NoHubLink), "{wrong}");
        }
        let mut long = link();
        long.addresses = (1..=4).map(|n| format!("10.0.0.{n}:1")).collect();
        long.name = "n".repeat(MAX_HUB_NAME_CHARS);
        assert_eq!(long.to_string().parse(), Ok(long.clone()));
        long.name.push('n');
        assert_eq!(long.to_string().parse::<HubLink>().map(|link| link.name.len()), Ok(MAX_HUB_NAME_CHARS));
    }
}
