//! Importing a file: choosing it, its preview, the coordinator's decision, and the result.

use super::files::{approx, problem};
use crate::files::take_chosen;
use crate::i18n::{number, t, t_args, t_message};
use crate::parts::{Progress, Trouble};
use crate::state::importing::{ImportingHandle, Step, check, import, stop, use_importing};
use crate::state::notices::{Notice, use_notices};
use crate::when;
use porchlight_model::calls::import::{Absent, Effect, FileKind, FileReport, Replaced};
use yew::prelude::*;

/// Chooses, checks and imports a file. A running job continues when the page is left.
#[component]
pub(super) fn Incoming() -> Html {
    let importing = use_importing();
    let notices = use_notices();
    let onchange = {
        let importing = importing.clone();
        Callback::from(move |event: Event| {
            let importing = importing.clone();
            importing.dispatch(Step::Chosen);
            take_chosen(&event, move |staged| check(&importing, staged));
        })
    };
    let on_import = {
        let importing = importing.clone();
        let name = importing.file.as_ref().map(|file| file.name.clone()).unwrap_or_default();
        Callback::from(move |_: MouseEvent| {
            let (name, notices) = (name.clone(), notices.clone());
            import(&importing, move |done| {
                let text =
                    t_args("data-imported", &[("n", approx(done.n_taken).into()), ("file", name.as_str().into())]);
                notices.dispatch(Notice::Done { text, undo: None });
            });
        })
    };
    let on_stop = {
        let importing = importing.clone();
        Callback::from(move |_: MouseEvent| stop(&importing))
    };
    let on_drop = {
        let importing = importing.clone();
        Callback::from(move |_: MouseEvent| importing.dispatch(Step::Dropped))
    };
    let name = importing.file.as_ref().map(|file| file.name.clone()).unwrap_or_default();
    html! {
        <section class="card stack">
            <h2 class="eyebrow">{ t("data-in") }</h2>
            <label class="label" for="file">{ t("data-choose") }</label>
            <p class="hint" id="file-hint">{ t("data-choose-hint") }</p>
            <input id="file" type="file" accept=".txt,.tsv,.csv,.geojson,.geojsonl,.geojsons,.ndjson,.json" aria-describedby="file-hint" disabled={importing.is_busy} {onchange} />
            if importing.is_busy {
                <div role="status" class="stack">
                    if !name.is_empty() { <p class="addr"><bdi>{ &name }</bdi></p> }
                    { match &importing.progress {
                        Some((done, total, what)) => html! { <><p>{ t_message(what) }</p><Progress done={approx(*done)} total={approx(*total)} label={t_message(what)} /></> },
                        None => html! { <p>{ t("data-reading") }</p> },
                    } }
                </div>
                <button type="button" class="btn" onclick={on_stop}>{ t("data-cancel") }</button>
            }
            if let Some(error) = &importing.failed { <Trouble error={error.clone()} is_inline=true /> }
            if let (Some(found), false, false) = (&importing.report, importing.is_busy, importing.is_done) {
                <div class="stack" role="status">
                    <p class="addr"><bdi>{ &name }</bdi></p>
                    { counts(found) }
                    { consequences(found) }
                    if !found.repaired.is_empty() {
                        <h3 class="label">{ t("data-repaired") }</h3>
                        <ul class="problems">{ for found.repaired.iter().map(|what| html! { <li>{ t_message(what) }</li> }) }</ul>
                    }
                    if !found.problems.is_empty() { <ul class="problems">{ for found.problems.iter().map(problem) }</ul> }
                </div>
                { decision(&importing, &found.effect) }
                if found.is_of_use() {
                    <div class="acts">
                        <button type="button" class="btn main" onclick={on_import}>{ t_args("data-import", &[("file", name.as_str().into())]) }</button>
                        <button type="button" class="btn" onclick={on_drop}>{ t("data-drop") }</button>
                    </div>
                } else {
                    <p class="who">{ t("data-nothing") }</p>
                }
            }
            if let (Some(done), true) = (&importing.report, importing.is_done) {
                <div class="stack">
                    <p class="addr">{ t_args("data-imported", &[("n", approx(done.n_taken).into()), ("file", name.as_str().into())]) }</p>
                    { consequences(done) }
                    if done.effect.n_turf > 0 { <p>{ t_args("data-turf-renewed", &[("n", approx(done.effect.n_turf).into())]) }</p> }
                </div>
            }
        </section>
    }
}

/// What the file is, and its rows.
fn counts(report: &FileReport) -> Html {
    let kind = format!("data-kind-{}", report.kind.as_str().replace('_', "-"));
    let effect = &report.effect;
    let (new, moved) = match report.kind {
        FileKind::NorthCarolina => ("data-new", "data-moved"),
        FileKind::OpenAddresses => ("data-new-points", "data-moved-points"),
        FileKind::Streets => ("data-new", "data-moved"),
    };
    let lines = [
        (new, effect.n_new),
        (moved, effect.n_moved),
        ("data-confidential", report.n_confidential),
        ("data-not-registered", report.n_not_registered),
        ("data-passed-over", effect.n_passed_over),
        ("data-problems", report.n_problems),
    ];
    let line = |(id, n): (&str, u64)| html! { <div><dt>{ t(id) }</dt><dd>{ number(approx(n)) }</dd></div> };
    html! {
        <>
            if report.is_of_use() { <p>{ t(&kind) }</p> }
            <dl class="kv">
                { line(("data-rows", report.n_rows)) }
                { line(("data-taken", report.n_taken)) }
                { for lines.into_iter().filter(|(_, n)| *n > 0).map(line) }
            </dl>
        </>
    }
}

/// What the import removes, and what it keeps.
fn consequences(report: &FileReport) -> Html {
    let effect = &report.effect;
    html! {
        <>
            if effect.n_off_roll > 0 {
                <p>{ t_args("data-off-roll", &[("n", approx(effect.n_off_roll).into())]) }</p>
                { people(&effect.off_roll, effect.n_off_roll) }
            }
            if report.kind == FileKind::Streets && report.n_taken > 0 {
                { for effect.replaced.iter().map(replaced) }
                if effect.replaced.is_empty() { <p>{ t("data-replaces-none") }</p> }
                if effect.n_beside > 0 { <p>{ t_args("data-beside", &[("n", approx(effect.n_beside).into())]) }</p> }
            }
        </>
    }
}

fn replaced(replaced: &Replaced) -> Html {
    let n = approx(replaced.n);
    html! {
        <p>{ match replaced.at {
            Some(at) => t_args("data-replaces", &[("n", n.into()), ("day", when::full(at).as_str().into()), ("file", replaced.file.as_str().into())]),
            None => t_args("data-replaces-unknown", &[("n", n.into())]),
        } }</p>
    }
}

fn people(names: &[String], n: u64) -> Html {
    let n_more = n.saturating_sub(names.len() as u64);
    html! {
        <details>
            <summary>{ t("data-who") }</summary>
            <ul class="problems">
                { for names.iter().map(|name| html! { <li><bdi>{ name }</bdi></li> }) }
                if n_more > 0 { <li>{ t_args("data-and-more", &[("n", approx(n_more).into())]) }</li> }
            </ul>
        </details>
    }
}

/// The coordinator's decision on voters who are absent from the file.
fn decision(importing: &ImportingHandle, effect: &Effect) -> Html {
    if effect.n_absent == 0 {
        return Html::default();
    }
    let (n, near) = (approx(effect.n_absent), approx(effect.n_absent_near));
    let mut choices = vec![(Absent::Keep, t("data-absent-keep"))];
    if effect.n_absent_near > 0 && effect.n_absent_near < effect.n_absent {
        choices.push((Absent::TakeOffNear, t_args("data-absent-near", &[("n", near.into())])));
    }
    choices.push((Absent::TakeOff, t_args("data-absent-take-off", &[("n", n.into())])));
    let choice = |(absent, label): (Absent, AttrValue)| {
        let importing = importing.clone();
        let is_chosen = importing.absent == absent;
        let onchange = Callback::from(move |_: Event| importing.dispatch(Step::Decided(absent)));
        html! { <label><input type="radio" name="absent" checked={is_chosen} {onchange} />{ label }</label> }
    };
    html! {
        <fieldset class="radios">
            <legend class="label">{ t_args("data-absent", &[("n", n.into())]) }</legend>
            { people(&effect.absent, effect.n_absent) }
            { for choices.into_iter().map(choice) }
        </fieldset>
    }
}
