//! Ordinals in street names: `FIFTH` and `5TH` are equal, and so are `TWENTY-SECOND` and `22ND`.

const ONES: [&str; 10] =
    ["FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH", "SIXTH", "SEVENTH", "EIGHTH", "NINTH", "TENTH"];
const TEENS: [&str; 9] = [
    "ELEVENTH",
    "TWELFTH",
    "THIRTEENTH",
    "FOURTEENTH",
    "FIFTEENTH",
    "SIXTEENTH",
    "SEVENTEENTH",
    "EIGHTEENTH",
    "NINETEENTH",
];
const TENS: [(&str, &str); 8] = [
    ("TWENTY", "TWENTIETH"),
    ("THIRTY", "THIRTIETH"),
    ("FORTY", "FORTIETH"),
    ("FIFTY", "FIFTIETH"),
    ("SIXTY", "SIXTIETH"),
    ("SEVENTY", "SEVENTIETH"),
    ("EIGHTY", "EIGHTIETH"),
    ("NINETY", "NINETIETH"),
];

/// The ordinal at the beginning of uppercase words, and the number of words that it takes.
pub(crate) fn take(words: &[&str]) -> Option<(u32, usize)> {
    match words {
        ["ONE", "HUNDRED", "AND", rest @ ..] => below_hundred(rest).map(|(n, taken)| (100 + n, taken + 3)),
        ["ONE", "HUNDRED", rest @ ..] => below_hundred(rest).map(|(n, taken)| (100 + n, taken + 2)),
        ["ONE", "HUNDREDTH", ..] => Some((100, 2)),
        [first, ..] => below_hundred(words).or_else(|| Some((in_digits(first)?, 1))),
        [] => None,
    }
}

/// Writes an ordinal in uppercase: `22ND`.
pub(crate) fn write(n: u32) -> String {
    let end = match (n % 100, n % 10) {
        (11..=13, _) => "TH",
        (_, 1) => "ST",
        (_, 2) => "ND",
        (_, 3) => "RD",
        _ => "TH",
    };
    format!("{n}{end}")
}

fn below_hundred(words: &[&str]) -> Option<(u32, usize)> {
    let place =
        |names: &[&str], word: &str| names.iter().position(|name| *name == word).and_then(|at| u32::try_from(at).ok());
    let first = words.first()?;
    if let Some(n) = place(&ONES, first) {
        return Some((n + 1, 1));
    }
    if let Some(n) = place(&TEENS, first) {
        return Some((n + 11, 1));
    }
    let (index, (tens, _)) = TENS.iter().enumerate().find(|(_, (tens, whole))| tens == first || whole == first)?;
    let n = u32::try_from(index + 2).ok()? * 10;
    if tens != first {
        return Some((n, 1));
    }
    let ones = words
        .get(1)
        .and_then(|word| place(&ONES[..9], word).map(|one| one + 1).or_else(|| in_digits(word).filter(|n| *n < 10)))?;
    Some((n + ones, 2))
}

/// Parses an ordinal in digits, also with a wrong ending: `22ND`.
fn in_digits(word: &str) -> Option<u32> {
    ["ST", "ND", "RD", "TH"].iter().find_map(|end| word.strip_suffix(end))?.parse().ok()
}
