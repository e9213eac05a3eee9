//! Prepares labels in right-to-left scripts for the map, which draws letter by letter from left to right and joins none.
//! Letters are put in visual order (UAX #9, for one line without embeddings), and Arabic ones in the form
//! that depends on their neighbours (Unicode's presentation forms). Pure.

/// Arabic letters that join on both sides, each with its isolated form, which the final, initial and medial ones follow.
const DUAL: [(char, u32); 28] = [
    ('\u{626}', 0xFE89),
    ('\u{628}', 0xFE8F),
    ('\u{62A}', 0xFE95),
    ('\u{62B}', 0xFE99),
    ('\u{62C}', 0xFE9D),
    ('\u{62D}', 0xFEA1),
    ('\u{62E}', 0xFEA5),
    ('\u{633}', 0xFEB1),
    ('\u{634}', 0xFEB5),
    ('\u{635}', 0xFEB9),
    ('\u{636}', 0xFEBD),
    ('\u{637}', 0xFEC1),
    ('\u{638}', 0xFEC5),
    ('\u{639}', 0xFEC9),
    ('\u{63A}', 0xFECD),
    ('\u{641}', 0xFED1),
    ('\u{642}', 0xFED5),
    ('\u{643}', 0xFED9),
    ('\u{644}', 0xFEDD),
    ('\u{645}', 0xFEE1),
    ('\u{646}', 0xFEE5),
    ('\u{647}', 0xFEE9),
    ('\u{64A}', 0xFEF1),
    ('\u{67E}', 0xFB56),
    ('\u{686}', 0xFB7A),
    ('\u{6A9}', 0xFB8E),
    ('\u{6AF}', 0xFB92),
    ('\u{6CC}', 0xFBFC),
];

/// Letters that join only the previous one, each with its isolated form, which the final one follows.
const BEFORE: [(char, u32); 13] = [
    ('\u{622}', 0xFE81),
    ('\u{623}', 0xFE83),
    ('\u{624}', 0xFE85),
    ('\u{625}', 0xFE87),
    ('\u{627}', 0xFE8D),
    ('\u{629}', 0xFE93),
    ('\u{62F}', 0xFEA9),
    ('\u{630}', 0xFEAB),
    ('\u{631}', 0xFEAD),
    ('\u{632}', 0xFEAF),
    ('\u{648}', 0xFEED),
    ('\u{649}', 0xFEEF),
    ('\u{698}', 0xFB8A),
];

/// Ligatures of lam with a following alef.
const LAM_ALEF: [(char, u32); 4] = [('\u{622}', 0xFEF5), ('\u{623}', 0xFEF7), ('\u{625}', 0xFEF9), ('\u{627}', 0xFEFB)];

/// Converts a label to the form that the map must draw.
#[must_use]
pub fn as_drawn(text: &str) -> String {
    if !text.chars().any(is_rtl) {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().filter(|letter| !is_point(*letter)).collect();
    seen(&shaped(&letters)).into_iter().collect()
}

/// Whether a letter is written from right to left.
#[must_use]
pub const fn is_rtl(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
        && !is_arabic_digit(letter)
}

const fn is_arabic_digit(letter: char) -> bool {
    matches!(letter, '\u{660}'..='\u{669}' | '\u{6F0}'..='\u{6F9}')
}

/// Vowel points, which the map would draw beside their letters.
const fn is_point(letter: char) -> bool {
    matches!(letter, '\u{591}'..='\u{5BD}' | '\u{5BF}' | '\u{5C1}'..='\u{5C2}' | '\u{5C4}'..='\u{5C7}' | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{670}')
}

fn form_of(letters: &[(char, u32)], letter: char) -> Option<u32> {
    letters.iter().find(|(known, _)| *known == letter).map(|(_, form)| *form)
}

fn joins_next(letter: char) -> bool {
    letter == '\u{640}' || form_of(&DUAL, letter).is_some()
}

fn joins_before(letter: char) -> bool {
    joins_next(letter) || form_of(&BEFORE, letter).is_some()
}

/// Selects the contextual forms of Arabic letters.
fn shaped(letters: &[char]) -> Vec<char> {
    let mut shaped = Vec::with_capacity(letters.len());
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let before = at.checked_sub(1).and_then(|before| letters.get(before)).copied();
        let next = letters.get(at + 1).copied();
        let is_joined = before.is_some_and(joins_next);
        let ligature = next.filter(|_| letter == '\u{644}').and_then(|next| form_of(&LAM_ALEF, next));
        let form = match (ligature, form_of(&DUAL, letter), form_of(&BEFORE, letter)) {
            (Some(form), _, _) => Some(form + u32::from(is_joined)),
            (None, Some(form), _) => Some(form + u32::from(is_joined) + 2 * u32::from(next.is_some_and(joins_before))),
            (None, None, Some(form)) => Some(form + u32::from(is_joined)),
            (None, None, None) => None,
        };
        shaped.push(form.and_then(char::from_u32).unwrap_or(letter));
        at += 1 + usize::from(ligature.is_some());
    }
    shaped
}

/// Reorders the letters from logical to visual order.
fn seen(letters: &[char]) -> Vec<char> {
    let levels = levels(letters);
    let mut order: Vec<usize> = (0..letters.len()).collect();
    for level in (1..=levels.iter().copied().max().unwrap_or_default()).rev() {
        let mut from = 0;
        while from < order.len() {
            let is_in = |place: &usize| order.get(*place).and_then(|at| levels.get(*at)).is_some_and(|of| *of >= level);
            let to = (from..order.len()).take_while(is_in).count() + from;
            if let Some(run) = order.get_mut(from..to) {
                run.reverse();
            }
            from = to.max(from) + 1;
        }
    }
    let mirrored = |at: usize| match (letters.get(at).copied(), levels.get(at).is_some_and(|level| level % 2 == 1)) {
        (Some('('), true) => Some(')'),
        (Some(')'), true) => Some('('),
        (letter, _) => letter,
    };
    order.into_iter().filter_map(mirrored).collect()
}

/// The embedding level of each letter: even is left to right, odd right to left.
fn levels(letters: &[char]) -> Vec<u8> {
    let strong = |letter: char| is_rtl(letter).then_some(true).or_else(|| letter.is_alphabetic().then_some(false));
    let is_base_rtl = letters.iter().copied().find_map(strong).unwrap_or_default();
    let mut levels: Vec<Option<u8>> = Vec::with_capacity(letters.len());
    let mut is_in_rtl = is_base_rtl;
    let ltr = if is_base_rtl { 2 } else { 0 };
    for &letter in letters {
        if let Some(is) = strong(letter) {
            is_in_rtl = is;
            levels.push(Some(if is { 1 } else { ltr }));
        } else if letter.is_numeric() {
            levels.push(Some(if is_in_rtl { 2 } else { ltr }));
        } else {
            levels.push(None);
        }
    }
    let base = u8::from(is_base_rtl);
    // Neutral characters between two of one direction take it, and numbers count as right to left there; otherwise they take the base direction.
    let side = |level: Option<u8>| level.map(|level| level == 1 || (level == 2 && !is_base_rtl));
    (0..levels.len())
        .map(|at| {
            let of = |level: &Option<u8>| side(*level);
            levels.get(at).copied().flatten().unwrap_or_else(|| {
                let before = levels.get(..at).and_then(|part| part.iter().rev().find_map(of));
                let after = levels.get(at..).and_then(|part| part.iter().find_map(of));
                match (before, after) {
                    (Some(true), Some(true)) => 1,
                    (Some(false), Some(false)) => ltr,
                    _ => base,
                }
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_read_the_right_way_in_every_script() {
        fn check(text: &str, drawn: &str) {
            assert_eq!(as_drawn(text), drawn, "{text}");
        }
        check("Maple Street", "Maple Street");
        check("12 1/2", "12 1/2");
        check("हिन्दी मार्ग", "हिन्दी मार्ग");
        // "Herzl Street": the first letter is at the right.
        check("רחוב הרצל", "לצרה בוחר");
        // A number keeps its own order, to the left of what precedes it.
        check("רחוב 25", "25 בוחר");
        check("רחוב הרצל 25א", "א25 לצרה בוחר");
        // Latin words in a Hebrew name, and the reverse.
        check("שדרות King George", "King George תורדש");
        check("Rehov הרצל Street", "Rehov לצרה Street");
        check("רחוב (צפון)", "(ןופצ) בוחר");
        // Vowel points are dropped.
        check("שָׁלוֹם", "םולש");
    }

    #[test]
    fn arabic_letters_join_as_they_are_written() {
        // شارع: sheen at the beginning, alef at its end, reh and ain alone.
        assert_eq!(as_drawn("شارع"), "\u{FEC9}\u{FEAD}\u{FE8E}\u{FEB7}");
        // سلام: lam with alef is a ligature, at the end of the joined letters.
        assert_eq!(as_drawn("سلام"), "\u{FEE1}\u{FEFC}\u{FEB3}");
        // محمد: initial, medial, medial, final.
        assert_eq!(as_drawn("محمد"), "\u{FEAA}\u{FEE4}\u{FEA4}\u{FEE3}");
    }
}
