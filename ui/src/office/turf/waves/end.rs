//! Ends a wave: an explanation, the archive, and then the confirmation.

use super::{counts, holders};
use crate::hooks::use_action;
use crate::i18n::{t, t_args};
use crate::office::archive::MakeArchive;
use crate::parts::{Sheet, wave_name};
use crate::state::archive::Archived;
use crate::state::notices::{Notice, use_notices};
use porchlight_model::calls::wave::{EndWave, WaveView};
use yew::prelude::*;

/// The props of [`End`].
#[derive(Properties, PartialEq)]
pub(super) struct EndProps {
    /// The wave.
    pub(super) wave: WaveView,
    /// Whether no other wave is in progress.
    pub(super) is_last: bool,
    /// Called when the sheet is to be closed.
    pub(super) onclose: Callback<()>,
}

/// Explains and confirms ending a wave.
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
            <MakeArchive wave={wave.wave} record={wave.record.clone()} archived={archived.clone()} is_ending=true />
            <button type="button" class="btn grave wide" disabled={action.is_busy || !step.may_end()} {onclick}>{ t("wave-end-now") }</button>
            </div>
        </Sheet>
    }
}
