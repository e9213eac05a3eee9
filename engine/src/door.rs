//! One door, or one building with its units: everything that is known of it, and everything that happened there.

pub mod building;
pub(crate) mod history;
pub mod open;
