//! What brings a request to a relay and its answer back: the network, or a simulation of one.

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

/// Carries requests. Any of them may arrive late, twice or never, and so may its answer.
pub trait Carrier: Send + Sync {
    /// Carries one request; fails with [`EngineError::Offline`] when no answer came.
    fn carry(&self, request: Request) -> Carried<'_>;

    /// Carries one request to the hub whose certificate has this fingerprint, and to no other.
    fn carry_to_hub(&self, request: Request, fingerprint: Sha256) -> Carried<'_>;
}
