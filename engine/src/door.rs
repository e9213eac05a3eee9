//! One door, or one building with its units: everything known, and everything that happened there.

pub mod building;
pub(crate) mod history;
pub mod open;
