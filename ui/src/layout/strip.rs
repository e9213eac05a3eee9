//! The strip above the dock: the last act of the shift with its undo, always visible. Each press undoes one act, back to the start of the
//! shift, and what was undone can be redone.

use super::notices::use_undo_key;
use crate::clock;
use crate::guard::use_part_for;
use crate::hooks::{Action, use_action, use_call};
use crate::i18n::{t, t_args};
use crate::parts::{icon, mark};
use crate::state::notices::{Notice, use_notices};
use crate::state::strip::{self, Kind, Strip};
use crate::when;
use gloo_timers::callback::Timeout;
use porchlight_model::calls::visit::{OwnAct, OwnActs, OwnActsView, OwnWhat, Redo, SetFlag, TakeBackPerson, Undo};
use porchlight_model::id::TurfId;
use porchlight_model::time::At;
use yew::prelude::*;

/// The rest of the undo button in milliseconds, which is short because it is pressed repeatedly on purpose.
const UNDO_REST_MS: f64 = 300.0;

/// The props of [`UndoStrip`].
#[derive(Properties, PartialEq)]
pub struct UndoStripProps {
    /// The turf.
    pub turf: TurfId,
}

/// The strip of a turf.
#[component]
pub fn UndoStrip(props: &UndoStripProps) -> Html {
    let own = use_call(OwnActs { turf: props.turf });
    let action = use_action();
    let kept = use_state(|| None::<At>);
    let view = own.value().cloned();
    let now = use_now_of(view.as_deref());
    let strip = view.as_deref().map_or_else(Strip::default, |view| strip::of(view, now, *kept));
    let shows = strip::key(&strip);
    let is_resting = use_part_for("undo", &shows, UNDO_REST_MS);
    let notices = use_notices();
    let run = {
        let (action, notices) = (action.clone(), notices);
        Callback::from(move |(act, is_back): (OwnAct, bool)| {
            let said = notices.clone();
            let text = t_args(
                if is_back { "strip-said-back" } else { "strip-said-again" },
                &[("of", strip::place(&act).into())],
            );
            change(&action, act, is_back, move || said.dispatch(Notice::Done { text, undo: None }));
        })
    };
    let undo = {
        let (run, act) = (run.clone(), strip.last.clone());
        Callback::from(move |()| act.iter().for_each(|act| run.emit((act.clone(), true))))
    };
    use_undo_key(undo.clone());
    let redo = {
        let (run, act) = (run, strip.redo.clone());
        Callback::from(move |_: MouseEvent| act.iter().for_each(|act| run.emit((act.clone(), false))))
    };
    let keep = {
        let at = strip.last.as_ref().map(|act| act.at);
        Callback::from(move |_: MouseEvent| kept.set(at))
    };
    let is_deaf = (is_resting || action.is_busy).then_some("true");
    html! {
        <div class={classes!("undo", kind_class(strip.kind))} data-guard="undo" role="group" aria-label={t("strip-label")}
            data-last={strip.last.as_ref().map(|act| act.at.0.to_string())}>
            { sign(&strip) }
            <p>{ words(&strip, now) }</p>
            if strip.kind == Kind::Ask {
                <button type="button" class="btn" data-rest="300" aria-disabled={is_deaf} onclick={keep}>{ t("strip-both") }</button>
            }
            if strip.redo.is_some() {
                <button type="button" class="btn" id="redo" data-rest="300" aria-label={t("redo")} aria-disabled={is_deaf} onclick={redo}>
                    { icon("redo-2") }<span>{ t("redo") }</span></button>
            }
            if let Some(last) = &strip.last {
                <button type="button" class="btn" id="undo" data-rest="300" aria-keyshortcuts="Control+Z" aria-disabled={is_deaf}
                    aria-label={undo_label(&strip, last)} onclick={undo.reform(|_: MouseEvent| ())}>
                    { icon("undo-2") }<span>{ undo_words(&strip, last) }</span></button>
            }
        </div>
    }
}

fn change(action: &Action, act: OwnAct, is_back: bool, done: impl FnOnce() + 'static) {
    match (act.what, is_back) {
        (OwnWhat::Visits { visits, .. }, true) => action.run(Undo { visits }, move |()| done()),
        (OwnWhat::Visits { visits, .. }, false) => action.run(Redo { visits }, move |_| done()),
        (OwnWhat::Person(voter), is_taken_back) => {
            action.run(TakeBackPerson { voter, is_taken_back }, move |()| done());
        }
        (OwnWhat::Flag(set), _) => action.run(SetFlag { is_set: !is_back, ..set }, move |()| done()),
    }
}

const fn kind_class(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Quiet => None,
        Kind::Fresh => Some("new"),
        Kind::Ask => Some("ask"),
    }
}

fn sign(strip: &Strip) -> Html {
    match (&strip.last, strip.kind) {
        (_, Kind::Ask) => icon("circle-help"),
        (None, _) => icon("history"),
        (Some(act), _) => mark::sign(strip::sign(act)),
    }
}

fn words(strip: &Strip, now: At) -> Html {
    let back = |n: usize| t_args("strip-taken-back", &[("n", n.into())]);
    let Some(last) = &strip.last else {
        let hint = if strip.n_back == 0 { t("strip-nothing-hint") } else { back(strip.n_back) };
        return html! { <>{ t("strip-nothing") }<small>{ hint }</small></> };
    };
    if let (Kind::Ask, Some(before)) = (strip.kind, &strip.before) {
        let args = [("one", strip::plate(before).into()), ("two", strip::plate(last).into())];
        return html! { <><b>{ t_args("strip-ask", &args) }</b>{ " " }{ t("strip-ask-both") }<small>{ strip::did(last) }</small></> };
    }
    let when = if now.since_ms(last.at) < 60_000 { t("when-now") } else { when::moment(last.at) };
    let under = match &strip.before {
        _ if strip.n_back > 0 => back(strip.n_back),
        None => when,
        Some(before) => {
            t_args("strip-before", &[("when", when.to_string().into()), ("of", strip::place(before).into())])
        }
    };
    html! { <><b><bdi class="wide">{ strip::place(last) }</bdi><bdi class="tight">{ strip::short_place(last) }</bdi>{ ":" }</b>{ " " }<bdi>{ strip::did(last) }</bdi><small>{ under }</small></> }
}

/// What the button is called: the words that it shows are among it.
fn undo_label(strip: &Strip, last: &OwnAct) -> AttrValue {
    let of = match strip.kind {
        Kind::Ask => strip::place_and_plate(last),
        Kind::Quiet | Kind::Fresh => strip::place(last),
    };
    t_args("strip-undo-of", &[("of", of.into())])
}

fn undo_words(strip: &Strip, last: &OwnAct) -> AttrValue {
    match strip.kind {
        Kind::Ask => t_args("strip-undo-plate", &[("of", strip::plate(last).into())]),
        Kind::Quiet | Kind::Fresh => t("undo"),
    }
}

/// The current time, with a redraw when the last act is no longer fresh.
#[hook]
fn use_now_of(view: Option<&OwnActsView>) -> At {
    let redraw = use_force_update();
    let last = view.and_then(|view| view.standing.first()).map(|act| act.at);
    use_effect_with(last, move |last| {
        let left_ms = last.map(|last| strip::FRESH_MS - clock::now().since_ms(last)).filter(|left_ms| *left_ms > 0);
        let clock =
            left_ms.and_then(|ms| u32::try_from(ms + 1).ok()).map(|ms| Timeout::new(ms, move || redraw.force_update()));
        move || drop(clock)
    });
    clock::now()
}
