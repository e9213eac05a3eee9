//! Selects a wave: the current one, or an earlier one that has not ended.

use crate::hooks::use_call;
use crate::i18n::t;
use crate::parts::wave_name;
use porchlight_model::calls::wave::Waves;
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
    let open: Vec<_> = waves.iter().filter(|wave| wave.ended_at.is_none()).collect();
    if open.len() < 2 {
        return Html::default();
    }
    let onchange = onchange.reform(|event: Event| {
        let select: web_sys::HtmlSelectElement = event.target_unchecked_into();
        select.value().parse().ok()
    });
    html! {
        <div class="field">
            <label for={id.clone()}>{ t("wave-choice") }</label>
            <select id={id.clone()} {onchange}>
                <option value="" selected={chosen.is_none()}>{ none }</option>
                { for open.into_iter().map(|wave| html! {
                    <option value={wave.wave.to_string()} selected={*chosen == Some(wave.wave)}>{ wave_name(&wave.name) }</option>
                }) }
            </select>
        </div>
    }
}
