//! How many people the filter takes, and what can be done with them.

use crate::files::hand_to_person;
use crate::hooks::use_action;
use crate::i18n::{number, t, t_args};
use crate::layout::use_may;
use crate::load::Loadable;
use crate::parts::icon;
use crate::state::notices::use_notices;
use porchlight_model::calls::files::ExportFile;
use porchlight_model::calls::universe::{ExportVoters, Order, VoterCount};
use porchlight_model::grant::Act;
use porchlight_model::universe::Filter;
use yew::prelude::*;

/// The props of [`Counts`].
#[derive(Properties, PartialEq)]
pub(super) struct CountsProps {
    /// The count.
    pub(super) counted: Loadable<VoterCount>,
    /// The filter.
    pub(super) filter: Filter,
    /// The order of the list.
    pub(super) order: Order,
    /// Whether anything narrows the list.
    pub(super) is_narrowed: bool,
    /// Empties the filter.
    pub(super) onclear: Callback<MouseEvent>,
}

/// The line of counts and acts.
#[component]
pub(super) fn Counts(props: &CountsProps) -> Html {
    let action = use_action();
    let notices = use_notices();
    let may_export = use_may(Act::Export);
    let export = {
        let (action, filter, order) = (action.clone(), props.filter.clone(), props.order);
        Callback::from(move |_: MouseEvent| {
            let notices = notices.clone();
            action.run(ExportVoters { filter: filter.clone(), order }, move |file: ExportFile| {
                #[expect(clippy::cast_precision_loss, reason = "shown to people")]
                let n_rows = file.n_rows as f64;
                let told = move |name: &str| t_args("data-exported", &[("n", n_rows.into()), ("file", name.into())]);
                hand_to_person(file, notices, told);
            });
        })
    };
    // While another count is on its way the last one stays, and says so.
    let last = use_state(VoterCount::default);
    let is_waiting = matches!(props.counted, Loadable::Loading);
    {
        let last = last.setter();
        use_effect_with(props.counted.value().cloned(), move |counted| {
            if let Some(counted) = counted {
                last.set(**counted);
            }
        });
    }
    let counted = props.counted.value().map_or(*last, |counted| **counted);
    #[expect(clippy::cast_precision_loss, reason = "shown to people")]
    let n = |n: u64| number(n as f64);
    let label = |id: &str, n: u64| {
        #[expect(clippy::cast_precision_loss, reason = "the form of a word")]
        let n = n as f64;
        t_args(id, &[("n", n.into())])
    };
    html! {
        <div class="counts-line">
            <p role="status" aria-live="polite" class={is_waiting.then_some("is-waiting")}>
                <span class="count-main" id="n-voters"><b>{ n(counted.n_voters) }</b>{ " " }{ label("voters-n", counted.n_voters) }</span>
                <span id="n-doors"><b>{ n(counted.n_doors) }</b>{ " " }<span class="who">{ label("voters-n-doors", counted.n_doors) }</span></span>
                <span id="n-phones"><b>{ n(counted.n_with_phone) }</b>{ " " }<span class="who">{ t("voters-n-phone") }</span></span>
            </p>
            <div class="row">
                if props.is_narrowed { <button type="button" class="btn bare" onclick={props.onclear.clone()}>{ t("filter-clear") }</button> }
                if may_export { <button type="button" class="btn main" id="export-voters" disabled={action.is_busy || counted.n_voters == 0} onclick={export}>{ icon("download") }{ t("voters-export") }</button> }
            </div>
        </div>
    }
}
