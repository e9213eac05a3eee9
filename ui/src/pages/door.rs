//! One door: its residents, the acts, and the history.

mod add;
mod come_back;
mod danger;
mod half;
mod history;
mod more;
mod note;
mod person;
mod sheets;

use super::act::{Acts, use_acts};
use crate::drafts;
use crate::hooks::use_call;
use crate::i18n::{t, t_args};
use crate::layout::{Dock, DockAct, DockLink, Page, use_shape};
use crate::parts::{draw, icon};
use crate::route::Route;
use crate::state::half_done::{self, Aside, Forward, HalfTalk};
use crate::state::place::Shape;
use crate::when;
pub(super) use add::AddPersonSheet;
use half::HalfDone;
pub use history::History;
use person::Person;
use porchlight_model::calls::door::{DoorView, HistoryKind, OpenDoor};
use porchlight_model::calls::draft::Draft;
use porchlight_model::calls::visit::SetFlag;
use porchlight_model::calls::walk::Stop;
use porchlight_model::id::{DoorId, VoterId};
use porchlight_model::visit::{About, DoorState, Flag, ResultCode};
use sheets::{DoorSheet, Open};
use std::rc::Rc;
use yew::prelude::*;
use yew_router::prelude::*;

/// The props of [`Door`].
#[derive(Properties, PartialEq)]
pub(super) struct DoorProps {
    /// The door.
    pub(super) door: DoorId,
}

/// The page of a door.
#[component]
pub(super) fn Door(props: &DoorProps) -> Html {
    let view = use_call(OpenDoor { door: props.door });
    let waiting = use_call(drafts::at(props.door));
    let open = use_state(|| Open::Nothing);
    let acts = use_acts();
    use_effect_with(props.door, {
        let open = open.clone();
        move |_| open.set(Open::Nothing)
    });
    let known = view.value().cloned();
    let (title, back) = known.as_deref().map_or_else(
        || (t("place-walk"), Route::WalkLast.to_path()),
        |view| (view.door.address().into(), back_of(view).to_path()),
    );
    let waiting: Rc<Vec<Draft>> = waiting.value().cloned().unwrap_or_default();
    // Beside the people where there is room, else under them.
    let is_beside = use_shape() == Shape::Desk;
    let history = |view: &DoorView| html! { <History items={view.history.clone()} /> };
    let side = known.as_deref().filter(|_| is_beside).map(history);
    let above = known.as_deref().map(told_above);
    let dock = known.map(|view| {
        let talks = half_done::talks(view.door.id, &view.voters, &waiting);
        html! { <DoorDock {view} {talks} acts={acts.clone()} open={open.clone()} /> }
    });
    html! {
        <Page {title} {back} class="door" {above} {side} {dock}>
            { draw(&view, |view| html! {
                <>
                    <Inside view={view.clone()} acts={acts.clone()} open={open.clone()} waiting={waiting.clone()} />
                    if !is_beside { { history(view) } }
                </>
            }) }
        </Page>
    }
}

/// The page to which a door's back arrow leads: the building of a unit, else the list.
pub(super) fn back_of(view: &DoorView) -> Route {
    match &view.building {
        Some(building) => Route::Building { building: building.id },
        None => Route::Walk { turf: view.turf },
    }
}

/// The next stop, or the list if none is left.
fn next_of(view: &DoorView) -> Route {
    match view.next {
        Some(Stop::Door(door)) => Route::Door { door },
        Some(Stop::Building(building)) => Route::Building { building },
        None => back_of(view),
    }
}

/// A voter's given name, or else the family name.
pub(super) fn short_name(view: &DoorView, voter: VoterId) -> String {
    let voter = view.voters.iter().find(|other| other.voter.id == voter).map(|view| &view.voter);
    voter.map(|voter| if voter.first.is_empty() { voter.last.clone() } else { voter.first.clone() }).unwrap_or_default()
}

/// The props of [`DoorDock`].
#[derive(Properties, PartialEq)]
struct DoorDockProps {
    view: Rc<DoorView>,
    talks: Vec<HalfTalk>,
    acts: Acts,
    open: UseStateHandle<Open>,
}

/// The dock of a door: at the left the act that ends it without a talk, at the right the act that continues.
#[component]
fn DoorDock(props: &DoorDockProps) -> Html {
    let DoorDockProps { view, talks, acts, open } = props;
    let navigator = use_navigator();
    let (aside, forward) = half_done::dock(view, talks);
    let talk = |voter| Route::Talk { door: view.door.id, voter }.to_path();
    let with = |voter| t_args("door-talk-with", &[("name", short_name(view, voter).into())]);
    let show = |what: Open| {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(what.clone()))
    };
    let aside_act = aside.map(|aside| match aside {
        Aside::NotHome => {
            let (view, recorded) = (view.clone(), acts.clone());
            let onclick = Callback::from(move |_: MouseEvent| {
                let (back, navigator) = (back_of(&view), navigator.clone());
                recorded.record_then(view.door.id, None, ResultCode::NotHome, &view.door.address(), move || {
                    if let Some(navigator) = navigator {
                        navigator.push(&back);
                    }
                });
            });
            html! { <DockAct id="not-home" class="ink" is_busy={acts.is_busy()} {onclick}>{ t("act-not-home") }</DockAct> }
        }
        Aside::Talk(voter) => html! { <DockLink to={talk(voter)}>{ with(voter) }</DockLink> },
        Aside::More => html! { <DockAct onclick={show(Open::More(None))}>{ icon("ellipsis") }{ t("act-more") }</DockAct> },
    });
    let forward_act = match forward {
        Forward::GoOn(half) => html! {
            <DockLink to={talk(half.voter)} class="main">{ icon("play") }<span>
                { t_args("door-go-on-with", &[("name", short_name(view, half.voter).into())]) }
                <small>{ question_of(half) }</small></span></DockLink>
        },
        Forward::Talk(voter) => html! { <DockLink to={talk(voter)} class="main">{ with(voter) }</DockLink> },
        Forward::Next { is_skip } => {
            let (id, class) = if is_skip { ("door-skip-to", "ink") } else { ("door-next", "main") };
            let number = view.next_number.as_str();
            let words = if view.next.is_none() { t("door-to-list") } else { t_args(id, &[("number", number.into())]) };
            html! { <DockLink to={next_of(view).to_path()} {class}>{ icon("arrow-right") }<span>{ words }</span></DockLink> }
        }
        Forward::AddPerson => {
            html! { <DockAct class="main" onclick={show(Open::AddPerson)}>{ icon("user-plus") }<span>{ t("act-add-person") }</span></DockAct> }
        }
    };
    let shows = format!("{}/{aside:?}/{forward:?}", view.door.id);
    let class = classes!("acts", aside.is_none().then_some("one"));
    html! {
        <Dock label={t("door-dock")} {shows} turf={view.turf}>
            <div {class}>{ aside_act.unwrap_or_default() }{ forward_act }</div>
        </Dock>
    }
}

/// `question 2 of 4`.
fn question_of(half: HalfTalk) -> AttrValue {
    t_args("door-question-of", &[("at", half.question.into()), ("n", half.of.into())])
}

/// The props of [`Inside`].
#[derive(Properties, PartialEq)]
struct InsideProps {
    view: Rc<DoorView>,
    acts: Acts,
    open: UseStateHandle<Open>,
    waiting: Rc<Vec<Draft>>,
}

#[component]
fn Inside(props: &InsideProps) -> Html {
    let InsideProps { view, acts, open, waiting } = props;
    let talks = half_done::talks(view.door.id, &view.voters, waiting);
    let is_danger = view.state == DoorState::Danger;
    let show = |what: Open| {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(what.clone()))
    };
    html! {
        <>
            { warnings(view) }
            <div class="residents">
                { door_note(view) }
                if view.voters.is_empty() { <p class="meta">{ t("door-nobody-listed") }</p> }
                { for view.voters.iter().map(|voter| html! {
                    <Person key={voter.voter.id.to_string()} view={view.clone()} voter={voter.voter.id} acts={acts.clone()}
                        half={talks.iter().find(|talk| talk.voter == voter.voter.id).copied()}
                        on_more={show(Open::More(Some(voter.voter.id)))} />
                }) }
                if is_danger { { danger_buttons(view, acts, &show(Open::Notes(None))) } } else { { buttons(view, acts, open) } }
            </div>
            <HalfDone view={view.clone()} waiting={waiting.clone()} open={open.clone()} />
            <DoorSheet view={view.clone()} acts={acts.clone()} open={open.clone()} />
        </>
    }
}

/// What [`warnings`] tells, as text.
pub(super) fn told_above(view: &DoorView) -> AttrValue {
    let danger = view.danger.as_ref().map(|danger| (danger.at, &danger.reason));
    format!("{danger:?} {}", view.flags.contains(&Flag::DoNotContact)).into()
}

/// Danger first, with its reason and who saw it when; also above a talk, in which somebody else may report it.
pub(super) fn warnings(view: &DoorView) -> Html {
    let is_refused = view.flags.contains(&Flag::DoNotContact);
    html! {
        <>
            if let Some(danger) = &view.danger {
                <div class="banner" role="alert">{ icon("triangle-alert") }<p>
                    <b>{ t("door-danger") }</b>
                    if danger.reason.is_empty() { <small>{ t("door-danger-no-reason") }</small> } else {
                        <small class="reason">{ "“" }<bdi>{ &danger.reason }</bdi>{ "”" }</small> }
                    <small><bdi>{ if danger.by_name.is_empty() { t("history-someone").to_string() } else { danger.by_name.clone() } }</bdi>
                        { ", " }{ when::moment(danger.at) }</small>
                </p></div>
            }
            if is_refused { <p class="warning refused"><svg class="mark" aria-hidden="true"><use href="#m-refused" /></svg>{ t("door-do-not-contact") }</p> }
            if view.door.is_at_guessed { <p class="meta">{ t("door-guessed") }</p> }
        </>
    }
}

/// The newest note about the door itself.
fn door_note(view: &DoorView) -> Html {
    let note = view.history.iter().find_map(|item| match &item.what {
        HistoryKind::Note { text, .. } if item.voter.is_none() => Some(text.clone()),
        HistoryKind::Note { .. } | HistoryKind::Visit { .. } | HistoryKind::Flag { .. } | HistoryKind::Added { .. } => {
            None
        }
    });
    match note.filter(|_| view.danger.is_none()) {
        Some(note) => html! { <p class="door-note"><bdi>{ note }</bdi></p> },
        None => Html::default(),
    }
}

/// The less frequent acts at a door, two in a row.
fn buttons(view: &Rc<DoorView>, acts: &Acts, open: &UseStateHandle<Open>) -> Html {
    let show = |what: Open| {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(what.clone()))
    };
    let has_met = matches!(view.state, DoorState::Part | DoorState::Talked);
    html! {
        <div class="two">
            if has_met {
                <button type="button" class="btn" aria-haspopup="dialog" onclick={show(Open::ComeBack(None))}>{ icon("clock") }<span>{ t("act-come-back") }</span></button>
            } else {
                <RefusedButton view={view.clone()} acts={acts.clone()} />
            }
            <button type="button" class="btn" aria-haspopup="dialog" id="more-results" onclick={show(Open::More(None))}>{ icon("ellipsis") }<span>{ t("act-more-results") }</span></button>
            <button type="button" class="btn" aria-haspopup="dialog" id="add-person" onclick={show(Open::AddPerson)}>{ icon("user-plus") }<span>{ t("act-add-person") }</span></button>
            <button type="button" class="btn" aria-haspopup="dialog" id="add-note" onclick={show(Open::Notes(None))}>{ icon("sticky-note") }<span>{ t("act-note") }</span></button>
        </div>
    }
}

/// The acts at a dangerous door: lifting the danger, and a note.
fn danger_buttons(view: &DoorView, acts: &Acts, on_note: &Callback<MouseEvent>) -> Html {
    let mut things = vec![(About::Door(view.door.id), &view.flags)];
    things.extend(view.voters.iter().map(|voter| (About::Voter(voter.voter.id), &voter.flags)));
    let about = things.into_iter().find(|(_, flags)| flags.contains(&Flag::Danger)).map(|(about, _)| about);
    let lift = {
        let acts = acts.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(about) = about {
                acts.flag(SetFlag { about, flag: Flag::Danger, is_set: false });
            }
        })
    };
    html! {
        <div class="two">
            <button type="button" class="btn" id="no-danger" disabled={acts.is_busy()} onclick={lift}><span>{ t("act-no-danger") }</span></button>
            <button type="button" class="btn" aria-haspopup="dialog" id="add-note" onclick={on_note.clone()}>{ icon("sticky-note") }<span>{ t("act-note") }</span></button>
        </div>
    }
}

/// The props of [`RefusedButton`].
#[derive(Properties, PartialEq)]
struct RefusedButtonProps {
    view: Rc<DoorView>,
    acts: Acts,
}

/// Records "refused" for the whole door, then shows the list with the next door.
#[component]
fn RefusedButton(props: &RefusedButtonProps) -> Html {
    let navigator = use_navigator();
    let (view, acts) = (props.view.clone(), props.acts.clone());
    let onclick = Callback::from(move |_: MouseEvent| {
        let (back, navigator) = (back_of(&view), navigator.clone());
        acts.record_then(view.door.id, None, ResultCode::Refused, &view.door.address(), move || {
            if let Some(navigator) = navigator {
                navigator.push(&back);
            }
        });
    });
    html! {
        <button type="button" class="btn" id="refused" disabled={props.acts.is_busy()} {onclick}>{ icon("hand") }<span>{ t("act-refused") }</span></button>
    }
}
