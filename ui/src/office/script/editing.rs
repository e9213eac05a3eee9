//! The state that all panes of the script's editor share: the script as it is edited, what is picked in it, what is wrong with it, and how it is
//! changed and saved.

use super::edit::{Edit, Edited, FaultPlace, first, named};
use crate::drafts::{Drafted, use_draft};
use crate::hooks::{Action, said, use_call, use_form_action};
use crate::i18n::{t, t_message};
use crate::layout::use_shape;
use crate::load::Loadable;
use crate::paint::after_paint;
use crate::parts::show_fault;
use crate::route::OfficeRoute;
use crate::state::notices::{Notice, NoticesHandle, use_notices};
use crate::state::place::Shape;
use porchlight_model::calls::draft::Act;
use porchlight_model::calls::script::{GetScript, SaveScript};
use porchlight_model::id::{QuestionId, ScriptId};
use porchlight_model::message::ApiError;
use porchlight_model::script::{Question, Script as Sheet};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::AnyRoute;
use yew_router::prelude::*;

/// The draft's key: there is one script to change.
const DRAFT: &str = "script";
/// What the address says before the picked part.
const QUERY: &str = "?question=";
/// What it says if that is the opening.
const OPENING: &str = "opening";
/// The selector of the form.
const FORM: &str = ".script";

/// A part of the script that can be picked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Picked {
    /// What the canvasser says first.
    Opening,
    /// A question.
    Question(QuestionId),
}

impl Picked {
    fn of_query(query: &str) -> Option<Self> {
        match query.strip_prefix(QUERY)? {
            OPENING => Some(Self::Opening),
            id => id.parse().ok().map(Self::Question),
        }
    }

    /// The id in the page of its row in the list.
    pub(super) fn row(self) -> String {
        match self {
            Self::Opening => "row-opening".to_owned(),
            Self::Question(id) => format!("row-{id}"),
        }
    }

    fn address(self) -> AnyRoute {
        let part = match self {
            Self::Opening => OPENING.to_owned(),
            Self::Question(id) => id.to_string(),
        };
        AnyRoute::new(format!("{}{QUERY}{part}", OfficeRoute::Script.to_path()))
    }
}

/// Whether the script on the screen is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// There is no script, and nothing was typed.
    Unwritten,
    /// It is the one in force.
    InForce,
    /// It has changes that are not saved.
    Draft,
    /// The same, and another version was saved since they were begun.
    DraftOfOlder,
}

/// What can be taken back.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Undoable {
    /// All changes were discarded.
    Discarded,
    /// A question or an answer was removed; this puts it back.
    Removed(Edit),
}

/// The script while it is edited.
#[derive(Clone, PartialEq)]
pub(super) struct Editing {
    /// The script on the screen; its answers have their stored values.
    pub(super) sheet: Rc<Sheet>,
    /// Whether the list stands beside what is picked.
    pub(super) is_wide: bool,
    /// What is picked; on a phone nothing while the list is shown.
    pub(super) picked: Option<Picked>,
    /// What is wrong, where, once saving was tried.
    pub(super) fault: Option<(FaultPlace, AttrValue)>,
    /// Whether it is saved.
    pub(super) standing: Standing,
    /// What can be taken back.
    pub(super) undoable: Option<Undoable>,
    /// Grows when other controls come under the finger.
    pub(super) n_moves: u32,
    /// Whether it is being saved.
    pub(super) is_busy: bool,
    /// Why the draft could not be stored, and why the script could not be saved.
    pub(super) failed: [Option<ApiError>; 2],
    /// Changes it.
    pub(super) edit: Callback<Edit>,
    /// Picks a part.
    pub(super) pick: Callback<Picked>,
    /// Shows the list, on a phone.
    pub(super) leave: Callback<()>,
    /// Saves it, or shows what is wrong.
    pub(super) save: Callback<SubmitEvent>,
    /// Discards the changes.
    pub(super) discard: Callback<MouseEvent>,
    /// Takes back what can be.
    pub(super) undo: Callback<MouseEvent>,
}

impl Editing {
    /// The picked question with its index.
    pub(super) fn question(&self) -> Option<(usize, &Question)> {
        let Some(Picked::Question(id)) = self.picked else { return None };
        self.sheet.questions.iter().enumerate().find(|(_, question)| question.id == id)
    }

    /// What stands so many rows below the picked part in the list.
    pub(super) fn beside(&self, step: isize) -> Option<Picked> {
        let questions = self.sheet.questions.iter().map(|question| Picked::Question(question.id));
        let all: Vec<Picked> = std::iter::once(Picked::Opening).chain(questions).collect();
        let at = all.iter().position(|part| Some(*part) == self.picked)?;
        all.get(at.checked_add_signed(step)?).copied()
    }

    /// What is wrong at a place.
    pub(super) fn fault_at(&self, place: FaultPlace) -> Option<AttrValue> {
        self.fault.as_ref().filter(|(at, _)| *at == place).map(|(_, told)| told.clone())
    }

    /// Adds a question after the last, and puts the cursor into its title.
    pub(super) fn add_question(&self) {
        let (question, index) = (super::edit::question(), self.sheet.questions.len());
        let id = question.id;
        self.edit.emit(Edit::PutQuestion(index, question));
        self.pick.emit(Picked::Question(id));
        focus_soon(format!("title-{}", index + 1));
    }

    /// Moves a question so many places down, if there is one to change places with.
    pub(super) fn move_question(&self, index: usize, step: isize) -> bool {
        let to = index.checked_add_signed(step).filter(|to| *to < self.sheet.questions.len());
        if let Some(to) = to {
            self.edit.emit(Edit::MoveQuestion(index, to));
        }
        to.is_some()
    }

    /// Removes a question; at a desk the one after it takes its place, on a phone the list does.
    pub(super) fn remove_question(&self, index: usize) {
        let next = self.beside(1).or_else(|| self.beside(-1)).unwrap_or(Picked::Opening);
        self.edit.emit(Edit::RemoveQuestion(index));
        if self.is_wide {
            self.pick.emit(next);
        } else {
            self.leave.emit(());
        }
        focus_soon(next.row());
    }
}

fn by_id(id: &str) -> Option<web_sys::HtmlElement> {
    web_sys::window()?.document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Puts the focus on an element that is on the page after it is painted.
pub(super) fn focus_soon(id: String) {
    after_paint(move || {
        if let Some(element) = by_id(&id) {
            let _ = element.focus();
        }
    });
}

/// The script while it is edited; until it and the stored draft are loaded, the state of that.
#[hook]
pub(super) fn use_editing() -> Result<Editing, Loadable<Option<Sheet>>> {
    let script = use_call(GetScript {});
    let drafted = use_draft::<Edited>(DRAFT.to_owned(), None);
    let saved: Option<Sheet> = script.value().and_then(|saved| (**saved).clone());
    let in_force = use_memo(saved.clone(), |saved| saved.clone().unwrap_or_else(first));
    let is_tried = use_state_eq(|| false);
    let removed = use_state_eq(|| None::<Edit>);
    let n_moves = use_mut_ref(|| 0_u32);
    let is_wide = use_shape() == Shape::Desk;
    let Picking { address, pick, leave } = use_picking(is_wide);
    let saving = use_saving(&drafted);
    let version = saved.as_ref().map(|sheet| sheet.id);
    let edit = {
        let (drafted, in_force, removed, n_moves) =
            (drafted.clone(), in_force.clone(), removed.clone(), n_moves.clone());
        Callback::from(move |edit: Edit| {
            let kept = drafted.value().unwrap_or_default();
            let mut sheet = kept.sheet.clone().unwrap_or_else(|| (*in_force).clone());
            removed.set(edit.undone(&sheet));
            *n_moves.borrow_mut() += u32::from(edit.moves_others());
            edit.apply(&mut sheet);
            drafted.set(Edited { of: if kept.sheet.is_some() { kept.of } else { version }, sheet: Some(sheet) });
        })
    };
    let discard = {
        let (drafted, removed) = (drafted.clone(), removed.clone());
        Callback::from(move |_: MouseEvent| {
            removed.set(None);
            drafted.discard();
        })
    };
    let undoable = match &*removed {
        Some(edit) => Some(Undoable::Removed(edit.clone())),
        None => drafted.has_discarded().then_some(Undoable::Discarded),
    };
    let undo = {
        let (drafted, undoable, edit) = (drafted.clone(), undoable.clone(), edit.clone());
        Callback::from(move |_: MouseEvent| match undoable.clone() {
            Some(Undoable::Removed(put_back)) => edit.emit(put_back),
            Some(Undoable::Discarded) => drafted.bring_back(),
            None => (),
        })
    };
    // The stored draft arrives a moment later; the form waits for it, so that nothing typed before is lost.
    let (Loadable::Ready { .. }, Some(kept)) = (&script, drafted.value()) else {
        let is_failed = matches!(script, Loadable::Failed(_));
        return Err(if is_failed { script } else { Loadable::Loading });
    };
    let mut sheet = kept.sheet.clone().unwrap_or_else(|| (*in_force).clone());
    named(&mut sheet, saved.as_ref());
    let sheet = Rc::new(sheet);
    let wrong = sheet.check().err();
    let wrong = wrong.map(|wrong| (FaultPlace::of(&sheet, &wrong), t_message(&wrong)));
    let save = {
        let (saving, wrong, sheet, pick) = (saving.clone(), wrong.clone(), sheet.clone(), pick.clone());
        let is_tried = is_tried.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            is_tried.set(wrong.is_some());
            let Some((place, _)) = &wrong else {
                removed.set(None);
                return saving.save(&sheet);
            };
            if let Some(question) = place.question() {
                pick.emit(Picked::Question(question));
            }
            after_paint(|| show_fault(FORM));
        })
    };
    let n_moves = *n_moves.borrow();
    let is_busy = saving.action.is_busy || *saving.is_renewing;
    // What is being saved is not older than itself.
    let standing = if is_busy { Standing::Draft } else { standing(&kept, version) };
    Ok(Editing {
        picked: picked(address, &sheet, is_wide),
        sheet,
        is_wide,
        fault: wrong.filter(|_| *is_tried),
        standing,
        undoable,
        n_moves,
        is_busy,
        failed: [drafted.failed(), saving.action.failed],
        edit,
        pick,
        leave,
        save,
        discard,
        undo,
    })
}

/// Whether a script is saved, of which the version in force is this.
fn standing(kept: &Edited, in_force: Option<ScriptId>) -> Standing {
    match (&kept.sheet, in_force) {
        (Some(_), in_force) if kept.of == in_force => Standing::Draft,
        (Some(_), _) => Standing::DraftOfOlder,
        (None, Some(_)) => Standing::InForce,
        (None, None) => Standing::Unwritten,
    }
}

/// What the address picks, and what changes that.
struct Picking {
    address: Option<Picked>,
    pick: Callback<Picked>,
    leave: Callback<()>,
}

/// Keeps what is picked in the address. At a desk and from question to question Back leaves the page; from a question on a phone it leads to the
/// list.
#[hook]
fn use_picking(is_wide: bool) -> Picking {
    let address = use_location().and_then(|location| Picked::of_query(location.query_str()));
    let navigator = use_navigator();
    let is_new_entry = !is_wide && address.is_none();
    let pick = {
        let navigator = navigator.clone();
        Callback::from(move |picked: Picked| match &navigator {
            Some(navigator) if is_new_entry => navigator.push(&picked.address()),
            Some(navigator) => navigator.replace(&picked.address()),
            None => (),
        })
    };
    let leave = Callback::from(move |()| {
        if let Some(navigator) = &navigator {
            navigator.replace(&OfficeRoute::Script);
        }
    });
    Picking { address, pick, leave }
}

/// What is picked by an address. At a desk something always is.
fn picked(address: Option<Picked>, sheet: &Sheet, is_wide: bool) -> Option<Picked> {
    let is_there = |part: &Picked| match part {
        Picked::Opening => true,
        Picked::Question(id) => sheet.question(*id).is_some(),
    };
    let first_part = || sheet.questions.first().map_or(Picked::Opening, |question| Picked::Question(question.id));
    address.filter(is_there).or_else(|| is_wide.then(first_part))
}

/// Saves the script.
#[derive(Clone)]
struct Saving {
    drafted: Drafted<Edited>,
    action: Action,
    notices: NoticesHandle,
    is_renewing: UseStateHandle<bool>,
}

#[hook]
fn use_saving(drafted: &Drafted<Edited>) -> Saving {
    let (action, notices, is_renewing) = (use_form_action(), use_notices(), use_state(|| false));
    Saving { drafted: drafted.clone(), action, notices, is_renewing }
}

impl Saving {
    fn save(&self, sheet: &Sheet) {
        let act = Act::Script(SaveScript { script: sheet.clone() });
        let (saved, notices, is_renewing) = (self.drafted.clone(), self.notices.clone(), self.is_renewing.clone());
        self.drafted.finish(&self.action, act, move |_| {
            notices.dispatch(Notice::Done { text: t("script-saved"), undo: None });
            is_renewing.set(true);
            spawn_local(async move {
                // Answered after the page's own fetch: from here on the page shows the saved script.
                let _ = said(GetScript {}).await;
                saved.begin_anew();
                is_renewing.set(false);
            });
        });
    }
}
