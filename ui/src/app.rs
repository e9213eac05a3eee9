//! The root component: waits for the shell, loads the session, and shows the page of the current address.

use crate::backend::{self, Shell};
use crate::guard::Drawn;
use crate::hooks::{forget, use_call};
use crate::i18n::{t, t_message};
use crate::layout::Frame;
use crate::load::Loadable;
#[cfg(feature = "office")]
use crate::office;
use crate::pages;
use crate::parts::draw;
use crate::route::{OfficeRoute, Route};
#[cfg(feature = "office")]
use crate::state::importing::KeepsImporting;
use crate::state::notices::{Notice, Notices, NoticesHandle, use_notices};
use crate::state::place::Place;
use porchlight_model::calls::join::{Session, SessionView};
use porchlight_model::calls::{Event, Topic};
use porchlight_model::member::Role;
use std::rc::Rc;
use yew::prelude::*;
use yew_router::AnyRoute;
use yew_router::prelude::*;

/// The root component.
#[component]
pub fn App() -> Html {
    let notices = use_reducer(Notices::default);
    html! {
        <BrowserRouter>
            <ContextProvider<NoticesHandle> context={notices}>
                <Gate />
                <Drawn />
            </ContextProvider<NoticesHandle>>
        </BrowserRouter>
    }
}

/// Shows nothing else before the engine is ready.
#[component]
fn Gate() -> Html {
    let shell = use_state(backend::shell);
    let seen = shell.setter();
    // Not an effect: effects run after the first painted frame, and the engine may be ready before it.
    use_memo((), move |()| backend::watch(Callback::from(move |shell| seen.set(shell))));
    match &*shell {
        Shell::Starting => splash(),
        Shell::Ready => html! { <Inside /> },
        Shell::Elsewhere => {
            html! { <Stop title="elsewhere-title" body={t("elsewhere-body")} button="elsewhere-use-here" /> }
        }
        Shell::Broken(error) => {
            html! { <Stop title="broken-title" body={t_message(&error.message)} button="broken-again" /> }
        }
    }
}

fn splash() -> Html {
    html! { <main class="splash"><p class="loading" role="status">{ t("starting") }</p></main> }
}

/// The props of [`Stop`].
#[derive(Properties, PartialEq)]
struct StopProps {
    title: &'static str,
    body: AttrValue,
    button: &'static str,
}

/// A page that replaces all others, with one action.
#[component]
fn Stop(props: &StopProps) -> Html {
    use_effect_with(props.title, |title| crate::layout::title_page(&t(title)));
    let onclick = Callback::from(|_: MouseEvent| backend::take_over());
    html! {
        <main class="stop">
            <h1>{ t(props.title) }</h1>
            <p>{ props.body.clone() }</p>
            <button type="button" class="btn main" {onclick}>{ t(props.button) }</button>
        </main>
    }
}

/// The part of the app that needs the engine.
#[component]
fn Inside() -> Html {
    let session = use_call(Session {});
    use_faults();
    match &session {
        Loadable::Loading => splash(),
        Loadable::Failed(_) => html! { <main class="stop">{ draw(&session, |_| Html::default()) }</main> },
        Loadable::Ready { value, .. } => {
            let pages = html! { <SessionPages session={value.clone()} /> };
            #[cfg(feature = "office")]
            let pages = html! { <KeepsImporting>{ pages }</KeepsImporting> };
            pages
        }
    }
}

/// The props of [`SessionPages`].
#[derive(Properties, PartialEq)]
struct SessionPagesProps {
    session: Rc<SessionView>,
}

/// The pages, once the session is known.
#[component]
fn SessionPages(props: &SessionPagesProps) -> Html {
    let is_nobody = props.session.identity.is_none();
    let role = props.session.identity.as_ref().map(|identity| identity.role);
    let home = role.and_then(Place::home).map_or_else(|| Route::Me.to_path(), |place| place.path.to_owned());
    let draw_page = move |route: Route| {
        if is_nobody {
            return html! { <pages::Join /> };
        }
        match route {
            Route::Home => html! { <GoTo path={home.clone()} /> },
            Route::OfficeFirst | Route::Office => {
                let render = move |route: OfficeRoute| open(role, &route.to_path(), || office_page(route));
                html! { <Switch<OfficeRoute> {render} /> }
            }
            other => open(role, &other.to_path(), || pages::page(other)),
        }
    };
    html! { <Frame session={props.session.clone()}><Switch<Route> render={draw_page} />{ finder() }</Frame> }
}

/// What finds anything from every page; a phone's download has none.
fn finder() -> Html {
    #[cfg(feature = "office")]
    let finder = html! { <office::Finder /> };
    #[cfg(not(feature = "office"))]
    let finder = Html::default();
    finder
}

/// The page at an address, or that it is closed to a person of this role.
fn open(role: Option<Role>, path: &str, page: impl FnOnce() -> Html) -> Html {
    role.and_then(|role| Place::closed(role, path)).map_or_else(page, pages::closed)
}

#[cfg(feature = "office")]
fn office_page(route: OfficeRoute) -> Html {
    office::page(route)
}

/// The field's download has no office: it brings the second one.
#[cfg(not(feature = "office"))]
fn office_page(_: OfficeRoute) -> Html {
    html! { <crate::office_download::OfficeDownload /> }
}

/// The props of [`GoTo`].
#[derive(Properties, PartialEq)]
pub struct GoToProps {
    /// The path.
    pub path: AttrValue,
}

/// Redirects to another page, without a new entry in the history.
#[component]
pub fn GoTo(props: &GoToProps) -> Html {
    let navigator = use_navigator();
    use_effect_with(props.path.clone(), move |path| {
        if let Some(navigator) = navigator {
            navigator.replace(&AnyRoute::new(path.to_string()));
        }
    });
    Html::default()
}

/// Shows each fault of the shell as a notice, and clears cached replies when the session belongs to someone else.
#[hook]
fn use_faults() {
    let notices = use_notices();
    use_effect_with((), move |()| {
        let listening = backend::listen(Callback::from(move |event| match event {
            Event::Fault { error } => notices.dispatch(Notice::Failed(error)),
            Event::Changed { topics } if topics.contains(&Topic::Session) => forget(),
            Event::Changed { .. } | Event::Progress { .. } | Event::TakenOver => {}
        }));
        move || drop(listening)
    });
}
