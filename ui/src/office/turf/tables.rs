//! The table of all turf in the selected wave.

use super::table::Table;
use crate::hooks::use_call;
use crate::i18n::t;
use crate::office::wave_choice::WaveChoice;
use crate::parts::draw;
use porchlight_model::calls::office::Dashboard;
use porchlight_model::calls::office::WaveBoard;
use porchlight_model::id::{TurfId, WaveId};
use yew::prelude::*;

/// The props of [`Tables`].
#[derive(Properties, PartialEq)]
pub(super) struct TablesProps {
    /// The turf that is open.
    pub(super) chosen: Option<TurfId>,
}

/// The choice of a wave, and its table.
#[component]
pub(super) fn Tables(props: &TablesProps) -> Html {
    let wave = use_state(|| None::<WaveId>);
    let onchange = {
        let wave = wave.clone();
        Callback::from(move |chosen: Option<WaveId>| wave.set(chosen))
    };
    let chosen = props.chosen;
    html! {
        <>
            <WaveChoice id="table-wave" none={t("wave-choice-current")} chosen={*wave} {onchange} />
            if let Some(wave) = *wave { <OfWave {wave} {chosen} /> } else { <Current {chosen} /> }
        </>
    }
}

#[component]
fn Current(props: &TablesProps) -> Html {
    let board = use_call(Dashboard {});
    html! { { draw(&board, |board| html! { <Table turfs={board.turfs.clone()} chosen={props.chosen} /> }) } }
}

#[derive(Properties, PartialEq)]
struct OfWaveProps {
    wave: WaveId,
    chosen: Option<TurfId>,
}

#[component]
fn OfWave(props: &OfWaveProps) -> Html {
    let board = use_call(WaveBoard { wave: props.wave });
    html! { { draw(&board, |board| html! { <Table turfs={board.turfs.clone()} chosen={props.chosen} /> }) } }
}
