//! The places of an office role that do not fit in a phone's bar.

use crate::i18n::t;
use crate::layout::{Page, use_identity};
use crate::parts::Go;
use crate::state::place::{Place, Shape};
use porchlight_model::member::Role;
use yew::prelude::*;

/// The places behind "More".
#[component]
pub(super) fn More() -> Html {
    let role = use_identity().map_or(Role::Canvasser, |identity| identity.role);
    html! {
        <Page title={t("place-more")}>
            <ul class="list">
                { for Place::behind(role, Shape::Phone).iter().map(|place| html! {
                    <li><Go to={place.path()} class="li">
                        <span class="grow"><span class="li-title">{ t(place.label()) }</span>
                            <span class="who">{ t(place.hint()) }</span></span>
                        <span class="chevron" aria-hidden="true">{ "›" }</span>
                    </Go></li>
                }) }
            </ul>
        </Page>
    }
}
