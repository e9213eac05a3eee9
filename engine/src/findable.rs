//! Search words of people and addresses, folded so that they match what people type.
//!
//! ```text
//! O'Marrowby      → o marrowby omarrowby          De La Quilla → de la quilla delaquilla
//! Fenwhistle-Lowe → fenwhistle lowe fenwhistlelowe    Peñablanca → penablanca
//! ```
//! Queries are folded in the same way, and adjacent words of a query also match as one: `mc brindle` finds McBrindle.

use crate::import::address::Address;
use porchlight_model::voter::Door;

/// The maximum number of words in a query; the others are ignored.
const MAX_WORDS: usize = 8;
/// Up to this many words, every way of joining adjacent words is tried; above it, one pair at a time.
const MAX_JOINED_WORDS: usize = 4;

/// The search words of a name.
pub(crate) fn name(first: &str, last: &str) -> String {
    let mut words = Vec::new();
    add_part(first, &mut words);
    add_part(last, &mut words);
    words.join(" ")
}

/// The search words of a door's address.
pub(crate) fn address(door: &Door) -> String {
    address_of(&door.number, &door.street, &door.unit)
}

/// As [`address`], from its parts. Compass points are also spelled out; other abbreviations are expanded in the query instead.
pub(crate) fn address_of(number: &str, street: &str, unit: &str) -> String {
    let mut words = Vec::new();
    for chunk in [number, street, unit].into_iter().flat_map(str::split_whitespace) {
        add_part(chunk, &mut words);
    }
    for (short, long) in COMPASS {
        if words.iter().any(|word| word == short) {
            words.push(long.to_owned());
        }
    }
    words.join(" ")
}

const COMPASS: [(&str, &str); 8] = [
    ("n", "north"),
    ("s", "south"),
    ("e", "east"),
    ("w", "west"),
    ("ne", "northeast"),
    ("nw", "northwest"),
    ("se", "southeast"),
    ("sw", "southwest"),
];

/// Adds the words of a part, each of its chunks joined to one word, and all of it joined to one word.
fn add_part(part: &str, words: &mut Vec<String>) {
    let chunks: Vec<Vec<String>> = part.split_whitespace().map(split).filter(|chunk| !chunk.is_empty()).collect();
    if chunks.len() > 1 {
        words.push(chunks.concat().concat());
    }
    for chunk in chunks {
        if chunk.len() > 1 {
            words.push(chunk.concat());
        }
        words.extend(chunk);
    }
}

/// Splits a text into folded words of letters and digits.
fn split(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in text.chars() {
        match fold(letter) {
            Folded::Letters(letters) => {
                if let Some(word) = words.last_mut() {
                    word.push_str(letters);
                }
            }
            Folded::Same if letter.is_alphanumeric() => {
                if let Some(word) = words.last_mut() {
                    word.extend(letter.to_lowercase());
                }
            }
            Folded::Mark => {}
            Folded::Same | Folded::Apostrophe => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A letter without its diacritics.
enum Folded {
    /// The letter itself, or a character that is not a letter.
    Same,
    /// Nothing, because it is a combining mark on the previous letter.
    Mark,
    /// An apostrophe that Unicode classifies as a letter.
    Apostrophe,
    /// These letters.
    Letters(&'static str),
}

/// Folds letters of names in Latin script (Unicode: Latin-1 Supplement, Latin Extended-A and those of Vietnamese), combining marks, and letters that
/// are apostrophes.
#[rustfmt::skip]
fn fold(letter: char) -> Folded {
    Folded::Letters(match letter {
        '\u{300}'..='\u{36f}' => return Folded::Mark,
        '\u{2b9}'..='\u{2bf}' | '\u{2c8}' | '\u{2ca}' | '\u{2cb}' => return Folded::Apostrophe,
        'À'..='Å' | 'à'..='å' | 'Ā'..='ą' | 'Ǎ' | 'ǎ' | 'Ạ'..='ặ' => "a",
        'Æ' | 'æ' => "ae",
        'Ç' | 'ç' | 'Ć'..='č' => "c",
        'Ď'..='đ' | 'Ð' | 'ð' => "d",
        'È'..='Ë' | 'è'..='ë' | 'Ē'..='ě' | 'Ẹ'..='ệ' => "e",
        'Ĝ'..='ģ' | 'Ǧ' | 'ǧ' => "g",
        'Ĥ'..='ħ' => "h",
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ'..='ı' | 'Ǐ' | 'ǐ' | 'Ỉ'..='ị' => "i",
        'Ĳ' | 'ĳ' => "ij",
        'Ĵ' | 'ĵ' => "j",
        'Ķ'..='ĸ' => "k",
        'Ĺ'..='ł' => "l",
        'Ñ' | 'ñ' | 'Ń'..='ŋ' => "n",
        'Ò'..='Ö' | 'Ø' | 'ò'..='ö' | 'ø' | 'Ō'..='ő' | 'Ơ' | 'ơ' | 'Ǒ' | 'ǒ' | 'Ọ'..='ợ' => "o",
        'Œ' | 'œ' => "oe",
        'Ŕ'..='ř' => "r",
        'Ś'..='š' | 'Ș' | 'ș' => "s",
        'ß' | 'ẞ' => "ss",
        'Ţ'..='ŧ' | 'Ț' | 'ț' => "t",
        'Þ' | 'þ' => "th",
        'Ù'..='Ü' | 'ù'..='ü' | 'Ũ'..='ų' | 'Ư' | 'ư' | 'Ǔ' | 'ǔ' | 'Ụ'..='ự' => "u",
        'Ŵ' | 'ŵ' => "w",
        'Ý' | 'ý' | 'ÿ' | 'Ŷ'..='Ÿ' | 'Ỳ'..='ỹ' => "y",
        'Ź'..='ž' => "z",
        _ => return Folded::Same,
    })
}

/// A query word with its other postal spelling, if there is one.
pub(crate) type Spellings = Vec<String>;

/// Parses a query: all readings of what was typed, each with all its words.
pub(crate) fn readings(typed: &str) -> Vec<Vec<Spellings>> {
    let mut words: Vec<String> = typed.split_whitespace().flat_map(split).collect();
    words.truncate(MAX_WORDS);
    if words.is_empty() {
        return Vec::new();
    }
    let n_gaps = words.len() - 1;
    let masks: Vec<usize> = if words.len() <= MAX_JOINED_WORDS {
        (0..1 << n_gaps).collect()
    } else {
        std::iter::once(0).chain((0..n_gaps).map(|gap| 1 << gap)).collect()
    };
    masks.into_iter().map(|mask| read_as(&words, mask).into_iter().map(spellings).collect()).collect()
}

/// Joins adjacent words at the gaps that the mask selects.
fn read_as(words: &[String], mask: usize) -> Vec<String> {
    let mut read: Vec<String> = Vec::with_capacity(words.len());
    for (index, word) in words.iter().enumerate() {
        match read.last_mut() {
            Some(before) if mask >> (index - 1) & 1 == 1 => before.push_str(word),
            _ => read.push(word.clone()),
        }
    }
    read
}

/// Adds the full word to an abbreviation (`rd` is also `road`), because streets are stored as people read them.
fn spellings(word: String) -> Spellings {
    let street = Address::of_parts("", &format!("x {word}"), "").street.to_lowercase();
    match street.split_once(' ') {
        Some((_, long)) if !long.starts_with(&word) && long.chars().all(char::is_alphanumeric) => {
            vec![word, long.to_owned()]
        }
        _ => vec![word],
    }
}

/// Whether, for any reading, each of its words is a prefix of one of `words`, which are separated by spaces.
pub(crate) fn is_hit(words: &str, readings: &[Vec<Spellings>]) -> bool {
    let begins = |start: &String| words.split(' ').any(|word| word.starts_with(start.as_str()));
    readings.iter().any(|reading| reading.iter().all(|spellings| spellings.iter().any(begins)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_found_as_they_are_typed() {
        #[track_caller]
        fn check((first, last): (&str, &str), typed: &[&str]) {
            let words = name(first, last);
            for typed in typed {
                assert!(is_hit(&words, &readings(typed)), "{typed:?} in {words:?}");
            }
        }
        check(("Oda", "O'Marrowby"), &["omarrowby", "o'marrowby", "o marrowby", "O’MARROWBY", "marrowby", "oda omar"]);
        check(
            ("Ivo", "Fenwhistle-Lowe"),
            &["fenwhistlelowe", "fenwhistle lowe", "fenwhistle-lowe", "lowe", "ivo lowe"],
        );
        check(("Juno", "De La Quilla"), &["delaquilla", "de la quilla", "quilla", "juno dela quilla"]);
        check(("Petra", "Peñablanca"), &["penablanca", "peñablanca", "pen\u{303}ablanca", "PENA"]);
        check(("Faro", "Mcbrindle"), &["mcbrindle", "mc brindle", "Mc-Brindle"]);
        check(("Rosa", "O'Hollow"), &["o'hollow", "ohollow", "hollow"]);
        check(("Ines", "Peña-Rook"), &["pena-rook", "rook", "ines pena", "penarook"]);
        check(("Åse", "Brønn-Łukowska"), &["ase bronn", "lukowska", "bronnlukowska", "åse brønn"]);
        check(("Mary Ann", "St. Fern"), &["maryann", "mary ann", "stfern", "st fern", "ann fern"]);
        check(("Nguyệt", "Thistleß"), &["nguyet", "thistless"]);
        check(("Noa", "Ka\u{2bb}ulani"), &["kaulani", "ka'ulani", "ka ulani"]);
        check(("Vera", "Vanderquill"), &["van der quill", "vander quill"]);
    }

    #[test]
    fn streets_are_found_as_they_are_typed() {
        #[track_caller]
        fn check(street: &str, typed: &[&str]) {
            let words = address_of("500", street, "4B");
            for typed in typed {
                assert!(is_hit(&words, &readings(typed)), "{typed:?} in {words:?}");
            }
        }
        check("King's Walk Road", &["kings walk", "king's walk", "500 kings walk rd"]);
        check("N Oak Boulevard", &["north oak", "n oak blvd", "oak boulevard", "500 oak 4b"]);
    }

    #[test]
    fn whoever_is_another_is_not_found() {
        #[track_caller]
        fn check((first, last): (&str, &str), typed: &str) {
            assert!(!is_hit(&name(first, last), &readings(typed)), "{typed:?} finds {first} {last}");
        }
        check(("Oda", "O'Marrowby"), "marrowly");
        check(("Oda", "O'Marrowby"), "oda rowby");
        check(("Ivo", "Fenwhistle-Lowe"), "whistle");
        check(("Petra", "Peñablanca"), "blanca");
    }

    #[test]
    fn whatever_is_typed_is_only_words() {
        fn check(typed: &str, expected: &[&str]) {
            let words: Vec<String> =
                readings(typed).first().into_iter().flatten().map(|word| word[0].clone()).collect();
            assert_eq!(words, expected, "{typed}");
        }
        check("Ana Ruiz", &["ana", "ruiz"]);
        check("\" OR name:* NEAR(", &["or", "name", "near"]);
        check("27 Maple St., 4B", &["27", "maple", "st", "4b"]);
        check(" '- ", &[]);
        check("a b c d e f g h i", &["a", "b", "c", "d", "e", "f", "g", "h"]);
    }
}
