//! All turf: map and table, the picked turf, cutting, and waves.

mod cut;
mod cutting;
mod ground;
mod one;
pub(in crate::office) mod standing;
mod table;
mod tables;
pub(crate) mod waves;

pub(super) use table::Table;

use super::keys::use_keys;
use crate::clock;
use crate::hooks::use_call;
use crate::i18n::{t, t_args};
use crate::layout::{Page, use_may, use_shape};
use crate::map::Tap;
use crate::parts::{draw, icon};
use crate::route::OfficeRoute;
use crate::state::place::Shape;
use cutting::use_cutting;
use gloo_timers::callback::Timeout;
use ground::Ground;
use porchlight_model::calls::cut::OfficeGround;
use porchlight_model::calls::office::{Dashboard, TurfRow};
use porchlight_model::grant::Act;
use porchlight_model::id::{TurfId, WaveId};
use porchlight_model::place::LonLat;
use porchlight_model::turf::CutArea;
use standing::Standing;
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement};
use yew::prelude::*;
use yew_router::Routable;
use yew_router::prelude::use_navigator;

/// What the page shows of the turf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Panes {
    /// The map over the table; on a phone the map alone.
    Both,
    /// The map.
    Map,
    /// The table.
    List,
    /// On a phone: the map over the panel with which turf is cut and waves are started.
    Cut,
}

/// The props of [`Turf`].
#[derive(Properties, PartialEq)]
pub(super) struct TurfProps {
    /// The turf that is open.
    pub(super) turf: Option<TurfId>,
}

/// The page of all turf.
#[component]
pub(super) fn Turf(props: &TurfProps) -> Html {
    let chosen = props.turf;
    let map = use_call(OfficeGround {});
    let board = use_call(Dashboard {});
    let navigator = use_navigator();
    let cutting = use_cutting();
    let panes = use_state(|| Panes::Both);
    let wave = use_state(|| None::<WaveId>);
    // The turf in the order of the table, for the keys.
    let order = use_mut_ref(Vec::<TurfId>::new);
    let may_cut = use_may(Act::Cut);
    let is_wide = use_shape() == Shape::Desk;
    let on_tap = {
        let (cutting, navigator) = (cutting.clone(), navigator.clone());
        let is_drawing = may_cut && chosen.is_none() && (is_wide || *panes == Panes::Cut);
        Callback::from(move |tap: Tap| match (&cutting.form.area, tap.turf, &navigator) {
            (CutArea::Drawn { .. }, _, _) if is_drawing => cutting.drafted.change(|form| form.with_corner(tap.at)),
            (_, Some(turf), Some(navigator)) => navigator.push(&OfficeRoute::TurfOne { turf }),
            _ => (),
        })
    };
    {
        let order = order.clone();
        use_keys(move |pressed| {
            let Some(navigator) = &navigator else { return };
            let order = order.borrow();
            let at = chosen.and_then(|chosen| order.iter().position(|turf| *turf == chosen));
            let next = match (pressed, at) {
                ("j", None) => order.first(),
                ("j", Some(at)) => order.get(at + 1),
                ("k", Some(at)) => at.checked_sub(1).and_then(|at| order.get(at)),
                ("escape", _) if chosen.is_some() => return navigator.push(&OfficeRoute::Turf),
                _ => None,
            };
            if let Some(turf) = next {
                navigator.push(&OfficeRoute::TurfOne { turf: *turf });
            }
        });
    }
    let cut = || {
        html! {
            <>
                if may_cut { <cut::Cut cutting={cutting.clone()} /> } else { <p class="who">{ t("turf-choose") }</p> }
                <waves::Waves />
            </>
        }
    };
    let shown = match (*panes, chosen) {
        (Panes::Both, _) if !is_wide => Panes::Map,
        (Panes::Cut, _) if is_wide => Panes::Both,
        (Panes::List, Some(_)) if !is_wide => Panes::Map,
        (panes, _) => panes,
    };
    // Out of sight the panel stays: a half-filled form or an open sheet outlives a tablet that is turned.
    let hides_side = chosen.is_none() && !is_wide && shown != Panes::Cut;
    let side = match chosen {
        Some(turf) => html! { <one::One {turf} is_earlier={wave.is_some()} key={turf.to_string()} /> },
        None => cut(),
    };
    let has_map = shown != Panes::List;
    let has_table = matches!(shown, Panes::Both | Panes::List);
    let back = (chosen.is_some() && !is_wide).then(|| AttrValue::from(OfficeRoute::Turf.to_path()));
    let under = board
        .value()
        .filter(|board| !board.turfs.is_empty())
        .map(|board| t_args("turf-under", &[("n", board.turfs.len().into()), ("out", n_out(&board.turfs).into())]));
    let tools = if chosen.is_some() && !is_wide { Html::default() } else { choice(&panes, shown, is_wide, may_cut) };
    if !has_table && let Some(board) = board.value() {
        *order.borrow_mut() = board.turfs.iter().map(|row| row.turf).collect();
    }
    use_picked_focus(chosen, is_wide);
    let class = classes!(
        "office-turf",
        "fills",
        (!has_table).then_some("is-map"),
        (!has_map).then_some("is-list"),
        hides_side.then_some("hides-side")
    );
    html! {
        <Page title={t("place-turf")} {under} {back} {class} tools={if is_wide { tools.clone() } else { Html::default() }} side={Some(side)}>
            if !is_wide { { tools } }
            if has_map {
                { draw(&map, |map| html! {
                    <Ground map={map.clone()} board={board.value().cloned()} {chosen} ring={drawn(&cutting.form.area)} preview={cutting.preview()} {on_tap} />
                }) }
            }
            if has_table { <tables::Tables {board} {chosen} {wave} {order} /> }
        </Page>
    }
}

/// How many turf are out now.
fn n_out(turfs: &[TurfRow]) -> usize {
    let now = clock::now();
    turfs.iter().filter(|row| Standing::of(row, now) == Standing::Out).count()
}

/// At a desk the focus goes with what is picked: into the panel, and back to the row when it is closed.
#[hook]
fn use_picked_focus(chosen: Option<TurfId>, is_wide: bool) {
    let before = use_mut_ref(|| chosen);
    use_effect_with(chosen, move |chosen| {
        let was = before.replace(*chosen);
        let target = match (*chosen, was) {
            (Some(_), _) if was != *chosen => ".side".to_owned(),
            (None, Some(was)) => format!("tr[data-turf='{was}'] a"),
            _ => return,
        };
        if is_wide {
            // After the page itself has put it on its heading.
            Timeout::new(0, move || focus(&target)).forget();
        }
    });
}

fn focus(selector: &str) {
    let page = web_sys::window().and_then(|window| window.document());
    let found = page.and_then(|page| page.query_selector(selector).ok().flatten());
    if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = found.focus_with_options(&options);
    }
}

/// The choice of what is shown.
fn choice(panes: &UseStateHandle<Panes>, shown: Panes, is_wide: bool, may_cut: bool) -> Html {
    const WIDE: [(Panes, &str, &str); 3] = [
        (Panes::Both, "panes-both", "columns-3"),
        (Panes::Map, "panes-map", "map"),
        (Panes::List, "panes-list", "list"),
    ];
    let third = if may_cut { ("panes-cut", "scissors") } else { ("panes-waves", "history") };
    let narrow =
        [(Panes::Map, "panes-map", "map"), (Panes::List, "panes-list", "list"), (Panes::Cut, third.0, third.1)];
    html! {
        <div class="seg panes-choice" role="group" aria-label={t("panes-choice")}>{ for (if is_wide { WIDE } else { narrow }).map(|(pane, label, sign)| {
            let panes = panes.clone();
            let is_on = pane == shown;
            let onclick = Callback::from(move |_: MouseEvent| panes.set(pane));
            html! { <button type="button" class={is_on.then_some("on")} aria-pressed={is_on.to_string()} {onclick}>{ icon(sign) }<span>{ t(label) }</span></button> }
        }) }</div>
    }
}

/// The corners that are being drawn.
fn drawn(area: &CutArea) -> Option<Vec<LonLat>> {
    match area {
        CutArea::Drawn { ring } => Some(ring.clone()),
        CutArea::Everything | CutArea::Precinct { .. } => None,
    }
}
