//! Addresses: parses one line into number, street and unit, and gives all spellings of one place the same key.

pub(crate) mod first_keys;
pub(crate) mod number;
pub(crate) mod ordinal;
pub(crate) mod street;

#[cfg(test)]
mod tests;

use porchlight_model::unit;
use street::Street;

/// A parsed address, each part in the spelling that is shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Address {
    /// The house number with its fraction and letter; empty if there is none.
    pub(crate) number: String,
    /// The street as people read it.
    pub(crate) street: String,
    /// The unit; empty for a house.
    pub(crate) unit: String,
}

impl Address {
    /// Parses an address in one line, e.g. `27 MAPLE ST APT 4B`.
    pub(crate) fn parse(text: &str) -> Self {
        let text = number::with_fractions(text);
        let words = unit::words(&text);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (number, n_taken) = number::take(&words);
        let (words, unit) = split(&words[n_taken..]);
        let (number, words) = match number::letter(&number, words) {
            Some(lettered) => (lettered, &words[1..]),
            None => (number, words),
        };
        Self { number, street: Street::read(words).readable(), unit }
    }

    /// Builds an address from separate parts.
    pub(crate) fn of_parts(number: &str, street: &str, unit: &str) -> Self {
        let words = unit::words(street);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Self { number: number::spell(number), street: Street::read(&words).readable(), unit: unit::spell(unit) }
    }

    /// The key, without the unit, that is equal for all spellings of one place.
    pub(crate) fn key(&self) -> String {
        format!("{} {}", self.number, street::key(&self.street))
    }
}

/// Separates the words of a street from those of a unit after it.
///
/// Only what cannot be anything else is a unit: `LOT 4` after `School Rd` is one, `Lot` in `Parking Lot Rd` is a word of the street.
fn split<'a, 'b>(words: &'a [&'b str]) -> (&'a [&'b str], String) {
    let may_begin = |word: &str| unit::designator(word).is_some() || word.starts_with(|c: char| c.is_ascii_digit());
    let is_ordinal_floor = |index: usize| {
        words.get(index + 1).is_some_and(|next| unit::designator(next) == Some(unit::Designator::Named("FL")))
    };
    let is_apartment = matches!(words, [.., "APT" | "APARTMENT" | "#", _]);
    if street::ends_in_kind(words) && !is_apartment {
        return (words, String::new());
    }
    for (index, word) in words.iter().enumerate().skip(1) {
        if !may_begin(word) && !is_ordinal_floor(index) {
            continue;
        }
        let before = street::before_unit(&words[..index]);
        let is_number_of_road =
            matches!(*word, "NO" | "NUM" | "NUMBER" | "#") && street::awaits_number(&words[..index]);
        if is_number_of_road {
            continue;
        }
        if let Some(unit) = unit::read(&words[index..], before) {
            return (&words[..index], unit);
        }
    }
    (words, String::new())
}

/// The key of a town, however it is abbreviated.
pub(crate) fn town_key(town: &str) -> String {
    let upper = town.to_uppercase();
    let words: Vec<&str> = upper
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .map(|word| match word {
            "MT" => "MOUNT",
            "FT" => "FORT",
            "ST" => "SAINT",
            "N" => "NORTH",
            "S" => "SOUTH",
            "E" => "EAST",
            "W" => "WEST",
            "TWP" => "TOWNSHIP",
            other => other,
        })
        .collect();
    match words.as_slice() {
        ["CITY" | "TOWN" | "VILLAGE" | "TOWNSHIP" | "BOROUGH", "OF", name @ ..] => name.join(" "),
        all => all.join(" "),
    }
}

/// The first five characters of a postal code, the part on which files agree.
pub(crate) fn zip_key(zip: &str) -> String {
    zip.trim().chars().take(5).collect()
}
