//! All turf in a table that sorts by any column, with its sums.

use super::standing::Standing;
use crate::clock;
use crate::i18n::{number, t, t_args};
use crate::parts::{Empty, Go, StateBar, listed};
use crate::route::OfficeRoute;
use crate::when;
use porchlight_model::calls::office::{Tally, TurfRow};
use porchlight_model::id::TurfId;
use porchlight_model::time::At;
use porchlight_model::visit::DoorState;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use yew::prelude::*;
use yew_router::Routable;
use yew_router::prelude::use_navigator;

/// How many rows are drawn before the person asks for the rest.
const MOST_ROWS: usize = 300;

/// The sort column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Name,
    Walkers,
    Doors,
    Minutes,
    Done,
    Contacts,
    Supporters,
    Heard,
    Standing,
}

const COLUMNS: [(By, &str); 9] = [
    (By::Name, "turf-col-name"),
    (By::Walkers, "turf-col-walkers"),
    (By::Doors, "turf-col-doors"),
    (By::Minutes, "turf-col-minutes"),
    (By::Done, "turf-col-done"),
    (By::Contacts, "turf-col-contacts"),
    (By::Supporters, "turf-col-supporters"),
    (By::Heard, "turf-col-heard"),
    (By::Standing, "turf-col-standing"),
];

/// The props of [`Table`].
#[derive(Properties)]
pub(in crate::office) struct TableProps {
    /// The turf, by name.
    pub(in crate::office) turfs: Vec<TurfRow>,
    /// The one that is open.
    pub(in crate::office) chosen: Option<TurfId>,
    /// Whether they are of an earlier wave: then nobody holds them or is heard from in it now.
    #[prop_or_default]
    pub(in crate::office) is_earlier: bool,
    /// Receives the turf in the order shown.
    #[prop_or_default]
    pub(in crate::office) order: Option<Rc<RefCell<Vec<TurfId>>>>,
}

impl PartialEq for TableProps {
    fn eq(&self, other: &Self) -> bool {
        self.turfs == other.turfs && self.chosen == other.chosen && self.is_earlier == other.is_earlier
    }
}

/// The table.
#[component]
pub(in crate::office) fn Table(props: &TableProps) -> Html {
    let sorted = use_state(|| (By::Name, false));
    let has_all = use_state(|| false);
    let picked = use_node_ref();
    use_in_sight(picked.clone(), props.chosen);
    let navigator = use_navigator();
    // A click anywhere in a row opens it; links and buttons do what they do.
    let onclick = Callback::from(move |event: MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let find = |what: &str| target.as_ref().and_then(|target| target.closest(what).ok().flatten());
        if find("a, button").is_some() {
            return;
        }
        let turf = find("tr[data-turf]").and_then(|row| row.get_attribute("data-turf")).and_then(|id| id.parse().ok());
        if let (Some(turf), Some(navigator)) = (turf, &navigator) {
            navigator.push(&OfficeRoute::TurfOne { turf });
        }
    });
    if props.turfs.is_empty() {
        return html! { <Empty title={t("turf-none-title")} what_next={t("turf-none-body")} /> };
    }
    let now = clock::now();
    let (by, is_down) = *sorted;
    let mut rows: Vec<(usize, &TurfRow)> = props.turfs.iter().enumerate().collect();
    rows.sort_by(|a, b| if is_down { compare(by, *b, *a, now) } else { compare(by, *a, *b, now) });
    if let Some(order) = &props.order {
        *order.borrow_mut() = rows.iter().map(|(_, row)| row.turf).collect();
    }
    let n_drawn = match rows.iter().position(|(_, row)| Some(row.turf) == props.chosen) {
        _ if *has_all => rows.len(),
        Some(at) => (at + 1).max(MOST_ROWS),
        None => MOST_ROWS,
    };
    let n_left = rows.len().saturating_sub(n_drawn);
    let show_all = { Callback::from(move |_: MouseEvent| has_all.set(true)) };
    html! {
        <div class="table-box turf-table" tabindex="0" role="region" aria-label={t("turf-table")}>
            <table {onclick}>
                <thead><tr>{ for COLUMNS.map(|(column, id)| {
                    let sorted = sorted.clone();
                    let onclick = Callback::from(move |_: MouseEvent| sorted.set((column, column == by && !is_down)));
                    let order = (column == by).then_some(if is_down { "descending" } else { "ascending" });
                    html! { <th scope="col" aria-sort={order} class={is_number(column).then_some("n")}><button type="button" {onclick}>{ t(id) }{ match order { Some("ascending") => " ↑", Some(_) => " ↓", None => "" } }</button></th> }
                }) }</tr></thead>
                <tbody>{ for rows.into_iter().take(n_drawn).map(|(_, row)| line(row, props, &picked, now)) }</tbody>
                <tfoot>{ sums(&props.turfs) }</tfoot>
            </table>
            if n_left > 0 { <button type="button" class="btn quiet wide" onclick={show_all}>{ t_args("turf-show-rest", &[("n", n_left.into())]) }</button> }
        </div>
    }
}

/// Brings the row of the picked turf into sight.
#[hook]
fn use_in_sight(picked: NodeRef, chosen: Option<TurfId>) {
    use_effect_with(chosen, move |_| {
        let Some(row) = picked.cast::<web_sys::Element>() else { return };
        let Some(table) = row.closest(".table-box").ok().flatten() else { return };
        let (area, place) = (table.get_bounding_client_rect(), row.get_bounding_client_rect());
        // Its head and its sums stay in sight, and cover what is under them.
        let height = |of: &str| {
            table.query_selector(of).ok().flatten().map_or(0.0, |part| part.get_bounding_client_rect().height())
        };
        if place.top() < area.top() + height("thead") || place.bottom() > area.bottom() - height("tfoot") {
            #[expect(clippy::cast_possible_truncation, reason = "pixels of a window")]
            let by = (place.top() - area.top() - area.height() / 3.0) as i32;
            table.set_scroll_top(table.scroll_top() + by);
        }
    });
}

const fn is_number(column: By) -> bool {
    matches!(column, By::Doors | By::Minutes | By::Contacts | By::Supporters)
}

fn compare(by: By, (place_a, a): (usize, &TurfRow), (place_b, b): (usize, &TurfRow), now: At) -> Ordering {
    let order = match by {
        By::Name => Ordering::Equal,
        By::Walkers => a.walkers.cmp(&b.walkers),
        By::Doors => a.tally.n_doors.cmp(&b.tally.n_doors),
        By::Minutes => a.minutes.cmp(&b.minutes),
        By::Done => share(a.tally.n_done, a.tally.n_doors).total_cmp(&share(b.tally.n_done, b.tally.n_doors)),
        By::Contacts => share(a.tally.n_contacts, n_visited(a)).total_cmp(&share(b.tally.n_contacts, n_visited(b))),
        By::Supporters => a.tally.n_supporters.cmp(&b.tally.n_supporters),
        By::Heard => a.last_heard.cmp(&b.last_heard),
        By::Standing => Standing::of(a, now).cmp(&Standing::of(b, now)),
    };
    order.then(place_a.cmp(&place_b))
}

fn share(n: u32, of: u32) -> f64 {
    f64::from(n) / f64::from(of.max(1))
}

/// Doors that are no longer to do, and those where someone is left to meet; none where nothing was recorded in this wave.
fn n_visited(row: &TurfRow) -> u32 {
    if row.tally.n_attempts == 0 {
        return 0;
    }
    row.by_state.iter().filter(|(state, _)| **state != DoorState::Todo).map(|(_, n)| n).sum()
}

/// A share in whole percent; a dash where there is nothing to measure.
fn percent(n: u32, of: u32) -> AttrValue {
    match of {
        0 => "–".into(),
        of => t_args("percent", &[("n", (share(n, of) * 100.0).round().into())]),
    }
}

fn line(row: &TurfRow, props: &TableProps, picked: &NodeRef, now: At) -> Html {
    let tally = row.tally;
    let is_on = props.chosen == Some(row.turf);
    let standing = Standing::of(row, now);
    let done = t_args("walk-done", &[("done", tally.n_done.into()), ("n", tally.n_doors.into())]);
    html! {
        <tr key={row.turf.to_string()} ref={if is_on { picked.clone() } else { NodeRef::default() }} class={classes!(is_on.then_some("on"))} data-turf={row.turf.to_string()} data-done={tally.n_done.to_string()}>
            <th scope="row"><Go to={OfficeRoute::TurfOne { turf: row.turf }.to_path()} is_here={is_on}><span><bdi>{ &row.name }</bdi></span></Go>
                if row.n_conflicts > 0 { { " " }<span class="chip">{ t_args("turf-conflicts", &[("n", row.n_conflicts.into())]) }</span> }</th>
            <td>if row.walkers.is_empty() { <span class="who">{ t("turf-nobody") }</span> } else { { listed(&row.walkers) } }</td>
            <td class="n">{ number(f64::from(tally.n_doors)) }</td>
            <td class="n">{ number(f64::from(row.minutes)) }</td>
            if row.is_here {
                <td title={done}><div class="bar-cell"><StateBar by_state={row.by_state.clone()} n_doors={tally.n_doors} /><span class="n">{ percent(tally.n_done, tally.n_doors) }</span></div></td>
                <td class="n">{ percent(tally.n_contacts, n_visited(row)) }</td>
                <td class="n">{ number(f64::from(tally.n_supporters)) }</td>
            } else { <td colspan="3">{ t("turf-not-here") }</td> }
            if props.is_earlier { <td>{ "–" }</td><td>{ "–" }</td> } else {
                <td>{ row.last_heard.map_or_else(|| t("turf-never"), when::ago) }</td>
                <td><span class={format!("standing is-{}", standing.as_str())}><i />{ t(standing.label()) }</span></td>
            }
        </tr>
    }
}

/// What the shown turf adds up to. Of turf that is not on this device nothing is known, and the sums say so.
fn sums(turfs: &[TurfRow]) -> Html {
    let known = || turfs.iter().filter(|row| row.is_here).map(|row| row.tally);
    let sum = |of: fn(&Tally) -> u32| known().map(|tally| of(&tally)).sum::<u32>();
    let n_doors: u32 = turfs.iter().map(|row| row.tally.n_doors).sum();
    let minutes: u32 = turfs.iter().map(|row| row.minutes).sum();
    let n_not_here = turfs.iter().filter(|row| !row.is_here).count();
    let (n_done, n_contacts) = (sum(|tally| tally.n_done), sum(|tally| tally.n_contacts));
    let n_visited: u32 = turfs.iter().filter(|row| row.is_here).map(n_visited).sum();
    html! {
        <tr>
            <th scope="row">{ t_args("turf-sum", &[("n", turfs.len().into())]) }</th>
            <td>if n_not_here > 0 { { t_args("turf-sum-not-here", &[("n", n_not_here.into())]) } }</td>
            <td class="n">{ number(f64::from(n_doors)) }</td>
            <td class="n">{ number(f64::from(minutes)) }</td>
            <td><div class="bar-cell"><span class="n">{ percent(n_done, sum(|tally| tally.n_doors)) }</span></div></td>
            <td class="n">{ percent(n_contacts, n_visited) }</td>
            <td class="n">{ number(f64::from(sum(|tally| tally.n_supporters))) }</td>
            <td colspan="2" />
        </tr>
    }
}
