//! The frame around all pages: a rail or a bar, depending on role and width, and the session for every page inside.

use super::nav::{Bar, Rail};
use crate::files::ReadyFile;
use crate::guard;
use crate::i18n::t;
use crate::state::place::Shape;
use porchlight_model::calls::join::SessionView;
use porchlight_model::grant::Act;
use porchlight_model::member::Identity;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlElement, MediaQueryListEvent};
use yew::prelude::*;
use yew_router::prelude::use_location;

/// From this width on there is room for a rail.
const DESK: &str = "(min-width: 860px)";

/// The props of [`Frame`].
#[derive(Properties, PartialEq)]
pub struct FrameProps {
    /// The session; without a member until an invite was used.
    pub session: Rc<SessionView>,
    /// The page.
    pub children: Children,
}

/// The window around a page.
#[component]
pub fn Frame(props: &FrameProps) -> Html {
    let shape = use_width();
    let path = use_location().map(|location| location.path().to_owned()).unwrap_or_default();
    use_turns(&path);
    let role = props.session.identity.as_ref().map(|identity| identity.role);
    // A talk has the whole screen, and its own bar for forward and back.
    let is_talk = path.starts_with("/talk/");
    let class = match (shape, role) {
        (Shape::Phone, _) => "app is-phone",
        (Shape::Desk, Some(_)) => "app is-desk",
        (Shape::Desk, None) => "app is-desk is-alone",
    };
    let skip = Callback::from(|event: MouseEvent| {
        // No jump by fragment, because on the join page the fragment is the invite.
        event.prevent_default();
        let main = web_sys::window().and_then(|w| w.document()).and_then(|page| page.get_element_by_id("main"));
        if let Some(main) = main.and_then(|main| main.dyn_into::<HtmlElement>().ok()) {
            let _ = main.focus();
        }
    });
    html! {
        <ContextProvider<Shape> context={shape}>
            <ContextProvider<Rc<SessionView>> context={props.session.clone()}>
                <div {class}>
                    <a class="skip" href="#main" onclick={skip}>{ t("skip-to-content") }</a>
                    // Container queries of the inner box depend on the size of the outer one and on its text size.
                    <div class="frame">
                        if let (Shape::Desk, Some(role)) = (shape, role) {
                            <Rail {role} path={path.clone()} />
                        }
                        <div class="content">
                            { for props.children.iter() }
                            <ReadyFile />
                        </div>
                        if let (Shape::Phone, Some(role), false) = (shape, role, is_talk) {
                            <Bar {role} {path} />
                        }
                    </div>
                </div>
            </ContextProvider<Rc<SessionView>>>
        </ContextProvider<Shape>>
    }
}

/// After a page change, what appears under the finger accepts no tap for a moment.
#[hook]
fn use_turns(path: &str) {
    let is_first = use_mut_ref(|| true);
    // During drawing, not in an effect, because a tap may come before the effect.
    use_memo(path.to_owned(), move |_| {
        if !is_first.replace(false) {
            guard::turned();
        }
    });
}

/// The session of this device.
///
/// # Panics
/// Outside of the frame, which provides it.
#[hook]
#[expect(clippy::expect_used, reason = "the frame always provides it")]
pub fn use_session() -> Rc<SessionView> {
    use_context::<Rc<SessionView>>().expect("the frame provides the session")
}

/// The member as whom this device is enrolled, if it is.
#[hook]
pub fn use_identity() -> Option<Identity> {
    use_session().identity.clone()
}

/// Whether this member's role permits an act.
#[hook]
pub fn use_may(act: Act) -> bool {
    use_session().identity.as_ref().is_some_and(|identity| identity.role.may(act))
}

/// The shape of the window.
#[hook]
pub fn use_shape() -> Shape {
    use_context::<Shape>().unwrap_or(Shape::Phone)
}

/// The shape for the current width of the window.
#[hook]
fn use_width() -> Shape {
    let wide = use_state(|| query().is_some_and(|query| query.matches()));
    let seen = wide.clone();
    use_effect_with((), move |()| {
        let query = query();
        let changed = Closure::<dyn FnMut(MediaQueryListEvent)>::new(move |event: MediaQueryListEvent| {
            seen.set(event.matches());
        });
        if let Some(query) = &query {
            query.set_onchange(Some(changed.as_ref().unchecked_ref()));
        }
        move || {
            if let Some(query) = query {
                query.set_onchange(None);
            }
            drop(changed);
        }
    });
    if *wide { Shape::Desk } else { Shape::Phone }
}

fn query() -> Option<web_sys::MediaQueryList> {
    web_sys::window()?.match_media(DESK).ok()?
}
