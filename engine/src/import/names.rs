//! Converts names from uppercase files to the usual spelling. Names in mixed case stay as they are.

/// Converts a name of one or more words: `O'HARA-LOW` to `O'Hara-Low`, `MCQUILLAN` to `McQuillan`.
pub(crate) fn name(cell: &str) -> String {
    let words: Vec<&str> = cell.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).collect();
    if is_mixed(cell) {
        return words.join(" ");
    }
    let last = words.len().saturating_sub(1);
    let cased = words.iter().enumerate().map(|(index, word)| match suffix_word(word) {
        Some(suffix) if index > 0 && index == last => suffix,
        _ => title_case(word),
    });
    cased.collect::<Vec<_>>().join(" ")
}

/// Converts the suffix of a name: `III`, `Jr`.
pub(crate) fn suffix(cell: &str) -> String {
    let cased = cell.split_whitespace().map(|word| {
        let plain = word.trim_matches(['.', ',']);
        match plain.to_uppercase().as_str() {
            "V" | "VI" | "IX" | "X" | "MD" | "DDS" | "DVM" | "RN" | "CPA" => plain.to_uppercase(),
            "PHD" => "PhD".to_owned(),
            _ if is_mixed(word) => plain.to_owned(),
            _ => suffix_word(plain).unwrap_or_else(|| title_case(plain)),
        }
    });
    cased.collect::<Vec<_>>().join(" ")
}

/// Converts an uppercase word: `MAPLE` to `Maple`, `2ND` to `2nd`, `MCKAY` to `McKay`.
pub(crate) fn title_case(word: &str) -> String {
    let mut cased = String::with_capacity(word.len());
    let mut is_start = true;
    let mut from = 0;
    for c in word.chars() {
        // After `Mc` the next letter is a capital, if what follows is long enough to be a name.
        let is_behind_mc = cased[from..] == *"Mc" && word.len() >= from + 5 && c.is_alphabetic();
        if is_start || is_behind_mc {
            cased.extend(c.to_uppercase());
        } else {
            cased.extend(c.to_lowercase());
        }
        is_start = !c.is_alphanumeric();
        if is_start {
            from = cased.len();
        }
    }
    cased
}

/// Recognises a suffix that is never a name by itself.
fn suffix_word(word: &str) -> Option<String> {
    let plain = word.trim_matches(['.', ',']).to_uppercase();
    match plain.as_str() {
        "II" | "III" | "IV" | "VII" | "VIII" => Some(plain),
        "JR" => Some("Jr".to_owned()),
        "SR" => Some("Sr".to_owned()),
        _ => None,
    }
}

fn is_mixed(text: &str) -> bool {
    text.chars().any(char::is_lowercase) && text.chars().any(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::{name, suffix, title_case};

    #[test]
    fn names_are_written_as_people_write_them() {
        for (plain, cased) in [
            ("O'HARA-LOW", "O'Hara-Low"),
            ("FENWHISTLE-LOWE", "Fenwhistle-Lowe"),
            ("O'MARROWBY", "O'Marrowby"),
            ("D’ANGLEY", "D’Angley"),
            ("MCQUILLAN", "McQuillan"),
            ("MCKAY-MCGEE", "McKay-McGee"),
            ("MACHADO", "Machado"),
            ("MC", "Mc"),
            ("VAN HOLT", "Van Holt"),
            ("DE LA CRUZ", "De La Cruz"),
            ("OAKENSHAW III", "Oakenshaw III"),
            ("OAKENSHAW JR.", "Oakenshaw Jr"),
            ("TRAN VI", "Tran Vi"),
            ("II", "Ii"),
            ("ROBERT \"BOB\"", "Robert \"Bob\""),
            ("\"TEX\" QUILLON", "\"Tex\" Quillon"),
            ("J.R.", "J.R."),
            ("PE\u{d1}A", "Pe\u{f1}a"),
            ("LaToya", "LaToya"),
            ("van der Berg", "van der Berg"),
            ("de la Cruz", "de la Cruz"),
            ("nell", "Nell"),
            ("\"", ""),
            ("NELL -", "Nell"),
            ("", ""),
        ] {
            assert_eq!(name(plain), cased, "{plain}");
        }
    }

    #[test]
    fn suffixes_are_written_as_people_write_them() {
        for (plain, cased) in [
            ("II", "II"),
            ("III", "III"),
            ("iii", "III"),
            ("IV", "IV"),
            ("V", "V"),
            ("VI", "VI"),
            ("JR", "Jr"),
            ("JR.", "Jr"),
            ("SR", "Sr"),
            ("2ND", "2nd"),
            ("ESQ", "Esq"),
            ("MD", "MD"),
            ("Jr", "Jr"),
            ("", ""),
        ] {
            assert_eq!(suffix(plain), cased, "{plain}");
        }
    }

    #[test]
    fn words_of_streets_are_written_as_on_the_sign() {
        for (plain, cased) in [("2ND", "2nd"), ("MCADENVILLE", "McAdenville"), ("O'HARA", "O'Hara")] {
            assert_eq!(title_case(plain), cased);
        }
    }
}
