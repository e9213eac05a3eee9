//! Imports and exports: the imported files, problems by line, results as CSV.

use super::archive::Archive;
use super::exports::Exports;
use super::incoming::Incoming;
use crate::hooks::use_call;
use crate::i18n::{number, t, t_args, t_message};
use crate::layout::Page;
use crate::parts::{Empty, draw};
use porchlight_model::calls::import::{ImportOverview, ListProblems, Overview, Problem};
use yew::prelude::*;

/// The page of imports and exports.
#[component]
pub(super) fn Files() -> Html {
    let overview = use_call(ImportOverview {});
    html! {
        <Page title={t("place-data")} class="column">
            <Incoming />
            { draw(&overview, |overview| counts(overview)) }
            if overview.value().is_some_and(|overview| overview.n_problems > 0) { <Problems /> }
            <Outgoing />
            <Archive />
        </Page>
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts for people to read")]
pub(super) fn approx(n: u64) -> f64 {
    n as f64
}

/// A problem with its position.
pub(super) fn problem(problem: &Problem) -> Html {
    let at = &problem.at;
    let place = t_args(
        if at.column > 0 { "data-place" } else { "data-line" },
        &[
            ("file", at.file.as_str().into()),
            ("line", approx(at.line).into()),
            ("column", approx(at.column).into()),
            ("header", at.header.as_str().into()),
        ],
    );
    html! { <li><span class="trouble-place">{ place }</span>{ " " }{ t_message(&problem.what) }</li> }
}

fn counts(overview: &Overview) -> Html {
    let has_none = overview.files.is_empty();
    if has_none && overview.n_doors == 0 {
        return html! { <Empty title={t("data-empty-title")} what_next={t("data-empty-body")} /> };
    }
    let lines = [
        ("data-voters", overview.n_voters),
        ("data-doors", overview.n_doors),
        ("data-buildings", overview.n_buildings),
        ("data-located", overview.n_located),
        ("data-guessed", overview.n_guessed),
        ("data-unlocated", overview.n_doors.saturating_sub(overview.n_located)),
        ("data-unclear", overview.n_unclear),
        ("data-points", overview.n_points),
        ("data-streets", overview.n_streets),
        ("data-in-turf", overview.n_in_turf),
        ("data-problems", overview.n_problems),
    ];
    html! {
        <section class="card stack">
            <h2 class="eyebrow">{ t("data-here") }</h2>
            <dl class="kv">{ for lines.map(|(id, n)| html! { <div><dt>{ t(id) }</dt><dd>{ number(approx(n)) }</dd></div> }) }</dl>
            <p class="who">{ if has_none { t("data-elsewhere") } else { overview.files.join(", ").into() } }</p>
        </section>
    }
}

/// Problems by line, page by page.
#[component]
fn Problems() -> Html {
    const PAGE: u64 = 100;
    let from = use_state(|| 0_u64);
    let page = use_call(ListProblems { from: *from });
    let go = |to: u64| {
        let from = from.clone();
        Callback::from(move |_: MouseEvent| from.set(to))
    };
    html! {
        <section class="card stack">
            <h2 class="eyebrow">{ t("data-problems") }</h2>
            { draw(&page, |page| html! {
                <>
                    <ul class="problems">{ for page.problems.iter().map(problem) }</ul>
                    <div class="row">
                        <button type="button" class="btn" disabled={*from == 0} onclick={go(from.saturating_sub(PAGE))}>{ t("data-earlier") }</button>
                        <button type="button" class="btn" disabled={*from + PAGE >= page.n_listed} onclick={go(*from + PAGE)}>{ t("data-later") }</button>
                    </div>
                </>
            }) }
        </section>
    }
}

/// Results as files.
#[component]
fn Outgoing() -> Html {
    html! {
        <section class="card stack">
            <h2 class="eyebrow">{ t("data-out") }</h2>
            <p class="who">{ t("data-out-hint") }</p>
            <Exports />
        </section>
    }
}
