//! House numbers, including fractions, letters, Wisconsin grid numbers and the hyphenated numbers of Queens.

use super::street;

/// Letters that may follow a number after a space. The others are compass points, or far more often begin a name (`J Smith Rd`).
const LETTERS: [&str; 7] = ["A", "B", "C", "D", "F", "G", "H"];

/// Spells out fractions: `12½` becomes `12 1/2`.
pub(crate) fn with_fractions(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    text.replace('½', " 1/2").replace('¼', " 1/4").replace('¾', " 3/4")
}

/// The normalised house number at the beginning of an address, and the number of words that it takes.
pub(crate) fn take(words: &[&str]) -> (String, usize) {
    let Some((first, behind)) = words.split_first() else { return (String::new(), 0) };
    let Some(number) = base(first) else { return (String::new(), 0) };
    match behind.first() {
        Some(second) if !number.contains('/') && is_fraction(second) => (format!("{number} {second}"), 2),
        _ => (number, 1),
    }
}

/// Joins a number and a separate letter after it, if the words after that letter are still a street with a name:
/// `123 A MAPLE ST` is number 123A, `123 A ST` is on A Street.
pub(crate) fn letter(number: &str, words: &[&str]) -> Option<String> {
    let (first, behind) = words.split_first()?;
    let is_initials = behind.first().is_some_and(|second| second.len() == 1 && street::direction(second).is_none());
    let is_suffix = LETTERS.contains(first)
        && number.ends_with(|c: char| c.is_ascii_digit())
        && !is_initials
        && street::has_name(behind);
    is_suffix.then(|| format!("{number}{first}"))
}

/// Normalises a house number from a cell of its own.
pub(crate) fn spell(text: &str) -> String {
    let upper = with_fractions(text).to_uppercase();
    let words: Vec<&str> = upper.split_whitespace().filter(|word| *word != "-").collect();
    let (number, n_taken) = take(&words);
    match &words[n_taken..] {
        [] if n_taken > 0 => number,
        [letter] if n_taken > 0 && letter.len() == 1 && letter.chars().all(|c| c.is_ascii_alphabetic()) => {
            format!("{number}{letter}")
        }
        _ => words.join(" "),
    }
}

/// The leading integer of a house number, which decides the side of the street and the neighbours.
pub(crate) fn leading(number: &str) -> Option<u32> {
    u32::try_from(order(number).0 / 1000).ok().filter(|_| number.contains(|c: char| c.is_ascii_digit()))
}

/// The sort key of house numbers along a street: the value in thousandths, then the rest: `37`, `37 1/2`, `37A`, `39`.
pub(crate) fn order(number: &str) -> (u64, &str) {
    // In `N6W23001` the house's number is the last one.
    let is_grid = number.starts_with(|c: char| c.is_ascii_alphabetic());
    let from = if is_grid { number.trim_end_matches(|c: char| c.is_ascii_digit()).len() } else { 0 };
    let whole = &number[from..];
    let end = whole.find(|c: char| !c.is_ascii_digit()).unwrap_or(whole.len());
    let (digits, rest) = whole.split_at(end);
    let value = digits.parse::<u32>().map_or(0, u64::from) * 1000;
    let mut marks = rest.trim_start().bytes();
    match (marks.next(), marks.next(), marks.next()) {
        (Some(above @ b'1'..=b'9'), Some(b'/'), Some(below @ b'1'..=b'9')) => {
            (value + u64::from(above - b'0') * 1000 / u64::from(below - b'0'), rest)
        }
        _ => (value, rest),
    }
}

/// Normalises a word as a house number; `None` if it is not one, such as `5TH`.
fn base(word: &str) -> Option<String> {
    let end = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    let (digits, rest) = word.split_at(end);
    if digits.is_empty() {
        return is_grid(word).then(|| word.to_owned());
    }
    if matches!(rest, "ST" | "ND" | "RD" | "TH") {
        return None;
    }
    let digits = Some(digits.trim_start_matches('0')).filter(|digits| !digits.is_empty()).unwrap_or("0");
    let tail = rest.strip_prefix('-').unwrap_or(rest);
    Some(if is_fraction(tail) {
        format!("{digits} {tail}")
    } else if tail.len() == 1 && tail.starts_with(|c: char| c.is_ascii_alphabetic()) {
        format!("{digits}{tail}")
    } else {
        format!("{digits}{rest}")
    })
}

/// Whether a word is a fraction: `1/2` or `1/2A`.
fn is_fraction(word: &str) -> bool {
    match word.as_bytes() {
        [b'1'..=b'9', b'/', b'2'..=b'9'] => true,
        [b'1'..=b'9', b'/', b'2'..=b'9', letter] => letter.is_ascii_uppercase(),
        _ => false,
    }
}

/// Whether a word is a grid number, counted from a crossing: `W5678` or `N6W23001`.
fn is_grid(word: &str) -> bool {
    let mut n_letters = 0;
    let mut before = b'0';
    for byte in word.bytes() {
        match byte {
            b'N' | b'S' | b'E' | b'W' if before.is_ascii_digit() => n_letters += 1,
            b'0'..=b'9' => {}
            _ => return false,
        }
        before = byte;
    }
    (1..=2).contains(&n_letters) && before.is_ascii_digit() && word.len() > 3
}
