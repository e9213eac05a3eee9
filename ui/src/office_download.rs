//! The office is a second download: a phone that never opens it never loads it. Its modules hold the field's pages as well, and are used
//! instead of them from then on; the service worker keeps both, and updates both.
//!
//! ```text
//! an office address opened --> the service worker fetches and checks the files --> kept: the page reloads, with the office's modules
//!                                 \--> no connection, no room, another version is served: said, with another try
//! ```

use crate::backend;
use crate::i18n::{t, t_args};
use crate::layout::Page;
use crate::parts::{Go, Progress, reload};
use crate::route::Route;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;
use yew_router::Routable;

/// What `boot.js` leaves for bringing the office's files.
const BRING: &str = "porchlightOffice";
/// Where `boot.js` says, for this tab, that the office's files were there and did not start.
const DID_NOT_START: &str = "porchlight.office-failed";

/// How far it has come.
#[derive(Debug, Clone, PartialEq)]
enum Step {
    /// Bytes that are here, and bytes in all; 0 when not known.
    Loading(f64, f64),
    /// The id of the reason.
    Failed(&'static str),
}

/// Downloads the office's modules, then reloads the page with them.
#[component]
pub fn OfficeDownload() -> Html {
    let step = use_state(|| if did_start() { Step::Loading(0.0, 0.0) } else { Step::Failed("office-download-broken") });
    let bring = {
        let step = step.clone();
        move || {
            step.set(Step::Loading(0.0, 0.0));
            let step = step.setter();
            spawn_local(async move {
                match bring(step.clone()).await {
                    Ok(()) => backend::when_calm(reload),
                    Err(reason) => step.set(Step::Failed(reason)),
                }
            });
        }
    };
    use_effect_with((), {
        let bring = bring.clone();
        move |()| {
            if did_start() {
                bring();
            }
        }
    });
    let again = Callback::from(move |_: MouseEvent| bring());
    html! {
        <Page title={t("office-download-title")} class="column">
            <section class="card">
                <p>{ t("office-download-body") }</p>
                { match *step {
                    Step::Loading(done, total) => {
                        let percent = if total > 0.0 { (done / total * 100.0).floor() } else { 0.0 };
                        html! {
                            <>
                                <Progress {done} {total} label={t("office-download-title")} />
                                <p class="muted">{ t_args("office-download-percent", &[("percent", percent.into())]) }</p>
                            </>
                        }
                    }
                    Step::Failed(reason) => html! { <p role="alert"><strong>{ t(reason) }</strong></p> },
                } }
                <div class="row">
                    if matches!(*step, Step::Failed(_)) {
                        <button type="button" class="btn main" onclick={again}>{ t("try-again") }</button>
                    }
                    <Go to={Route::WalkLast.to_path()} class="btn">{ t("office-download-walk") }</Go>
                </div>
            </section>
        </Page>
    }
}

/// Has the files brought and kept, telling how far that has come.
async fn bring(step: UseStateSetter<Step>) -> Result<(), &'static str> {
    const BROKEN: &str = "office-download-broken";
    let told = Closure::<dyn FnMut(f64, f64)>::new(move |done, total| step.set(Step::Loading(done, total)));
    let bring: Function =
        Reflect::get(&js_sys::global(), &BRING.into()).ok().and_then(|bring| bring.dyn_into().ok()).ok_or(BROKEN)?;
    let asked = bring.call1(&JsValue::UNDEFINED, told.as_ref()).ok().and_then(|asked| asked.dyn_into::<Promise>().ok());
    match JsFuture::from(asked.ok_or(BROKEN)?).await {
        Ok(_) => Ok(()),
        Err(why) => Err(match why.as_string().as_deref() {
            Some("offline") => "office-download-offline",
            Some("room") => "office-download-room",
            Some("changed") => "office-download-changed",
            _ => BROKEN,
        }),
    }
}

fn did_start() -> bool {
    let storage = web_sys::window().and_then(|window| window.session_storage().ok().flatten());
    storage.and_then(|storage| storage.get_item(DID_NOT_START).ok().flatten()).is_none()
}
