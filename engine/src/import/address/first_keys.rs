//! The keys from which the first versions derived the ids of doors. They must never change, so that existing doors keep their
//! ids, and so that addresses in the usual spelling get the same id from every version.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

#[derive(Debug, Deserialize, Default)]
struct Words {
    spellings: BTreeMap<String, String>,
    units: BTreeSet<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../assets/layouts/street-words-first.json")).unwrap_or_default()
});

/// The text from which a door's id was derived: `27 MAPLE ST/4B/27000`.
pub(crate) fn door(address: &str, zip: &str) -> String {
    let upper = address.to_uppercase().replace('#', " # ").replace([',', '.'], " ");
    let mut tokens: Vec<&str> = upper.split_whitespace().collect();
    let mut number = String::new();
    if tokens.first().is_some_and(|token| token.starts_with(|c: char| c.is_ascii_digit())) {
        number = tokens.remove(0).to_owned();
        if tokens.first().is_some_and(|token| token.contains('/') && token.len() <= 3) {
            number = format!("{number} {}", tokens.remove(0));
        }
    }
    let is_unit = |token: &str| token == "#" || WORDS.units.contains(token);
    let unit_from = tokens.iter().skip(1).position(|token| is_unit(token)).map_or(tokens.len(), |index| index + 1);
    let plain = |token: &&&str| !matches!(**token, "APT" | "APARTMENT" | "UNIT" | "NO" | "#");
    let unit: Vec<&str> = tokens[unit_from..].iter().filter(plain).copied().collect();
    format!("{number} {}/{}/{zip}", street(&tokens[..unit_from].join(" ")), unit.join(" "))
}

fn street(name: &str) -> String {
    let words: Vec<&str> = name
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .map(|word| WORDS.spellings.get(word).map_or(word, String::as_str))
        .collect();
    words.join(" ")
}
