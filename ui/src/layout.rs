//! The shape of the window around every page: the places to go to, the notices, and one heading for each page.

mod frame;
mod nav;
mod notices;
mod page;
mod sync;

pub use frame::{Frame, use_identity, use_session, use_shape};
pub use notices::NoticeBars;
pub use page::{Page, title_page};
pub use sync::SyncChip;
