//! Find anything: any page, turf, person or voter from everywhere in the office, by Ctrl-K, by "/" and by the button in the heading.

use crate::hooks::use_call;
use crate::i18n::t;
use crate::layout::use_identity;
use crate::parts::{Sheet, icon};
use crate::route::OfficeRoute;
use crate::state::finder::{Found, What, meant, step};
use crate::state::place::{Place, Shape};
use porchlight_model::calls::invite::Roster;
use porchlight_model::calls::office::{Dashboard, Search};
use porchlight_model::grant::Act;
use porchlight_model::member::Role;
use std::cell::RefCell;
use std::collections::BTreeSet;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlInputElement, KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;
use yew_router::AnyRoute;
use yew_router::prelude::*;

/// The ids of the list and of its rows.
const LIST: &str = "finder-list";

/// How many voters are asked for.
const MAX_VOTERS: u32 = 8;

thread_local! {
    static OPEN: RefCell<Option<UseStateSetter<bool>>> = const { RefCell::new(None) };
}

/// The button in a heading.
#[component]
pub fn FinderButton() -> Html {
    let onclick = Callback::from(|_: MouseEvent| open());
    html! {
        <button type="button" class="btn finder-button" {onclick} aria-haspopup="dialog" aria-keyshortcuts="Control+K">
            { icon("search") }<span>{ t("finder-title") }</span><kbd>{ t("finder-keys") }</kbd>
        </button>
    }
}

fn open() {
    let setter = OPEN.with_borrow(Clone::clone);
    if let Some(setter) = setter {
        setter.set(true);
    }
}

/// Listens to the keys, and shows the list while it is open. Placed once, beside the pages.
#[component]
pub fn Finder() -> Html {
    let is_open = use_state(|| false);
    let role = use_identity().map(|identity| identity.role).filter(|role| role.may(Act::Oversee));
    let setter = is_open.setter();
    use_effect_with(role.is_some(), move |is_office| {
        let on_key = Closure::<dyn FnMut(KeyboardEvent)>::new(|event: KeyboardEvent| {
            if is_asked(&event) {
                event.prevent_default();
                open();
            }
        });
        let window = web_sys::window();
        if let (true, Some(window)) = (is_office, &window) {
            OPEN.set(Some(setter));
            let _ = window.add_event_listener_with_callback("keydown", on_key.as_ref().unchecked_ref());
        }
        move || {
            OPEN.set(None);
            if let Some(window) = window {
                let _ = window.remove_event_listener_with_callback("keydown", on_key.as_ref().unchecked_ref());
            }
        }
    });
    let onclose = {
        let is_open = is_open.clone();
        Callback::from(move |()| is_open.set(false))
    };
    match role {
        Some(role) if *is_open => html! { <List {role} {onclose} /> },
        _ => Html::default(),
    }
}

/// Whether a key asks for the list: Ctrl-K or ⌘K anywhere, "/" where nothing is being typed and the page has no search of its own, and neither over a
/// sheet.
fn is_asked(event: &KeyboardEvent) -> bool {
    let page = web_sys::window().and_then(|window| window.document());
    let is_there =
        |selector: &str| page.as_ref().is_some_and(|page| page.query_selector(selector).is_ok_and(|it| it.is_some()));
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_typing = target.is_some_and(|target| target.matches("input, textarea, select").unwrap_or_default());
    let is_chord = (event.ctrl_key() || event.meta_key()) && !event.alt_key() && event.key().eq_ignore_ascii_case("k");
    let is_slash = event.key() == "/" && !event.ctrl_key() && !event.meta_key() && !event.alt_key() && !is_typing;
    let is_mine = is_chord || (is_slash && !is_there("[data-takes-slash]"));
    is_mine && !is_there("dialog[open]")
}

/// The props of [`List`].
#[derive(Properties, PartialEq)]
struct ListProps {
    role: Role,
    onclose: Callback<()>,
}

#[component]
fn List(props: &ListProps) -> Html {
    let typed = use_state(String::new);
    let picked = use_state(|| 0_usize);
    let input = use_node_ref();
    let navigator = use_navigator();
    use_effect_with(input.clone(), |input| {
        if let Some(input) = input.cast::<HtmlInputElement>() {
            let _ = input.focus();
        }
    });
    let rows = use_rows(&typed, props.role);
    let picked_row = (*picked).min(rows.len().saturating_sub(1));
    let go = {
        let onclose = props.onclose.clone();
        Callback::from(move |path: String| {
            // The sheet's own entry in the history becomes that of the page.
            if let Some(navigator) = &navigator {
                navigator.replace(&AnyRoute::new(path));
            }
            onclose.emit(());
        })
    };
    let oninput = {
        let (typed, picked) = (typed.clone(), picked.clone());
        Callback::from(move |event: InputEvent| {
            typed.set(event.target_unchecked_into::<HtmlInputElement>().value());
            picked.set(0);
        })
    };
    let onkeydown = {
        let (n_rows, go) = (rows.len(), go.clone());
        let path = rows.get(picked_row).map(|row| row.path.clone());
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" => picked.set(step(picked_row, n_rows, true)),
                "ArrowUp" => picked.set(step(picked_row, n_rows, false)),
                "Enter" => path.iter().for_each(|path| go.emit(path.clone())),
                _ => return,
            }
            event.prevent_default();
        })
    };
    use_effect_with((picked_row, rows.len()), |_| {
        let row = web_sys::window().and_then(|window| window.document()?.query_selector(".finder-row.on").ok()?);
        if let Some(row) = row {
            row.scroll_into_view_with_scroll_into_view_options(&nearest());
        }
    });
    let row = |(n, found): (usize, &Found)| {
        let (go, path, is_picked) = (go.clone(), found.path.clone(), n == picked_row);
        let onclick = Callback::from(move |_: MouseEvent| go.emit(path.clone()));
        html! {
            <li id={format!("{LIST}-{n}")} class={classes!("finder-row", is_picked.then_some("on"))} role="option"
                aria-selected={is_picked.to_string()} {onclick}>
                <span class="grow"><bdi>{ &found.name }</bdi>
                    if !found.about.is_empty() { <small class="who"><bdi>{ &found.about }</bdi></small> }</span>
                <span class="who">{ t(found.what.label()) }</span>
            </li>
        }
    };
    let active = (!rows.is_empty()).then(|| format!("{LIST}-{picked_row}"));
    html! {
        <Sheet title={t("finder-title")} onclose={props.onclose.clone()} rest={Some(t("finder-rest"))}>
            <span class="inp">{ icon("search") }
            <input ref={input} id="finder" type="text" role="combobox" autocomplete="off" aria-label={t("finder-label")} placeholder={t("finder-label")}
                aria-expanded="true" aria-autocomplete="list" aria-controls={LIST} aria-activedescendant={active} value={(*typed).clone()} {oninput} {onkeydown} /></span>
            <ul id={LIST} class="finder-list" role="listbox" aria-label={t("finder-title")}>{ for rows.iter().enumerate().map(row) }</ul>
            if rows.is_empty() { <p role="status" class="who">{ t("finder-none") }</p> }
        </Sheet>
    }
}

/// As little as brings a row into sight.
fn nearest() -> ScrollIntoViewOptions {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    options
}

/// What is listed for what was typed: places, turf, people, then voters.
#[hook]
fn use_rows(typed: &str, role: Role) -> Vec<Found> {
    let board = use_call(Dashboard {});
    let roster = use_call(Roster {});
    let voters = use_call(Search { text: typed.to_owned(), limit: MAX_VOTERS, after: None });
    let places =
        Place::in_sight(role, Shape::Desk).into_iter().chain(Place::behind(role, Shape::Desk)).map(|place| Found {
            what: What::Place,
            name: t(place.label).to_string(),
            about: t(place.hint).to_string(),
            path: place.path.to_owned(),
        });
    let turf = board.value().into_iter().flat_map(|board| &board.turfs).map(|row| Found {
        what: What::Turf,
        name: row.name.clone(),
        about: row.walkers.join(", "),
        path: OfficeRoute::TurfOne { turf: row.turf }.to_path(),
    });
    // Somebody with two devices is one person.
    let mut seen = BTreeSet::new();
    let devices = roster.value().into_iter().flat_map(|roster| &roster.devices);
    let people = devices.filter(|(device, _)| seen.insert(device.member)).map(|(device, turf)| Found {
        what: What::Person,
        name: device.name.clone(),
        about: turf.join(", "),
        path: OfficeRoute::Team.to_path(),
    });
    let mut rows = meant(typed, places);
    rows.extend(meant(typed, turf));
    rows.extend(meant(typed, people));
    let hits = voters.value().into_iter().flat_map(|page| page.hits.iter());
    rows.extend(hits.filter(|_| !typed.trim().is_empty()).map(|hit| Found {
        what: What::Voter,
        name: hit.name.clone(),
        about: hit.address.clone(),
        path: OfficeRoute::Voter { voter: hit.voter }.to_path(),
    }));
    rows
}
