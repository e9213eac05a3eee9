//! Sync: what this device holds goes to the relay, what others did comes back. See `docs/sync.md` for the promises.
//!
//! [`session`] decides when, [`ask`] what to ask, [`absorb`] what an answer means; [`driver`] does it.
//! Sockets are opened in [`transport`] alone.

pub mod absorb;
pub mod ask;
pub mod driver;
pub mod packs;
pub(crate) mod relays;
pub mod session;
pub mod status;
pub mod transport;

pub use driver::{Timer, run};
