//! Projections: rows derived from documents, one function for each kind; the table of kinds (`doc/kind.rs`) names them.

pub mod campaign;
pub(crate) mod decided;
pub mod office;
pub mod turf;
