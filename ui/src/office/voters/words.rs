//! Conditions in words, as the chips show them.

use crate::clock;
use crate::i18n::{number, t, t_args};
use crate::parts::mark::result_label;
use crate::when;
use porchlight_model::calls::office::DashboardView;
use porchlight_model::calls::universe::ChoicesView;
use porchlight_model::id::TurfId;
use porchlight_model::time::At;
use porchlight_model::universe::{Condition, Filter, Mark, TurfPlace};
use std::rc::Rc;
use yew::AttrValue;

/// The most values that a chip names.
const NAMED: usize = 3;

/// What conditions are about, in words.
#[derive(Clone, PartialEq, Default)]
pub(super) struct Names {
    pub(super) choices: Option<Rc<ChoicesView>>,
    pub(super) board: Option<Rc<DashboardView>>,
}

/// What a condition is about, how, and what is chosen.
pub(super) fn words(condition: &Condition, names: &Names) -> (AttrValue, AttrValue, String) {
    let kind = t(super::chosen::Kind::of(condition).label());
    let is = t("filter-is");
    match condition {
        Condition::Party { any } => (kind, is, listed(any.iter().map(|name| party(name).to_string()))),
        Condition::Precinct { any } | Condition::Town { any } | Condition::Zip { any } => {
            (kind, is, listed(any.iter().map(|name| or_none(name))))
        }
        Condition::Age { from, to } => between(kind, from.map(u32::from), to.map(u32::from)),
        Condition::AgeUnknown {} => (kind, is, t("filter-unknown").to_string()),
        Condition::HasPhone {} => (kind, is, t("filter-there").to_string()),
        Condition::LastResult { any, or_none } => {
            let none = or_none.then(|| t("voters-not-yet").to_string());
            (kind, is, listed(any.iter().map(|result| t(result_label(*result)).to_string()).chain(none)))
        }
        Condition::Attempts { from, to } => between(kind, *from, *to),
        Condition::ContactedSince { at: At(0) } => (kind, AttrValue::default(), t("filter-ever").to_string()),
        Condition::NotReachedSince { at: At(0) } => (kind, AttrValue::default(), t("filter-never").to_string()),
        Condition::ContactedSince { at } => (kind, t("filter-since"), day(*at)),
        Condition::NotReachedSince { at } => (kind, t("filter-not-since"), day(*at)),
        Condition::Answered { question, any } => {
            let mut choices = names.choices.iter().flat_map(|choices| &choices.questions);
            let asked = choices.find(|other| other.question == *question);
            let title = asked.map(|asked| asked.title.clone()).filter(|title| !title.is_empty());
            let label = |value: &String| {
                let option = asked.and_then(|asked| asked.options.iter().find(|(other, _)| other == value));
                option.map_or_else(|| value.clone(), |(_, label)| label.clone())
            };
            let said = if any.is_empty() { t("filter-any-answer").to_string() } else { listed(any.iter().map(label)) };
            (title.map_or(kind, AttrValue::from), is, said)
        }
        Condition::Marked { any } => (kind, is, listed(any.iter().map(|mark| t(mark_label(*mark)).to_string()))),
        Condition::Turf { place } => (kind, is, t(place_label(*place)).to_string()),
        Condition::InTurf { any } => {
            let name = |turf: &TurfId| {
                let row = names.board.iter().flat_map(|board| &board.turfs).find(|row| row.turf == *turf);
                row.map_or_else(|| t("filter-turf-gone").to_string(), |row| row.name.clone())
            };
            (kind, is, listed(any.iter().map(name)))
        }
        Condition::LivesWith { with } => {
            let said = match with.as_ref() {
                Filter::Is(condition) => {
                    let (about, how, said) = words(condition, names);
                    [about.as_str(), how.as_str(), &said].join(" ")
                }
                Filter::All(_) | Filter::Any(_) | Filter::Not(_) | Filter::Newer(_) => t("filter-several").to_string(),
            };
            (kind, t("filter-someone"), said)
        }
        Condition::Near { within_m, .. } => {
            let said = t_args("filter-metres", &[("n", (*within_m).into())]);
            (kind, t("filter-within"), said.to_string())
        }
        Condition::Text { text } => (kind, is, text.clone()),
    }
}

/// A day; with its year where it is long ago.
fn day(at: At) -> String {
    const NEAR_MS: i64 = 300 * 86_400_000;
    let is_near = clock::now().since_ms(at).abs() < NEAR_MS;
    if is_near { when::day_of(at).to_string() } else { when::iso_day(at) }
}

/// A party's name; people without one have none.
pub(super) fn party(name: &str) -> AttrValue {
    if name.is_empty() { t("filter-no-party") } else { AttrValue::from(name.to_owned()) }
}

/// A value of the file; a dash where it has none.
pub(super) fn or_none(name: &str) -> String {
    if name.is_empty() { t("filter-none").to_string() } else { name.to_owned() }
}

fn between(kind: AttrValue, from: Option<u32>, to: Option<u32>) -> (AttrValue, AttrValue, String) {
    let n = |n: u32| number(f64::from(n));
    match (from, to) {
        (Some(from), Some(to)) if from == to => (kind, t("filter-is"), n(from)),
        (Some(from), Some(to)) => (kind, t("filter-between"), format!("{}–{}", n(from), n(to))),
        (Some(from), None) => (kind, t("filter-at-least"), n(from)),
        (None, Some(to)) => (kind, t("filter-at-most"), n(to)),
        (None, None) => (kind, t("filter-is"), "…".to_owned()),
    }
}

fn listed(all: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = all.collect();
    if all.is_empty() {
        return "…".to_owned();
    }
    let named = all.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    match all.len().checked_sub(NAMED) {
        Some(more) if more > 0 => format!("{named} +{more}"),
        _ => named,
    }
}

/// The id of a mark's word.
pub(super) const fn mark_label(mark: Mark) -> &'static str {
    match mark {
        Mark::DoNotContact => "flag-do-not-contact",
        Mark::Danger => "flag-danger",
        Mark::Moved => "result-moved",
        Mark::Deceased => "result-deceased",
        Mark::Added => "voters-added",
        Mark::Unknown(_) => "result-newer",
    }
}

/// The id of a place's word.
pub(super) const fn place_label(place: TurfPlace) -> &'static str {
    match place {
        TurfPlace::In => "filter-turf-in",
        TurfPlace::Out => "filter-turf-out",
        TurfPlace::Free => "filter-turf-free",
        TurfPlace::Unknown(_) => "result-newer",
    }
}
