//! What needs someone now: rows derived from the state of the turf, each with the page where it is done. Pure, except for drawing.

use crate::i18n::{t, t_args};
use crate::office::turf::standing::is_silent;
use crate::parts::{Go, icon};
use crate::route::OfficeRoute;
use crate::when;
use porchlight_model::calls::office::DashboardView;
use porchlight_model::time::At;
use yew::prelude::*;
use yew_router::Routable;

/// One thing that needs someone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Need {
    /// So many conflicts wait for a coordinator.
    Conflicts(u32),
    /// So many turf are out, to do, and not heard from; the longest silence began then, or is since ever.
    Silent(u32, Option<At>),
    /// So many turf are to do and nobody holds them.
    Free(u32),
    /// So many turf have not arrived on this device.
    Missing(u32),
}

/// What needs someone, the most urgent first.
pub(super) fn needs(board: &DashboardView, may_settle: bool, now: At) -> Vec<Need> {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let to_do = || board.turfs.iter().filter(|row| row.is_here && row.tally.n_done < row.tally.n_doors);
    let silent: Vec<_> = to_do().filter(|row| !row.walkers.is_empty() && is_silent(row.last_heard, now)).collect();
    let free = to_do().filter(|row| row.walkers.is_empty()).count();
    let missing = board.turfs.iter().filter(|row| !row.is_here).count();
    let oldest = silent.iter().map(|row| row.last_heard).min().flatten();
    [
        (board.n_conflicts > 0 && may_settle).then_some(Need::Conflicts(board.n_conflicts)),
        (!silent.is_empty()).then_some(Need::Silent(count(silent.len()), oldest)),
        (free > 0).then_some(Need::Free(count(free))),
        (missing > 0).then_some(Need::Missing(count(missing))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The card, with a sentence when nothing waits.
pub(super) fn card(needs: &[Need]) -> Html {
    html! {
        <section class="card board-needs" aria-labelledby="needs">
            <h2 class="card-head" id="needs">{ t("today-needs") }
                if !needs.is_empty() { { " " }<span class="chip">{ needs.len() }</span> }</h2>
            if needs.is_empty() { <p class="who pad">{ t("today-needs-none") }</p> }
            <ul class="list">{ for needs.iter().enumerate().map(|(place, need)| row(need, place == 0)) }</ul>
        </section>
    }
}

fn row(need: &Need, is_first: bool) -> Html {
    let (sign, title, more, act) = match need {
        Need::Conflicts(n) => (
            "scale",
            t_args("today-conflicts", &[("n", (*n).into())]),
            t("today-conflicts-why"),
            Some((OfficeRoute::Settle, "place-settle")),
        ),
        Need::Silent(n, since) => {
            let since = since.map_or_else(|| t("turf-never"), when::ago);
            let why = t_args("today-silent-why", &[("time", since.as_str().into())]);
            ("wifi-off", t_args("today-silent", &[("n", (*n).into())]), why, Some((OfficeRoute::Turf, "today-show")))
        }
        Need::Free(n) => (
            "footprints",
            t_args("today-free", &[("n", (*n).into())]),
            t("today-free-why"),
            Some((OfficeRoute::Turf, "turf-hand-out-short")),
        ),
        Need::Missing(n) => ("database", t_args("today-missing", &[("n", (*n).into())]), t("today-missing-why"), None),
    };
    html! {
        <li class="li need">
            { icon(sign) }
            <span class="grow"><span class="li-title">{ title }</span><span class="who">{ more }</span></span>
            if let Some((to, label)) = act {
                <Go to={to.to_path()} class={classes!("btn", "small", is_first.then_some("main"))}>{ t(label) }</Go>
            }
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::turf::standing::SILENT_MS;
    use porchlight_model::calls::office::{Tally, TurfRow};
    use porchlight_model::id::TurfId;
    use std::collections::BTreeMap;

    const NOW: At = At(1_800_000_000_000);

    fn row(walkers: &[&str], n_done: u32, heard_ms_ago: Option<i64>) -> TurfRow {
        TurfRow {
            turf: TurfId::from_bytes([1; 16]),
            name: String::new(),
            is_here: true,
            walkers: walkers.iter().map(|&name| name.to_owned()).collect(),
            minutes: 60,
            tally: Tally { n_doors: 10, n_done, ..Tally::default() },
            by_state: BTreeMap::new(),
            last_heard: heard_ms_ago.map(|ms| At(NOW.0 - ms)),
            n_conflicts: 0,
        }
    }

    fn of(turfs: Vec<TurfRow>, n_conflicts: u32) -> Vec<Need> {
        needs(&DashboardView { totals: Tally::default(), turfs, n_out_now: 0, n_conflicts }, true, NOW)
    }

    #[test]
    fn turf_is_silent_after_three_hours_only_while_it_is_out_and_to_do() {
        assert_eq!(of(vec![row(&["Ana"], 3, Some(SILENT_MS))], 0), []);
        let heard = At(NOW.0 - SILENT_MS - 1);
        assert_eq!(of(vec![row(&["Ana"], 3, Some(SILENT_MS + 1))], 0), [Need::Silent(1, Some(heard))]);
        assert_eq!(of(vec![row(&["Ana"], 10, Some(SILENT_MS + 1)), row(&[], 10, None)], 0), []);
        let all = vec![row(&["Ana"], 3, Some(SILENT_MS + 1)), row(&["Ben"], 3, None)];
        assert_eq!(of(all, 0), [Need::Silent(2, None)], "never is longest ago");
    }

    #[test]
    fn what_a_role_cannot_do_and_what_is_not_known_are_told_apart() {
        let missing = TurfRow { is_here: false, ..row(&["Ana"], 0, None) };
        assert_eq!(
            of(vec![missing.clone(), row(&[], 0, None)], 2),
            [Need::Conflicts(2), Need::Free(1), Need::Missing(1)]
        );
        let board = DashboardView { totals: Tally::default(), turfs: vec![missing], n_out_now: 0, n_conflicts: 2 };
        assert_eq!(needs(&board, false, NOW), [Need::Missing(1)]);
    }
}
