//! Lists of names and other user text, each isolated so that right-to-left text does not reorder the others.

use crate::i18n::t;
use yew::prelude::*;

/// A wave's name; the first has none of its own.
pub fn wave_name(name: &str) -> AttrValue {
    if name.is_empty() { t("wave-first") } else { AttrValue::from(name.to_owned()) }
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
