//! The turf on this device.

use crate::hooks::use_call;
use crate::i18n::{t, t_args};
use crate::layout::Page;
use crate::parts::{Go, Progress, draw, use_has_no_room};
use crate::route::Route;
use crate::turf::NoTurf;
use porchlight_model::calls::walk::{MyTurf, TurfCard};
use yew::prelude::*;
use yew_router::Routable;

/// The list of turf.
#[component]
pub(super) fn Turfs() -> Html {
    let turfs = use_call(MyTurf {});
    let late = if use_has_no_room() { "no-turf-no-room" } else { "turf-not-ready" };
    html! {
        <Page title={t("place-turf")} class="column">
            { draw(&turfs, |turfs| if turfs.is_empty() { html! { <NoTurf /> } } else { html! {
                <ul class="turfs">{ for turfs.iter().map(|turf| card(turf, late)) }</ul>
            } }) }
        </Page>
    }
}

/// One turf; `late` is the id of what is said of one that is not here.
fn card(turf: &TurfCard, late: &str) -> Html {
    let numbers = t_args("turf-numbers", &[("n", turf.n_doors.into()), ("minutes", turf.minutes.into())]);
    let done = t_args("walk-done", &[("done", turf.n_done.into()), ("n", turf.n_doors.into())]);
    html! {
        <li class="card">
            <h2 class="addr"><bdi>{ &turf.name }</bdi></h2>
            <p class="who">{ numbers }</p>
            if let Some(name) = &turf.new_wave { <p>{ t_args("new-wave-title", &[("name", name.as_str().into())]) }</p> }
            if turf.is_ready {
                <div class="turf-progress"><Progress done={f64::from(turf.n_done)} total={f64::from(turf.n_doors.max(1))} label={done.clone()} /></div>
                <p class="who">{ done }</p>
                <div class="row">
                    <Go to={Route::Map { turf: turf.turf }.to_path()} class="btn grow"
                        label={t_args("turf-map-of", &[("name", turf.name.as_str().into())])}>{ t("place-map") }</Go>
                    <Go to={Route::Walk { turf: turf.turf }.to_path()} class="btn main grow"
                        label={t_args("turf-walk-of", &[("name", turf.name.as_str().into())])}>{ t("place-walk") }</Go>
                </div>
            } else {
                <p role="status">{ t(late) }</p>
            }
        </li>
    }
}
