//! Ends a wave, or erases one that has ended before its day is over: an explanation, the archive, and then the confirmation.

use super::{counts, holders};
use crate::hooks::use_action;
use crate::i18n::{t, t_args};
use crate::office::archive::MakeArchive;
use crate::parts::{Sheet, wave_name};
use crate::state::archive::Archived;
use crate::state::notices::{Notice, use_notices};
use porchlight_model::calls::wave::{EndWave, EraseWave, WaveView};
use yew::prelude::*;

/// What the sheet confirms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::office) enum Ending {
    /// The wave ends, and is erased a day later.
    End,
    /// It has ended, and is erased at once.
    Erase,
}

/// The texts of an ending: title, body, act, and the notice afterwards.
const fn words(ending: Ending) -> [&'static str; 4] {
    match ending {
        Ending::End => ["wave-end-title", "wave-end-body", "wave-end-now", "wave-ended-now"],
        Ending::Erase => ["wave-erase-title", "wave-erase-body", "wave-erase-now", "wave-erased-now"],
    }
}

/// The props of [`End`].
#[derive(Properties, PartialEq)]
pub(in crate::office) struct EndProps {
    /// The wave.
    pub(in crate::office) wave: WaveView,
    /// What is confirmed.
    pub(in crate::office) ending: Ending,
    /// Whether no other wave is in progress.
    pub(in crate::office) is_last: bool,
    /// Called when the sheet is to be closed.
    pub(in crate::office) onclose: Callback<()>,
}

/// Explains and confirms ending a wave, or erasing it early.
#[component]
pub(in crate::office) fn End(props: &EndProps) -> Html {
    let EndProps { wave, ending, is_last, onclose } = props;
    let ending = *ending;
    let [title, body, act, told] = words(ending);
    let archived = use_state(Archived::default);
    let action = use_action();
    let notices = use_notices();
    let name = wave_name(&wave.name);
    let step = archived.step(&wave.record);
    let onclick = {
        let (action, wave, name, onclose) = (action.clone(), wave.wave, name.clone(), onclose.clone());
        Callback::from(move |_: MouseEvent| {
            let (notices, name, onclose) = (notices.clone(), name.clone(), onclose.clone());
            let done = move |()| {
                let text = t_args(told, &[("name", name.as_str().into())]);
                notices.dispatch(Notice::Done { text, undo: None });
                onclose.emit(());
            };
            match ending {
                Ending::End => action.run(EndWave { wave }, done),
                Ending::Erase => action.run(EraseWave { wave }, done),
            }
        })
    };
    html! {
        <Sheet title={t_args(title, &[("name", name.as_str().into())])} onclose={onclose.clone()}>
            <div class="stack">
            <p>{ counts(body, wave) }</p>
            <p>{ t(if *is_last { "wave-end-last" } else { "wave-end-goes-on" }) }</p>
            { holders(wave) }
            if !wave.holders.is_empty() { <p class="who">{ t("wave-end-late") }</p> }
            <MakeArchive wave={wave.wave} record={wave.record.clone()} archived={archived.clone()} is_ending=true />
            <button type="button" class="btn grave wide" disabled={action.is_busy || !step.may_end()} {onclick}>{ t(act) }</button>
            </div>
        </Sheet>
    }
}
