//! The office's pages: one for each place of captains and coordinators.

use crate::i18n::t;
use crate::layout::Page;
use crate::route::OfficeRoute;
use yew::prelude::*;

/// Draws the page of an office address.
pub fn page(route: OfficeRoute) -> Html {
    let title = match route {
        OfficeRoute::Today => "place-today",
        OfficeRoute::Turf | OfficeRoute::TurfOne { .. } => "place-turf",
        OfficeRoute::Voters | OfficeRoute::Voter { .. } => "place-voters",
        OfficeRoute::Script => "place-script",
        OfficeRoute::Settle => "place-settle",
        OfficeRoute::Team => "place-team",
        OfficeRoute::Data => "place-data",
        OfficeRoute::NotFound => "not-found-title",
    };
    html! { <Page title={t(title)} /> }
}
