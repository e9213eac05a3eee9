//! Sets or changes a goal: what, where, from when until when, how many.

use super::measure;
use crate::hooks::use_form_action;
use crate::i18n::t;
use crate::parts::{TextField, Trouble};
use crate::state::notices::{Notice, Undoing, use_notices};
use crate::when;
use porchlight_model::calls::plan::{ChangeGoal, GoalView, RemoveGoal, SetGoal};
use porchlight_model::id::TurfId;
use porchlight_model::plan::{Goal, GoalScope, Measure};
use porchlight_model::time::{day_of_iso, iso_day};
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// How many days a new goal lasts unless the person says otherwise: four weeks.
const DAYS: i64 = 28;

/// The props of [`GoalForm`].
#[derive(Properties, PartialEq)]
pub(super) struct GoalFormProps {
    /// The turf for which there may be goals.
    pub(super) turfs: Rc<[(TurfId, String)]>,
    /// The goal to change; `None` to set one.
    pub(super) goal: Option<Rc<GoalView>>,
    /// Called when the form is to be closed.
    pub(super) onclose: Callback<()>,
}

/// The form.
#[component]
pub(super) fn GoalForm(props: &GoalFormProps) -> Html {
    let GoalFormProps { turfs, goal, onclose } = props;
    let now = crate::clock::now();
    let offset_ms = when::offset_ms(now);
    let today = (now.0 + offset_ms).div_euclid(super::DAY_MS);
    let present = goal.as_ref().map(|view| view.named.goal);
    let what = use_state(|| Measure::Doors);
    let scope = use_state(|| GoalScope::Campaign);
    let from = use_state(|| iso_day(present.map_or(today, |goal| goal.from)));
    let to = use_state(|| iso_day(present.map_or(today + DAYS - 1, |goal| goal.to)));
    let target = use_state(|| present.map(|goal| goal.target.to_string()).unwrap_or_default());
    let is_tried = use_state(|| false);
    let action = use_form_action();
    let notices = use_notices();
    let typed = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |text: String| state.set(text))
    };
    let days = day_of_iso(&from).zip(day_of_iso(&to));
    let n = target.trim().parse::<u32>().ok().filter(|n| *n > 0);
    let onsubmit = {
        let (id, what, scope, is_tried) = (goal.as_ref().map(|view| view.named.id), *what, *scope, is_tried.clone());
        let (action, notices, onclose) = (action.clone(), notices, onclose.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            is_tried.set(true);
            let (Some((from, to)), Some(target)) = (days, n) else { return };
            let (notices, onclose) = (notices.clone(), onclose.clone());
            match id {
                None => {
                    let goal = Goal { measure: what, scope, from, to, target };
                    action.run(SetGoal { goal, offset_ms }, move |goal| {
                        let undo = Some(Undoing::GoalSet(RemoveGoal { goal }));
                        notices.dispatch(Notice::Done { text: t("goal-saved"), undo });
                        onclose.emit(());
                    });
                }
                Some(id) => action.run(ChangeGoal { goal: id, from, to, target, offset_ms }, move |before: Goal| {
                    let Goal { from, to, target, .. } = before;
                    let undo = Some(Undoing::GoalChanged(ChangeGoal { goal: id, from, to, target, offset_ms }));
                    notices.dispatch(Notice::Done { text: t("goal-saved"), undo });
                    onclose.emit(());
                }),
            }
        })
    };
    let close = onclose.reform(|_: MouseEvent| ());
    let onkeydown = {
        let onclose = onclose.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.stop_propagation();
                onclose.emit(());
            }
        })
    };
    let no_day = |text: &str| (*is_tried && day_of_iso(text).is_none()).then(|| t("goal-day-missing"));
    html! {
        <form class="stack pad goal-form" {onsubmit} {onkeydown} novalidate=true>
            if goal.is_none() {
                <div class="goal-fields">
                    <div class="field"><label for="goal-what">{ t("goal-what") }</label>{ measures(&what) }</div>
                    <div class="field"><label for="goal-where">{ t("goal-where") }</label>{ scopes(&scope, turfs) }</div>
                </div>
            }
            <div class="goal-fields">
                <TextField id="goal-target" kind="number" label={t("goal-target")} value={(*target).clone()} oninput={typed(&target)} has_focus=true
                    error={(*is_tried && n.is_none()).then(|| t("plan-goal-zero"))} />
                <TextField id="goal-from" kind="date" label={t("goal-from")} value={(*from).clone()} oninput={typed(&from)} error={no_day(&from)} />
                <TextField id="goal-to" kind="date" label={t("goal-to")} value={(*to).clone()} oninput={typed(&to)} error={no_day(&to)} />
            </div>
            if let Some(error) = &action.failed { <Trouble error={error.clone()} is_inline=true /> }
            <p class="goal-acts">
                <button type="submit" class="btn main" disabled={action.is_busy}>{ t("goal-save") }</button>
                <button type="button" class="btn" onclick={close}>{ t("goal-cancel") }</button>
            </p>
        </form>
    }
}

fn measures(what: &UseStateHandle<Measure>) -> Html {
    let onchange = {
        let what = what.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            what.set(Measure::parse(&select.value()));
        })
    };
    html! {
        <select id="goal-what" {onchange}>{ for Measure::ALL.iter().map(|one| html! {
            <option value={one.as_str().to_owned()} selected={**what == *one}>{ t(measure(*one)) }</option>
        }) }</select>
    }
}

fn scopes(scope: &UseStateHandle<GoalScope>, turfs: &[(TurfId, String)]) -> Html {
    let onchange = {
        let scope = scope.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            scope.set(select.value().parse().map_or(GoalScope::Campaign, GoalScope::Turf));
        })
    };
    html! {
        <select id="goal-where" {onchange}>
            <option value="" selected={**scope == GoalScope::Campaign}>{ t("goal-where-all") }</option>
            { for turfs.iter().map(|(turf, name)| html! {
                <option value={turf.to_string()} selected={**scope == GoalScope::Turf(*turf)}>{ name }</option>
            }) }
        </select>
    }
}
