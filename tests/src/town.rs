//! The demo town.
