//! All turf in a table that sorts by any column.

use crate::i18n::{number, t, t_args};
use crate::parts::{Empty, Go, Progress, listed};
use crate::route::OfficeRoute;
use crate::when;
use porchlight_model::calls::office::TurfRow;
use porchlight_model::id::TurfId;
use std::cmp::Ordering;
use yew::prelude::*;
use yew_router::Routable;

/// The sort column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Name,
    Walkers,
    Done,
    Contacts,
    Supporters,
    Heard,
}

const COLUMNS: [(By, &str); 6] = [
    (By::Name, "turf-col-name"),
    (By::Walkers, "turf-col-walkers"),
    (By::Done, "turf-col-done"),
    (By::Contacts, "turf-col-contacts"),
    (By::Supporters, "turf-col-supporters"),
    (By::Heard, "turf-col-heard"),
];

/// The props of [`Table`].
#[derive(Properties, PartialEq)]
pub(in crate::office) struct TableProps {
    /// The turf, by name.
    pub(in crate::office) turfs: Vec<TurfRow>,
    /// The one that is open.
    pub(in crate::office) chosen: Option<TurfId>,
}

/// The table.
#[component]
pub(in crate::office) fn Table(props: &TableProps) -> Html {
    let sorted = use_state(|| (By::Name, false));
    if props.turfs.is_empty() {
        return html! { <Empty title={t("turf-none-title")} what_next={t("turf-none-body")} /> };
    }
    let (by, is_down) = *sorted;
    let mut rows: Vec<(usize, &TurfRow)> = props.turfs.iter().enumerate().collect();
    rows.sort_by(|a, b| if is_down { compare(by, *b, *a) } else { compare(by, *a, *b) });
    html! {
        <div class="table-box turf-table" tabindex="0" role="region" aria-label={t("turf-table")}>
            <table>
                <thead><tr>{ for COLUMNS.map(|(column, id)| {
                    let sorted = sorted.clone();
                    let onclick = Callback::from(move |_: MouseEvent| sorted.set((column, column == by && !is_down)));
                    let order = (column == by).then_some(if is_down { "descending" } else { "ascending" });
                    html! { <th scope="col" aria-sort={order}><button type="button" {onclick}>{ t(id) }{ match order { Some("ascending") => " ↑", Some(_) => " ↓", None => "" } }</button></th> }
                }) }</tr></thead>
                <tbody>{ for rows.into_iter().map(|(_, row)| line(row, props.chosen)) }</tbody>
            </table>
        </div>
    }
}

fn compare(by: By, (place_a, a): (usize, &TurfRow), (place_b, b): (usize, &TurfRow)) -> Ordering {
    let order = match by {
        By::Name => Ordering::Equal,
        By::Walkers => a.walkers.cmp(&b.walkers),
        By::Done => share(a).total_cmp(&share(b)),
        By::Contacts => a.tally.n_contacts.cmp(&b.tally.n_contacts),
        By::Supporters => a.tally.n_supporters.cmp(&b.tally.n_supporters),
        By::Heard => a.last_heard.cmp(&b.last_heard),
    };
    order.then(place_a.cmp(&place_b))
}

fn share(row: &TurfRow) -> f64 {
    f64::from(row.tally.n_done) / f64::from(row.tally.n_doors.max(1))
}

fn line(row: &TurfRow, chosen: Option<TurfId>) -> Html {
    let tally = row.tally;
    let done = t_args("walk-done", &[("done", tally.n_done.into()), ("n", tally.n_doors.into())]);
    let is_on = chosen == Some(row.turf);
    html! {
        <tr key={row.turf.to_string()} class={classes!(is_on.then_some("on"))}>
            <th scope="row"><Go to={OfficeRoute::TurfOne { turf: row.turf }.to_path()} is_here={is_on}><span><bdi>{ &row.name }</bdi></span></Go>
                if row.n_conflicts > 0 { { " " }<span class="chip">{ t_args("turf-conflicts", &[("n", row.n_conflicts.into())]) }</span> }</th>
            <td>if row.walkers.is_empty() { { t("turf-nobody") } } else { { listed(&row.walkers) } }</td>
            if row.is_here {
                <td><span>{ done.clone() }</span><Progress done={f64::from(tally.n_done)} total={f64::from(tally.n_doors.max(1))} label={done} /></td>
                <td>{ number(f64::from(tally.n_contacts)) }</td>
                <td>{ number(f64::from(tally.n_supporters)) }</td>
            } else { <td colspan="3">{ t("turf-not-here") }</td> }
            <td>{ row.last_heard.map_or_else(|| t("turf-never"), when::ago) }</td>
        </tr>
    }
}
