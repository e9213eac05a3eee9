//! The marks of doors: the same shapes in lists, in buildings and on maps.

use crate::i18n::t;
use porchlight_model::visit::{DoorState, ResultCode};
use yew::prelude::*;

/// The id of the words for a state.
#[must_use]
pub const fn state_label(state: DoorState) -> &'static str {
    match state {
        DoorState::Todo => "state-todo",
        DoorState::NotHome => "state-not-home",
        DoorState::Talked => "state-talked",
        DoorState::Refused => "state-refused",
        DoorState::ComeBack => "state-come-back",
        DoorState::Danger => "state-danger",
    }
}

/// The id of the words for a result.
#[must_use]
pub const fn result_label(result: ResultCode) -> &'static str {
    match result {
        ResultCode::NotHome => "result-not-home",
        ResultCode::Canvassed => "result-canvassed",
        ResultCode::Refused => "result-refused",
        ResultCode::ComeBack => "result-come-back",
        ResultCode::Moved => "result-moved",
        ResultCode::Deceased => "result-deceased",
        ResultCode::Inaccessible => "result-inaccessible",
        ResultCode::LanguageBarrier => "result-language-barrier",
        ResultCode::FlyerLeft => "result-flyer-left",
    }
}

/// What [`Mark`] takes.
#[derive(Properties, PartialEq)]
pub struct MarkProps {
    /// The state it shows.
    pub state: DoorState,
    /// Whether it is half as large.
    #[prop_or_default]
    pub is_small: bool,
    /// Whether words beside it say the same already.
    #[prop_or_default]
    pub is_silent: bool,
}

/// The mark of a door's state.
#[component]
pub fn Mark(props: &MarkProps) -> Html {
    let class = classes!("mark", props.is_small.then_some("is-small"));
    if props.is_silent {
        html! { <svg {class} aria-hidden="true"><use href={shape(props.state)} /></svg> }
    } else {
        html! { <svg {class} role="img" aria-label={t(state_label(props.state))}><use href={shape(props.state)} /></svg> }
    }
}

/// The mark of a door's state in a long list, where a component for each would take its time.
pub fn mark(state: DoorState) -> Html {
    html! { <svg class="mark" role="img" aria-label={t(state_label(state))}><use href={shape(state)} /></svg> }
}

/// The drawing that a mark uses, see [`Sprite`].
const fn shape(state: DoorState) -> &'static str {
    match state {
        DoorState::Todo => "#m-todo",
        DoorState::NotHome => "#m-not_home",
        DoorState::Talked => "#m-talked",
        DoorState::Refused => "#m-refused",
        DoorState::ComeBack => "#m-come_back",
        DoorState::Danger => "#m-danger",
    }
}

/// The shapes of all marks, drawn once in the page for others to use.
#[component]
pub fn Sprite() -> Html {
    html! {
        <svg class="sprite" width="0" height="0" aria-hidden="true">
            <symbol id="m-todo" viewBox="0 0 24 24">
                <circle cx="12" cy="12" r="9" fill="none" stroke="var(--todo)" stroke-width="2" />
            </symbol>
            <symbol id="m-not_home" viewBox="0 0 24 24">
                <circle cx="12" cy="12" r="9" fill="none" stroke="var(--away)" stroke-width="2" />
                <path d="M12 3a9 9 0 0 1 0 18z" fill="var(--away)" />
            </symbol>
            <symbol id="m-talked" viewBox="0 0 24 24">
                <circle cx="12" cy="12" r="10" fill="var(--talked)" />
                <path d="M7 12.5l3.5 3.5L17 9" fill="none" stroke="var(--surface)" stroke-width="2.4" />
            </symbol>
            <symbol id="m-refused" viewBox="0 0 24 24">
                <circle cx="12" cy="12" r="10" fill="var(--refused)" />
                <path d="M6.5 12h11" stroke="var(--surface)" stroke-width="3" />
            </symbol>
            <symbol id="m-come_back" viewBox="0 0 24 24">
                <circle cx="12" cy="12" r="9" fill="none" stroke="var(--back)" stroke-width="2" />
                <path d="M12 7v5l3.5 2" fill="none" stroke="var(--back)" stroke-width="2" />
            </symbol>
            <symbol id="m-danger" viewBox="0 0 24 24">
                <path d="M12 2.5l10.5 18.5H1.5z" fill="var(--danger)" stroke="var(--danger-ink)" stroke-linejoin="round" />
                <path d="M12 9v6m0 2v2" stroke="var(--danger-ink)" stroke-width="2" />
            </symbol>
        </svg>
    }
}
