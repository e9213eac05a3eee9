//! All turf: map and table, the picked turf, cutting, and waves.

mod cut;
mod ground;
mod one;
pub(in crate::office) mod standing;
mod table;
mod tables;
pub(crate) mod waves;

pub(super) use table::Table;

use super::keys::use_keys;
use crate::hooks::use_call;
use crate::i18n::{t, t_args};
use crate::layout::{Page, use_may, use_shape};
use crate::map::Tap;
use crate::parts::{draw, icon};
use crate::route::OfficeRoute;
use crate::state::place::Shape;
use ground::Ground;
use porchlight_model::calls::cut::{CutPreview, OfficeGround};
use porchlight_model::calls::office::Dashboard;
use porchlight_model::grant::Act;
use porchlight_model::id::TurfId;
use porchlight_model::place::LonLat;
use porchlight_model::ring;
use porchlight_model::turf::CutArea;
use std::rc::Rc;
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
    let area = use_state(CutArea::default);
    let preview = use_state(|| None::<Rc<CutPreview>>);
    let panes = use_state(|| Panes::Both);
    // The turf in the order of the table, for the keys.
    let order = use_mut_ref(Vec::<TurfId>::new);
    let may_cut = use_may(Act::Cut);
    let is_wide = use_shape() == Shape::Desk;
    let on_tap = {
        let (area, preview, navigator) = (area.clone(), preview.clone(), navigator.clone());
        let is_drawing = may_cut && chosen.is_none();
        Callback::from(move |tap: Tap| match (&*area, tap.turf, &navigator) {
            (CutArea::Drawn { ring }, _, _) if is_drawing => {
                area.set(CutArea::Drawn { ring: ring::with_corner(ring, tap.at) });
                // The preview was for another area.
                preview.set(None);
            }
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
                ("escape", Some(_)) => return navigator.push(&OfficeRoute::Turf),
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
                if may_cut { <cut::Cut area={area.clone()} preview={preview.clone()} /> } else { <p class="who">{ t("turf-choose") }</p> }
                <waves::Waves />
            </>
        }
    };
    let shown = match (*panes, chosen) {
        (Panes::Both, _) if !is_wide => Panes::Map,
        (Panes::List, Some(_)) if !is_wide => Panes::Map,
        (panes, _) => panes,
    };
    // Out of sight the panel stays: a half-filled form or an open sheet outlives a tablet that is turned.
    let hides_side = chosen.is_none() && !is_wide && shown != Panes::Cut;
    let side = match chosen {
        Some(turf) => html! { <one::One {turf} key={turf.to_string()} /> },
        None => cut(),
    };
    let has_map = shown != Panes::List;
    let has_table = matches!(shown, Panes::Both | Panes::List);
    let back = (chosen.is_some() && !is_wide).then(|| AttrValue::from(OfficeRoute::Turf.to_path()));
    let under = board
        .value()
        .filter(|board| !board.turfs.is_empty())
        .map(|board| t_args("turf-under", &[("n", board.turfs.len().into()), ("out", board.n_out_now.into())]));
    let tools = if chosen.is_some() && !is_wide { Html::default() } else { choice(&panes, shown, is_wide) };
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
                    <Ground map={map.clone()} board={board.value().cloned()} {chosen} ring={drawn(&area)} preview={(*preview).clone()} {on_tap} />
                }) }
            }
            if has_table { <tables::Tables {board} {chosen} {order} /> }
        </Page>
    }
}

/// The choice of what is shown.
fn choice(panes: &UseStateHandle<Panes>, shown: Panes, is_wide: bool) -> Html {
    const WIDE: [(Panes, &str, &str); 3] = [
        (Panes::Both, "panes-both", "columns-3"),
        (Panes::Map, "panes-map", "map"),
        (Panes::List, "panes-list", "list"),
    ];
    const NARROW: [(Panes, &str, &str); 3] =
        [(Panes::Map, "panes-map", "map"), (Panes::List, "panes-list", "list"), (Panes::Cut, "panes-cut", "scissors")];
    html! {
        <div class="seg panes-choice" role="group" aria-label={t("panes-choice")}>{ for (if is_wide { WIDE } else { NARROW }).map(|(pane, label, sign)| {
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
