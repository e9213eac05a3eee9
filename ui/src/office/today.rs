//! The state of the campaign today, or the steps to its first turf.

use super::wave_choice::WaveChoice;
use crate::hooks::use_call;
use crate::i18n::{number, t, t_args};
use crate::layout::{Page, use_may};
use crate::office::grace::Graces;
use crate::parts::{Empty, Go, StateBar, draw, listed};
use crate::route::OfficeRoute;
use porchlight_model::calls::office::WaveBoard;
use porchlight_model::calls::office::{Dashboard, DashboardView, TurfRow};
use porchlight_model::grant::Act;
use porchlight_model::id::WaveId;
use yew::prelude::*;
use yew_router::Routable;

/// The office's first page.
#[component]
pub(super) fn Today() -> Html {
    let wave = use_state(|| None::<WaveId>);
    let onchange = {
        let wave = wave.clone();
        Callback::from(move |chosen: Option<WaveId>| wave.set(chosen))
    };
    html! {
        <Page title={t("place-today")} class="column">
            <Graces />
            <WaveChoice id="today-wave" none={t("wave-choice-current")} chosen={*wave} {onchange} />
            if let Some(wave) = *wave { <OfWave {wave} /> } else { <Current /> }
        </Page>
    }
}

#[component]
fn Current() -> Html {
    let board = use_call(Dashboard {});
    let (may_prepare, may_settle) = (use_may(Act::Cut), use_may(Act::Settle));
    html! {
        { draw(&board, |board| match (board.turfs.is_empty(), may_prepare) {
            (false, _) => stands(board, may_settle),
            (true, true) => first_steps(),
            (true, false) => html! { <Empty title={t("today-waiting-title")} what_next={t("today-waiting-body")} /> },
        }) }
    }
}

#[derive(Properties, PartialEq)]
struct OfWaveProps {
    wave: WaveId,
}

#[component]
fn OfWave(props: &OfWaveProps) -> Html {
    let board = use_call(WaveBoard { wave: props.wave });
    let may_settle = use_may(Act::Settle);
    html! { { draw(&board, |board| stands(board, may_settle)) } }
}

fn first_steps() -> Html {
    let steps = [
        ("today-step-files", OfficeRoute::Data),
        ("today-step-script", OfficeRoute::Script),
        ("today-step-cut", OfficeRoute::Turf),
        ("today-step-invite", OfficeRoute::Team),
    ];
    html! {
        <Empty title={t("today-empty-title")} what_next={t("today-empty-body")}>
            <ol class="steps">{ for steps.map(|(id, to)| html! { <li><Go to={to.to_path()} class="btn wide">{ t(id) }</Go></li> }) }</ol>
        </Empty>
    }
}

fn stands(board: &DashboardView, may_settle: bool) -> Html {
    let totals = board.totals;
    let n_missing = u32::try_from(board.turfs.iter().filter(|row| !row.is_here).count()).unwrap_or(u32::MAX);
    let figures = [
        ("today-doors", f64::from(totals.n_done)),
        ("today-attempts", f64::from(totals.n_attempts)),
        ("today-contacts", f64::from(totals.n_contacts)),
        ("today-supporters", f64::from(totals.n_supporters)),
        ("today-out", f64::from(board.n_out_now)),
    ];
    html! {
        <>
            <dl class="figures">{ for figures.map(|(id, n)| html! { <div class="card"><dt class="eyebrow">{ t(id) }</dt><dd class="figure">{ number(n) }</dd></div> }) }</dl>
            <p class="who">{ t_args("today-of-doors", &[("n", totals.n_doors.into())]) }</p>
            if n_missing > 0 { <p class="who" role="status" id="missing">{ t_args("today-missing", &[("n", n_missing.into())]) }</p> }
            if board.n_conflicts > 0 && may_settle {
                <p class="act"><Go to={OfficeRoute::Settle.to_path()} class="btn">{ t_args("today-conflicts", &[("n", board.n_conflicts.into())]) }</Go></p>
            }
            <h2 class="eyebrow">{ t("today-turf") }</h2>
            <ul class="list">{ for board.turfs.iter().map(turf) }</ul>
        </>
    }
}

fn turf(row: &TurfRow) -> Html {
    let done = match row.is_here {
        true => t_args("walk-done", &[("done", row.tally.n_done.into()), ("n", row.tally.n_doors.into())]),
        false => t("turf-not-here"),
    };
    html! {
        <li><Go to={OfficeRoute::TurfOne { turf: row.turf }.to_path()} class="li">
            <span class="grow"><span class="li-title"><bdi>{ &row.name }</bdi></span>
                <span class="who cut">if row.walkers.is_empty() { { t("turf-nobody") } } else { { listed(&row.walkers) } }{ " · " }{ done }</span>
                <StateBar by_state={row.by_state.clone()} n_doors={row.tally.n_doors} />
            </span>
        </Go></li>
    }
}
