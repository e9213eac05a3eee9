//! The dock at the bottom of a field page: the last act with its undo, and the next acts. It never floats over content, and
//! rests for a moment whenever it shows something else, so that a second tap does nothing.

use super::strip::UndoStrip;
use crate::guard::use_part;
use crate::i18n::t;
use crate::parts::Go;
use porchlight_model::id::TurfId;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};
use yew::prelude::*;

/// The dock's name as a part that rests, see [`crate::guard`].
pub const DOCK: &str = "dock";

/// Whether the dock around a component ignores taps at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct IsResting(bool);

/// The props of [`Dock`].
#[derive(Properties, PartialEq)]
pub struct DockProps {
    /// Its accessible name, such as "Next door".
    pub label: AttrValue,
    /// What it shows, as an id: when that changes, its acts rest.
    pub shows: AttrValue,
    /// The turf whose last acts the strip above shows; without one there is no strip.
    #[prop_or_default]
    pub turf: Option<TurfId>,
    /// Additional classes of the card, e.g. `tap` for a door that was tapped on the map.
    #[prop_or_default]
    pub class: Classes,
    /// What is below the card, a [`Rest`].
    #[prop_or_default]
    pub under: Option<Html>,
    /// The card: a title, a line, `<div class="acts">` with [`DockAct`] and [`DockLink`].
    pub children: Children,
}

/// The dock.
#[component]
pub fn Dock(props: &DockProps) -> Html {
    let is_resting = use_part(DOCK, &props.shows);
    let card = use_focus_of(&props.shows);
    html! {
        <ContextProvider<IsResting> context={IsResting(is_resting)}>
            <section class="dock" aria-label={props.label.clone()} id="dock">
                if let Some(turf) = props.turf { <UndoStrip {turf} /> }
                <div ref={card} class={classes!("next", props.class.clone())} id="next" data-guard={DOCK} data-shows={props.shows.clone()}
                    key={props.shows.to_string()}>
                    { for props.children.iter() }
                </div>
                { props.under.clone().unwrap_or_default() }
            </section>
        </ContextProvider<IsResting>>
    }
}

/// When an act has changed the card and removed the focused element, moves the focus to the new card's title, or to the question that is
/// asked now.
#[hook]
fn use_focus_of(shows: &AttrValue) -> NodeRef {
    let card = use_node_ref();
    let is_first = use_mut_ref(|| true);
    let here = card.clone();
    use_effect_with(shows.clone(), move |_| {
        let page = web_sys::window().and_then(|window| window.document());
        let is_lost =
            page.as_ref().is_some_and(|page| page.active_element().is_none_or(|element| element.tag_name() == "BODY"));
        let title = here.cast::<Element>().and_then(|card| card.query_selector(".top[href]").ok().flatten());
        let title = title.or_else(|| page.as_ref().and_then(|page| page.get_element_by_id("question")));
        if let (false, true, Some(title)) =
            (is_first.replace(false), is_lost, title.and_then(|it| it.dyn_into::<HtmlElement>().ok()))
        {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = title.focus_with_options(&options);
        }
    });
    card
}

/// The props of [`DockAct`].
#[derive(Properties, PartialEq)]
pub struct DockActProps {
    /// Its id in the page.
    #[prop_or_default]
    pub id: Option<AttrValue>,
    /// `main` for the one amber act, `ink` for the strong one, none for others.
    #[prop_or_default]
    pub class: Classes,
    /// Whether it waits for something.
    #[prop_or_default]
    pub is_busy: bool,
    /// What it does.
    pub onclick: Callback<MouseEvent>,
    /// Its label.
    pub children: Children,
}

/// An act in a dock.
#[component]
pub fn DockAct(props: &DockActProps) -> Html {
    let is_deaf = use_is_resting() || props.is_busy;
    let onclick = {
        let (onclick, is_busy) = (props.onclick.clone(), props.is_busy);
        Callback::from(move |event: MouseEvent| {
            if !is_busy {
                onclick.emit(event);
            }
        })
    };
    // Not `disabled`, because a tap on it must restart the rest, and must not fall through.
    html! {
        <button type="button" id={props.id.clone()} class={classes!("btn", props.class.clone())}
            aria-disabled={is_deaf.then_some("true")} {onclick}>{ for props.children.iter() }</button>
    }
}

/// The props of [`DockLink`].
#[derive(Properties, PartialEq)]
pub struct DockLinkProps {
    /// The path.
    pub to: AttrValue,
    /// As in [`DockActProps`].
    #[prop_or_default]
    pub class: Classes,
    /// An accessible name, if the children are not text.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// Its label.
    pub children: Children,
}

/// An act in a dock that leads to another page.
#[component]
pub fn DockLink(props: &DockLinkProps) -> Html {
    let is_deaf = use_is_resting();
    html! {
        <Go to={props.to.clone()} class={classes!("btn", props.class.clone())} label={props.label.clone()} is_disabled={is_deaf}>
            { for props.children.iter() }
        </Go>
    }
}

/// The props of [`Rest`].
#[derive(Properties, PartialEq)]
pub struct RestProps {
    /// The sentence.
    pub text: AttrValue,
}

/// The lowest strip of a page without tabs: a sentence, never an act.
#[component]
pub fn Rest(props: &RestProps) -> Html {
    html! { <p class="rest">{ props.text.clone() }</p> }
}

#[hook]
fn use_is_resting() -> bool {
    use_context::<IsResting>().is_some_and(|is| is.0)
}

/// The name of a dock with the next door.
pub fn next_door() -> AttrValue {
    t("dock-next-door")
}
