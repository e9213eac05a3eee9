//! Files in and out: check, import with progress, what is there, problems by line, results as CSV.

use super::archive::Archive;
use super::exports::Exports;
use crate::backend;
use crate::files::take_chosen;
use crate::hooks::{use_action, use_call, use_form_action};
use crate::i18n::{number, t, t_args, t_message};
use crate::layout::Page;
use crate::parts::{Empty, Progress, Trouble, draw};
use crate::state::notices::{Notice, use_notices};
use porchlight_model::calls::Event as ShellEvent;
use porchlight_model::calls::files::{
    CancelJob, CheckFile, ChosenFile, FileReport, ImportFile, ImportOverview, ListProblems, Overview, Problem,
};
use porchlight_model::id::JobId;
use porchlight_model::message::{ApiError, Message};
use std::rc::Rc;
use yew::prelude::*;

/// Files in and out.
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

/// How far a job has come.
#[hook]
fn use_progress(job: Option<JobId>) -> Option<(u64, u64, Message)> {
    let seen = use_state(|| None);
    let setter = seen.setter();
    use_effect_with(job, move |job| {
        let job = *job;
        let listening = backend::listen(Callback::from(move |event| {
            if let ShellEvent::Progress { job: of, done, total, what } = event
                && Some(of) == job
            {
                setter.set(Some((done, total, what)));
            }
        }));
        move || drop(listening)
    });
    (*seen).clone().filter(|_| job.is_some())
}

/// Choosing a file, checking it, importing it.
#[component]
fn Incoming() -> Html {
    let file = use_state(|| None::<ChosenFile>);
    let report = use_state(|| None::<Rc<FileReport>>);
    let job = use_state(|| None::<JobId>);
    let lost = use_state(|| None::<ApiError>);
    let action = use_form_action();
    let cancelling = use_action();
    let notices = use_notices();
    let progress = use_progress(job.as_ref().copied().filter(|_| action.is_busy));
    let onchange = {
        let (file, report, job, lost, action) =
            (file.clone(), report.clone(), job.clone(), lost.clone(), action.clone());
        Callback::from(move |event: Event| {
            report.set(None);
            lost.set(None);
            let (file, report, job, lost, action) =
                (file.clone(), report.clone(), job.clone(), lost.clone(), action.clone());
            take_chosen(&event, move |staged| match staged {
                Ok(staged) => {
                    let id = crate::fresh::job();
                    file.set(Some(staged.clone()));
                    job.set(Some(id));
                    action.run(CheckFile { file: staged, job: id }, move |found| report.set(Some(Rc::new(found))));
                }
                Err(error) => lost.set(Some(error)),
            });
        })
    };
    let import = {
        let (file, report, job, action) = (file.clone(), report.clone(), job.clone(), action.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(chosen) = (*file).clone() else { return };
            let id = crate::fresh::job();
            job.set(Some(id));
            let (file, report, notices) = (file.clone(), report.clone(), notices.clone());
            action.run(ImportFile { file: chosen.clone(), job: id }, move |done| {
                let args = [("n", done.n_taken.into()), ("file", chosen.name.as_str().into())];
                notices.dispatch(Notice::Done { text: t_args("data-imported", &args), undo: None });
                file.set(None);
                report.set(None);
            });
        })
    };
    let cancel = {
        let job = job;
        Callback::from(move |_: MouseEvent| {
            if let Some(job) = *job {
                cancelling.run(CancelJob { job }, |()| ());
            }
        })
    };
    html! {
        <section class="card stack">
            <h2 class="eyebrow">{ t("data-in") }</h2>
            <label class="label" for="file">{ t("data-choose") }</label>
            <p class="hint" id="file-hint">{ t("data-choose-hint") }</p>
            <input id="file" type="file" accept=".txt,.tsv,.csv,.geojson,.json" aria-describedby="file-hint" disabled={action.is_busy} {onchange} />
            if action.is_busy {
                <div role="status" class="stack">
                    { match &progress {
                        Some((done, total, what)) => html! { <><p>{ t_message(what) }</p><Progress done={approx(*done)} total={approx(*total)} label={t_message(what)} /></> },
                        None => html! { <p>{ t("data-reading") }</p> },
                    } }
                </div>
                <button type="button" class="btn" onclick={cancel}>{ t("data-cancel") }</button>
            }
            if let Some(error) = action.failed.as_ref().or(lost.as_ref()) { <Trouble error={error.clone()} is_inline=true /> }
            if let (Some(found), Some(chosen), false) = (&*report, &*file, action.is_busy) {
                { reported(found, chosen) }
                <button type="button" class="btn main" onclick={import}>{ t_args("data-import", &[("file", chosen.name.as_str().into())]) }</button>
            }
        </section>
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts for people to read")]
fn approx(n: u64) -> f64 {
    n as f64
}

fn reported(report: &FileReport, file: &ChosenFile) -> Html {
    let kind = format!("data-kind-{}", report.kind.as_str().replace('_', "-"));
    let lines = [
        ("data-rows", report.n_rows),
        ("data-taken", report.n_taken),
        ("data-confidential", report.n_confidential),
        ("data-not-registered", report.n_not_registered),
        ("data-problems", report.n_problems),
    ];
    html! {
        <div class="stack" role="status">
            <p class="addr">{ &file.name }</p>
            <p>{ t(&kind) }</p>
            <dl class="kv">{ for lines.into_iter().filter(|(_, n)| *n > 0).map(|(id, n)| html! { <div><dt>{ t(id) }</dt><dd>{ number(approx(n)) }</dd></div> }) }</dl>
            if !report.repaired.is_empty() {
                <h3 class="label">{ t("data-repaired") }</h3>
                <ul class="problems">{ for report.repaired.iter().map(|what| html! { <li>{ t_message(what) }</li> }) }</ul>
            }
            if !report.problems.is_empty() { <ul class="problems">{ for report.problems.iter().map(problem) }</ul> }
        </div>
    }
}

fn problem(problem: &Problem) -> Html {
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
