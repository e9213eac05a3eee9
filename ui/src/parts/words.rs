//! Names and other words of people side by side: each isolated, so that one written from right to left does not turn the others round.

use crate::i18n::t;
use porchlight_model::member::Role;
use yew::prelude::*;

/// What people of a role are called, as in "Ana, captain".
pub fn of_role(role: Role) -> AttrValue {
    t(role_names(role).0)
}

/// What one person of a role is called, as in "A captain".
pub fn one_of_role(role: Role) -> AttrValue {
    t(role_names(role).1)
}

const fn role_names(role: Role) -> (&'static str, &'static str) {
    match role {
        Role::Canvasser => ("role-canvasser", "links-for-canvasser"),
        Role::Captain => ("role-captain", "links-for-captain"),
        Role::Coordinator => ("role-coordinator", "links-for-coordinator"),
        Role::Unknown(_) => ("role-newer", "role-newer"),
    }
}

/// Several with commas between.
pub fn listed(words: &[String]) -> Html {
    joined(words.iter().map(String::as_str), ", ")
}

/// Those that are not empty, with dots between.
pub fn apart<'a>(words: impl IntoIterator<Item = &'a str>) -> Html {
    joined(words.into_iter().filter(|word| !word.is_empty()), " · ")
}

fn joined<'a>(words: impl Iterator<Item = &'a str>, between: &'static str) -> Html {
    html! { { for words.enumerate().map(|(place, word)| html! { <>if place > 0 { { between } }<bdi>{ word }</bdi></> }) } }
}
