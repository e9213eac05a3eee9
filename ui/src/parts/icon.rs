//! Icons beside text; `ui/index.html` has their shapes.

use yew::prelude::*;

/// An icon by its Lucide name, e.g. `undo-2`. It is hidden from screen readers, because there is text beside it or the control has a name.
pub fn icon(name: &'static str) -> Html {
    html! { <svg class="ic" aria-hidden="true"><use href={format!("#i-{name}")} /></svg> }
}
