//! The relay: keeps the log of every document's changes, checks grants, serves packs, hints and the web app.
//!
//! Reading order: [`store`] is the storage; `change` and `grants` are the pure rules, with `porchlight_model::admit`; [`http`] has one file per operation;
//! [`relay`] ties them together and serves. The protocol is in `porchlight_model::wire` and `porchlight_model::relay`.

mod accept;
mod at_once;
mod background;
pub mod bus;
pub mod chance;
pub mod change;
pub mod clock;
pub mod grants;
mod heard;
pub mod http;
pub mod limits;
mod listeners;
pub mod logs;
mod meters;
pub mod operate;
pub mod proxies;
pub mod rates;
mod readiness;
pub mod relay;
pub mod room;
pub mod secret;
mod serve;
pub mod settings;
pub mod store;
mod tls;

pub use clock::{Clock, WallClock};
pub use relay::{Config, Relay};
pub use serve::{Doors, ServeError, listen, serve, work};
pub use tls::{Tls, TlsError, TlsFiles, under};
