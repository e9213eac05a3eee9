//! Cutting: area, size and name; a preview on the map; then the cut.

use super::cutting::{CutForm, Cutting, runs, use_running};
use crate::fresh;
use crate::hooks::{use_action, use_call, use_form_action};
use crate::i18n::{t, t_args};
use crate::parts::{Select, TextField, Trouble};
use crate::state::notices::{Notice, use_notices};
use porchlight_model::calls::cut::{CutDone, CutPreview, CutTurf, PrecinctRow, Precincts, PreviewCut};
use porchlight_model::calls::import::CancelJob;
use porchlight_model::ring;
use porchlight_model::turf::{CutArea, DOORS_PER_TURF};
use yew::prelude::*;

/// The props of [`Cut`].
#[derive(Properties, PartialEq)]
pub(super) struct CutProps {
    /// The form and its preview.
    pub(super) cutting: Cutting,
}

/// The panel that cuts.
#[component]
pub(super) fn Cut(props: &CutProps) -> Html {
    let cutting = &props.cutting;
    let form = &cutting.form;
    let precincts = use_call(Precincts {});
    let running = use_running();
    let looking = use_form_action();
    // Its failure is shown over the page, because the panel may be closed by then.
    let action = use_action();
    let cancelling = use_action();
    let notices = use_notices();
    let is_busy = looking.is_busy || action.is_busy || running.is_some();
    let on_area = cutting.on_change(|form, value: String| CutForm { area: chosen(&value), ..form.clone() });
    let on_doors = cutting.on_change(|form, n_doors: String| CutForm { n_doors, ..form.clone() });
    let on_name = cutting.on_change(|form, name: String| CutForm { name, ..form.clone() });
    let clear = on_area.reform(|_: MouseEvent| DRAWN.to_owned());
    let look = {
        let (looking, cutting) = (looking.clone(), cutting.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (cutting, form) = (cutting.clone(), cutting.form.clone());
            let (area, name) = (form.area.clone(), form.name.trim().to_owned());
            let call = PreviewCut { area, doors_per_turf: form.doors_per_turf(), name, job: fresh::job() };
            looking.run(call, move |found| cutting.show(form, found));
        })
    };
    let cut = {
        let cutting = cutting.clone();
        Callback::from(move |_: MouseEvent| {
            if action.is_running() {
                return;
            }
            let (cutting, form, notices) = (cutting.clone(), cutting.form.clone(), notices.clone());
            let (area, name, job) = (form.area.clone(), form.name.trim().to_owned(), fresh::job());
            let call = CutTurf { area, doors_per_turf: form.doors_per_turf(), name, job };
            runs(Some(job));
            let done = move |done: CutDone| {
                runs(None);
                let text = t_args("cut-done", &[("n", done.turfs.len().into())]);
                notices.dispatch(Notice::Done { text, undo: None });
                cutting.is_cut(&form);
            };
            action.run_or(call, done, || runs(None));
        })
    };
    let cancel = Callback::from(move |_: MouseEvent| {
        if let Some(job) = running {
            cancelling.run(CancelJob { job }, |()| ());
        }
    });
    let rows = precincts.value().map(|rows| rows.as_slice()).unwrap_or_default();
    let limits = [("least", (*DOORS_PER_TURF.start()).into()), ("most", (*DOORS_PER_TURF.end()).into())];
    html! {
        <form class="stack" onsubmit={look} novalidate=true>
            <h2 class="eyebrow">{ t("cut-title") }</h2>
            <div class="field">
                <label for="cut-area">{ t("cut-area") }</label>
                <Select id="cut-area" value={value_of(&form.area)} onchange={on_area}>{ areas(&form.area, rows) }</Select>
            </div>
            if let CutArea::Drawn { ring } = &form.area {
                <p role="status">{ t_args("cut-draw-hint", &[("n", ring.len().into())]) }</p>
                if ring::crosses(ring) { <p class="field-error" role="alert">{ t("cut-ring-crosses") }</p> }
                <button type="button" class="btn" onclick={clear}>{ t("cut-draw-again") }</button>
            }
            <TextField id="cut-doors" label={t("cut-doors")} hint={Some(t_args("cut-doors-hint", &limits))} value={form.n_doors.clone()} oninput={on_doors} kind="number" />
            <TextField id="cut-name" label={t("cut-name-label")} hint={Some(t("cut-name-hint"))} value={form.name.clone()} oninput={on_name} max_chars={Some(60)} />
            if let Some(error) = &looking.failed { <Trouble error={error.clone()} is_inline=true /> }
            <button type="submit" class="btn" disabled={is_busy}>{ t("cut-preview") }</button>
            if let Some(found) = cutting.preview() {
                { would(&found) }
                <button type="button" class="btn main" disabled={is_busy || found.turfs.is_empty()} onclick={cut}>{ t("cut-now") }</button>
            }
            if running.is_some() {
                <p role="status">{ t("cut-running") }</p>
                <button type="button" class="btn quiet" onclick={cancel}>{ t("data-cancel") }</button>
            }
        </form>
    }
}

/// What the preview found.
fn would(found: &CutPreview) -> Html {
    html! {
        <div role="status" class="stack">
            <p class="addr">{ t_args("cut-would", &[("n", found.turfs.len().into())]) }</p>
            <ul class="plain">{ for found.turfs.iter().take(12).map(|draft| html! {
                <li class="who">{ t_args("cut-draft", &[("name", draft.name.as_str().into()), ("n", draft.doors.len().into()), ("minutes", draft.minutes.into())]) }</li>
            }) }</ul>
            if found.n_unlocated > 0 { <p class="who">{ t_args("cut-unlocated", &[("n", found.n_unlocated.into())]) }</p> }
            if found.n_taken > 0 { <p class="who">{ t_args("cut-taken", &[("n", found.n_taken.into())]) }</p> }
        </div>
    }
}

/// The areas to choose from. A precinct that is chosen stays there, also when none of its doors is free any more.
fn areas(area: &CutArea, rows: &[PrecinctRow]) -> Html {
    let one = |precinct: &str, n_free: u32| {
        let words = t_args("cut-precinct", &[("precinct", precinct.into()), ("n", n_free.into())]);
        html! { <option value={format!("{PRECINCT}{precinct}")}>{ words }</option> }
    };
    let is_gone = |precinct: &String| rows.iter().all(|row| row.precinct != *precinct);
    html! {
        <>
            <option value={EVERYTHING}>{ t("cut-everything") }</option>
            { for rows.iter().map(|row| one(&row.precinct, row.n_free)) }
            if let CutArea::Precinct { precinct } = area && is_gone(precinct) { { one(precinct, 0) } }
            <option value={DRAWN}>{ t("cut-drawn") }</option>
        </>
    }
}

/// The value of every door in the choice of areas.
const EVERYTHING: &str = "everything";

/// The value of an area that is drawn.
const DRAWN: &str = "drawn";

/// The prefix of a precinct's value.
const PRECINCT: &str = "precinct:";

/// The area of a choice.
fn chosen(value: &str) -> CutArea {
    match value.strip_prefix(PRECINCT) {
        Some(precinct) => CutArea::Precinct { precinct: precinct.to_owned() },
        None if value == DRAWN => CutArea::Drawn { ring: Vec::new() },
        None => CutArea::Everything,
    }
}

/// The choice of an area.
fn value_of(area: &CutArea) -> String {
    match area {
        CutArea::Everything => EVERYTHING.to_owned(),
        CutArea::Precinct { precinct } => format!("{PRECINCT}{precinct}"),
        CutArea::Drawn { .. } => DRAWN.to_owned(),
    }
}
