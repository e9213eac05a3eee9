//! Lists of names and other user text, each isolated so that right-to-left text does not reorder the others.

use crate::i18n::t;
use porchlight_model::member::Role;
use yew::prelude::*;

/// A wave's name; the first has none of its own.
pub fn wave_name(name: &str) -> AttrValue {
    if name.is_empty() { t("wave-first") } else { AttrValue::from(name.to_owned()) }
}

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

/// Joins texts with commas.
pub fn listed(words: &[String]) -> Html {
    joined(words.iter().map(String::as_str), ", ")
}

/// Joins the non-empty texts with dots.
pub fn apart<'a>(words: impl IntoIterator<Item = &'a str>) -> Html {
    joined(words.into_iter().filter(|word| !word.is_empty()), " · ")
}

fn joined<'a>(words: impl Iterator<Item = &'a str>, between: &'static str) -> Html {
    html! { { for words.enumerate().map(|(place, word)| html! { <>if place > 0 { { between } }<bdi>{ word }</bdi></> }) } }
}
