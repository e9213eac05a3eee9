//! The navigation: a bar at the bottom on a phone, a rail at the left on a desktop.

use super::frame::use_session;
use crate::hooks::use_call;
use crate::i18n::{t, t_args};
use crate::parts::{Go, icon, of_role};
use crate::state::place::{Count, Group, Place, Section, Shape};
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

/// The rail on a desktop. The office's has headings, the campaign at its head and the person at its foot.
#[component]
pub(super) fn Rail(props: &NavProps) -> Html {
    let session = use_session();
    let here = Place::of_path(&props.path);
    let sections = Place::sections(props.role);
    if sections.is_empty() {
        let in_sight = Place::in_sight(props.role, Shape::Desk);
        return html! { <nav class="rail" aria-label={t("places")}>{ for in_sight.iter().map(|place| item(place, here)) }</nav> };
    }
    let name = session.identity.as_ref().map(|identity| identity.name.clone()).unwrap_or_default();
    html! {
        <nav class="rail is-office" aria-label={t("places")}>
            <p class="rail-campaign"><img src="/icons/porchlight.svg" alt="" width="34" height="34" /><b><bdi>{ &session.campaign_name }</bdi></b></p>
            { for sections.iter().map(|(section, places)| section_of(*section, places, here)) }
            <span class="rail-gap" />
            { for Place::behind(props.role, Shape::Desk).iter().map(|place| item(place, here)) }
            <p class="rail-who"><span class="face" aria-hidden="true">{ initials(&name) }</span>
                <span><b><bdi>{ &name }</bdi></b><small>{ of_role(props.role) }</small></span></p>
        </nav>
    }
}

fn section_of(section: Section, places: &[&'static Place], here: Option<&Place>) -> Html {
    let items = places.iter().map(|place| item(place, here));
    match section.heading() {
        None => html! { <div class="rail-part">{ for items }</div> },
        Some(id) => html! {
            <div class="rail-part" role="group" aria-label={t(id)}><p class="rail-head" aria-hidden="true">{ t(id) }</p>{ for items }</div>
        },
    }
}

/// The first letters of the first and the last word of a name.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
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
