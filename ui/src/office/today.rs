//! The state of the campaign today: figures, what needs someone, days, and every turf; or the steps to its first turf.

mod days;
mod goals;
mod needs;

use super::turf::Table;
use super::wave_choice::WaveChoice;
use crate::clock;
use crate::hooks::use_call;
use crate::i18n::{number, t, t_args};
use crate::layout::{Page, use_may, use_shape};
use crate::office::grace::Graces;
use crate::parts::{Empty, Go, Progress, StateBar, draw, icon, listed};
use crate::route::OfficeRoute;
use crate::state::place::Shape;
use days::DaysCard;
use goals::GoalsCard;
use porchlight_model::calls::office::WaveBoard;
use porchlight_model::calls::office::{Dashboard, DashboardView, TurfRow};
use porchlight_model::grant::Act;
use porchlight_model::id::{TurfId, WaveId};
use std::rc::Rc;
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
        <Page title={t("place-today")} class="column today">
            <Graces />
            <WaveChoice id="today-wave" none={t("wave-choice-current")} chosen={*wave} {onchange} />
            if let Some(wave) = *wave { <OfWave {wave} /> } else { <Current /> }
        </Page>
    }
}

#[component]
fn Current() -> Html {
    let board = use_call(Dashboard {});
    let may_prepare = use_may(Act::Cut);
    html! {
        { draw(&board, |board| match (board.turfs.is_empty(), may_prepare) {
            (false, _) => html! { <Board board={board.clone()} wave={None::<WaveId>} /> },
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
    html! { { draw(&board, |board| html! { <Board board={board.clone()} wave={Some(props.wave)} /> }) } }
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

/// The props of [`Board`].
#[derive(Properties, PartialEq)]
struct BoardProps {
    board: Rc<DashboardView>,
    /// The wave that it is of; `None` for the current one.
    wave: Option<WaveId>,
}

/// The state of a wave. An earlier one needs nobody any more.
#[component]
fn Board(props: &BoardProps) -> Html {
    let BoardProps { board, wave } = props;
    let may_settle = use_may(Act::Settle);
    let is_wide = use_shape() == Shape::Desk;
    let totals = board.totals;
    let figures = [
        ("door-open", "today-doors", totals.n_done, Some(totals.n_doors)),
        ("footprints", "today-attempts", totals.n_attempts, None),
        ("message-circle", "today-contacts", totals.n_contacts, None),
        ("thumbs-up", "today-supporters", totals.n_supporters, None),
        ("smartphone", "today-out", board.n_out_now, None),
    ];
    html! {
        <div class="board">
            <dl class="card figures">{ for figures.into_iter().filter(|(_, id, _, _)| wave.is_none() || *id != "today-out").map(|(sign, id, n, of)| html! {
                <div>
                    <dt>{ icon(sign) }{ t(id) }</dt>
                    <dd><span class="figure">{ number(f64::from(n)) }</span>if let Some(of) = of { <span class="who">{ t_args("today-of", &[("n", of.into())]) }</span> }</dd>
                    if let Some(of) = of { <dd><Progress done={f64::from(n)} total={f64::from(of.max(1))} label={t(id)} /></dd> }
                </div>
            }) }</dl>
            if wave.is_none() { <GoalsCard turfs={board.turfs.iter().map(|row| (row.turf, row.name.clone())).collect::<Rc<[_]>>()} /> }
            if wave.is_none() { { needs::card(&needs::needs(board, may_settle, clock::now())) } }
            <DaysCard wave={*wave} />
            <section class="card board-turf" aria-labelledby="all-turf">
                <h2 class="card-head" id="all-turf">{ t("today-turf") }</h2>
                if is_wide { <Table turfs={board.turfs.clone()} chosen={None::<TurfId>} /> } else { <ul class="list">{ for board.turfs.iter().map(turf) }</ul> }
            </section>
        </div>
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
