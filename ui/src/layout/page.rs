//! One page: a heading that takes the focus when the address changes, the sync state, and what the page shows.

use super::SyncChip;
use super::banners::{banners, use_banners};
use super::notices::NoticeBars;
use crate::guard::use_part;
use crate::i18n::t;
use crate::parts::{Go, icon};
use crate::state::notices::use_notices;
use crate::state::place::{Place, Window};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use web_sys::{FocusOptions, HtmlElement};
use yew::prelude::*;
use yew_router::prelude::use_location;

thread_local! {
    /// How far each page was scrolled when it was left.
    static SCROLLED: RefCell<BTreeMap<String, i32>> = const { RefCell::new(BTreeMap::new()) };
    /// Whether a page was shown before: the very first one leaves the focus where the browser put it.
    static WAS_SHOWN: Cell<bool> = const { Cell::new(false) };
}

/// What [`Page`] takes.
#[derive(Properties, PartialEq)]
pub struct PageProps {
    /// The heading; the window's title as well, but for pages about one place or person.
    pub title: AttrValue,
    /// Where the arrow at the left leads, if anywhere.
    #[prop_or_default]
    pub back: Option<AttrValue>,
    /// What stands between heading and sync state.
    #[prop_or_default]
    pub tools: Html,
    /// The side panel; under the rest where there is no room beside it.
    #[prop_or_default]
    pub side: Option<Html>,
    /// A line under the heading.
    #[prop_or_default]
    pub under: Option<AttrValue>,
    /// The dock of a field page, a [`super::Dock`]; it shows by itself what was done last.
    #[prop_or_default]
    pub dock: Option<Html>,
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
    // What is told pushes the page down: nothing on it takes a tap that was meant for what stood there.
    let notices = use_notices();
    let is_shown = props.dock.is_none() && notices.done.is_some();
    let shown = use_banners(&path);
    let _ = use_part("page", &format!("{is_shown} {} {shown:?}", notices.failed.is_some()));
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
                <SyncChip />
            </header>
            <NoticeBars is_spoken={props.dock.is_some()} />
            <div data-guard="page" class={classes!("body", props.side.is_some().then_some("has-side"))}>
                <main ref={main} id="main" class={props.class.clone()} tabindex="0" {onscroll}>
                    { for props.children.iter() }
                </main>
                if let Some(side) = &props.side {
                    <aside class="side" aria-label={t("side-panel")}>{ side.clone() }</aside>
                }
            </div>
            { props.dock.clone().unwrap_or_default() }
            if let Some(foot) = &props.foot { <div class="foot" role="region" aria-label={t("page-foot")}>{ foot.clone() }</div> }
        </>
    }
}

/// Puts a page's title into the window's title.
pub fn title_page(title: &str) {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        let app = t("app-name");
        document.set_title(&if title.is_empty() { app.to_string() } else { format!("{title} · {app}") });
    }
}
