//! The layout around every page: navigation, notices, and one heading for each page.

mod banners;
mod dock;
mod frame;
mod nav;
mod notices;
mod page;
mod strip;
mod sync;

pub use dock::{DOCK, Dock, DockAct, DockLink, Rest, next_door};
pub use frame::{Frame, use_identity, use_may, use_session, use_shape};
pub use page::{Page, title_page};
pub use strip::UndoStrip;
pub use sync::SyncChip;
