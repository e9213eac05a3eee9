//! One page: a heading that takes the focus when the address changes, the sync state, and the content.

use super::SyncChip;
use super::banners::{banners, use_banners};
use super::frame::{use_may, use_shape};
use super::notices::NoticeBars;
use crate::guard::use_part;
use crate::i18n::t;
use crate::parts::{Go, icon};
use crate::state::notices::use_notices;
use crate::state::place::{Place, Shape, Window};
use porchlight_model::grant::Act;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use web_sys::{FocusOptions, HtmlElement};
use yew::prelude::*;
use yew_router::prelude::use_location;

thread_local! {
    /// The scroll position at which each page was left.
    static SCROLLED: RefCell<BTreeMap<String, i32>> = const { RefCell::new(BTreeMap::new()) };
    /// Whether a page was shown before: the first page leaves the focus where the browser put it.
    static WAS_SHOWN: Cell<bool> = const { Cell::new(false) };
    /// See [`use_pushes`].
    static N_PUSHES: Cell<u32> = const { Cell::new(0) };
}

/// The props of [`Page`].
#[derive(Properties, PartialEq)]
pub struct PageProps {
    /// The heading, which is also the window's title, except on pages about one place or person.
    pub title: AttrValue,
    /// The target of the back arrow, if there is one.
    #[prop_or_default]
    pub back: Option<AttrValue>,
    /// What is between heading and sync state.
    #[prop_or_default]
    pub tools: Html,
    /// The side panel, which is below the content if there is no room beside it.
    #[prop_or_default]
    pub side: Option<Html>,
    /// A line under the heading.
    #[prop_or_default]
    pub under: Option<AttrValue>,
    /// The dock of a field page, a [`super::Dock`], which shows the last act itself.
    #[prop_or_default]
    pub dock: Option<Html>,
    /// What is told above the content, such as a warning, once that is known: when it changes while the page is open, and with it the place of
    /// everything below, the page accepts no tap for a moment.
    #[prop_or_default]
    pub above: Option<AttrValue>,
    /// What stays at the bottom of the page.
    #[prop_or_default]
    pub foot: Option<Html>,
    /// Classes of the content.
    #[prop_or_default]
    pub class: Classes,
    /// The content.
    #[prop_or_default]
    pub children: Children,
}

/// One page.
#[component]
pub fn Page(props: &PageProps) -> Html {
    let heading = use_node_ref();
    let main = use_node_ref();
    let path = use_location().map(|location| location.path().to_owned()).unwrap_or_default();
    let title = match Place::window(&path) {
        Window::Heading => props.title.clone(),
        Window::Named(name) => t(name),
    };
    use_effect_with(title, |title| title_page(title));
    {
        let (heading, main) = (heading.clone(), main.clone());
        use_effect_with(path.clone(), move |path| {
            let scrolled = SCROLLED.with(|scrolled| scrolled.borrow().get(path).copied().unwrap_or(0));
            if let Some(main) = main.cast::<HtmlElement>() {
                main.set_scroll_top(scrolled);
            }
            if WAS_SHOWN.with(|was| was.replace(true))
                && let Some(heading) = heading.cast::<HtmlElement>()
            {
                let options = FocusOptions::new();
                options.set_prevent_scroll(true);
                let _ = heading.focus_with_options(&options);
            }
        });
    }
    let onscroll = {
        let (main, path) = (main.clone(), path.clone());
        Callback::from(move |_: Event| {
            let top = main.cast::<HtmlElement>().map_or(0, |main| main.scroll_top());
            SCROLLED.with(|scrolled| scrolled.borrow_mut().insert(path.clone(), top));
        })
    };
    let notices = use_notices();
    let shown = use_banners(&path);
    // Both hooks on every call: the order of hooks must stay the same when the shape of the window changes.
    let (shape, may_oversee) = (use_shape(), use_may(Act::Oversee));
    let is_office = shape == Shape::Desk && may_oversee;
    // Notices stand below the page, and nothing on it moves; what they offer accepts no tap that was meant for what was there before. On a page
    // with a dock, a failure is told under the heading and pushes the page down: nothing on it accepts such a tap either.
    let is_low = props.dock.is_none();
    let has_failed = notices.failed.is_some();
    let n_pushes = use_pushes(&path, props.above.as_ref());
    let _ = use_part("page", &format!("{shown:?} {} {n_pushes}", !is_low && has_failed));
    let number = notices.done.as_ref().map(|done| done.number);
    let _ = use_part("told", &format!("{number:?} {has_failed}"));
    html! {
        <>
            { banners(shown) }
            <header class="head">
                if let Some(back) = &props.back {
                    <Go to={back.clone()} class="back" label={t("back")}>{ icon("chevron-left") }</Go>
                }
                <h1 ref={heading} tabindex="-1"><bdi>{ props.title.clone() }</bdi>
                    if let Some(under) = &props.under { <small><bdi>{ under }</bdi></small> }</h1>
                { props.tools.clone() }
                if is_office { { finder_button() } }
                <SyncChip />
            </header>
            if !is_low { <NoticeBars is_spoken=true /> }
            <div data-guard="page" class={classes!("body", props.side.is_some().then_some("has-side"))}>
                <main ref={main} id="main" class={props.class.clone()} tabindex="0" {onscroll}>
                    { for props.children.iter() }
                </main>
                if let Some(side) = &props.side {
                    <aside class="side" tabindex="-1" aria-label={t("side-panel")}>{ side.clone() }</aside>
                }
            </div>
            if is_low { <div class="told" data-guard="told"><NoticeBars /></div> }
            { props.dock.clone().unwrap_or_default() }
            if let Some(foot) = &props.foot { <div class="foot" role="region" aria-label={t("page-foot")}>{ foot.clone() }</div> }
        </>
    }
}

/// How often what is told above the content of an open page has changed, on any page.
#[hook]
fn use_pushes(path: &str, above: Option<&AttrValue>) -> u32 {
    let before = use_mut_ref(|| None::<(String, AttrValue)>);
    if let Some(above) = above {
        let was = before.replace(Some((path.to_owned(), above.clone())));
        if was.is_some_and(|(at, was)| at == path && was != *above) {
            N_PUSHES.set(N_PUSHES.get() + 1);
        }
    }
    N_PUSHES.get()
}

fn finder_button() -> Html {
    #[cfg(feature = "office")]
    let button = html! { <crate::office::FinderButton /> };
    #[cfg(not(feature = "office"))]
    let button = Html::default();
    button
}

/// Sets the window's title from a page's title.
pub fn title_page(title: &str) {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        let app = t("app-name");
        document.set_title(&if title.is_empty() { app.to_string() } else { format!("{title} · {app}") });
    }
}
