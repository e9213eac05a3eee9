//! A turf for the person who walks it: its list, its map, and the summary of a shift.

pub mod cards;
pub(crate) mod lay_out;
pub mod list;
pub mod map;
pub mod shift;

pub(crate) use lay_out::{Household, LaidDoor, Layout, lay_out};
