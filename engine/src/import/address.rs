//! Addresses: one undivided line becomes number, street and unit; two spellings of one place become one key.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Words of streets, from `assets/layouts/street-words.json` (source: USPS Publication 28, appendix C).
#[derive(Debug, Deserialize)]
struct Words {
    kinds: BTreeMap<String, String>,
    spellings: BTreeMap<String, String>,
    units: BTreeSet<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../assets/layouts/street-words.json")).unwrap_or_else(|_| Words {
        kinds: BTreeMap::new(),
        spellings: BTreeMap::new(),
        units: BTreeSet::new(),
    })
});

/// A home's address taken apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Address {
    /// House number with its suffix; empty where there is none.
    pub(crate) number: String,
    /// Street as people read it.
    pub(crate) street: String,
    /// Unit; empty for a house.
    pub(crate) unit: String,
}

impl Address {
    /// Takes an undivided address apart, e.g. `27 MAPLE ST APT 4B`.
    pub(crate) fn parse(text: &str) -> Self {
        let upper = text.to_uppercase().replace('#', " # ").replace([',', '.'], " ");
        let mut tokens: Vec<&str> = upper.split_whitespace().collect();
        let mut number = String::new();
        if tokens.first().is_some_and(|token| token.starts_with(|c: char| c.is_ascii_digit())) {
            number = tokens.remove(0).to_owned();
            if tokens.first().is_some_and(|token| token.contains('/') && token.len() <= 3) {
                number = format!("{number} {}", tokens.remove(0));
            }
        }
        let unit_from = tokens
            .iter()
            .enumerate()
            .skip(1)
            .find(|(_, token)| **token == "#" || WORDS.units.contains(**token))
            .map_or(tokens.len(), |(index, _)| index);
        let unit = unit(&tokens[unit_from..]);
        Self { number, street: readable(&tokens[..unit_from]), unit }
    }

    /// An address whose parts stand apart.
    pub(crate) fn of_parts(number: &str, street: &str, unit: &str) -> Self {
        let upper = street.to_uppercase().replace([',', '.'], " ");
        let tokens: Vec<&str> = upper.split_whitespace().collect();
        let unit_upper = unit.to_uppercase().replace('#', " # ");
        let unit_tokens: Vec<&str> = unit_upper.split_whitespace().collect();
        Self { number: number.trim().to_uppercase(), street: readable(&tokens), unit: self::unit(&unit_tokens) }
    }

    /// The key under which two spellings of one place meet, without the unit.
    pub(crate) fn key(&self) -> String {
        format!("{} {}", self.number, street_key(&self.street))
    }
}

/// The key of a street's name: capitals, each word in its postal spelling.
pub(crate) fn street_key(street: &str) -> String {
    let upper = street.to_uppercase();
    let words: Vec<&str> = upper
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .map(|word| WORDS.spellings.get(word).map_or(word, String::as_str))
        .collect();
    words.join(" ")
}

/// The number in front of a house number, for order and side.
pub(crate) fn leading_number(number: &str) -> Option<u32> {
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn unit(tokens: &[&str]) -> String {
    let plain = |token: &&&str| !matches!(**token, "APT" | "APARTMENT" | "UNIT" | "NO" | "#");
    tokens.iter().filter(plain).copied().collect::<Vec<_>>().join(" ")
}

/// `MAPLE ST` as `Maple Street`.
fn readable(tokens: &[&str]) -> String {
    let last = tokens.len().saturating_sub(1);
    let has_direction_last = tokens.last().is_some_and(|token| is_direction(token));
    let kind_at = if has_direction_last { last.saturating_sub(1) } else { last };
    let words: Vec<String> = tokens
        .iter()
        .enumerate()
        .map(|(index, token)| {
            let short = WORDS.spellings.get(*token).map_or(*token, String::as_str);
            match WORDS.kinds.get(short) {
                Some(kind) if index == kind_at && index > 0 => kind.clone(),
                _ if is_direction(short) && tokens.len() > 1 && index != kind_at => short.to_owned(),
                _ => title_case(token),
            }
        })
        .collect();
    words.join(" ")
}

fn is_direction(token: &str) -> bool {
    matches!(token, "N" | "S" | "E" | "W" | "NE" | "NW" | "SE" | "SW")
}

/// `O'HARA-LOW` as `O'Hara-Low`, `2ND` as `2nd`.
pub(crate) fn title_case(word: &str) -> String {
    let mut is_start = true;
    word.chars()
        .map(|c| {
            let cased = if is_start { c.to_uppercase().to_string() } else { c.to_lowercase().to_string() };
            is_start = !c.is_alphanumeric();
            cased
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Address, title_case};

    #[test]
    fn an_undivided_address_is_taken_apart() {
        for (text, number, street, unit) in [
            ("27 MAPLE ST", "27", "Maple Street", ""),
            ("27   MAPLE   ST   ", "27", "Maple Street", ""),
            ("31 MAPLE ST APT 4B", "31", "Maple Street", "4B"),
            ("31 MAPLE ST #4B", "31", "Maple Street", "4B"),
            ("12 1/2 N OAK AVE", "12 1/2", "N Oak Avenue", ""),
            ("27A OLD MILL RD LOT 12", "27A", "Old Mill Road", "LOT 12"),
            ("100 E 2ND ST NW UNIT 5", "100", "E 2nd Street NW", "5"),
            ("5 ST JAMES CT", "5", "St James Court", ""),
            ("7 COURT ST", "7", "Court Street", ""),
            ("RURAL ROUTE", "", "Rural Route", ""),
            ("", "", "", ""),
        ] {
            let found = Address::parse(text);
            assert_eq!(
                (found.number.as_str(), found.street.as_str(), found.unit.as_str()),
                (number, street, unit),
                "{text}"
            );
        }
    }

    #[test]
    fn two_spellings_of_one_place_meet() {
        for (one, other) in [
            (Address::parse("27 MAPLE STREET"), Address::of_parts("27", "Maple St", "")),
            (Address::parse("9 NORTH OAK AV"), Address::of_parts("9", "N. Oak Ave.", "")),
        ] {
            assert_eq!(one.key(), other.key());
        }
    }

    #[test]
    fn names_are_written_as_people_write_them() {
        for (plain, cased) in [("O'HARA-LOW", "O'Hara-Low"), ("ANA", "Ana"), ("2ND", "2nd")] {
            assert_eq!(title_case(plain), cased);
        }
    }
}
