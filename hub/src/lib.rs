//! The captain's hub, with which phones on the same local network sync without the internet.
//!
//! [`store`] puts the relay's interface over the captain's own documents; [`host`] opens it on the [`network`]: HTTPS under a certificate of its
//! own for native apps, and for pages in browsers a data channel of WebRTC ([`rtc`]), both on one port.

pub mod certificate;
pub mod guests;
pub mod host;
pub mod network;
pub mod rtc;
pub mod store;
