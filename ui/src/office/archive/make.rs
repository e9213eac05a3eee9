//! Creates the archive of a wave, before the wave ends or as a backup.

use crate::backend;
use crate::hooks::{use_action, use_call};
use crate::i18n::{t, t_args};
use crate::parts::{Trouble, wave_name};
use crate::state::archive::{Archived, SaveOutcome, Step};
use crate::state::saving::Saved;
use porchlight_model::calls::archive::{ArchiveWave, KeepArchive, RecordWithoutWaves};
use porchlight_model::calls::wave::{WaveView, Waves};
use porchlight_model::id::WaveId;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// An archive for each wave that is not erased.
#[component]
pub(super) fn MakeArchives() -> Html {
    let waves = use_call(Waves {});
    let Some(waves) = waves.value() else { return Html::default() };
    let here: Vec<WaveView> = waves.iter().filter(|wave| wave.is_shown).cloned().collect();
    if here.is_empty() {
        return html! { <OfCampaign /> };
    }
    html! {
        <section class="card stack">
            <h2 class="eyebrow">{ t("archive-make-title") }</h2>
            <p class="who">{ t("archive-make-hint") }</p>
            { for here.into_iter().map(|wave| {
                let key = wave.wave.to_string();
                html! { <OfWave {key} {wave} /> }
            }) }
        </section>
    }
}

/// An archive of what was set up, where no wave is here.
#[component]
fn OfCampaign() -> Html {
    let archived = use_state(Archived::default);
    let record = use_call(RecordWithoutWaves {});
    let Some(record) = record.value().and_then(|record| (**record).clone()) else { return Html::default() };
    html! {
        <section class="card stack">
            <h2 class="eyebrow">{ t("archive-make-campaign") }</h2>
            <p class="who">{ t("archive-make-hint") }</p>
            <MakeArchive wave={WaveId::FIRST} {record} {archived} is_ending=false />
        </section>
    }
}

/// The props of [`OfWave`].
#[derive(Properties, PartialEq)]
struct OfWaveProps {
    wave: WaveView,
}

/// The archive of one wave, under its name.
#[component]
fn OfWave(props: &OfWaveProps) -> Html {
    let archived = use_state(Archived::default);
    html! {
        <>
            <h3 class="eyebrow">{ wave_name(&props.wave.name) }</h3>
            <MakeArchive wave={props.wave.wave} record={props.wave.record.clone()} {archived} is_ending=false />
        </>
    }
}

/// The props of [`MakeArchive`].
#[derive(Properties, PartialEq)]
pub(crate) struct MakeArchiveProps {
    /// The wave; the first where no wave is here.
    pub(crate) wave: WaveId,
    /// The digest of its records.
    pub(crate) record: String,
    /// The progress of its archive.
    pub(crate) archived: UseStateHandle<Archived>,
    /// Whether the wave is about to end, so that continuing without an archive is offered.
    pub(crate) is_ending: bool,
}

/// The steps of an archive: create, save, confirm (which is recorded in the engine), or continue without one.
#[component]
pub(crate) fn MakeArchive(props: &MakeArchiveProps) -> Html {
    let MakeArchiveProps { wave, record, archived, is_ending } = props;
    let action = use_action();
    let failed = use_state(|| None);
    let step = archived.step(record);
    let make = {
        let (action, archived, wave) = (action.clone(), archived.clone(), *wave);
        Callback::from(move |_: MouseEvent| {
            let archived = archived.clone();
            action.run(ArchiveWave { wave }, move |made| archived.set(archived.made(made)));
        })
    };
    // Once it is safe, that is recorded, because a device may be cleared when everything is in archives.
    let tell = {
        let (action, wave) = (action.clone(), *wave);
        Callback::from(move |archived: Archived| {
            if let Some(record) = archived.kept_record() {
                action.run(KeepArchive { wave, record }, |()| ());
            }
        })
    };
    // A separate tap, because creating it may take longer than the browser's user gesture lasts.
    let save = {
        let (archived, failed, tell) = (archived.clone(), failed.clone(), tell.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(file) = archived.file() else { return };
            let (archived, failed, tell) = (archived.clone(), failed.clone(), tell.clone());
            spawn_local(async move {
                match backend::save(&file, true).await {
                    Ok(saved) => {
                        let kept = match saved {
                            Saved::There(_) | Saved::Shared => SaveOutcome::There,
                            Saved::Handed(_) => SaveOutcome::Untold,
                            Saved::Dismissed | Saved::NeedsTap => SaveOutcome::NotYet,
                            Saved::Cannot => SaveOutcome::Cannot,
                        };
                        let now = archived.saved(kept);
                        tell.emit(now.clone());
                        archived.set(now);
                    }
                    Err(error) => failed.set(Some(error)),
                }
            });
        })
    };
    let accept = {
        let archived = archived.clone();
        Callback::from(move |_: Event| {
            let now = archived.accepted();
            tell.emit(now.clone());
            archived.set(now);
        })
    };
    let file = archived.file().map(|file| file.name).unwrap_or_default();
    let told = |id: &str| t_args(id, &[("file", file.as_str().into())]);
    let check = |id: &str| {
        html! {
            <label class="check"><input type="checkbox" id="wave-end-accept" checked={archived.is_accepted()} onchange={accept.clone()} />{ t(id) }</label>
        }
    };
    html! {
        <section class="stack">
            if *is_ending { <h3 class="eyebrow">{ t("wave-archive-title") }</h3> }
            <p>{ t("wave-archive-body") }</p>
            { match step {
                Step::Make | Step::Behind | Step::Without => html! {
                    <>
                        if step == Step::Behind { <p role="status">{ t("wave-archive-behind") }</p> }
                        <button type="button" class="btn main wide" disabled={action.is_busy} onclick={make}>{ t("wave-archive-make") }</button>
                        if *is_ending { { check("wave-archive-without") } }
                    </>
                },
                Step::Save => html! {
                    <button type="button" class="btn main wide" onclick={save}>{ told("wave-archive-save") }</button>
                },
                Step::Cannot => html! {
                    <>
                        <p role="status">{ t("wave-archive-cannot") }</p>
                        if *is_ending { { check("wave-archive-without") } }
                    </>
                },
                Step::Look | Step::Seen => html! {
                    <>
                        <p role="status">{ told("wave-archive-look") }</p>
                        { check("wave-archive-seen") }
                    </>
                },
                Step::Saved => html! { <p role="status">{ told("wave-archive-saved") }</p> },
            } }
            if let Some(error) = &*failed { <Trouble error={error.clone()} is_inline=true /> }
        </section>
    }
}
