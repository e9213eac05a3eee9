//! All text that a person reads: Fluent messages by id, and numbers in the language's format.

use crate::state::bidi::is_rtl;
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use porchlight_model::message::Message;
use std::borrow::Cow;
use unic_langid::LanguageIdentifier;
use yew::AttrValue;

pub use fluent_bundle::FluentValue as Arg;

/// The English messages of the field's download, one file for each area.
const FIELD: [&str; 5] = [
    include_str!("../../assets/locales/en/app.ftl"),
    include_str!("../../assets/locales/en/engine.ftl"),
    include_str!("../../assets/locales/en/errors.ftl"),
    include_str!("../../assets/locales/en/field.ftl"),
    include_str!("../../assets/locales/en/join.ftl"),
];

/// Those that the office's download has beside them.
#[cfg(feature = "office")]
const OFFICE: [&str; 2] =
    [include_str!("../../assets/locales/en/import.ftl"), include_str!("../../assets/locales/en/office.ftl")];
#[cfg(not(feature = "office"))]
const OFFICE: [&str; 0] = [];

/// The English messages, one file for each area.
pub fn english() -> impl Iterator<Item = &'static str> {
    FIELD.into_iter().chain(OFFICE)
}

thread_local! {
    static BUNDLE: FluentBundle<FluentResource> = bundle(english());
}

/// The message `id`.
#[must_use]
pub fn t(id: &str) -> AttrValue {
    t_args(id, &[])
}

/// The message `id` with arguments; numbers choose the plural and are written with separators.
#[must_use]
pub fn t_args(id: &str, args: &[(&str, Arg<'_>)]) -> AttrValue {
    let mut fluent = FluentArgs::with_capacity(args.len());
    for (name, value) in args {
        fluent.set(*name, isolated(value.clone()));
    }
    BUNDLE.with(|bundle| format(bundle, id, &fluent))
}

/// Wraps an argument in a right-to-left script in isolation marks, so that it does not reorder the words around it; others are unchanged.
fn isolated(arg: Arg<'_>) -> Arg<'_> {
    match arg {
        Arg::String(text) if text.chars().any(is_rtl) => Arg::from(format!("\u{2068}{text}\u{2069}")),
        other => other,
    }
}

/// A message that came from the engine or the relay.
#[must_use]
pub fn t_message(message: &Message) -> AttrValue {
    let args: Vec<(&str, Arg<'_>)> =
        message.args.iter().map(|(name, value)| (name.as_str(), number_or_text(value))).collect();
    t_args(&message.id, &args)
}

/// A number with its separators: `1,482`.
#[must_use]
pub fn number(value: f64) -> String {
    let is_short = value.abs() < 1000.0 && value.fract() == 0.0;
    if cfg!(target_arch = "wasm32") && !is_short {
        String::from(js_sys::Number::from(value).to_locale_string("en"))
    } else {
        value.to_string()
    }
}

/// Parses Fluent sources into one bundle. What cannot be parsed is left out, and a test finds it.
fn bundle<'a>(sources: impl IntoIterator<Item = &'a str>) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new(vec!["en".parse::<LanguageIdentifier>().unwrap_or_default()]);
    // Isolation marks are visible as boxes in some fonts, and most arguments need none: see [`isolated`].
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        Arg::Number(number_value) => Some(number(number_value.value)),
        _ => None,
    }));
    for source in sources {
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

fn format(bundle: &FluentBundle<FluentResource>, id: &str, args: &FluentArgs<'_>) -> AttrValue {
    let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
        return AttrValue::from(id.to_owned());
    };
    let text: Cow<'_, str> = bundle.format_pattern(pattern, Some(args), &mut Vec::new());
    AttrValue::from(text.into_owned())
}

/// Converts an argument of digits to a number, so that messages can select a plural by it.
fn number_or_text(value: &str) -> Arg<'_> {
    let is_number = !value.is_empty()
        && value.len() <= 15
        && value.bytes().all(|byte| byte.is_ascii_digit())
        && (value.len() == 1 || !value.starts_with('0'));
    match value.parse::<f64>() {
        Ok(number) if is_number => Arg::from(number),
        _ => Arg::from(value),
    }
}
