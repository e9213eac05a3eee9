//! Sync: pushes what this device holds to the relay, and pulls what others did. See `docs/sync.md` for the promises.
//!
//! [`session`] decides when to sync, [`ask`] plans the request, [`absorb`] applies the answer; [`driver`] performs the IO.
//! Sockets are opened in [`transport`] alone; a simulation puts its own network behind [`carrier`].

pub mod absorb;
pub mod ask;
mod batch;
pub mod carrier;
pub mod driver;
mod forget;
pub(crate) mod hub;
pub mod packs;
pub(crate) mod relays;
mod roster;
pub mod session;
pub mod snapshot;
pub mod status;
pub mod transport;
pub mod trouble;

pub use carrier::Carrier;
pub use driver::{Timer, run};
pub use transport::client;
pub use trouble::note_death;
