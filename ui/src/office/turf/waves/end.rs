//! Ending a wave: what it does, its archive first, and the button that does it.

use super::{counts, holders, wave_name};
use crate::backend;
use crate::hooks::use_action;
use crate::i18n::{t, t_args};
use crate::parts::{Sheet, Trouble};
use crate::state::archive::{Archived, Kept, Step};
use crate::state::notices::{Notice, use_notices};
use crate::state::saving::Saved;
use porchlight_model::calls::archive::ArchiveWave;
use porchlight_model::calls::wave::{EndWave, WaveView};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// What [`End`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct EndProps {
    /// The wave.
    pub(super) wave: WaveView,
    /// Whether no other goes on.
    pub(super) is_last: bool,
    /// The person wants the sheet closed.
    pub(super) onclose: Callback<()>,
}

/// What ending a wave does, and the button that does it.
#[component]
pub(super) fn End(props: &EndProps) -> Html {
    let EndProps { wave, is_last, onclose } = props;
    let archived = use_state(Archived::default);
    let action = use_action();
    let notices = use_notices();
    let name = wave_name(&wave.name);
    let step = archived.step(&wave.record);
    let onclick = {
        let (action, wave, name, onclose) = (action.clone(), wave.wave, name.clone(), onclose.clone());
        Callback::from(move |_: MouseEvent| {
            let (notices, name, onclose) = (notices.clone(), name.clone(), onclose.clone());
            action.run(EndWave { wave }, move |()| {
                let text = t_args("wave-ended-now", &[("name", name.as_str().into())]);
                notices.dispatch(Notice::Done { text, undo: None });
                onclose.emit(());
            });
        })
    };
    html! {
        <Sheet title={t_args("wave-end-title", &[("name", name.as_str().into())])} onclose={onclose.clone()}>
            <div class="stack">
            <p>{ counts("wave-end-body", wave) }</p>
            <p>{ t(if *is_last { "wave-end-last" } else { "wave-end-goes-on" }) }</p>
            { holders(wave) }
            if !wave.holders.is_empty() { <p class="who">{ t("wave-end-late") }</p> }
            <Archive wave={wave.clone()} archived={archived.clone()} />
            <button type="button" class="btn grave wide" disabled={action.is_busy || !step.may_end()} {onclick}>{ t("wave-end-now") }</button>
            </div>
        </Sheet>
    }
}

/// What [`Archive`] takes.
#[derive(Properties, PartialEq)]
struct ArchiveProps {
    wave: WaveView,
    archived: UseStateHandle<Archived>,
}

/// The archive: made, saved, and what is known of that; or going on without one.
#[component]
fn Archive(props: &ArchiveProps) -> Html {
    let ArchiveProps { wave, archived } = props;
    let action = use_action();
    let failed = use_state(|| None);
    let step = archived.step(&wave.record);
    let make = {
        let (action, archived, wave) = (action.clone(), archived.clone(), wave.wave);
        Callback::from(move |_: MouseEvent| {
            let archived = archived.clone();
            action.run(ArchiveWave { wave }, move |made| archived.set(archived.made(made)));
        })
    };
    // A tap of its own: making it may take longer than a browser remembers the first.
    let save = {
        let (archived, failed) = (archived.clone(), failed.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(file) = archived.file() else { return };
            let (archived, failed) = (archived.clone(), failed.clone());
            spawn_local(async move {
                match backend::save(&file, true).await {
                    Ok(saved) => archived.set(archived.saved(match saved {
                        Saved::There(_) | Saved::Shared => Kept::There,
                        Saved::Handed(_) => Kept::Untold,
                        Saved::Dismissed | Saved::NeedsTap => Kept::NotYet,
                        Saved::Cannot => Kept::Cannot,
                    })),
                    Err(error) => failed.set(Some(error)),
                }
            });
        })
    };
    let accept = {
        let archived = archived.clone();
        Callback::from(move |_: Event| archived.set(archived.accepted()))
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
            <h3 class="eyebrow">{ t("wave-archive-title") }</h3>
            <p>{ t("wave-archive-body") }</p>
            { match step {
                Step::Make | Step::Behind | Step::Without => html! {
                    <>
                        if step == Step::Behind { <p role="status">{ t("wave-archive-behind") }</p> }
                        <button type="button" class="btn main wide" disabled={action.is_busy} onclick={make}>{ t("wave-archive-make") }</button>
                        { check("wave-archive-without") }
                    </>
                },
                Step::Save => html! {
                    <button type="button" class="btn main wide" onclick={save}>{ told("wave-archive-save") }</button>
                },
                Step::Cannot => html! {
                    <>
                        <p role="status">{ t("wave-archive-cannot") }</p>
                        { check("wave-archive-without") }
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
