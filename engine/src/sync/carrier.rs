//! The transport of requests and answers: the network, or a simulation of one.

use crate::error::EngineError;
use porchlight_model::id::Sha256;
use reqwest::{Request, Response};
use std::future::Future;
use std::pin::Pin;

/// An answer on its way; `Send` where threads exist.
#[cfg(not(target_arch = "wasm32"))]
pub type Carried<'a> = Pin<Box<dyn Future<Output = Result<Response, EngineError>> + Send + 'a>>;
/// An answer on its way; `Send` where threads exist.
#[cfg(target_arch = "wasm32")]
pub type Carried<'a> = Pin<Box<dyn Future<Output = Result<Response, EngineError>> + 'a>>;

/// Sends requests. Each request and answer may be delayed, duplicated or lost.
pub trait Carrier: Send + Sync {
    /// Sends one request; fails with [`EngineError::Offline`] without an answer.
    fn carry(&self, request: Request) -> Carried<'_>;

    /// Sends one request to the hub whose certificate has this fingerprint, and to no other server.
    fn carry_to_hub(&self, request: Request, fingerprint: Sha256) -> Carried<'_>;
}
