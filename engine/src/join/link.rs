//! Invite links: `https://relay/join#secret`, the secret in the fragment so that it never reaches a log.

use crate::error::EngineError;
use porchlight_model::message::Message;

/// A parsed link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The relay's address, without a trailing slash.
    pub relay: String,
    /// The secret.
    pub secret: String,
}

impl Link {
    /// Parses a link as a person pastes it.
    ///
    /// # Errors
    /// When it is not an invite link.
    pub fn parse(text: &str) -> Result<Self, EngineError> {
        let wrong = || EngineError::bad_input(Message::new("join-link-wrong"));
        let (address, secret) = text.trim().split_once('#').ok_or_else(wrong)?;
        let relay = address.trim_end_matches('/').strip_suffix("/join").ok_or_else(wrong)?;
        // Non-ASCII letters are not accepted in an address, plain or as `%C3%A9`: a host name with accents must be in Punycode (`xn--`).
        // A URL parser would ignore line breaks, but they would stay in the text.
        if !relay.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'%') {
            return Err(wrong());
        }
        let url = reqwest::Url::parse(relay).map_err(|_| wrong())?;
        let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
        let is_secret =
            (16..=128).contains(&secret.len()) && secret.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        if is_web && is_secret && url.query().is_none() && url.username().is_empty() {
            Ok(Self { relay: relay.to_owned(), secret: secret.to_owned() })
        } else {
            Err(wrong())
        }
    }
}

impl std::fmt::Display for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/join#{}", self.relay, self.secret)
    }
}

#[cfg(test)]
mod tests {
    use super::Link;

    #[test]
    fn a_pasted_link_is_read_and_anything_else_refused() {
        for good in [
            "https://relay.example/join#abcdefghjkmnpqrstuvwxyz234",
            " http://127.0.0.1:8787/join/#abcdefghjkmnpqrstuvwxyz234\n",
        ] {
            assert!(Link::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "hello",
            "https://relay.example/join",
            "https://relay.example/#abcdefghjkmnpqrstuv",
            "ftp://x/join#abcdefghjkmnpqrstuv",
            "https://relay.example/join#short",
            "https://relay.example/join#abcdefghjk mnpqrstuv",
            "https://b\u{fc}cher.example/join#abcdefghjkmnpqrstuv",
            "https://B%C3%BCcher.example/join#abcdefghjkmnpqrstuv",
            "https://relay.exa\nmple/join#abcdefghjkmnpqrstuv",
            "https://a@relay/join#abcdefghjkmnpqrstuv",
        ] {
            assert!(Link::parse(bad).is_err(), "{bad}");
        }
    }
}
