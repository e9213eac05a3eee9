//! A link to another page of the app.

use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;
use yew_router::AnyRoute;
use yew_router::prelude::*;

/// What [`Go`] takes.
#[derive(Properties, PartialEq)]
pub struct GoProps {
    /// The path, e.g. `Route::Me.to_path()`.
    pub to: AttrValue,
    /// Classes.
    #[prop_or_default]
    pub class: Classes,
    /// A name for those who cannot see the children.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// Whether it leads to the present page.
    #[prop_or_default]
    pub is_here: bool,
    /// Whether it takes no tap at present; what drops the taps is [`crate::guard`].
    #[prop_or_default]
    pub is_disabled: bool,
    /// What is shown.
    pub children: Children,
}

/// A real link, so that it can be opened, copied and read out as one, that changes the page without loading it anew.
#[component]
pub fn Go(props: &GoProps) -> Html {
    let navigator = use_navigator();
    let to = props.to.clone();
    let onclick = Callback::from(move |event: MouseEvent| go(navigator.as_ref(), &event, &to));
    let current = props.is_here.then_some("page");
    html! {
        <a href={props.to.clone()} class={props.class.clone()} aria-label={props.label.clone()} aria-current={current}
            aria-disabled={props.is_disabled.then_some("true")} {onclick}>
            { for props.children.iter() }
        </a>
    }
}

/// What a long list of plain links listens to, once for all of them: changes the page as [`Go`] does.
#[hook]
pub fn use_go_of_list() -> Callback<MouseEvent> {
    let navigator = use_navigator();
    Callback::from(move |event: MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = target.and_then(|target| target.closest("a[href]").ok().flatten());
        if let Some(to) = link.and_then(|link| link.get_attribute("href")) {
            go(navigator.as_ref(), &event, &to);
        }
    })
}

/// Changes the page, unless the click asks the browser for something else, such as another tab.
fn go(navigator: Option<&Navigator>, event: &MouseEvent, to: &str) {
    if event.meta_key() || event.ctrl_key() || event.shift_key() || event.button() != 0 {
        return;
    }
    if let Some(navigator) = navigator {
        event.prevent_default();
        navigator.push(&AnyRoute::new(to.to_owned()));
    }
}
