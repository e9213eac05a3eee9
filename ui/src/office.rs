//! The office's pages: one for each place of captains and coordinators.

mod archive;
mod exports;
mod files;
mod finder;
mod grace;
mod hub;
mod incoming;
mod keys;
mod link;
mod links;
mod script;
mod settle;
mod team;
mod today;
mod turf;
mod uncounted;
mod voters;
mod wave_choice;

pub use finder::{Finder, FinderButton};

use crate::i18n::t;
use crate::layout::Page;
use crate::parts::{Empty, Go};
use crate::route::OfficeRoute;
use yew::prelude::*;
use yew_router::Routable;

/// Draws the page of an office address.
pub fn page(route: OfficeRoute) -> Html {
    match route {
        OfficeRoute::Today => html! { <today::Today /> },
        OfficeRoute::Turf => html! { <turf::Turf turf={None} /> },
        OfficeRoute::TurfOne { turf } => html! { <turf::Turf {turf} /> },
        OfficeRoute::Voters => html! { <voters::Voters voter={None} /> },
        OfficeRoute::Voter { voter } => html! { <voters::Voters {voter} /> },
        OfficeRoute::Script => html! { <script::Script /> },
        OfficeRoute::Settle => html! { <settle::Settle /> },
        OfficeRoute::Team => html! { <team::Team /> },
        OfficeRoute::Data => html! { <files::Files /> },
        OfficeRoute::NotFound => html! {
            <Page title={t("not-found-title")}>
                <Empty title={t("not-found-title")} what_next={t("office-not-found")}>
                    <Go to={OfficeRoute::Today.to_path()} class="btn">{ t("place-today") }</Go>
                </Empty>
            </Page>
        },
    }
}
