//! The marks of doors: the same shapes in lists, in buildings and on maps.

use crate::i18n::t;
use porchlight_model::visit::{self, DoorState, ResultCode};
use yew::prelude::*;

/// The message id for a state.
#[must_use]
pub const fn state_label(state: DoorState) -> &'static str {
    match state {
        DoorState::Todo => "state-todo",
        DoorState::Part => "mark-part",
        DoorState::NotHome => "state-not-home",
        DoorState::Flyer => "mark-flyer",
        DoorState::Moved => "mark-moved",
        DoorState::Shut => "mark-shut",
        DoorState::Language => "mark-language",
        DoorState::ComeBack => "state-come-back",
        DoorState::Talked => "state-talked",
        DoorState::Refused => "state-refused",
        DoorState::Danger => "state-danger",
    }
}

/// The message id for a result.
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
        ResultCode::Unknown(_) => "result-newer",
    }
}

/// The message id for a mark.
#[must_use]
pub const fn mark_label(mark: visit::Mark) -> &'static str {
    state_label(mark)
}

/// A mark with its label.
pub fn sign(mark: visit::Mark) -> Html {
    html! { <svg class="mark" aria-hidden="true" data-mark={mark.as_str()}><use href={format!("#m-{}", mark.as_str())} /></svg> }
}

/// The mark of an unfinished talk, three dots, with its label.
pub fn paused() -> Html {
    html! { <svg class="mark" aria-hidden="true"><use href="#m-paused" /></svg> }
}

/// The props of [`Mark`].
#[derive(Properties, PartialEq)]
pub struct MarkProps {
    /// The state it shows.
    pub state: DoorState,
    /// Whether it is half as large.
    #[prop_or_default]
    pub is_small: bool,
    /// Whether a label beside it says the same already.
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

/// The mark of a door's state for a long list, where a component each would be slow.
pub fn mark(state: DoorState) -> Html {
    html! { <svg class="mark" role="img" aria-label={t(state_label(state))}><use href={shape(state)} /></svg> }
}

/// The id of a mark's shape in `ui/index.html`.
const fn shape(state: DoorState) -> &'static str {
    match state {
        DoorState::Todo => "#m-todo",
        DoorState::Part => "#m-part",
        DoorState::NotHome => "#m-not_home",
        DoorState::Flyer => "#m-flyer",
        DoorState::Shut => "#m-shut",
        DoorState::Language => "#m-lang",
        DoorState::Talked => "#m-talked",
        DoorState::Refused => "#m-refused",
        DoorState::ComeBack => "#m-come_back",
        DoorState::Moved => "#m-moved",
        DoorState::Danger => "#m-danger",
    }
}
