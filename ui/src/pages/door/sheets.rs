//! Which sheet is open over a door, and for whom.

use super::add::AddPersonSheet;
use super::come_back::ComeBackSheet;
use super::danger::DangerSheet;
use super::more::MoreSheet;
use super::note::NotesSheet;
use super::short_name;
use crate::i18n::{t, t_args};
use crate::pages::act::Acts;
use crate::parts::Trouble;
use porchlight_model::calls::door::DoorView;
use porchlight_model::id::{NoteId, VoterId};
use porchlight_model::message::ApiError;
use std::rc::Rc;
use yew::prelude::*;

/// Which sheet is open; for one person, or for the door.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Open {
    /// None.
    Nothing,
    /// Everything that can be recorded.
    More(Option<VoterId>),
    /// When to come back.
    ComeBack(Option<VoterId>),
    /// The danger.
    Danger,
    /// Notes.
    Notes(Option<VoterId>),
    /// One note, to be changed.
    EditNote(NoteId),
    /// Adding a person who is not listed.
    AddPerson,
}

/// The props of [`DoorSheet`].
#[derive(Properties, PartialEq)]
pub(super) struct DoorSheetProps {
    /// The door.
    pub(super) view: Rc<DoorView>,
    /// The acts that the page offers.
    pub(super) acts: Acts,
    /// Which sheet is open.
    pub(super) open: UseStateHandle<Open>,
}

/// The open sheet. Successive sheets share one history entry, so that Back closes whichever is open.
#[component]
pub(super) fn DoorSheet(props: &DoorSheetProps) -> Html {
    let (view, acts) = (props.view.clone(), props.acts.clone());
    let to = {
        let open = props.open.clone();
        Callback::from(move |what: Open| open.set(what))
    };
    let onclose = to.reform(|()| Open::Nothing);
    match (*props.open).clone() {
        Open::Nothing => Html::default(),
        Open::More(voter) => html! { <MoreSheet {view} {acts} {voter} {to} {onclose} /> },
        Open::ComeBack(voter) => html! { <ComeBackSheet {view} {voter} {onclose} /> },
        Open::Danger => html! { <DangerSheet {view} {onclose} /> },
        Open::Notes(voter) => html! { <NotesSheet key="notes" {view} {voter} {to} {onclose} /> },
        Open::EditNote(note) => {
            html! { <NotesSheet key={note.to_string()} {view} voter={None} changed={Some(note)} {to} {onclose} /> }
        }
        Open::AddPerson => html! { <AddPersonSheet {view} {onclose} /> },
    }
}

/// The foot of a form's sheet: the error, and the act, always at the position of the dock.
pub(super) fn foot(error: Option<ApiError>, act: Html) -> Html {
    html! {
        <>
            if let Some(error) = error { <Trouble {error} is_inline=true /> }
            <div class="acts one">{ act }</div>
        </>
    }
}

/// The hint that a draft was begun for one person and is about to be recorded for another.
pub(super) fn begun_for(view: &DoorView, begun: Option<VoterId>, now: Option<VoterId>) -> Html {
    if begun == now {
        return Html::default();
    }
    let name = |who: Option<VoterId>| who.map_or_else(|| view.door.address(), |voter| short_name(view, voter));
    let args = [("begun", name(begun).into()), ("now", name(now).into())];
    html! { <p class="note-box info" role="status">{ t_args("begun-for", &args) }</p> }
}

/// The props of [`ForWhom`].
#[derive(Properties, PartialEq)]
pub(super) struct ForWhomProps {
    /// The door.
    pub(super) view: Rc<DoorView>,
    /// The person for whom it is; `None` for the whole door.
    pub(super) voter: Option<VoterId>,
    /// Called when somebody else is chosen.
    pub(super) onchoose: Callback<Option<VoterId>>,
}

/// Chooses the whole door or one of those who are to be met.
#[component]
pub(super) fn ForWhom(props: &ForWhomProps) -> Html {
    let part = |voter: Option<VoterId>, words: String| {
        let onchoose = props.onchoose.reform(move |_: MouseEvent| voter);
        let is_on = props.voter == voter;
        html! {
            <button type="button" role="radio" aria-checked={is_on.to_string()} class={is_on.then_some("on")} onclick={onchoose}>
                <bdi>{ words }</bdi></button>
        }
    };
    let others = props.view.voters.iter().filter(|other| !other.state.is_out() || Some(other.voter.id) == props.voter);
    html! {
        <div class="seg" role="radiogroup" aria-label={t("for-whom")}>
            { part(None, t("for-door").to_string()) }
            { for others.map(|other| part(Some(other.voter.id), short_name(&props.view, other.voter.id))) }
        </div>
    }
}
