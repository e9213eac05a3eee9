//! Load on a relay from another process: many lightweight devices that speak the protocol themselves, over few connections.

pub mod crowd;
pub mod phone;
pub mod pipe;

pub use crowd::Crowd;
pub use phone::Phone;
pub use pipe::Pipe;
