//! Streets: compass points, name and kind; formats them for people, and gives all spellings of one street the same key.
//!
//! ```text
//! N   MAIN      ST          the compass point is before or after the name: N MAIN ST and MAIN ST N are one street
//!     SOUTH     ST          a compass word that is the whole name is not a compass point
//!     S         ST          and stays as it is written: this is S Street
//! ```

use super::{super::names::title_case, ordinal};
use porchlight_model::unit::{self, Before};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Kinds of streets, from `assets/layouts/street-words.json` (source: USPS Publication 28, appendix C1).
#[derive(Debug, Deserialize, Default)]
struct Words {
    /// From the postal spelling to the word as people read it.
    kinds: HashMap<String, String>,
    /// From other spellings to the postal one.
    spellings: HashMap<String, String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../assets/layouts/street-words.json")).unwrap_or_default()
});

/// A parsed street, its words in uppercase.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Street<'a> {
    before: Option<&'static str>,
    name: Vec<&'a str>,
    kind: Option<&'a str>,
    behind: Option<&'static str>,
}

impl<'a> Street<'a> {
    /// Parses uppercase words.
    pub(crate) fn read(words: &[&'a str]) -> Self {
        let mut street = Self { name: words.to_vec(), ..Self::default() };
        if has_point_behind(&street.name) {
            street.behind = street.name.pop().and_then(direction);
            if let (Some(across @ ("E" | "W")), [.., kind, last]) = (street.behind, street.name.as_slice())
                && let Some(along @ ("N" | "S")) = direction(last)
                && postal(kind).is_some()
            {
                street.behind = between(along, across);
                street.name.pop();
            }
        }
        if street.name.len() > 1 && street.name.last().is_some_and(|last| postal(last).is_some()) {
            street.kind = street.name.pop();
        }
        if street.name.len() > 1 {
            street.before = street.name.first().copied().and_then(direction);
        }
        if street.before.is_some() {
            street.name.remove(0);
        }
        street
    }

    /// The street as people read it: `N Main Street`, `5th Street S`.
    pub(crate) fn readable(&self) -> String {
        let mut words: Vec<String> = self.before.map(str::to_owned).into_iter().collect();
        match self.whole_ordinal() {
            Some(n) => words.push(ordinal::write(n).to_lowercase()),
            None => words.extend(self.readable_name()),
        }
        words.extend(self.kind.map(readable_kind));
        words.extend(self.behind.map(str::to_owned));
        words.join(" ")
    }

    fn readable_name(&self) -> Vec<String> {
        let is_numbered = self.name.iter().any(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        let is_extension = self.kind.is_some_and(|kind| postal(kind) == Some("EXT"));
        let last = self.name.len().saturating_sub(1);
        let name = self.name.iter().enumerate().map(|(index, word)| match *word {
            "HWY" => "Highway".to_owned(),
            "RTE" => "Route".to_owned(),
            "NE" | "NW" | "SE" | "SW" => (*word).to_owned(),
            // `US Highway 70`.
            "NO" => "No".to_owned(),
            _ if is_numbered
                && word.len() == 2
                && word.bytes().all(|byte| byte.is_ascii_uppercase())
                && postal(word).is_none() =>
            {
                (*word).to_owned()
            }
            _ if is_numbered && index + 1 == last && index > 0 && postal(word).is_some() => readable_kind(word),
            _ if is_extension && index == last && index > 0 && postal(word).is_some() => readable_kind(word),
            _ => title_case(word),
        });
        name.collect()
    }

    /// The number of a street whose name is only an ordinal; `5 AVE` is 5th Avenue.
    fn whole_ordinal(&self) -> Option<u32> {
        const NUMBERED: [&str; 9] = ["ST", "AVE", "BLVD", "CIR", "CT", "DR", "LN", "PL", "TER"];
        let parts: Vec<&str> = self.name.iter().flat_map(|word| word.split('-')).collect();
        if let Some((n, taken)) = ordinal::take(&parts)
            && taken == parts.len()
        {
            return Some(n);
        }
        match (self.name.as_slice(), self.kind.and_then(postal)) {
            ([digits], Some(kind)) if NUMBERED.contains(&kind) => digits.parse().ok().filter(|n| *n > 0),
            _ => None,
        }
    }

    /// The key that is equal for all spellings of one street.
    fn key(&self) -> String {
        let mut name = self.name_key();
        let mut before = self.before;
        if let (Some(along @ ("N" | "S")), [across, _, ..]) = (before, name.as_slice())
            && matches!(across.as_str(), "E" | "W")
        {
            before = between(along, across);
            name.remove(0);
        }
        // With one compass point its position does not matter; with two, the positions distinguish crossing grids.
        let (first, last) = match (before, self.behind) {
            (None, behind) => (behind, None),
            both => both,
        };
        let kind = self.kind.and_then(postal);
        let words = first.into_iter().chain(name.iter().map(String::as_str)).chain(kind).chain(last);
        words.collect::<Vec<_>>().join(" ")
    }

    fn name_key(&self) -> Vec<String> {
        if let [word] = self.name.as_slice()
            && direction(word).is_some()
        {
            return vec![format!("={word}")];
        }
        if let Some(n) = self.whole_ordinal() {
            return vec![ordinal::write(n)];
        }
        let plain: Vec<String> = self.name.iter().map(|word| word.replace(['\'', '’'], "")).collect();
        let parts: Vec<&str> = plain
            .iter()
            .flat_map(|word| word.split(|c: char| !c.is_alphanumeric()))
            .filter(|part| !part.is_empty())
            .collect();
        let mut key = Vec::with_capacity(parts.len());
        let mut rest = parts.as_slice();
        while let Some((word, behind)) = rest.split_first() {
            if let Some((n, taken)) = ordinal::take(rest) {
                key.push(ordinal::write(n));
                rest = &rest[taken..];
                continue;
            }
            rest = behind;
            match *word {
                "NO" | "NUM" | "NUMBER"
                    if behind.first().is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit())) => {}
                "SAINT" => key.push("ST".to_owned()),
                "FORT" => key.push("FT".to_owned()),
                _ => key.push(direction(word).or_else(|| postal(word)).unwrap_or(word).to_owned()),
            }
        }
        key
    }
}

/// The key of a street, however it is spelled.
pub(crate) fn key(street: &str) -> String {
    let words = unit::words(street);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Street::read(&words).key()
}

/// Classifies the words in front of a possible unit.
pub(crate) fn before_unit(words: &[&str]) -> Before {
    let street = Street::read(words);
    let is_numbered = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    match (street.kind.and_then(postal), street.behind, words) {
        (Some(kind), None, _) if is_road(kind) => Before::Road,
        (Some(_), ..) => Before::Street,
        // `NC HIGHWAY 42`, `COUNTY ROAD 5`, `AVENUE C`.
        (None, None, [.., kind, last]) if postal(kind).is_some() && (is_numbered(last) || last.len() == 1) => {
            Before::Road
        }
        (None, Some(_), [.., kind, last, _]) if postal(kind).is_some() && is_numbered(last) => Before::Road,
        (None, ..) => Before::Name,
    }
}

/// Whether a number after `words` is the name of a road: `COUNTY ROAD NO 9`.
pub(crate) fn awaits_number(words: &[&str]) -> bool {
    match words {
        [.., "OLD" | "NEW" | "HIGHWAY" | "HWY" | "ROUTE" | "RTE" | "RT"] => true,
        [.., "COUNTY" | "STATE" | "FARM" | "FOREST" | "RURAL" | "TOWNSHIP", kind] => postal(kind).is_some(),
        _ => false,
    }
}

/// Whether the last word, apart from a compass point, is the kind of a street that has a name.
pub(crate) fn ends_in_kind(words: &[&str]) -> bool {
    Street::read(words).kind.is_some()
}

/// Whether words are a street with a name and not only its kind: `MAPLE ST`, but not `ST`.
pub(crate) fn has_name(words: &[&str]) -> bool {
    let named: Vec<&&str> = words.iter().filter(|word| direction(word).is_none()).collect();
    let is_kind = |word: &str| matches!(postal(word), Some("ST" | "AVE" | "RD" | "DR" | "LN" | "CT" | "EXT"));
    match named.as_slice() {
        [one] => postal(one).is_none(),
        all => all.iter().any(|word| !is_kind(word)),
    }
}

/// The abbreviation of a compass point.
pub(crate) fn direction(word: &str) -> Option<&'static str> {
    Some(match word {
        "N" | "NORTH" => "N",
        "S" | "SOUTH" => "S",
        "E" | "EAST" => "E",
        "W" | "WEST" => "W",
        "NE" | "NORTHEAST" => "NE",
        "NW" | "NORTHWEST" => "NW",
        "SE" | "SOUTHEAST" => "SE",
        "SW" | "SOUTHWEST" => "SW",
        _ => return None,
    })
}

/// Whether the last word is a compass point and not the street's name: in `5TH ST S` it is, in `AVENUE S` and `COUNTY ROAD S` it is not.
fn has_point_behind(words: &[&str]) -> bool {
    let [.., before, last] = words else { return false };
    let is_lettered = match &words[..words.len() - 2] {
        [] => postal(before).is_some(),
        [.., "COUNTY" | "STATE"] => postal(before).is_some(),
        _ => false,
    };
    direction(last).is_some() && !is_lettered
}

fn between(along: &str, across: &str) -> Option<&'static str> {
    direction(&format!("{along}{across}"))
}

fn is_road(kind: &str) -> bool {
    matches!(kind, "HWY" | "RD" | "RTE" | "LOOP" | "PIKE" | "TPKE" | "FWY" | "EXPY" | "BYP")
}

/// The postal spelling of a kind of street.
fn postal(word: &str) -> Option<&'static str> {
    let words: &'static Words = &WORDS;
    if let Some(short) = words.spellings.get(word) {
        return Some(short);
    }
    words.kinds.get_key_value(word).map(|(short, _)| short.as_str())
}

fn readable_kind(word: &str) -> String {
    postal(word).and_then(|short| WORDS.kinds.get(short)).cloned().unwrap_or_else(|| title_case(word))
}
