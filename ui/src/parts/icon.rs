//! Small drawings beside words; `ui/index.html` has their shapes.

use yew::prelude::*;

/// An icon by its name in Lucide, e.g. `undo-2`; silent, because a word stands beside it or the control has a name.
pub fn icon(name: &'static str) -> Html {
    html! { <svg class="ic" aria-hidden="true"><use href={format!("#i-{name}")} /></svg> }
}
