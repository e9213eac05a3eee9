//! The Porchlight client without its user interface: the same code runs in a phone's browser and in the native app.
//!
//! Shells open an [`Engine`], wrap it in an [`EngineHandle`] and pass every call of the interface to [`dispatch`].
//! All changes of data go through [`Engine::write`], the write funnel.

// A phone's download is built without the feature `office`: what only its calls reach is left out by the linker.
#![cfg_attr(not(feature = "office"), allow(dead_code, unused_imports))]

mod answer;
#[cfg(feature = "office")]
mod archive;
pub mod cut;
mod dispatch;
pub mod doc;
pub mod door;
pub mod engine;
pub mod env;
pub mod error;
mod export;
mod findable;
pub mod handle;
pub mod handover;
pub mod hub;
pub mod import;
pub mod invite;
pub mod join;
pub mod office;
pub mod pack;
mod plan;
pub mod script;
pub mod settle;
pub mod store;
pub mod sync;
pub mod universe;
pub mod visit;
pub mod walk;
mod wave;

pub use dispatch::dispatch;
pub use engine::{Engine, Tx};
pub use env::{Clock, Env};
pub use error::EngineError;
pub use handle::{EngineHandle, Files, Shell};

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
