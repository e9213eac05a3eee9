//! Conflicting answers, side by side, with one tap to keep one or neither.

use crate::hooks::{use_action, use_call};
use crate::i18n::{t, t_args};
use crate::layout::Page;
use crate::parts::{Empty, draw};
use crate::state::notices::{Notice, use_notices};
use crate::when;
use porchlight_model::calls::settle::{
    ConflictView, Conflicts, EntryKind, Law, Settle as SettleCall, Uncounted, UncountedEntry,
};
use yew::prelude::*;

/// The unsettled conflicts.
#[component]
pub(super) fn Settle() -> Html {
    let conflicts = use_call(Conflicts {});
    html! {
        <Page title={t("place-settle")} class="column">
            <DoNotCount />
            { draw(&conflicts, |conflicts| if conflicts.is_empty() { html! {
                <Empty title={t("settle-empty-title")} what_next={t("settle-empty-body")} />
            } } else { html! {
                <>{ for conflicts.iter().map(|view| html! { <Conflict key={format!("{}/{}", view.voter, view.question)} view={view.clone()} /> }) }</>
            } }) }
        </Page>
    }
}

/// The entries that do not count, with the reason; nothing where there are none.
#[component]
fn DoNotCount() -> Html {
    let uncounted = use_call(Uncounted {});
    draw(&uncounted, |view| {
        if view.entries.is_empty() {
            return Html::default();
        }
        html! {
            <section class="card">
                <h2 class="li-title">{ t_args("uncounted-title", &[("n", view.n.into())]) }</h2>
                <p class="who">{ t("uncounted-body") }</p>
                <ul>{ for view.entries.iter().map(uncounted_line) }</ul>
            </section>
        }
    })
}

fn uncounted_line(entry: &UncountedEntry) -> Html {
    let name = |name: &str| if name.is_empty() { t("uncounted-unknown") } else { AttrValue::from(name.to_owned()) };
    let (by, writer) = (name(&entry.by_name), name(&entry.written_by));
    let law = match entry.law {
        Law::Author => "uncounted-law-author",
        Law::Early => "uncounted-law-early",
        Law::Late => "uncounted-law-late",
        Law::Retraction => "uncounted-law-retraction",
        Law::Settling => "uncounted-law-settling",
        Law::Unknown(_) => "uncounted-law-unknown",
    };
    let what = match entry.what {
        EntryKind::Visit => "uncounted-visit",
        EntryKind::Asked | EntryKind::Answer => "uncounted-answer",
        EntryKind::Retraction => "uncounted-retraction",
        EntryKind::Note => "uncounted-note",
        EntryKind::Flag => "uncounted-flag",
        EntryKind::Person => "uncounted-person",
        EntryKind::Unknown(_) => "uncounted-other",
    };
    let place =
        if entry.address.is_empty() { entry.turf.clone() } else { format!("{} · {}", entry.turf, entry.address) };
    let names = [("by", by.as_str().into()), ("writer", writer.as_str().into())];
    html! {
        <li>
            <p class="lead"><bdi>{ format!("{} · {place}", t(what)) }</bdi></p>
            <p class="who">{ t_args(law, &names) }{ entry.at.map(|at| format!(" · {}", when::moment(at))).unwrap_or_default() }</p>
        </li>
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
