//! One stop of a walk's list: its mark and label, the residents, and warnings.

use crate::i18n::{t, t_args};
use crate::pages::card::{path, reason, seen};
use crate::parts::mark::mark_label;
use crate::parts::mark::paused;
use crate::parts::{icon, sign};
use crate::state::geo::stop_key;
use crate::state::walk::pieces;
use crate::when;
use porchlight_model::calls::walk::WalkRow;
use porchlight_model::visit::{DoorState, Mark};
use yew::prelude::*;

/// How a row is drawn.
pub(super) struct Rowed<'a> {
    /// Whether it is the one in the dock.
    pub(super) is_next: bool,
    /// What was searched for.
    pub(super) searched: &'a str,
}

/// One row.
pub(super) fn row(row: &WalkRow, how: &Rowed<'_>) -> Html {
    let is_danger = row.state == DoorState::Danger;
    let class = classes!("li", how.is_next.then_some("on"), is_danger.then_some("bad"));
    let at = if is_danger {
        Some(t("walk-do-not-knock"))
    } else {
        (how.is_next && row.walk_m > 0).then(|| t_args("metres", &[("m", row.walk_m.into())]))
    };
    html! {
        <li key={stop_key(row.stop)}>
            <a href={path(row.stop)} {class} aria-current={how.is_next.then_some("true")}>
                { sign(row.mark) }
                if row.has_draft { { paused() } }
                <span class="grow">
                    <span class="li-title"><b><bdi>{ &row.number }</bdi></b>{ " " }<bdi>{ marked(&row.street, how.searched) }</bdi></span>
                    <small>{ line(row, how) }</small>
                </span>
                if let Some(at) = at { <span class="at">{ at }</span> }
            </a>
        </li>
    }
}

fn line(row: &WalkRow, how: &Rowed<'_>) -> Html {
    if row.state == DoorState::Danger {
        return match &row.danger {
            Some(danger) => html! { <><b><bdi>{ reason(danger) }</bdi></b>{ " · " }{ seen(danger) }</> },
            None => html! { <b>{ t("danger-no-reason") }</b> },
        };
    }
    if row.n_doors > 1 {
        let args = [("done", row.n_doors.saturating_sub(row.n_left).into()), ("n", row.n_doors.into())];
        return html! {
            <>
                <b>{ t("walk-building") }</b>{ " · " }{ t_args("walk-units-done", &args) }
                if let Some(danger) = &row.danger {
                    <span class="danger-part">{ icon("triangle-alert") }<b><bdi>{ &danger.unit }</bdi>{ ": " }<bdi>{ reason(danger) }</bdi></b></span>
                }
            </>
        };
    }
    let word = if how.is_next { t("walk-next") } else { t(mark_label(row.mark)) };
    let when = row.last_at.filter(|_| row.mark != Mark::Todo).map(when::moment);
    html! {
        <>
            <b class="word">{ word }</b>
            if row.has_draft { { " · " }<b>{ t("half-here") }</b> }
            if let Some(when) = when { { " " }{ when } }
            { " · " }
            if row.names.is_empty() { { t("door-nobody-listed") } }
            { for row.names.iter().enumerate().map(|(place, name)| html! {
                <>if place > 0 { { ", " } }<bdi>{ marked(name, how.searched) }</bdi></>
            }) }
            if !row.note.is_empty() { { " · " }<bdi>{ marked(&row.note, how.searched) }</bdi> }
        </>
    }
}

/// A text with matches of the search underlined.
fn marked(text: &str, searched: &str) -> Html {
    if searched.is_empty() {
        return html! { { text } };
    }
    let pieces = pieces(text, searched);
    html! { { for pieces.into_iter().map(|(piece, is_hit)| if is_hit { html! { <mark>{ piece }</mark> } } else { html! { { piece } } }) } }
}
