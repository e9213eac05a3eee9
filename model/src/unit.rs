//! Units within a building: one spelling for each, their walking order, their floor, and finding one as it is typed.
//!
//! The designators are those of USPS Publication 28, appendix C2, and others that voter files use.

#[cfg(test)]
mod tests;

/// The meaning of a word that designates a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Designator {
    /// It only says that a unit follows: `APT`, `UNIT`, `#`. It is left out of the spelling.
    Plain,
    /// A kind of unit that has a name: `LOT 4`, `BLDG C`.
    Named(&'static str),
    /// A unit without a name, in a spelling that is unambiguous: `BSMT`.
    Alone(&'static str),
    /// A unit without a name, in a word that names of streets contain, too: `FRONT`.
    Word(&'static str),
}

/// The designator that a word in capitals is, if any.
#[must_use]
pub fn designator(word: &str) -> Option<Designator> {
    use Designator::{Alone, Named, Plain, Word};
    Some(match word {
        "#" | "APT" | "APARTMENT" | "UNIT" | "NO" | "NUM" | "NUMBER" => Plain,
        "BLDG" | "BLD" | "BUILDING" => Named("BLDG"),
        "DEPT" | "DEPARTMENT" => Named("DEPT"),
        "FL" | "FLR" | "FLOOR" => Named("FL"),
        "FLAT" => Named("FLAT"),
        "HNGR" | "HANGAR" => Named("HNGR"),
        "KEY" => Named("KEY"),
        "LEVEL" | "LVL" => Named("LVL"),
        "LOT" => Named("LOT"),
        "PIER" => Named("PIER"),
        "RM" | "ROOM" => Named("RM"),
        "SLIP" => Named("SLIP"),
        "SPC" | "SP" | "SPACE" => Named("SPC"),
        "STE" | "SUITE" => Named("STE"),
        "STOP" => Named("STOP"),
        "TRLR" | "TRAILER" => Named("TRLR"),
        "TWR" | "TOWER" => Named("TWR"),
        "WING" => Named("WING"),
        "BSMT" | "BASEMENT" => Alone("BSMT"),
        "FRNT" => Alone("FRNT"),
        "LBBY" => Alone("LBBY"),
        "LOWR" => Alone("LOWR"),
        "OFC" => Alone("OFC"),
        "PH" | "PENTHOUSE" => Alone("PH"),
        "REAR" => Alone("REAR"),
        "UPPR" => Alone("UPPR"),
        "DOWN" | "DOWNSTAIRS" => Word("DOWN"),
        "FRONT" => Word("FRNT"),
        "LOBBY" => Word("LBBY"),
        "LOWER" => Word("LOWR"),
        "OFFICE" => Word("OFC"),
        "SIDE" => Word("SIDE"),
        "UP" | "UPSTAIRS" => Word("UP"),
        "UPPER" => Word("UPPR"),
        _ => return None,
    })
}

/// The context before the words of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Before {
    /// Words that may be the beginning of a street's name.
    Name,
    /// A highway or road, behind which a number is its name.
    Road,
    /// A whole street, or nothing: the text is a unit alone.
    Street,
}

/// Reads words in capitals as a unit in its one spelling; `None` where they are not a unit. `#` is a word of its own.
#[must_use]
pub fn read(words: &[&str], before: Before) -> Option<String> {
    let mut groups: Vec<String> = Vec::new();
    let mut rest = words;
    while let [word, behind @ ..] = rest {
        if let ([floor, ..], Some(n)) = (behind, ordinal(word))
            && designator(floor) == Some(Designator::Named("FL"))
        {
            groups.push(format!("FL {n}"));
            rest = &behind[1..];
            continue;
        }
        let found = designator(word);
        let name = name(behind, before);
        rest = match (found, name) {
            (Some(Designator::Plain), _) if behind.is_empty() => {
                if before == Before::Name || !groups.is_empty() {
                    return None;
                }
                behind
            }
            (Some(Designator::Plain), _) if starts_group(behind) => behind,
            (Some(Designator::Plain), Some((name, behind))) => {
                groups.push(if groups.is_empty() { name } else { format!("APT {name}") });
                behind
            }
            (Some(Designator::Plain), None) => return None,
            (
                Some(Designator::Named(short) | Designator::Alone(short) | Designator::Word(short)),
                Some((name, after)),
            ) if !starts_group(behind) => {
                // A building or floor has a name of one word: a second word is the unit's.
                let (name, after) = match behind.split_first() {
                    Some((first, after)) if matches!(short, "BLDG" | "FL" | "TWR" | "WING") => (joined(first), after),
                    Some(_) | None => (name, after),
                };
                groups.push(format!("{short} {name}"));
                after
            }
            (Some(Designator::Alone(short)), _) => {
                groups.push(short.to_owned());
                behind
            }
            (Some(Designator::Named(short) | Designator::Word(short)), _) => {
                if before == Before::Name && groups.is_empty() {
                    return None;
                }
                groups.push(short.to_owned());
                behind
            }
            (None, _) => {
                if groups.is_empty() && (before != Before::Street || !word.starts_with(|c: char| c.is_ascii_digit())) {
                    return None;
                }
                let (name, behind) = self::name(rest, before)?;
                groups.push(name);
                behind
            }
        };
    }
    Some(groups.join(" "))
}

/// Normalises a unit as a person or a file writes it: `Apt 4-B` is `4B`, `trailer 6` is `TRLR 6`, `2nd floor` is `FL 2`.
#[must_use]
pub fn spell(text: &str) -> String {
    let words = words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if let Some(unit) = read(&words, Before::Street) {
        return unit;
    }
    match name(&words, Before::Street) {
        Some((name, [])) => name,
        _ => words.into_iter().filter(|word| designator(word) != Some(Designator::Plain)).collect::<Vec<_>>().join(" "),
    }
}

/// Splits text into words in capitals: `#` and a unit written together with its designator are split, too.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let upper = text.to_uppercase().replace('#', " # ").replace([',', '.', ';'], " ");
    let mut words = Vec::new();
    for word in upper.split_whitespace().filter(|word| *word != "-") {
        let letters = word.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(word.len());
        let (start, rest) = word.split_at(letters);
        let is_glued = rest.starts_with(|c: char| c.is_ascii_digit())
            && start.len() > 1
            && matches!(designator(start), Some(Designator::Plain | Designator::Named(_)) if start != "NO");
        if is_glued {
            words.extend([start.to_owned(), rest.to_owned()]);
        } else {
            words.push(word.to_owned());
        }
    }
    words
}

/// The key that all spellings of one home's unit share.
#[must_use]
pub fn key(unit: &str) -> String {
    let spelled = spell(unit);
    let words = spelled.split(' ').filter(|word| designator(word) != Some(Designator::Plain));
    let plain = words.map(|word| {
        let short = word.trim_start_matches('0');
        if short.starts_with(|c: char| c.is_ascii_digit()) { short } else { word }
    });
    plain.collect::<Vec<_>>().join(" ")
}

/// A part of a unit's name as a sort key; numbers come before words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Digits.
    Number(u64),
    /// Anything else.
    Word(String),
}

/// The sort key of units in walking order: `2`, `10`, `12`, `12A`, `13`, `A`.
#[must_use]
pub fn order(unit: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = unit.trim();
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let is_end = |c: char| c.is_ascii_digit() != is_digit || c == ' ';
        let (part, behind) = rest.split_at(rest.find(is_end).unwrap_or(rest.len()));
        parts.push(part.parse().map_or_else(|_| Part::Word(part.to_uppercase()), Part::Number));
        rest = behind.trim_start();
    }
    parts
}

/// The floor according to a unit's name: `4B` is floor 4, `1203` floor 12, `FL 2` floor 2; `B`, `PH` and `LOT 12` have none.
#[must_use]
pub fn floor(unit: &str) -> Option<u32> {
    let unit = spell(unit);
    let mut kind = None;
    let mut floor = None;
    for word in unit.split(' ') {
        if let Some(found) = designator(word) {
            kind = Some(found);
            continue;
        }
        let digits: String =
            word.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        let number = digits.parse::<u32>().ok();
        floor = match kind {
            Some(Designator::Named("FL" | "LVL")) => return number,
            None | Some(Designator::Plain | Designator::Named("FLAT" | "RM" | "STE" | "DEPT")) => {
                number.map(|number| if number >= 100 { number / 100 } else { number })
            }
            Some(Designator::Named(_) | Designator::Alone(_) | Designator::Word(_)) => floor,
        };
        kind = None;
    }
    floor
}

/// Finds a unit as it is typed: by its spelling, or by its name alone where only one unit has it (`12` finds `LOT 12`).
#[must_use]
pub fn find<'a>(units: impl IntoIterator<Item = &'a str>, typed: &str) -> Option<usize> {
    let wanted = key(typed);
    if wanted.is_empty() {
        return None;
    }
    let keys: Vec<String> = units.into_iter().map(key).collect();
    if let Some(index) = keys.iter().position(|key| *key == wanted) {
        return Some(index);
    }
    let mut named = keys.iter().enumerate().filter(|(_, key)| {
        key.split_once(' ').is_some_and(|(kind, name)| designator(kind).is_some() && name == wanted)
    });
    let (index, _) = named.next()?;
    named.next().is_none().then_some(index)
}

/// Whether words begin with a designator, or with a floor.
fn starts_group(words: &[&str]) -> bool {
    match words {
        [first, second, ..] if ordinal(first).is_some() => designator(second) == Some(Designator::Named("FL")),
        [first, ..] => designator(first).is_some(),
        [] => false,
    }
}

/// The name of a unit at the beginning of words, in its one spelling, and the words after it.
fn name<'a, 'b>(words: &'a [&'b str], before: Before) -> Option<(String, &'a [&'b str])> {
    let (first, behind) = words.split_first()?;
    let is_letter = |word: &str| word.len() == 1 && word.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let has_digit = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    let is_name = has_digit(first)
        || is_letter(first)
        || (first.len() == 2 && first.as_bytes().first() == first.as_bytes().last() && first.is_ascii())
        || (before != Before::Name && behind.is_empty() && designator(first).is_none());
    if !is_name {
        return None;
    }
    Some(match behind.split_first() {
        Some((second, behind)) if is_number(first) && is_letter(second) => (format!("{first}{second}"), behind),
        Some((second, behind)) if is_letter(first) && has_digit(second) => {
            (joined(&format!("{first}{second}")), behind)
        }
        Some((second, behind)) if is_number(first) && second.contains('/') => (format!("{first} {second}"), behind),
        _ => (joined(first), behind),
    })
}

/// `4-B` as `4B`; a hyphen between two numbers or two words stays.
fn joined(word: &str) -> String {
    let letters: Vec<char> = word.trim_matches('-').chars().collect();
    let is_between = |index: usize| {
        let around = index.checked_sub(1).and_then(|before| letters.get(before)).zip(letters.get(index + 1));
        around.is_some_and(|(before, behind)| before.is_ascii_digit() != behind.is_ascii_digit())
    };
    letters.iter().enumerate().filter(|(index, c)| **c != '-' || !is_between(*index)).map(|(_, c)| *c).collect()
}

/// The number of an ordinal from first to tenth, or in digits.
fn ordinal(word: &str) -> Option<u32> {
    const WORDS: [&str; 10] =
        ["FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH", "SIXTH", "SEVENTH", "EIGHTH", "NINTH", "TENTH"];
    if let Some(index) = WORDS.iter().position(|name| *name == word) {
        return u32::try_from(index + 1).ok();
    }
    let digits = ["ST", "ND", "RD", "TH"].iter().find_map(|end| word.strip_suffix(end))?;
    digits.parse().ok()
}
