//! One door, or one building with its units: everything known, and everything that happened there.

pub mod building;
mod history;
pub mod open;
