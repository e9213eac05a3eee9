//! A turf on foot: its list, its map, and what a shift came to.

pub mod cards;
pub(crate) mod lay_out;
pub mod list;
pub mod map;
pub mod shift;

pub(crate) use lay_out::{Household, LaidDoor, Layout, lay_out};
