//! What is found by a few typed letters: places, turf, people and voters, in one short list with one row picked. Pure.

/// What something that is found is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A page.
    Place,
    /// A turf.
    Turf,
    /// A member of the campaign.
    Person,
    /// A voter.
    Voter,
}

impl What {
    /// The id of its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Place => "finder-place",
            Self::Turf => "finder-turf",
            Self::Person => "finder-person",
            Self::Voter => "finder-voter",
        }
    }
}

/// Something to go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub what: What,
    /// Its name.
    pub name: String,
    /// A line about it; may be empty.
    pub about: String,
    /// Its address in the app.
    pub path: String,
}

/// The most of one kind that are listed.
pub const MAX_EACH: usize = 8;

/// Whether every word that was typed begins a word of a name.
#[must_use]
pub fn is_meant(typed: &str, name: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let of_name = words(name);
    words(typed).iter().all(|word| of_name.iter().any(|part| part.starts_with(word.as_str())))
}

/// Those of one kind that are meant by what was typed, as many as are listed; none before anything is typed but the places.
pub fn meant(typed: &str, all: impl IntoIterator<Item = Found>) -> Vec<Found> {
    let is_blank = typed.trim().is_empty();
    let wanted =
        all.into_iter().filter(|found| if is_blank { found.what == What::Place } else { is_meant(typed, &found.name) });
    let most = if is_blank { usize::MAX } else { MAX_EACH };
    wanted.take(most).collect()
}

/// The row that is picked after a key: the next or the one before, going round; the first after what was typed has changed.
#[must_use]
pub fn step(picked: usize, n_rows: usize, is_down: bool) -> usize {
    match (n_rows, is_down) {
        (0, _) => 0,
        (n, true) => (picked + 1) % n,
        (n, false) => (picked + n - 1) % n,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(what: What, name: &str) -> Found {
        Found { what, name: name.to_owned(), about: String::new(), path: String::new() }
    }

    #[test]
    fn words_that_begin_so_are_meant_in_any_order_and_case() {
        for (typed, name, is) in [
            ("row", "Rowan 12", true),
            ("12 ROW", "Rowan 12", true),
            ("rowan 2", "Rowan 12", false),
            ("ana-m", "Ana María López", true),
            ("łó", "Łódź North", true),
            ("wan", "Rowan 12", false),
            ("...", "Rowan 12", true),
        ] {
            assert_eq!(is_meant(typed, name), is, "{typed} in {name}");
        }
    }

    #[test]
    fn before_anything_is_typed_every_place_is_listed_and_nothing_else() {
        let places = (0..12).map(|n| found(What::Place, &format!("Place {n}")));
        assert_eq!(meant(" ", places.chain([found(What::Turf, "Rowan 1")])).len(), 12);
    }

    #[test]
    fn of_many_that_are_meant_the_first_are_listed() {
        let turf = (0..750).map(|n| found(What::Turf, &format!("Rowan {n}")));
        let listed = meant("row", turf);
        assert_eq!((listed.len(), listed[0].name.as_str()), (MAX_EACH, "Rowan 0"));
    }

    #[test]
    fn keys_go_round_and_an_empty_list_has_nothing_to_pick() {
        assert_eq!([step(0, 3, true), step(2, 3, true), step(0, 3, false)], [1, 0, 2]);
        assert_eq!([step(0, 0, true), step(5, 0, false)], [0, 0]);
    }
}
