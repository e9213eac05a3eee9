//! A canvasser's acts at a door, from any page: each is recorded, announced, and can be undone.

use crate::hooks::{Action, use_action};
use crate::i18n::{t, t_args};
use crate::paint::after_paint;
use crate::parts::mark::result_label;
use crate::state::notices::{Notice, NoticesHandle, Undoing, use_notices};
use porchlight_model::calls::visit::{RecordVisit, SetFlag};
use porchlight_model::id::{DoorId, VoterId};
use porchlight_model::visit::{Flag, How, ResultCode};
use std::collections::BTreeMap;
use yew::prelude::*;

/// Acts at doors.
#[derive(Clone, PartialEq)]
pub(super) struct Acts {
    action: Action,
    notices: NoticesHandle,
}

/// The acts for the page that calls this.
#[hook]
pub(super) fn use_acts() -> Acts {
    Acts { action: use_action(), notices: use_notices() }
}

impl Acts {
    /// Whether one is running.
    pub(super) const fn is_busy(&self) -> bool {
        self.action.is_busy
    }

    /// Whether the last one failed.
    pub(super) const fn has_failed(&self) -> bool {
        self.action.failed.is_some()
    }

    /// Records an attempt at a door, or at one voter behind it; `of` names the door or the voter in the notice.
    pub(super) fn record(&self, door: DoorId, voter: Option<VoterId>, result: ResultCode, of: &str) {
        self.record_then(door, voter, result, of, || ());
    }

    /// As [`Self::record`], then calls `done`.
    pub(super) fn record_then(
        &self,
        door: DoorId,
        voter: Option<VoterId>,
        result: ResultCode,
        of: &str,
        done: impl FnOnce() + 'static,
    ) {
        let result_words = t(result_label(result)).to_string();
        let text = t_args("done-result", &[("of", of.to_owned().into()), ("result", result_words.into())]);
        self.visit(visit(vec![door], voter, result), text, done);
    }

    /// Records that nobody is home at several doors.
    pub(super) fn not_home(&self, doors: Vec<DoorId>, of: &str) {
        let text = t_args("done-doors-not-home", &[("n", doors.len().into()), ("of", of.to_owned().into())]);
        self.visit(visit(doors, None, ResultCode::NotHome), text, || ());
    }

    /// Records a visit, announces `text`, and calls `done` once that is on the screen.
    pub(super) fn visit(&self, visit: RecordVisit, text: AttrValue, done: impl FnOnce() + 'static) {
        let notices = self.notices.clone();
        self.action.run(visit, move |receipt| {
            notices.dispatch(Notice::Done { text, undo: Some(Undoing::Visits(receipt.visits)) });
            after_paint(done);
        });
    }

    /// Sets or lifts a flag.
    pub(super) fn flag(&self, set: SetFlag) {
        let notices = self.notices.clone();
        self.action.run(set.clone(), move |()| {
            let text = t(match (set.flag, set.is_set) {
                (Flag::DoNotContact, true) => "done-do-not-contact",
                (Flag::DoNotContact, false) => "done-contact-again",
                (Flag::Danger, true) => "done-danger",
                (Flag::Danger, false) => "done-no-danger",
                (Flag::Unknown(_), _) => "result-newer",
            });
            let back = SetFlag { is_set: !set.is_set, ..set };
            notices.dispatch(Notice::Done { text, undo: Some(Undoing::Flag(back)) });
        });
    }
}

/// An attempt without answers or note.
pub(super) fn visit(doors: Vec<DoorId>, voter: Option<VoterId>, result: ResultCode) -> RecordVisit {
    RecordVisit { doors, voter, how: How::Door, result, answers: BTreeMap::new(), note: String::new(), script: None }
}
