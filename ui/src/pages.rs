//! The pages outside of the office.

mod act;
mod building;
mod card;
mod door;
pub(crate) mod handover;
mod hub;
mod join;
mod leave;
mod map;
mod me;
mod more;
mod shift;
mod talk;
mod turfs;
mod walk;

use crate::i18n::t;
use crate::layout::Page;
use crate::parts::{Empty, Go};
use crate::route::Route;
use crate::state::place::Place;
use crate::turf::LastTurf;
use yew::prelude::*;
use yew_router::Routable;

pub use door::History;
pub use join::Join;
#[cfg(feature = "office")]
pub(crate) use talk::{ask, steps};

/// The page that replaces one which this person's role may not open.
pub fn closed(place: &Place) -> Html {
    html! {
        <Page title={t(place.label)}>
            <Empty title={t("place-closed-title")} what_next={t(place.act.refusal())}>
                <Go to={Route::Home.to_path()} class="btn main">{ t("go-to-start") }</Go>
            </Empty>
        </Page>
    }
}

/// Draws the page of an address.
pub fn page(route: Route) -> Html {
    match route {
        Route::WalkLast => html! { <LastTurf title={t("place-walk")} /> },
        Route::Walk { turf } => html! { <walk::Walk {turf} /> },
        Route::Door { door } => html! { <door::Door {door} /> },
        Route::Talk { door, voter } => html! { <talk::Talk {door} {voter} /> },
        Route::Building { building } => html! { <building::Building {building} /> },
        Route::MapLast => html! { <LastTurf title={t("place-map")} is_map=true /> },
        Route::Map { turf } => html! { <map::Map {turf} /> },
        Route::Turf => html! { <turfs::Turfs /> },
        Route::Me => html! { <me::Me /> },
        Route::Hub => html! { <hub::Hub /> },
        Route::Shift => html! { <shift::Shift /> },
        Route::More => html! { <more::More /> },
        Route::Join => html! { <Join /> },
        Route::Home | Route::OfficeFirst | Route::Office | Route::NotFound => html! {
            <Page title={t("not-found-title")}>
                <Empty title={t("not-found-title")} what_next={t("not-found-body")}>
                    <Go to={Route::Home.to_path()} class="btn main">{ t("go-to-start") }</Go>
                </Empty>
            </Page>
        },
    }
}
