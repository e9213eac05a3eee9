//! The navigation: a bar at the bottom on a phone, a rail at the left on a desktop.

use crate::hooks::use_call;
use crate::i18n::{t, t_args};
use crate::parts::{Go, icon};
use crate::state::place::{Count, Group, Place, Shape};
use porchlight_model::calls::settle::Conflicts;
use porchlight_model::member::Role;
use yew::prelude::*;

/// The props of [`Bar`] and [`Rail`].
#[derive(Properties, PartialEq)]
pub(super) struct NavProps {
    /// The person's role.
    pub(super) role: Role,
    /// The current address.
    pub(super) path: AttrValue,
}

/// The bar on a phone.
#[component]
pub(super) fn Bar(props: &NavProps) -> Html {
    let in_sight = Place::in_sight(props.role, Shape::Phone);
    // A place under "More" highlights "More".
    let more = in_sight.iter().copied().find(|place| place.group == Group::More);
    let here = Place::of_path(&props.path).map(|place| more.filter(|_| !in_sight.contains(&place)).unwrap_or(place));
    html! {
        <nav class="tabs" aria-label={t("places")}>
            { for in_sight.iter().map(|place| item(place, here)) }
        </nav>
    }
}

/// The rail on a desktop.
#[component]
pub(super) fn Rail(props: &NavProps) -> Html {
    let here = Place::of_path(&props.path);
    let behind = Place::behind(props.role, Shape::Desk);
    html! {
        <nav class="rail" aria-label={t("places")}>
            { for Place::in_sight(props.role, Shape::Desk).iter().map(|place| item(place, here)) }
            if !behind.is_empty() {
                <span class="rail-gap" />
                { for behind.iter().map(|place| item(place, here)) }
            }
        </nav>
    }
}

fn item(place: &Place, here: Option<&Place>) -> Html {
    let is_here = here == Some(place);
    html! {
        <Go to={place.path} class={classes!("place", is_here.then_some("on"))} {is_here}>
            { icon(place.icon) }
            <span>{ t(place.label) }</span>
            if place.count == Some(Count::Conflicts) { <Waiting /> }
        </Go>
    }
}

/// The number of unsettled conflicts.
#[component]
fn Waiting() -> Html {
    let conflicts = use_call(Conflicts {});
    match conflicts.value().map(|conflicts| conflicts.len()) {
        None | Some(0) => Html::default(),
        Some(n) => html! {
            <span class="chip count"><span aria-hidden="true">{ n }</span>
                <span class="unseen">{ t_args("n-waiting", &[("n", n.into())]) }</span></span>
        },
    }
}
