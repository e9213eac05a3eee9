//! Conflicting answers, side by side, with one tap to keep one or neither.

use crate::hooks::{use_action, use_call};
use crate::i18n::{t, t_args};
use crate::layout::Page;
use crate::parts::{Empty, draw};
use crate::state::notices::{Notice, use_notices};
use crate::when;
use porchlight_model::calls::settle::{ConflictView, Conflicts, Settle as SettleCall};
use yew::prelude::*;

/// The unsettled conflicts.
#[component]
pub(super) fn Settle() -> Html {
    let conflicts = use_call(Conflicts {});
    html! {
        <Page title={t("place-settle")} class="column">
            { draw(&conflicts, |conflicts| if conflicts.is_empty() { html! {
                <Empty title={t("settle-empty-title")} what_next={t("settle-empty-body")} />
            } } else { html! {
                <>{ for conflicts.iter().map(|view| html! { <Conflict key={format!("{}/{}", view.voter, view.question)} view={view.clone()} /> }) }</>
            } }) }
        </Page>
    }
}

/// The props of [`Conflict`].
#[derive(Properties, PartialEq)]
struct ConflictProps {
    view: ConflictView,
}

#[component]
fn Conflict(props: &ConflictProps) -> Html {
    let view = &props.view;
    let action = use_action();
    let notices = use_notices();
    let keep = |value: Option<String>| {
        let (action, notices, name) = (action.clone(), notices.clone(), view.name.clone());
        let call = SettleCall { turf: view.turf, voter: view.voter, question: view.question, keep: value };
        Callback::from(move |_: MouseEvent| {
            let (notices, name) = (notices.clone(), name.clone());
            action.run(call.clone(), move |()| {
                let text = t_args("settle-done", &[("name", name.as_str().into())]);
                notices.dispatch(Notice::Done { text, undo: None });
            });
        })
    };
    let disabled = action.is_busy;
    html! {
        <article class="card conflict" aria-label={t_args("settle-about", &[("name", view.name.as_str().into())])}>
            <h2 class="addr"><bdi>{ &view.name }</bdi></h2>
            <p class="who"><bdi>{ &view.address }</bdi></p>
            <p class="lead"><bdi>{ &view.text }</bdi></p>
            <div class="sides">
                { for view.sides.iter().map(|side| html! {
                    <section class="side-card">
                        <h3 class="li-title"><bdi>{ &side.label }</bdi></h3>
                        // The question was reworded in between: each side shows the question that it answered.
                        if side.text != view.text { <p class="who">{ t_args("settle-asked", &[("text", side.text.as_str().into())]) }</p> }
                        <p class="who">{ &side.by_name }{ side.at.map(|at| format!(" · {}", when::moment(at))).unwrap_or_default() }</p>
                        { for side.notes.iter().map(|note| html! { <blockquote>{ note }</blockquote> }) }
                        <button type="button" class="btn ink wide" {disabled} onclick={keep(Some(side.value.clone()))}
                            aria-label={t_args("settle-keep-of", &[("label", side.label.as_str().into()), ("name", view.name.as_str().into())])}>
                            { t_args("settle-keep", &[("label", side.label.as_str().into())]) }</button>
                    </section>
                }) }
            </div>
            <button type="button" class="btn" {disabled} onclick={keep(None)}>{ t("settle-neither") }</button>
        </article>
    }
}
