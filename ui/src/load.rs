//! What a page knows of a reply: nothing yet, the reply, or why it failed; and which fetch is due when. Pure.

use porchlight_model::message::{ApiError, ErrorCode};
use std::any::Any;
use std::rc::Rc;

/// What a page knows of a reply.
#[derive(Debug)]
pub enum Loadable<T: ?Sized> {
    /// Nothing yet.
    Loading,
    /// The reply.
    Ready {
        /// The newest that came.
        value: Rc<T>,
        /// Whether a newer one is under way.
        is_stale: bool,
    },
    /// Why there is none.
    Failed(ApiError),
}

impl<T: ?Sized> Clone for Loadable<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Loading => Self::Loading,
            Self::Ready { value, is_stale } => Self::Ready { value: value.clone(), is_stale: *is_stale },
            Self::Failed(error) => Self::Failed(error.clone()),
        }
    }
}

impl<T: ?Sized> PartialEq for Loadable<T> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Loading, Self::Loading) => true,
            (Self::Ready { value: a, is_stale: x }, Self::Ready { value: b, is_stale: y }) => {
                Rc::ptr_eq(a, b) && x == y
            }
            (Self::Failed(a), Self::Failed(b)) => a == b,
            _ => false,
        }
    }
}

impl<T: ?Sized> Loadable<T> {
    /// The reply, if there is one.
    #[must_use]
    pub const fn value(&self) -> Option<&Rc<T>> {
        match self {
            Self::Ready { value, .. } => Some(value),
            Self::Loading | Self::Failed(_) => None,
        }
    }

    /// What is known while a newer reply is under way: an old one is kept.
    #[must_use]
    pub fn awaiting(&self) -> Self {
        match self {
            Self::Ready { value, .. } => Self::Ready { value: value.clone(), is_stale: true },
            Self::Loading | Self::Failed(_) => Self::Loading,
        }
    }

    /// What is known after a fetch ended: a reply replaces everything; an error leaves an old reply standing,
    /// unless it says that the thing is gone.
    #[must_use]
    pub fn after(&self, result: Result<Rc<T>, ApiError>) -> Self {
        match (self, result) {
            (_, Ok(value)) => Self::Ready { value, is_stale: false },
            (Self::Ready { value, .. }, Err(error)) if !is_gone(&error) => {
                Self::Ready { value: value.clone(), is_stale: true }
            }
            (_, Err(error)) => Self::Failed(error),
        }
    }
}

impl Loadable<dyn Any> {
    /// The same of the kind that the reply was read as; of another kind there is nothing.
    #[must_use]
    pub fn downcast<T: 'static>(self) -> Loadable<T> {
        match self {
            Self::Loading => Loadable::Loading,
            Self::Ready { value, is_stale } => {
                value.downcast().map_or(Loadable::Loading, |value| Loadable::Ready { value, is_stale })
            }
            Self::Failed(error) => Loadable::Failed(error),
        }
    }
}

fn is_gone(error: &ApiError) -> bool {
    matches!(error.code, ErrorCode::NotFound | ErrorCode::NotAllowed | ErrorCode::NotEnrolled)
}

/// Which fetch is due: one at a time; changes that come in meanwhile make one more afterwards.
///
/// ```text
/// changed --> begin -> fetch 1 ......... ended -> begin -> fetch 2 ... ended
///                changed, changed: noted                 |
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fetches {
    is_under_way: bool,
    is_wanted: bool,
}

impl Fetches {
    /// Something changed: whether to fetch now.
    #[must_use]
    pub const fn want(&mut self) -> bool {
        let is_due = !self.is_under_way;
        self.is_wanted = !is_due;
        self.is_under_way = true;
        is_due
    }

    /// The fetch ended: whether to fetch once more.
    #[must_use]
    pub const fn ended(&mut self) -> bool {
        let is_due = self.is_wanted;
        self.is_wanted = false;
        self.is_under_way = is_due;
        is_due
    }
}
