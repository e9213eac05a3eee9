//! Small components from which pages are built: they take props and emit callbacks, and never call the engine.

pub mod arrows;
pub mod draft_row;
pub mod field;
pub mod go;
pub mod icon;
pub mod loads;
pub mod mark;
pub mod progress;
pub mod qr;
pub mod room;
pub mod select;
pub mod sheet;
pub mod words;

pub use draft_row::DraftRow;
pub use field::{TextArea, TextField, show_fault};
pub use go::{Go, use_go_of_list};
pub use icon::icon;
pub use loads::{Empty, Trouble, draw, reload};
pub use mark::{Mark, mark, sign};
pub use progress::{Progress, StateBar};
pub use room::use_has_no_room;
pub use select::Select;
pub use sheet::Sheet;
pub use words::{apart, listed, of_role, one_of_role, wave_name};
