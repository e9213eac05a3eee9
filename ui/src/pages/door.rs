//! One door: who lives there, what can be done, and what happened before.

mod add;
mod history;
mod more;
mod note;
mod person;

use super::act::{Acts, use_acts};
use crate::hooks::use_call;
use crate::i18n::{t, t_args};
use crate::layout::Page;
use crate::parts::{Sheet, draw};
use crate::route::Route;
use add::AddPersonForm;
pub use history::History;
use more::{MoreAboutDoor, MoreAboutVoter};
use note::NoteForm;
use person::Person;
use porchlight_model::calls::field::{DoorView, OpenDoor, VoterView};
use porchlight_model::id::DoorId;
use porchlight_model::visit::{About, DoorState, Flag, ResultCode};
use std::rc::Rc;
use yew::prelude::*;
use yew_router::prelude::*;

/// What [`Door`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct DoorProps {
    /// The door.
    pub(super) door: DoorId,
}

/// Which sheet is open over the page.
#[derive(Clone, PartialEq)]
enum Open {
    Nothing,
    MoreAboutDoor,
    MoreAboutVoter(Rc<VoterView>),
    Note(About, AttrValue),
    AddPerson,
}

/// The page of a door.
#[component]
pub(super) fn Door(props: &DoorProps) -> Html {
    let view = use_call(OpenDoor { door: props.door });
    let open = use_state(|| Open::Nothing);
    let acts = use_acts();
    let (title, back) = view.value().map_or_else(
        || (t("place-walk"), Route::WalkLast.to_path()),
        |view| (view.door.address().into(), back_of(view).to_path()),
    );
    use_effect_with(props.door, {
        let open = open.clone();
        move |_| open.set(Open::Nothing)
    });
    html! {
        <Page {title} {back} class="door column">
            { draw(&view, |view| html! { <Inside view={view.clone()} acts={acts.clone()} open={open.clone()} /> }) }
        </Page>
    }
}

/// Where a door's arrow leads, and where the canvasser goes on: the building of a unit, else the list.
pub(super) fn back_of(view: &DoorView) -> Route {
    match &view.building {
        Some(building) => Route::Building { building: building.id },
        None => Route::Walk { turf: view.turf },
    }
}

/// What [`Inside`] takes.
#[derive(Properties, PartialEq)]
struct InsideProps {
    view: Rc<DoorView>,
    acts: Acts,
    open: UseStateHandle<Open>,
}

#[component]
fn Inside(props: &InsideProps) -> Html {
    let InsideProps { view, acts, open } = props;
    let show = |what: Open| {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(what.clone()))
    };
    let about_door = About::Door(view.door.id);
    html! {
        <>
            { warnings(view) }
            if view.voters.is_empty() { <p class="meta">{ t("door-nobody-listed") }</p> }
            { for view.voters.iter().map(|voter| html! {
                <Person key={voter.voter.id.to_string()} voter={Rc::new(voter.clone())}
                    on_more={show(Open::MoreAboutVoter(Rc::new(voter.clone())))} />
            }) }
            <Results view={view.clone()} acts={acts.clone()} on_more={show(Open::MoreAboutDoor)} />
            <div class="row door-row">
                <button type="button" class="btn grow" onclick={show(Open::AddPerson)}>{ t("act-add-person") }</button>
                <button type="button" class="btn grow" onclick={show(Open::Note(about_door, view.door.address().into()))}>{ t("act-note") }</button>
            </div>
            <History items={view.history.clone()} />
            { sheet(view, acts, open) }
        </>
    }
}

fn warnings(view: &DoorView) -> Html {
    let has_danger = view.flags.contains(&Flag::Danger);
    let is_refused = view.flags.contains(&Flag::DoNotContact);
    html! {
        <>
            if has_danger { <p class="warning danger"><svg class="mark" aria-hidden="true"><use href="#m-danger" /></svg>{ t("door-danger") }</p> }
            if is_refused { <p class="warning refused"><svg class="mark" aria-hidden="true"><use href="#m-refused" /></svg>{ t("door-do-not-contact") }</p> }
            if view.door.is_at_guessed { <p class="meta">{ t("door-guessed") }</p> }
        </>
    }
}

/// What [`Results`] takes.
#[derive(Properties, PartialEq)]
struct ResultsProps {
    view: Rc<DoorView>,
    acts: Acts,
    on_more: Callback<MouseEvent>,
}

/// The results for the whole door that are recorded in one tap; afterwards the list is shown, where the next door is.
#[component]
fn Results(props: &ResultsProps) -> Html {
    let navigator = use_navigator();
    let record = |result: ResultCode| {
        let (view, acts, navigator) = (props.view.clone(), props.acts.clone(), navigator.clone());
        Callback::from(move |_: MouseEvent| {
            let (back, navigator) = (back_of(&view), navigator.clone());
            acts.record_then(view.door.id, None, result, &view.door.address(), move || {
                if let Some(navigator) = navigator {
                    navigator.push(&back);
                }
            });
        })
    };
    let is_busy = props.acts.is_busy();
    let is_done = props.view.state != DoorState::Todo;
    html! {
        <section aria-label={t_args("door-results", &[("n", u32::from(is_done).into())])}>
            <div class="row door-row">
                <button type="button" class="btn grow" id="not-home" disabled={is_busy} onclick={record(ResultCode::NotHome)}>{ t("act-not-home") }</button>
                <button type="button" class="btn grow" id="refused" disabled={is_busy} onclick={record(ResultCode::Refused)}>{ t("act-refused") }</button>
            </div>
            <div class="row door-row">
                <button type="button" class="btn grow" disabled={is_busy} onclick={record(ResultCode::FlyerLeft)}>{ t("act-flyer-left") }</button>
                <button type="button" class="btn grow" onclick={props.on_more.clone()}>{ t("act-more") }</button>
            </div>
        </section>
    }
}

fn sheet(view: &Rc<DoorView>, acts: &Acts, open: &UseStateHandle<Open>) -> Html {
    let onclose = {
        let open = open.clone();
        Callback::from(move |()| open.set(Open::Nothing))
    };
    match &**open {
        Open::Nothing => Html::default(),
        Open::MoreAboutDoor => html! {
            <Sheet title={view.door.address()} onclose={onclose.clone()}>
                <MoreAboutDoor view={view.clone()} acts={acts.clone()} {onclose} />
            </Sheet>
        },
        Open::MoreAboutVoter(voter) => {
            let (about, name) = (About::Voter(voter.voter.id), AttrValue::from(voter.voter.full_name()));
            let (to_note, title) = (open.clone(), name.clone());
            let on_note = Callback::from(move |()| to_note.set(Open::Note(about, name.clone())));
            html! {
                <Sheet {title} onclose={onclose.clone()}>
                    <MoreAboutVoter voter={voter.clone()} acts={acts.clone()} {onclose} {on_note} />
                </Sheet>
            }
        }
        Open::Note(about, of) => html! {
            <Sheet title={t_args("note-about", &[("of", of.to_string().into())])} onclose={onclose.clone()}>
                <NoteForm about={*about} {onclose} />
            </Sheet>
        },
        Open::AddPerson => html! {
            <Sheet title={t("add-title")} onclose={onclose.clone()}>
                <AddPersonForm door={view.door.id} {onclose} />
            </Sheet>
        },
    }
}
