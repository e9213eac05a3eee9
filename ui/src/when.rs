//! Formats times as a person would say them: "4 min ago", "18:10", "Tue 18:10", "2 Nov".

use crate::clock;
use crate::i18n::{t, t_args};
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use porchlight_model::time::At;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use yew::AttrValue;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// How long ago a time is, as far as it matters for the wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distance {
    /// Less than a minute, or a clock that runs ahead by up to an hour.
    Now,
    /// Whole minutes, 1 to 59.
    Minutes(i64),
    /// The same day.
    Today,
    /// Within the six days before.
    Week,
    /// Longer ago, or in the future.
    Far,
}

/// How long `at` is before `now`, for someone whose clock is `offset_ms` ahead of UTC.
#[must_use]
pub const fn distance(at: At, now: At, offset_ms: i64) -> Distance {
    let past_ms = now.since_ms(at);
    let days = day(now, offset_ms) - day(at, offset_ms);
    if past_ms > -HOUR_MS && past_ms < MINUTE_MS {
        Distance::Now
    } else if past_ms >= MINUTE_MS && past_ms < HOUR_MS {
        Distance::Minutes(past_ms / MINUTE_MS)
    } else {
        match days {
            0 => Distance::Today,
            1..=6 => Distance::Week,
            _ => Distance::Far,
        }
    }
}

/// "just now", "4 min ago", "18:10", "Tue 18:10" or "2 Nov".
#[must_use]
pub fn ago(at: At) -> AttrValue {
    match distance(at, clock::now(), offset_ms(at)) {
        Distance::Now => t("when-now"),
        Distance::Minutes(minutes) => t_args("when-minutes", &[("n", minutes.into())]),
        Distance::Today | Distance::Week | Distance::Far => moment(at),
    }
}

/// The time for today, with the weekday within the past week, else the day; always exact, never "ago".
#[must_use]
pub fn moment(at: At) -> AttrValue {
    match distance(at, clock::now(), offset_ms(at)) {
        Distance::Now | Distance::Minutes(_) | Distance::Today => time(at),
        Distance::Week => written(at, Style::WeekdayTime),
        Distance::Far => day_of(at),
    }
}

/// The time of day: `18:10`.
#[must_use]
pub fn time(at: At) -> AttrValue {
    written(at, Style::Time)
}

/// The day: `2 Nov`.
#[must_use]
pub fn day_of(at: At) -> AttrValue {
    written(at, Style::Day)
}

/// The day as date fields have it: `2026-11-02`.
#[must_use]
pub fn iso_day(at: At) -> String {
    at.plus_ms(offset_ms(at)).to_iso().get(..10).unwrap_or_default().to_owned()
}

/// Day and time in full: `2 Nov, 18:10`.
#[must_use]
pub fn full(at: At) -> AttrValue {
    written(at, Style::Full)
}

const fn day(at: At, offset_ms: i64) -> i64 {
    (at.0 + offset_ms).div_euclid(DAY_MS)
}

/// This device's UTC offset at a time, in milliseconds.
pub(crate) fn offset_ms(at: At) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "an offset is less than a day")]
    let minutes = date(at).get_timezone_offset() as i64;
    -minutes * MINUTE_MS
}

fn date(at: At) -> Date {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
    Date::new(&JsValue::from_f64(at.0 as f64))
}

/// The format of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Time,
    WeekdayTime,
    Day,
    Full,
}

impl Style {
    const fn parts(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Time => &[("hour", "numeric"), ("minute", "2-digit")],
            Self::WeekdayTime => &[("weekday", "short"), ("hour", "numeric"), ("minute", "2-digit")],
            Self::Day => &[("day", "numeric"), ("month", "short")],
            Self::Full => &[("day", "numeric"), ("month", "short"), ("hour", "numeric"), ("minute", "2-digit")],
        }
    }
}

thread_local! {
    /// The browser's date formatters, created on demand, because creating one costs more than using it a hundred times.
    static WRITERS: RefCell<Vec<(Style, Function)>> = const { RefCell::new(Vec::new()) };
}

fn written(at: At, style: Style) -> AttrValue {
    let writer = WRITERS.with_borrow_mut(|writers| {
        if let Some((_, writer)) = writers.iter().find(|(known, _)| *known == style) {
            return writer.clone();
        }
        let writer = writer(style);
        writers.push((style, writer.clone()));
        writer
    });
    let written = writer.call1(&JsValue::UNDEFINED, date(at).as_ref());
    AttrValue::from(
        written
            .ok()
            .and_then(|text| text.dyn_into::<js_sys::JsString>().ok())
            .map_or_else(|| at.to_iso(), String::from),
    )
}

fn writer(style: Style) -> Function {
    let options = Object::new();
    for (name, value) in style.parts() {
        let _ = Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    // English words in the browser's regional format: an American phone says 6:10 PM, a British one 18:10.
    let language = web_sys::window().and_then(|window| window.navigator().language()).unwrap_or_default();
    let language = if language.starts_with("en") { language } else { "en-GB".to_owned() };
    Intl::DateTimeFormat::new(&Array::of1(&JsValue::from_str(&language)), &options).format()
}
