//! Names and other words of people side by side: each isolated, so that one written from right to left does not turn the others round.

use crate::i18n::t;
use yew::prelude::*;

/// A wave's name; the first has none of its own.
pub fn wave_name(name: &str) -> AttrValue {
    if name.is_empty() { t("wave-first") } else { AttrValue::from(name.to_owned()) }
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
