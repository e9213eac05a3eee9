//! Results as files: of all waves, or of one.

use super::wave_choice::WaveChoice;
use crate::files::hand_to_person;
use crate::hooks::use_action;
use crate::i18n::{t, t_args};
use crate::state::notices::use_notices;
use porchlight_model::calls::export::ExportWave;
use porchlight_model::calls::export::{ExportKind, ExportResults};
use porchlight_model::calls::files::ExportFile;
use porchlight_model::id::WaveId;
use yew::prelude::*;

/// The buttons that write results to files.
#[component]
pub(super) fn Exports() -> Html {
    let wave = use_state(|| None::<WaveId>);
    let action = use_action();
    let notices = use_notices();
    let onchange = {
        let wave = wave.clone();
        Callback::from(move |chosen: Option<WaveId>| wave.set(chosen))
    };
    let export = |what: ExportKind| {
        let (action, notices, wave) = (action.clone(), notices.clone(), *wave);
        Callback::from(move |_: MouseEvent| {
            let notices = notices.clone();
            let give = move |file: ExportFile| {
                #[expect(clippy::cast_precision_loss, reason = "shown to people")]
                let n_rows = file.n_rows as f64;
                let told = move |name: &str| t_args("data-exported", &[("n", n_rows.into()), ("file", name.into())]);
                hand_to_person(file, notices, told);
            };
            match wave {
                Some(wave) => action.run(ExportWave { wave, what }, give),
                None => action.run(ExportResults { what }, give),
            }
        })
    };
    html! {
        <div class="stack">
            <WaveChoice id="export-wave" none={t("wave-choice-all")} chosen={*wave} {onchange} />
            <div class="row">{ for ExportKind::ALL.map(|what| html! {
                <button type="button" class="btn" disabled={action.is_busy} onclick={export(what)}>{ table_name(what) }</button>
            }) }</div>
        </div>
    }
}

/// What a table is called.
pub(super) fn table_name(what: ExportKind) -> AttrValue {
    match what {
        ExportKind::Visits => t("data-export-visits"),
        ExportKind::Answers => t("data-export-answers"),
        ExportKind::Said => t("data-export-said"),
        ExportKind::Notes => t("data-export-notes"),
        ExportKind::Flags => t("data-export-flags"),
        ExportKind::People => t("data-export-people"),
        ExportKind::TakenBack => t("data-export-taken-back"),
        ExportKind::Walkers => t("data-export-walkers"),
        ExportKind::Scripts => t("data-export-scripts"),
    }
}
