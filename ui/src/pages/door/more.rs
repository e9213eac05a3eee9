//! Everything that can be recorded about a door or a person, with one tap each; what needs text opens its own sheet.

use super::sheets::{ForWhom, Open};
use super::{back_of, short_name};
use crate::i18n::{t, t_args};
use crate::pages::act::Acts;
use crate::parts::{Sheet, icon};
use crate::route::Route;
use porchlight_model::calls::door::{DoorView, VoterView};
use porchlight_model::calls::visit::SetFlag;
use porchlight_model::id::VoterId;
use porchlight_model::visit::{About, DoorState, Flag, ResultCode};
use std::rc::Rc;
use yew::prelude::*;
use yew_router::prelude::*;

/// The props of [`MoreSheet`].
#[derive(Properties, PartialEq)]
pub(super) struct MoreSheetProps {
    /// The door.
    pub(super) view: Rc<DoorView>,
    /// The acts that the page offers.
    pub(super) acts: Acts,
    /// For whom; `None` for the whole door.
    pub(super) voter: Option<VoterId>,
    /// Opens another sheet.
    pub(super) to: Callback<Open>,
    /// Called when the sheet is finished or dismissed.
    pub(super) onclose: Callback<()>,
}

/// The sheet.
#[component]
pub(super) fn MoreSheet(props: &MoreSheetProps) -> Html {
    let navigator = use_navigator();
    let person = props.voter.and_then(|voter| props.view.voters.iter().find(|view| view.voter.id == voter));
    let (title, under) = match person {
        None => (t("more-title"), props.view.door.address()),
        Some(person) => {
            let name = short_name(&props.view, person.voter.id);
            let who = person.voter.full_name();
            (t_args("more-title-person", &[("name", name.into())]), format!("{who} · {}", props.view.door.address()))
        }
    };
    let rows = person
        .map_or_else(|| of_door(props, navigator.as_ref()), |person| of_person(props, person, navigator.as_ref()));
    html! {
        <Sheet {title} {under} onclose={props.onclose.clone()}>
            if !props.view.voters.is_empty() {
                <ForWhom view={props.view.clone()} voter={props.voter} onchoose={props.to.reform(Open::More)} />
            }
            <ul class="choices">{ for rows }</ul>
        </Sheet>
    }
}

/// Results for the whole door finish it: afterwards the list with the next door is shown.
fn of_door(props: &MoreSheetProps, navigator: Option<&Navigator>) -> Vec<Html> {
    let view = &props.view;
    let record = |result: ResultCode| {
        let (view, acts, navigator, onclose) =
            (view.clone(), props.acts.clone(), navigator.cloned(), props.onclose.clone());
        Callback::from(move |_: MouseEvent| {
            let (back, navigator, onclose) = (back_of(&view), navigator.clone(), onclose.clone());
            acts.record_then(view.door.id, None, result, &view.door.address(), move || match navigator {
                // Replaces the sheet's history entry, so that Back from the list leads to the door.
                Some(navigator) => navigator.replace(&back),
                None => onclose.emit(()),
            });
        })
    };
    let to = |what: Open| props.to.reform(move |_: MouseEvent| what.clone());
    let one_tap = |id: &'static str, mark, words: &str, hint: &str, result| {
        row(id, mark, t(words), Some(t(hint)), record(result), false)
    };
    let mut rows = vec![row(
        "more-come-back",
        Sign::Mark(DoorState::ComeBack),
        t("act-come-back"),
        Some(t("more-with-time")),
        to(Open::ComeBack(None)),
        true,
    )];
    rows.push(one_tap(
        "more-not-home",
        Sign::Mark(DoorState::NotHome),
        "act-not-home",
        "more-not-home-hint",
        ResultCode::NotHome,
    ));
    rows.push(one_tap(
        "more-flyer",
        Sign::Mark(DoorState::Flyer),
        "act-flyer-left",
        "more-flyer-hint",
        ResultCode::FlyerLeft,
    ));
    rows.push(one_tap(
        "more-shut",
        Sign::Mark(DoorState::Shut),
        "result-inaccessible",
        "more-shut-hint",
        ResultCode::Inaccessible,
    ));
    rows.push(one_tap(
        "more-language",
        Sign::Mark(DoorState::Language),
        "result-language-barrier",
        "more-language-hint",
        ResultCode::LanguageBarrier,
    ));
    rows.push(one_tap(
        "more-refused",
        Sign::Mark(DoorState::Refused),
        "act-refused",
        "more-refused-hint",
        ResultCode::Refused,
    ));
    rows.push(one_tap(
        "more-moved",
        Sign::Mark(DoorState::Moved),
        "more-all-moved",
        "more-all-moved-hint",
        ResultCode::Moved,
    ));
    let about = About::Door(view.door.id);
    rows.push(flag_row(props, about, Flag::DoNotContact, &view.flags));
    if view.flags.contains(&Flag::Danger) {
        rows.push(flag_row(props, about, Flag::Danger, &view.flags));
    } else {
        rows.push(row(
            "more-danger",
            Sign::Mark(DoorState::Danger),
            t("act-danger"),
            Some(t("more-danger-hint")),
            to(Open::Danger),
            true,
        ));
    }
    rows
}

/// Results for one person appear on their card, and the door stays to do for the others.
fn of_person(props: &MoreSheetProps, person: &VoterView, navigator: Option<&Navigator>) -> Vec<Html> {
    let (voter, door) = (person.voter.id, person.voter.door);
    let name = short_name(&props.view, voter);
    let record = |result: ResultCode| {
        let (acts, onclose, of) = (props.acts.clone(), props.onclose.clone(), person.voter.full_name());
        Callback::from(move |_: MouseEvent| {
            let onclose = onclose.clone();
            acts.record_then(door, Some(voter), result, &of, move || onclose.emit(()));
        })
    };
    let to = |what: Open| props.to.reform(move |_: MouseEvent| what.clone());
    let talk = {
        let navigator = navigator.cloned();
        Callback::from(move |_: MouseEvent| {
            if let Some(navigator) = &navigator {
                navigator.replace(&Route::Talk { door, voter });
            }
        })
    };
    let of = |id| t_args(id, &[("name", name.as_str().into())]);
    let is_shared = props.view.voters.len() > 1;
    vec![
        row(
            "more-moved",
            Sign::Mark(DoorState::Moved),
            t("result-moved"),
            is_shared.then(|| t("more-moved-hint")),
            record(ResultCode::Moved),
            false,
        ),
        row(
            "more-come-back",
            Sign::Mark(DoorState::ComeBack),
            of("more-come-back-for"),
            Some(t("more-with-time")),
            to(Open::ComeBack(Some(voter))),
            true,
        ),
        row(
            "more-refused",
            Sign::Mark(DoorState::Refused),
            t("more-not-talk"),
            is_shared.then(|| of("more-only")),
            record(ResultCode::Refused),
            false,
        ),
        row(
            "more-language",
            Sign::Mark(DoorState::Language),
            t("result-language-barrier"),
            Some(t("more-language-hint")),
            record(ResultCode::LanguageBarrier),
            false,
        ),
        flag_row(props, About::Voter(voter), Flag::DoNotContact, &person.flags),
        row("more-deceased", Sign::Icon("user-x"), t("more-deceased"), None, record(ResultCode::Deceased), false),
        row("more-note", Sign::Icon("sticky-note"), of("more-note-about"), None, to(Open::Notes(Some(voter))), true),
        row("more-talk", Sign::Mark(DoorState::Talked), of("more-talk-with"), None, talk, true),
    ]
}

/// The symbol at the start of a row.
enum Sign {
    /// The mark that the door or person gets.
    Mark(DoorState),
    /// An icon.
    Icon(&'static str),
}

fn row(
    id: &'static str,
    sign: Sign,
    words: AttrValue,
    hint: Option<AttrValue>,
    onclick: Callback<MouseEvent>,
    is_opening: bool,
) -> Html {
    html! {
        <li key={id}><button type="button" class="li" {id} {onclick}>
            { match sign {
                Sign::Mark(mark) => html! { <svg class="mark" aria-hidden="true"><use href={format!("#m-{}", mark.as_str())} /></svg> },
                Sign::Icon(name) => icon(name),
            } }
            <span class="grow"><b>{ words }</b>{ hint.map(|hint| html! { <small>{ hint }</small> }) }</span>
            if is_opening { { icon("chevron-right") } }
        </button></li>
    }
}

fn flag_row(props: &MoreSheetProps, about: About, flag: Flag, flags: &[Flag]) -> Html {
    let is_set = flags.contains(&flag);
    let (id, words, hint, mark) = match (flag, is_set) {
        (Flag::DoNotContact, false) => ("more-never", "act-do-not-contact", "more-never-hint", Sign::Icon("ban")),
        (Flag::DoNotContact, true) => {
            ("more-again", "act-contact-again", "more-again-hint", Sign::Mark(DoorState::Todo))
        }
        (Flag::Danger, _) => ("more-no-danger", "act-no-danger", "more-no-danger-hint", Sign::Mark(DoorState::Todo)),
        (Flag::Unknown(_), _) => return Html::default(),
    };
    let (acts, onclose) = (props.acts.clone(), props.onclose.clone());
    let onclick = Callback::from(move |_: MouseEvent| {
        acts.flag(SetFlag { about, flag, is_set: !is_set });
        onclose.emit(());
    });
    row(id, mark, t(words), Some(t(hint)), onclick, false)
}
