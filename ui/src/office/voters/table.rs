//! The list of people: as many rows as are in sight are drawn, however many there are.

use super::rows::Rows;
use super::words::{mark_label, party};
use crate::i18n::{number, t, t_args};
use crate::parts::mark::{mark, result_label};
use crate::parts::{Go, Trouble, icon};
use crate::route::OfficeRoute;
use crate::when;
use porchlight_model::calls::universe::{Order, SortBy, VoterRow};
use porchlight_model::id::VoterId;
use porchlight_model::visit::DoorState;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;
use yew_router::Routable;
use yew_router::prelude::use_navigator;

/// Rows that are drawn above and below those in sight.
const SPARE: usize = 12;

/// Rows before the end at which the next page is loaded.
const AHEAD: usize = 60;

/// The height of a row before one was measured.
const ROW_PX: f64 = 36.0;

const COLUMNS: [(&str, Option<SortBy>); 8] = [
    ("voters-col-name", Some(SortBy::Name)),
    ("voters-col-age", Some(SortBy::Age)),
    ("voters-col-address", Some(SortBy::Address)),
    ("voters-col-precinct", Some(SortBy::Precinct)),
    ("voters-col-party", Some(SortBy::Party)),
    ("voters-col-last", Some(SortBy::LastAttempt)),
    ("voters-col-attempts", Some(SortBy::Attempts)),
    ("voters-col-turf", None),
];

/// The props of [`Table`].
#[derive(Properties, PartialEq)]
pub(super) struct TableProps {
    /// The list.
    pub(super) list: Rc<Rows>,
    /// How many people it has in all.
    pub(super) n_in_all: u64,
    /// Its order.
    pub(super) order: Order,
    /// The one that is open.
    pub(super) chosen: Option<VoterId>,
    /// Receives another order.
    pub(super) onorder: Callback<Order>,
    /// Loads the next page.
    pub(super) onmore: Callback<()>,
}

/// What is in sight: the first row, and how many.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Sight {
    first: usize,
    n: usize,
    row_px: f64,
}

/// The table.
#[component]
pub(super) fn Table(props: &TableProps) -> Html {
    let frame = use_node_ref();
    let sight = use_state_eq(|| Sight { first: 0, n: 30, row_px: ROW_PX });
    let rows: &[VoterRow] = props.list.rows.as_deref().map(Vec::as_slice).unwrap_or_default();
    let n_rows = rows.len();
    let look = {
        let (frame, sight, onmore) = (frame.clone(), sight.clone(), props.onmore.clone());
        let has_more = props.list.has_more();
        Callback::from(move |()| {
            let Some(seen) = frame.cast::<HtmlElement>().and_then(|frame| look(&frame)) else { return };
            if has_more && seen.first + seen.n + AHEAD >= n_rows {
                onmore.emit(());
            }
            sight.set(seen);
        })
    };
    {
        let look = look.clone();
        use_effect_with((n_rows, props.order), move |_| look.emit(()));
    }
    use_top_on_other_order(&frame, props.order);
    use_in_sight(&frame, rows, props.chosen, sight.row_px);
    let onscroll = look.reform(|_: Event| ());
    let navigator = use_navigator();
    // A click anywhere in a row opens it.
    let onclick = Callback::from(move |event: MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let find = |what: &str| target.as_ref().and_then(|target| target.closest(what).ok().flatten());
        let row = if find("a, button").is_some() { None } else { find("tr[data-voter]") };
        let voter = row.and_then(|row| row.get_attribute("data-voter")).and_then(|id| id.parse().ok());
        if let (Some(voter), Some(navigator)) = (voter, &navigator) {
            navigator.push(&OfficeRoute::Voter { voter });
        }
    });
    let first = sight.first.saturating_sub(SPARE).min(n_rows);
    let last = (sight.first + sight.n + SPARE).min(n_rows);
    let gap = |n: usize| {
        #[expect(clippy::cast_precision_loss, reason = "pixels")]
        let height = n as f64 * sight.row_px;
        html! { if n > 0 { <tr class="gap" aria-hidden="true"><td colspan={COLUMNS.len().to_string()} height={height.to_string()} /></tr> } }
    };
    let Order { by, is_down } = props.order;
    let head = |(id, column): (&'static str, Option<SortBy>)| {
        let Some(column) = column else { return html! { <th scope="col">{ t(id) }</th> } };
        let onorder = props.onorder.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            onorder.emit(Order { by: column, is_down: column == by && !is_down });
        });
        let order = (column == by).then_some(if is_down { "descending" } else { "ascending" });
        let is_number = matches!(column, SortBy::Age | SortBy::Attempts);
        html! { <th scope="col" aria-sort={order} class={is_number.then_some("n")}><button type="button" {onclick}>{ t(id) }{ match order { Some("ascending") => " ↑", Some(_) => " ↓", None => "" } }</button></th> }
    };
    html! {
        <div ref={frame} class="table-box voter-table" tabindex="0" role="region" aria-label={t("voters-table")} {onscroll}>
            <table aria-rowcount={props.n_in_all.to_string()} {onclick}>
                <thead><tr>{ for COLUMNS.map(head) }</tr></thead>
                <tbody>
                    { gap(first) }
                    { for rows.iter().enumerate().skip(first).take(last - first).map(|(n, row)| line(n, row, props.chosen)) }
                    { gap(n_rows - last) }
                </tbody>
            </table>
            if let Some(error) = &props.list.failed { <Trouble error={error.clone()} is_inline=true /> }
        </div>
    }
}

/// What is in sight of a table.
fn look(frame: &HtmlElement) -> Option<Sight> {
    let row = frame.query_selector("tr[data-voter]").ok().flatten();
    let row_px = row.map_or(ROW_PX, |row| row.get_bounding_client_rect().height()).max(1.0);
    let (top, height) = (f64::from(frame.scroll_top()), f64::from(frame.client_height()));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rows of a window")]
    let (first, n) = ((top / row_px) as usize, (height / row_px) as usize + 2);
    // In steps, so that not every pixel draws the table anew.
    Some(Sight { first: first / 8 * 8, n: n + 8, row_px })
}

#[hook]
fn use_top_on_other_order(frame: &NodeRef, order: Order) {
    let (frame, before) = (frame.clone(), use_mut_ref(|| order));
    use_effect_with(order, move |order| {
        if before.replace(*order) != *order
            && let Some(frame) = frame.cast::<Element>()
        {
            frame.set_scroll_top(0);
        }
    });
}

/// Brings the row of the picked person into sight.
#[hook]
fn use_in_sight(frame: &NodeRef, rows: &[VoterRow], chosen: Option<VoterId>, row_px: f64) {
    let place = chosen.and_then(|chosen| rows.iter().position(|row| row.voter == chosen));
    let frame = frame.clone();
    use_effect_with(place, move |place| {
        let (Some(place), Some(frame)) = (*place, frame.cast::<Element>()) else { return };
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "pixels of a window")]
        let top = (place as f64 * row_px) as i32;
        #[expect(clippy::cast_possible_truncation, reason = "pixels of a window")]
        let row = row_px as i32;
        let (seen, height) = (frame.scroll_top(), frame.client_height());
        // The head covers one row.
        if top < seen || top + 2 * row > seen + height {
            frame.set_scroll_top((top - height / 3).max(0));
        }
    });
}

fn line(n: usize, row: &VoterRow, chosen: Option<VoterId>) -> Html {
    let is_on = chosen == Some(row.voter);
    let last = match row.last {
        Some((result, at)) => {
            html! { <>{ mark(DoorState::of_result(result)) }{ " " }{ t(result_label(result)) }<span class="who">{ ", " }{ when::moment(at) }</span></> }
        }
        None => html! { <>{ mark(DoorState::Todo) }{ " " }<span class="who">{ t("voters-not-yet") }</span></> },
    };
    let place = if row.town.is_empty() { row.address.clone() } else { format!("{}, {}", row.address, row.town) };
    html! {
        <tr key={row.voter.to_string()} class={classes!(is_on.then_some("on"))} data-voter={row.voter.to_string()} aria-rowindex={(n + 2).to_string()}>
            <th scope="row"><Go to={OfficeRoute::Voter { voter: row.voter }.to_path()} is_here={is_on}><bdi>{ &row.name }</bdi></Go>
                { for row.marks.iter().map(|mark| html! { <>{ " " }<span class="chip">{ t(mark_label(*mark)) }</span></> }) }</th>
            <td class="n">{ row.age.map(|age| age.to_string()).unwrap_or_default() }</td>
            <td title={place}><bdi>{ &row.address }</bdi></td>
            <td><bdi>{ &row.precinct }</bdi></td>
            <td><bdi>{ if row.party.is_empty() { html! { <span class="who">{ party("") }</span> } } else { html! { &row.party } } }</bdi></td>
            <td>{ last }</td>
            <td class="n">{ number(f64::from(row.n_attempts)) }</td>
            <td><bdi>{ &row.turf }</bdi></td>
        </tr>
    }
}

/// How far the list is loaded, how long the count took, and the keys.
pub(super) fn foot(list: &Rows, n_in_all: u64, took_ms: u64) -> Html {
    let n_shown = list.rows.as_ref().map_or(0, |rows| rows.len());
    #[expect(clippy::cast_precision_loss, reason = "shown to people")]
    let args = [("shown", (n_shown as f64).into()), ("n", (n_in_all as f64).into()), ("ms", (took_ms as f64).into())];
    html! {
        <div class="table-foot who">
            <span class="keys"><kbd>{ "J" }</kbd><kbd>{ "K" }</kbd>{ t("voters-keys-move") }<kbd>{ "/" }</kbd>{ t("voters-keys-find") }<kbd>{ "F" }</kbd>{ t("voters-keys-filter") }</span>
            <span role="status">{ t_args(if list.has_more() { "voters-shown" } else { "voters-all" }, &args) }</span>
        </div>
    }
}

/// Grey bars in the form of the rows that come.
pub(super) fn bars() -> Html {
    html! { <div class="bars" role="status" aria-label={t("voters-counting")}>{ for (0..12).map(|_| html! { <i /> }) }<span class="who">{ t("voters-counting") }</span></div> }
}

/// The button that empties the filter.
pub(super) fn clear(onclick: Callback<MouseEvent>) -> Html {
    html! { <button type="button" class="btn" {onclick}>{ icon("x") }{ t("filter-clear") }</button> }
}
