//! Writes the demo town.
fn main() {}
