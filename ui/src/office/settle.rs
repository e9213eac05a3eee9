//! Conflicting answers: a list of all, and the picked one with its answers side by side and what was recorded before. One tap or key keeps one
//! answer, or neither.

use super::keys::use_keys;
use super::uncounted::DoNotCount;
use crate::clock;
use crate::guard::use_part;
use crate::hooks::{use_action, use_call};
use crate::i18n::{t, t_args};
use crate::layout::{Page, use_shape};
use crate::pages::History;
use crate::parts::{Empty, draw};
use crate::state::notices::{Notice, use_notices};
use crate::state::place::Shape;
use crate::when;
use porchlight_model::calls::settle::{ConflictView, Conflicts, Settle as SettleCall};
use porchlight_model::id::{QuestionId, VoterId};
use std::rc::Rc;
use yew::prelude::*;

/// The name of the part of the page that rests after another conflict has taken the place of a settled one.
const PART: &str = "settle";
/// How long after that the keys rest, too, in milliseconds: a key pressed twice settles one conflict.
const REST_MS: i64 = 800;

/// One conflict: about whom, and which question.
type Key = (VoterId, QuestionId);

const fn key(view: &ConflictView) -> Key {
    (view.voter, view.question)
}

/// The unsettled conflicts.
#[component]
pub(super) fn Settle() -> Html {
    let conflicts = use_call(Conflicts {});
    let n = conflicts.value().map_or(0, |conflicts| conflicts.len());
    let under = (n > 0).then(|| t_args("settle-n", &[("n", n.into())]));
    html! {
        <Page title={t("place-settle")} {under} class="column settle">
            { draw(&conflicts, |conflicts| if conflicts.is_empty() { html! {
                <><DoNotCount /><Empty title={t("settle-empty-title")} what_next={t("settle-empty-body")} /></>
            } } else { html! { <Panes all={conflicts.clone()} /> } }) }
        </Page>
    }
}

/// The props of [`Panes`].
#[derive(Properties, PartialEq)]
struct PanesProps {
    /// At least one.
    all: Rc<Vec<ConflictView>>,
}

/// The list beside the picked conflict; on a phone all of them, one under the other.
#[component]
fn Panes(props: &PanesProps) -> Html {
    let all = &props.all;
    let picked = use_state(|| None::<Key>);
    let is_wide = use_shape() == Shape::Desk;
    let at = all.iter().position(|view| Some(key(view)) == *picked).unwrap_or(0);
    // The one that follows takes the place of one that is settled.
    let last_place = use_mut_ref(|| 0_usize);
    let at = if picked.is_some_and(|picked| all.iter().all(|view| key(view) != picked)) {
        (*last_place.borrow()).min(all.len().saturating_sub(1))
    } else {
        at
    };
    *last_place.borrow_mut() = at;
    // On a phone whatever is settled moves all below it up.
    let shows = if is_wide { all.get(at).map(|view| format!("{:?}", key(view))) } else { Some(all.len().to_string()) };
    let _ = use_part(PART, &shows.unwrap_or_default());
    let pick = {
        let (picked, all) = (picked, all.clone());
        Callback::from(move |at: usize| picked.set(all.get(at).map(key)))
    };
    {
        let (pick, n) = (pick.clone(), all.len());
        use_keys(move |pressed| match pressed {
            "j" if at + 1 < n => pick.emit(at + 1),
            "k" if at > 0 => pick.emit(at - 1),
            _ => (),
        });
    }
    let one = |at: usize, has_keys: bool| {
        all.get(at).map(|view| html! { <Conflict key={format!("{}/{}", view.voter, view.question)} view={view.clone()} {has_keys} /> })
    };
    if !is_wide {
        return html! { <div data-guard={PART}><DoNotCount />{ for (0..all.len()).filter_map(|at| one(at, false)) }</div> };
    }
    html! {
        <div class="panes">
            <ol class="list pane-list" aria-label={t("settle-list")}>{ for all.iter().enumerate().map(|(place, view)| {
                let is_on = place == at;
                let onclick = pick.reform(move |_: MouseEvent| place);
                html! {
                    <li key={format!("{}/{}", view.voter, view.question)}>
                        <button type="button" class={classes!("li", is_on.then_some("on"))} aria-current={is_on.then_some("true")} {onclick}>
                            <span class="grow"><span class="li-title"><bdi>{ &view.name }</bdi></span>
                                <span class="who cut"><bdi>{ &view.address }</bdi></span>
                                <span class="who cut"><bdi>{ &view.title }</bdi></span></span>
                        </button>
                    </li>
                }
            }) }</ol>
            <div class="pane" data-guard={PART}>
                { one(at, true) }
                <DoNotCount />
                <p class="keys who" aria-hidden="true"><kbd>{ "J" }</kbd><kbd>{ "K" }</kbd>{ t("settle-keys-move") }<kbd>{ "1" }</kbd><kbd>{ "2" }</kbd>{ t("settle-keys-keep") }<kbd>{ "0" }</kbd>{ t("settle-keys-neither") }</p>
            </div>
        </div>
    }
}

/// The props of [`Conflict`].
#[derive(Properties, PartialEq)]
struct ConflictProps {
    view: ConflictView,
    /// Whether keys settle it, and what was recorded before is shown.
    has_keys: bool,
}

#[component]
fn Conflict(props: &ConflictProps) -> Html {
    let ConflictProps { view, has_keys } = props;
    let action = use_action();
    let notices = use_notices();
    let since = use_memo(key(view), |_| clock::now());
    let keep = {
        let (action, notices, name) = (action.clone(), notices, view.name.clone());
        let (turf, voter, question) = (view.turf, view.voter, view.question);
        let labels: Vec<_> = view.sides.iter().map(|side| (side.value.clone(), side.label.clone())).collect();
        Callback::from(move |value: Option<String>| {
            let (notices, name) = (notices.clone(), name.clone());
            let kept = labels.iter().find(|(of, _)| Some(of) == value.as_ref()).map(|(_, label)| label.clone());
            action.run(SettleCall { turf, voter, question, keep: value }, move |()| {
                let text = match &kept {
                    Some(label) => {
                        t_args("settle-kept", &[("label", label.as_str().into()), ("name", name.as_str().into())])
                    }
                    None => t_args("settle-asked-again", &[("name", name.as_str().into())]),
                };
                notices.dispatch(Notice::Done { text, undo: None });
            });
        })
    };
    {
        let (keep, has_keys, is_busy) = (keep.clone(), *has_keys, action.is_busy);
        let values: Vec<String> = view.sides.iter().map(|side| side.value.clone()).collect();
        use_keys(move |pressed| {
            if !has_keys || is_busy || clock::now().since_ms(*since) < REST_MS {
                return;
            }
            match pressed.parse::<usize>() {
                Ok(0) => keep.emit(None),
                Ok(n) => {
                    if let Some(value) = values.get(n - 1) {
                        keep.emit(Some(value.clone()));
                    }
                }
                Err(_) => (),
            }
        });
    }
    let disabled = action.is_busy;
    let cap = |n: usize| has_keys.then(|| html! { <kbd aria-hidden="true">{ n }</kbd> });
    let side = |(place, side): (usize, &porchlight_model::calls::settle::ConflictSide)| {
        let value = side.value.clone();
        html! {
            <section class="side-card">
                <h3 class="li-title row sp"><bdi>{ &side.label }</bdi>{ cap(place + 1) }</h3>
                // The question was reworded in between: each side shows the question that it answered.
                if side.text != view.text { <p class="who">{ t_args("settle-asked", &[("text", side.text.as_str().into())]) }</p> }
                <p class="who"><bdi>{ &side.by_name }</bdi>{ side.at.map(|at| format!(" · {}", when::moment(at))).unwrap_or_default() }</p>
                { for side.notes.iter().map(|note| html! { <blockquote><bdi>{ note }</bdi></blockquote> }) }
                <button type="button" class="btn ink wide" {disabled} onclick={keep.reform(move |_: MouseEvent| Some(value.clone()))}
                    aria-label={t_args("settle-keep-of", &[("label", side.label.as_str().into()), ("name", view.name.as_str().into())])}>
                    { t_args("settle-keep", &[("label", side.label.as_str().into())]) }</button>
            </section>
        }
    };
    html! {
        <article class="card conflict" aria-label={t_args("settle-about", &[("name", view.name.as_str().into())])}>
            <h2 class="addr"><bdi>{ &view.name }</bdi></h2>
            <p class="who"><bdi>{ &view.address }</bdi></p>
            <p class="lead"><bdi>{ &view.text }</bdi></p>
            <div class="sides">{ for view.sides.iter().enumerate().map(side) }</div>
            <button type="button" class="btn" {disabled} onclick={keep.reform(|_: MouseEvent| None)}>{ t("settle-neither") }{ cap(0) }</button>
            if *has_keys { <History items={view.history.clone()} /> }
        </article>
    }
}
