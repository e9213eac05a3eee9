//! A link to another page of the app.

use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;
use yew_router::AnyRoute;
use yew_router::prelude::*;

/// The props of [`Go`].
#[derive(Properties, PartialEq)]
pub struct GoProps {
    /// The path, e.g. `Route::Me.to_path()`.
    pub to: AttrValue,
    /// Classes.
    #[prop_or_default]
    pub class: Classes,
    /// An accessible name, if the children are not text.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// Whether it leads to the current page.
    #[prop_or_default]
    pub is_here: bool,
    /// Whether it ignores taps at present; [`crate::guard`] drops them.
    #[prop_or_default]
    pub is_disabled: bool,
    /// What is shown.
    pub children: Children,
}

/// A real link, which can be opened in a tab, copied and read out as one, and changes the page without a reload.
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

/// A single click handler for a long list of plain links; it changes the page as [`Go`] does.
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
