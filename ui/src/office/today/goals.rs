//! Goals: what is done against what was meant to be, the pace that is needed, and a chart of one of them. Coordinators edit them in place.

mod chart;
mod form;

use crate::hooks::{use_action, use_call};
use crate::i18n::{number, t, t_args};
use crate::layout::use_may;
use crate::parts::icon;
use crate::state::notices::{Notice, Undoing, use_notices};
use crate::when;
use chart::Chart;
use form::GoalForm;
use porchlight_model::calls::plan::{Forecast, GoalView, Goals, RemoveGoal, RestoreGoal};
use porchlight_model::grant::Act;
use porchlight_model::id::{GoalId, TurfId};
use porchlight_model::plan::{GoalScope, Measure};
use porchlight_model::time::At;
use std::rc::Rc;
use yew::prelude::*;

const DAY_MS: i64 = 86_400_000;

/// The props of [`GoalsCard`].
#[derive(Properties, PartialEq)]
pub(super) struct GoalsCardProps {
    /// The turf for which there may be goals, by name.
    pub(super) turfs: Rc<[(TurfId, String)]>,
}

/// What the person does with the goals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    Looking,
    Setting,
    Changing(GoalId),
}

/// The card; nothing for a captain while there are no goals.
#[component]
pub(super) fn GoalsCard(props: &GoalsCardProps) -> Html {
    let goals = use_call(Goals { offset_ms: when::offset_ms(crate::clock::now()) });
    let may_plan = use_may(Act::Plan);
    let doing = use_state(|| Doing::Looking);
    let chosen = use_state(|| None::<GoalId>);
    let Some(found) = goals.value() else { return Html::default() };
    if found.is_empty() && !may_plan {
        return Html::default();
    }
    let set_doing = |next: Doing| {
        let doing = doing.clone();
        Callback::from(move |()| doing.set(next))
    };
    let onclose = set_doing(Doing::Looking);
    let onchoose = {
        let chosen = chosen.clone();
        Callback::from(move |goal: GoalId| chosen.set(Some(goal)))
    };
    let shown = found.iter().find(|view| Some(view.named.id) == *chosen).or(found.first());
    html! {
        <section class="card board-goals" aria-labelledby="goals">
            <h2 class="card-head" id="goals">{ t("goals-title") }
                if may_plan && *doing != Doing::Setting {
                    <button type="button" class="btn goal-set" id="goal-set" onclick={set_doing(Doing::Setting).reform(|_: MouseEvent| ())}>{ icon("plus") }{ t("goal-set") }</button>
                }
            </h2>
            if *doing == Doing::Setting { <GoalForm turfs={props.turfs.clone()} goal={None::<Rc<GoalView>>} onclose={onclose.clone()} /> }
            if found.is_empty() && *doing == Doing::Looking { <p class="who pad">{ t("goals-none") }</p> }
            <ul class="goals">{ for found.iter().map(|view| {
                let id = view.named.id;
                if *doing == Doing::Changing(id) {
                    let view = Some(Rc::new(view.clone()));
                    return html! { <li key={id.to_string()} class="is-edited"><GoalForm turfs={props.turfs.clone()} goal={view} onclose={onclose.clone()} /></li> };
                }
                let onedit = may_plan.then(|| set_doing(Doing::Changing(id)));
                let is_shown = shown.is_some_and(|shown| shown.named.id == id);
                html! { <li key={id.to_string()}><OneGoal view={Rc::new(view.clone())} {is_shown} onchoose={onchoose.clone()} {onedit} /></li> }
            }) }</ul>
            if let Some(view) = shown { <Chart view={Rc::new(view.clone())} /> }
        </section>
    }
}

/// The props of [`OneGoal`].
#[derive(Properties, PartialEq)]
struct OneGoalProps {
    view: Rc<GoalView>,
    /// Whether the chart is of this one.
    is_shown: bool,
    onchoose: Callback<GoalId>,
    /// Called when it is to be edited; `None` for who may not.
    onedit: Option<Callback<()>>,
}

#[component]
fn OneGoal(props: &OneGoalProps) -> Html {
    let view = &*props.view;
    let (id, goal) = (view.named.id, view.named.goal);
    let action = use_action();
    let notices = use_notices();
    let onremove = {
        let action = action.clone();
        Callback::from(move |_: MouseEvent| {
            let notices = notices.clone();
            action.run(RemoveGoal { goal: id }, move |()| {
                let undo = Some(Undoing::GoalRemoved(RestoreGoal { goal: id }));
                notices.dispatch(Notice::Done { text: t("goal-removed"), undo });
            });
        })
    };
    let name = name(view);
    let part = |n: u32| format!("{:.2}%", f64::from(n.min(goal.target)) / f64::from(goal.target.max(1)) * 100.0);
    let told = t_args("today-of", &[("n", goal.target.into())]);
    let choose = props.onchoose.reform(move |_: MouseEvent| id);
    html! {
        <>
            <h3 class="goal-name">{ icon(sign(goal.measure)) }<bdi>{ &name }</bdi></h3>
            <p class="goal-figure"><span class="figure">{ number(f64::from(view.n_done)) }</span><span class="who">{ told }</span></p>
            <svg class="goal-bar" width="100%" height="14" aria-hidden="true">
                <rect class="whole" y="4" width="100%" height="6" rx="3" /><rect class="done" y="4" width={part(view.n_done)} height="6" rx="3" />
                if view.n_by_now > 0 { <rect class="pace" x={part(view.n_by_now)} width="2" height="14" /> }
            </svg>
            <p class={classes!("goal-pace", pace_class(view))}>{ pace(view) }</p>
            <p class="who">{ needed(view) }</p>
            <p class="who">{ forecast(view) }</p>
            <p class="goal-acts">
                <button type="button" class="btn" aria-pressed={props.is_shown.to_string()} onclick={choose}>{ t("goal-show") }<span class="unseen">{ " " }{ &name }</span></button>
                if let Some(onedit) = &props.onedit {
                    <button type="button" class="btn" onclick={onedit.reform(|_: MouseEvent| ())}>{ t("goal-edit") }<span class="unseen">{ " " }{ &name }</span></button>
                    <button type="button" class="btn" disabled={action.is_busy} onclick={onremove}>{ t("goal-remove") }<span class="unseen">{ " " }{ &name }</span></button>
                }
            </p>
        </>
    }
}

/// The message that names a measure.
fn measure(measure: Measure) -> &'static str {
    match measure {
        Measure::Doors => "today-doors",
        Measure::Attempts => "today-attempts",
        Measure::Contacts => "goal-contacts",
        Measure::Supporters => "today-supporters",
        Measure::Unknown(_) => "goal-newer",
    }
}

fn sign(measure: Measure) -> &'static str {
    match measure {
        Measure::Doors => "door-open",
        Measure::Attempts => "footprints",
        Measure::Contacts => "message-circle",
        Measure::Supporters => "thumbs-up",
        Measure::Unknown(_) => "circle-help",
    }
}

/// What a goal counts, and where.
fn name(view: &GoalView) -> String {
    let what = t(measure(view.named.goal.measure));
    match view.named.goal.scope {
        GoalScope::Campaign => what.to_string(),
        GoalScope::Turf(_) if view.turf.is_empty() => format!("{what} · {}", t("goal-turf-gone")),
        GoalScope::Turf(_) => format!("{what} · {}", view.turf),
    }
}

/// A day as people write it.
fn date(day: i64) -> AttrValue {
    // Noon: no shift of a clock moves it to another day.
    let noon = At(day * DAY_MS + DAY_MS / 2);
    when::day_of(At(noon.0 - when::offset_ms(noon)))
}

/// How far a goal is from where it should be by now; `None` before it begins and after it ended.
fn off_pace(view: &GoalView) -> Option<i64> {
    let goal = &view.named.goal;
    (goal.from..=goal.to).contains(&view.today).then(|| i64::from(view.n_done) - i64::from(view.n_by_now))
}

fn pace_class(view: &GoalView) -> Option<&'static str> {
    match off_pace(view) {
        _ if view.n_done >= view.named.goal.target => Some("is-ahead"),
        Some(off) if off > 0 => Some("is-ahead"),
        Some(off) if off < 0 => Some("is-behind"),
        _ => None,
    }
}

fn pace(view: &GoalView) -> Html {
    let goal = &view.named.goal;
    let reached = view.n_done >= goal.target;
    let missing = goal.target.saturating_sub(view.n_done);
    let (sign, text) = match off_pace(view) {
        _ if reached => ("check", t("goal-reached")),
        None if view.today > goal.to => ("x", t_args("goal-missed", &[("n", missing.into())])),
        None => ("clock", t_args("goal-begins", &[("day", date(goal.from).as_str().into())])),
        Some(0) => ("check", t("goal-on-pace")),
        Some(off) if off > 0 => ("chevron-up", t_args("goal-ahead", &[("n", off.into())])),
        Some(off) => ("chevron-down", t_args("goal-behind", &[("n", (-off).into())])),
    };
    html! { <>{ icon(sign) }{ text }</> }
}

fn needed(view: &GoalView) -> AttrValue {
    let day = date(view.named.goal.to);
    match view.n_per_day {
        None | Some(0) => t_args("goal-until", &[("day", day.as_str().into())]),
        Some(n) => t_args("goal-per-day", &[("n", n.into()), ("day", day.as_str().into())]),
    }
}

fn forecast(view: &GoalView) -> AttrValue {
    match view.forecast {
        Forecast::TooEarly => t("goal-forecast-early"),
        Forecast::Over => t("goal-forecast-over"),
        Forecast::Between { low, high, .. } if low == high => t_args("goal-forecast-at", &[("n", low.into())]),
        Forecast::Between { low, high, .. } => t_args("goal-forecast", &[("low", low.into()), ("high", high.into())]),
    }
}
