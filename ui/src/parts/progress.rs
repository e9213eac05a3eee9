//! Progress bars: a plain one, and one of doors by state.

use crate::i18n::t_args;
use crate::parts::mark::state_label;
use porchlight_model::visit::DoorState;
use std::collections::BTreeMap;
use yew::prelude::*;

/// The props of [`Progress`].
#[derive(Properties, PartialEq)]
pub struct ProgressProps {
    /// Units done.
    pub done: f64,
    /// Total units; 0 if unknown.
    pub total: f64,
    /// What is being done.
    pub label: AttrValue,
}

/// A plain bar.
#[component]
pub fn Progress(props: &ProgressProps) -> Html {
    if props.total <= 0.0 {
        return html! { <div class="progress is-unknown" role="progressbar" aria-label={props.label.clone()} /> };
    }
    let percent = (props.done / props.total * 100.0).clamp(0.0, 100.0);
    html! {
        <div class="progress" role="progressbar" aria-label={props.label.clone()} aria-valuemin="0" aria-valuemax="100"
            aria-valuenow={format!("{percent:.0}")}>
            <svg width="100%" height="6" aria-hidden="true">
                <rect class="fill-amber" width={format!("{percent:.2}%")} height="6" />
            </svg>
        </div>
    }
}

/// The props of [`StateBar`].
#[derive(Properties, PartialEq)]
pub struct StateBarProps {
    /// Doors by state.
    pub by_state: BTreeMap<DoorState, u32>,
    /// The total number of doors.
    pub n_doors: u32,
}

/// The states that the bar shows, from the left; the remainder is to do.
const SHOWN: [DoorState; 10] = [
    DoorState::Talked,
    DoorState::Part,
    DoorState::ComeBack,
    DoorState::NotHome,
    DoorState::Flyer,
    DoorState::Shut,
    DoorState::Language,
    DoorState::Moved,
    DoorState::Refused,
    DoorState::Danger,
];

/// A bar of doors by state, with the numbers as text for screen readers.
#[component]
pub fn StateBar(props: &StateBarProps) -> Html {
    let count = |state: DoorState| props.by_state.get(&state).copied().unwrap_or(0);
    let mut from = 0.0;
    let parts = SHOWN.map(|state| {
        let width = f64::from(count(state)) / f64::from(props.n_doors.max(1)) * 100.0;
        let part = html! {
            <rect class={format!("fill-{}", state.as_str())} x={format!("{from:.2}%")} width={format!("{width:.2}%")} height="6" />
        };
        from += width;
        part
    });
    let words = DoorState::ALL.into_iter().filter(|state| count(*state) > 0).map(|state| {
        t_args(
            "state-count",
            &[("n", count(state).into()), ("state", crate::i18n::t(state_label(state)).to_string().into())],
        )
        .to_string()
    });
    let label = words.collect::<Vec<_>>().join(", ");
    html! {
        <div class="progress" role="img" aria-label={label}>
            <svg width="100%" height="6" aria-hidden="true">{ for parts }</svg>
        </div>
    }
}
