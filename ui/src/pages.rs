//! The pages of everyone who is not in the office.

mod join;
mod more;

use crate::i18n::t;
use crate::layout::Page;
use crate::parts::{Empty, Go};
use crate::route::Route;
use yew::prelude::*;
use yew_router::Routable;

pub use join::Join;

/// Draws the page of an address.
#[must_use]
pub fn page(route: Route) -> Html {
    match route {
        Route::More => html! { <more::More /> },
        _ => html! {
            <Page title={t("not-found-title")}>
                <Empty title={t("not-found-title")} what_next={t("not-found-body")}>
                    <Go to={Route::Home.to_path()} class="btn main">{ t("go-to-start") }</Go>
                </Empty>
            </Page>
        },
    }
}
