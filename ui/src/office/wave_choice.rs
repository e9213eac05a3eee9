//! Selects a wave: the current one, or another whose records are on this device.

use crate::hooks::use_call;
use crate::i18n::{t, t_args};
use crate::parts::{Select, wave_name};
use crate::when;
use porchlight_model::calls::wave::{WaveView, Waves};
use porchlight_model::id::WaveId;
use yew::prelude::*;

/// The props of [`WaveChoice`].
#[derive(Properties, PartialEq)]
pub(super) struct WaveChoiceProps {
    /// Its id in the page; unique.
    pub(super) id: AttrValue,
    /// The label of the choice "none", which means the current wave or all of them.
    pub(super) none: AttrValue,
    /// The chosen wave.
    pub(super) chosen: Option<WaveId>,
    /// Called when another wave is chosen.
    pub(super) onchange: Callback<Option<WaveId>>,
}

/// The choice; nothing if there is only one wave.
#[component]
pub(super) fn WaveChoice(props: &WaveChoiceProps) -> Html {
    let WaveChoiceProps { id, none, chosen, onchange } = props;
    let waves = use_call(Waves {});
    let Some(waves) = waves.value() else { return Html::default() };
    let shown: Vec<_> = waves.iter().filter(|wave| wave.is_shown).collect();
    if shown.len() < 2 {
        return Html::default();
    }
    let onchange = onchange.reform(|chosen: String| chosen.parse().ok());
    let value = chosen.map(|wave| wave.to_string()).unwrap_or_default();
    html! {
        <div class="field">
            <label for={id.clone()}>{ t("wave-choice") }</label>
            <Select id={id.clone()} {value} {onchange}>
                <option value="">{ none }</option>
                { for shown.into_iter().map(|wave| html! {
                    <option value={wave.wave.to_string()}>{ label(wave) }</option>
                }) }
            </Select>
        </div>
    }
}

/// Its name, and whether it has ended or its start was undone.
fn label(wave: &WaveView) -> String {
    let name = wave_name(&wave.name);
    let since = match (wave.ended_at, wave.undone_at) {
        (Some(at), _) => t_args("wave-ended", &[("time", when::ago(at).as_str().into())]),
        (None, Some(at)) => t_args("wave-undone", &[("time", when::ago(at).as_str().into())]),
        (None, None) => return name.to_string(),
    };
    format!("{name} · {since}")
}
