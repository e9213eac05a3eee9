//! The notices over a page: the last act with its undo, and the last failure. There is at most one of each.

use crate::i18n::t;
use porchlight_model::calls::plan::{ChangeGoal, RemoveGoal, RestoreGoal};
use porchlight_model::calls::visit::SetFlag;
use porchlight_model::id::VisitId;
use porchlight_model::message::ApiError;
use std::rc::Rc;
use yew::prelude::*;

/// How long the notice offers to undo an act, in milliseconds; the door's history offers it afterwards.
pub const UNDO_MS: u32 = 8_000;

/// How to undo an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undoing {
    /// By retracting these visits.
    Visits(Vec<VisitId>),
    /// By setting the flag back.
    Flag(SetFlag),
    /// By removing a goal that was set.
    GoalSet(RemoveGoal),
    /// By changing a goal back.
    GoalChanged(ChangeGoal),
    /// By bringing a goal back.
    GoalRemoved(RestoreGoal),
}

/// An event of the notices.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// An act was done, with or without an undo.
    Done {
        /// The act, in the page's language.
        text: AttrValue,
        /// How to take it back.
        undo: Option<Undoing>,
    },
    /// Something failed; stays until it is dismissed or the next act succeeds.
    Failed(ApiError),
    /// The act with this number has been shown long enough; ignored while the notice is held.
    Expired(u32),
    /// The notice has focus or pointer, or lost it.
    Held(bool),
    /// The person closed the notice of the act.
    Closed,
    /// The person dismissed the failure.
    Dismissed,
}

/// The last act, as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    /// A sequence number, by which the notice's timer identifies its act.
    pub number: u32,
    /// What was done.
    pub text: AttrValue,
    /// How to take it back.
    pub undo: Option<Undoing>,
}

/// The current notices.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Notices {
    /// The last act, while it is shown.
    pub done: Option<Done>,
    /// The last failure, until dismissed.
    pub failed: Option<ApiError>,
    /// Whether the notice has focus or pointer.
    pub is_held: bool,
    last: u32,
}

impl Reducible for Notices {
    type Action = Notice;

    fn reduce(self: Rc<Self>, notice: Notice) -> Rc<Self> {
        let mut next = (*self).clone();
        match notice {
            Notice::Done { text, undo } => {
                next.last += 1;
                next.done = Some(Done { number: next.last, text, undo });
                next.failed = None;
                next.is_held = false;
            }
            Notice::Failed(error) => next.failed = Some(error),
            Notice::Expired(number) => {
                if !next.is_held && next.done.as_ref().is_some_and(|done| done.number == number) {
                    next.done = None;
                }
            }
            Notice::Held(is_held) => next.is_held = is_held,
            Notice::Closed => {
                next.done = None;
                next.is_held = false;
            }
            Notice::Dismissed => next.failed = None,
        }
        Rc::new(next)
    }
}

/// The shared notices: read and dispatch.
pub type NoticesHandle = UseReducerHandle<Notices>;

/// The notices of the window.
///
/// # Panics
/// Outside of the app's root, which provides them.
#[hook]
#[expect(clippy::expect_used, reason = "the root always provides them")]
pub fn use_notices() -> NoticesHandle {
    use_context::<NoticesHandle>().expect("the root provides the notices")
}

/// Announces an act without an undo.
pub fn say(notices: &NoticesHandle, id: &str) {
    notices.dispatch(Notice::Done { text: t(id), undo: None });
}

#[cfg(test)]
mod tests {
    use super::*;
    use porchlight_model::message::{ErrorCode, Message};

    fn done(text: &'static str) -> Notice {
        Notice::Done { text: text.into(), undo: None }
    }

    fn after(notices: impl IntoIterator<Item = Notice>) -> Notices {
        let start = Rc::new(Notices::default());
        (*notices.into_iter().fold(start, Notices::reduce)).clone()
    }

    fn text(notices: &Notices) -> Option<&str> {
        notices.done.as_ref().map(|done| done.text.as_str())
    }

    #[test]
    fn the_newest_act_replaces_the_one_before_and_its_clock() {
        let notices = after([done("25 Maple"), done("27 Maple"), Notice::Expired(1)]);
        assert_eq!(text(&notices), Some("27 Maple"));
        assert_eq!(text(&after([done("25 Maple"), Notice::Expired(1)])), None);
    }

    #[test]
    fn a_bar_that_someone_is_at_does_not_vanish() {
        let notices = after([done("25 Maple"), Notice::Held(true), Notice::Expired(1)]);
        assert_eq!(text(&notices), Some("25 Maple"));
    }

    #[test]
    fn a_failure_stays_until_read_or_until_the_next_act_succeeds() {
        let error = ApiError::new(ErrorCode::Failed, Message::new("error-offline"));
        let failed = after([done("25 Maple"), Notice::Failed(error.clone()), Notice::Expired(1)]);
        assert_eq!(failed.failed, Some(error.clone()));
        assert_eq!(after([Notice::Failed(error.clone()), Notice::Dismissed]).failed, None);
        assert_eq!(after([Notice::Failed(error), done("27 Maple")]).failed, None);
    }
}
