//! Cutting: area, size and name; a preview on the map; then the cut.

use crate::fresh;
use crate::hooks::{use_action, use_call, use_form_action};
use crate::i18n::{t, t_args};
use crate::parts::{TextField, Trouble};
use crate::state::notices::{Notice, use_notices};
use porchlight_model::calls::cut::{CutPreview, CutTurf, Precincts, PreviewCut};
use porchlight_model::calls::import::CancelJob;
use porchlight_model::id::JobId;
use porchlight_model::ring;
use porchlight_model::turf::{CutArea, DOORS_PER_TURF};
use std::rc::Rc;
use yew::prelude::*;

/// The props of [`Cut`].
#[derive(Properties, PartialEq)]
pub(super) struct CutProps {
    /// The area, including the corners drawn so far.
    pub(super) area: UseStateHandle<CutArea>,
    /// The preview of the cut.
    pub(super) preview: UseStateHandle<Option<Rc<CutPreview>>>,
}

/// The panel that cuts.
#[component]
pub(super) fn Cut(props: &CutProps) -> Html {
    let CutProps { area, preview } = props;
    let precincts = use_call(Precincts {});
    let n_doors = use_state(|| "40".to_owned());
    let name = use_state(String::new);
    let job = use_state(|| None::<JobId>);
    let action = use_form_action();
    let cancelling = use_action();
    let notices = use_notices();
    let forget = {
        let preview = preview.clone();
        Callback::from(move |()| preview.set(None))
    };
    let on_area = {
        let (area, forget) = (area.clone(), forget.clone());
        Callback::from(move |event: Event| {
            let select: web_sys::HtmlSelectElement = event.target_unchecked_into();
            area.set(chosen(&select.value()));
            forget.emit(());
        })
    };
    let typed = |state: &UseStateHandle<String>| {
        let (state, forget) = (state.clone(), forget.clone());
        Callback::from(move |text: String| {
            state.set(text);
            forget.emit(());
        })
    };
    {
        // The preview was for the previous values of the form.
        let preview = preview.setter();
        use_effect_with((), move |()| move || preview.set(None));
    }
    let wanted = ((**area).clone(), n_doors.trim().parse::<u32>().unwrap_or_default(), name.trim().to_owned());
    let look = {
        let (action, preview, wanted) = (action.clone(), preview.clone(), wanted.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (area, doors_per_turf, name) = wanted.clone();
            let preview = preview.clone();
            action.run(PreviewCut { area, doors_per_turf, name, job: fresh::job() }, move |found| {
                preview.set(Some(Rc::new(found)));
            });
        })
    };
    let cut = {
        let (action, preview, area, job) = (action.clone(), preview.clone(), area.clone(), job.clone());
        Callback::from(move |_: MouseEvent| {
            let (where_to, doors_per_turf, name) = wanted.clone();
            let (preview, area, notices) = (preview.clone(), area.clone(), notices.clone());
            let id = fresh::job();
            job.set(Some(id));
            action.run(CutTurf { area: where_to, doors_per_turf, name, job: id }, move |done| {
                notices
                    .dispatch(Notice::Done { text: t_args("cut-done", &[("n", done.turfs.len().into())]), undo: None });
                preview.set(None);
                area.set(CutArea::Everything);
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
    let clear = {
        let (area, forget) = (area.clone(), forget.clone());
        Callback::from(move |_: MouseEvent| {
            area.set(CutArea::Drawn { ring: Vec::new() });
            forget.emit(());
        })
    };
    let limits = [("least", (*DOORS_PER_TURF.start()).into()), ("most", (*DOORS_PER_TURF.end()).into())];
    html! {
        <form class="stack" onsubmit={look} novalidate=true>
            <h2 class="eyebrow">{ t("cut-title") }</h2>
            <div class="field">
                <label for="cut-area">{ t("cut-area") }</label>
                <select id="cut-area" onchange={on_area}>
                    <option value="everything" selected={**area == CutArea::Everything}>{ t("cut-everything") }</option>
                    { for precincts.value().iter().flat_map(|rows| rows.iter()).map(|row| {
                        let is_chosen = **area == CutArea::Precinct { precinct: row.precinct.clone() };
                        html! { <option value={format!("{PRECINCT}{}", row.precinct)} selected={is_chosen}>{ t_args("cut-precinct", &[("precinct", row.precinct.as_str().into()), ("n", row.n_free.into())]) }</option> }
                    }) }
                    <option value="drawn" selected={matches!(**area, CutArea::Drawn { .. })}>{ t("cut-drawn") }</option>
                </select>
            </div>
            if let CutArea::Drawn { ring } = &**area {
                <p role="status">{ t_args("cut-draw-hint", &[("n", ring.len().into())]) }</p>
                if ring::crosses(ring) { <p class="field-error" role="alert">{ t("cut-ring-crosses") }</p> }
                <button type="button" class="btn" onclick={clear}>{ t("cut-draw-again") }</button>
            }
            <TextField id="cut-doors" label={t("cut-doors")} hint={Some(t_args("cut-doors-hint", &limits))} value={(*n_doors).clone()} oninput={typed(&n_doors)} kind="number" />
            <TextField id="cut-name" label={t("cut-name-label")} hint={Some(t("cut-name-hint"))} value={(*name).clone()} oninput={typed(&name)} max_chars={Some(60)} />
            if let Some(error) = &action.failed { <Trouble error={error.clone()} is_inline=true /> }
            <button type="submit" class="btn" disabled={action.is_busy}>{ t("cut-preview") }</button>
            if let Some(found) = &**preview {
                <div role="status" class="stack">
                    <p class="addr">{ t_args("cut-would", &[("n", found.turfs.len().into())]) }</p>
                    <ul class="plain">{ for found.turfs.iter().take(12).map(|draft| html! {
                        <li class="who">{ t_args("cut-draft", &[("name", draft.name.as_str().into()), ("n", draft.doors.len().into()), ("minutes", draft.minutes.into())]) }</li>
                    }) }</ul>
                    if found.n_unlocated > 0 { <p class="who">{ t_args("cut-unlocated", &[("n", found.n_unlocated.into())]) }</p> }
                    if found.n_taken > 0 { <p class="who">{ t_args("cut-taken", &[("n", found.n_taken.into())]) }</p> }
                </div>
                <button type="button" class="btn main" disabled={action.is_busy || found.turfs.is_empty()} onclick={cut}>{ t("cut-now") }</button>
                if action.is_busy { <button type="button" class="btn quiet" onclick={cancel}>{ t("data-cancel") }</button> }
            }
        </form>
    }
}

/// The prefix of a precinct's value in the choice of areas.
const PRECINCT: &str = "precinct:";

/// The area of a choice.
fn chosen(value: &str) -> CutArea {
    match value.strip_prefix(PRECINCT) {
        Some(precinct) => CutArea::Precinct { precinct: precinct.to_owned() },
        None if value == "drawn" => CutArea::Drawn { ring: Vec::new() },
        None => CutArea::Everything,
    }
}
