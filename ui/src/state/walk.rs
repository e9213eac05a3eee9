//! The list of a walk: the rows of a view, their runs along streets, the results of a search, and the door in the dock. Pure.

use porchlight_model::calls::walk::{Stop, WalkRow, WalkView};
use porchlight_model::place::Side;
use porchlight_model::visit::{DoorState, Mark};
use std::collections::{BTreeMap, BTreeSet};

/// Which part of the list is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// Doors to do, from the next one on; done doors are collapsed above them.
    #[default]
    ToDo,
    /// Doors where nobody was home.
    NotHome,
    /// Doors where someone asked to come back.
    ComeBack,
    /// Every door, as walked.
    All,
}

impl View {
    /// The views of a list; the first is for what is to do, if anything is.
    #[must_use]
    pub const fn of(is_done: bool) -> [Self; 3] {
        if is_done { [Self::NotHome, Self::ComeBack, Self::All] } else { [Self::ToDo, Self::NotHome, Self::ComeBack] }
    }

    /// The number of doors in it.
    #[must_use]
    pub fn n_doors(self, walk: &WalkView) -> u32 {
        let of = |state: DoorState| walk.by_state.get(&state).copied().unwrap_or(0);
        match self {
            Self::ToDo => walk.n_left,
            Self::NotHome => of(DoorState::NotHome) + of(DoorState::Flyer) + of(DoorState::Shut),
            Self::ComeBack => of(DoorState::ComeBack) + of(DoorState::Language),
            Self::All => walk.n_doors,
        }
    }
}

/// A search; an empty one finds every door.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Find {
    /// A number, a name, a street or a word of a note.
    pub text: String,
    /// Only doors with this mark.
    pub mark: Option<Mark>,
    /// Only one side.
    pub side: Option<Side>,
    /// Only this street.
    pub street: Option<String>,
}

/// The direction of house numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// They rise.
    Up,
    /// They fall.
    Down,
    /// Neither, or there is one.
    Mixed,
}

/// Adjacent rows on one street.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The street.
    pub street: String,
    /// The side, if it is the same for all.
    pub side: Side,
    /// The direction of its house numbers.
    pub way: Way,
    /// Indices of the rows.
    pub rows: Vec<usize>,
}

/// Whether a row is collapsed: nothing is left to do there, no draft is open, and there is no warning.
#[must_use]
pub const fn is_done(row: &WalkRow) -> bool {
    match row.state {
        DoorState::NotHome
        | DoorState::Flyer
        | DoorState::Shut
        | DoorState::Talked
        | DoorState::Refused
        | DoorState::Moved => !row.has_draft,
        DoorState::Todo | DoorState::Part | DoorState::Language | DoorState::ComeBack | DoorState::Danger => false,
    }
}

/// The rows of a view, in the order in which they are walked from the next door on.
#[must_use]
pub fn shown(walk: &WalkView, view: View) -> Vec<usize> {
    let from = dock_row(walk, &BTreeSet::new()).or(walk.next).unwrap_or_default();
    let n_rows = walk.rows.len();
    let is_in = |row: &WalkRow| match view {
        View::ToDo => !is_done(row),
        View::NotHome => matches!(row.state, DoorState::NotHome | DoorState::Flyer | DoorState::Shut),
        View::ComeBack => matches!(row.state, DoorState::ComeBack | DoorState::Language),
        View::All => true,
    };
    let order: Vec<usize> = match view {
        View::ToDo => (from..n_rows).chain(0..from.min(n_rows)).collect(),
        View::NotHome | View::ComeBack | View::All => (0..n_rows).collect(),
    };
    order.into_iter().filter(|index| walk.rows.get(*index).is_some_and(is_in)).collect()
}

/// The collapsed rows, and their counts by mark.
#[must_use]
pub fn folded(walk: &WalkView) -> (Vec<usize>, BTreeMap<Mark, u32>) {
    let mut marks = BTreeMap::new();
    let mut rows = Vec::new();
    for (index, row) in walk.rows.iter().enumerate().filter(|(_, row)| is_done(row)) {
        *marks.entry(row.mark).or_default() += row.n_doors;
        rows.push(index);
    }
    (rows, marks)
}

/// The rows that a search finds, in walking order.
#[must_use]
pub fn found(walk: &WalkView, find: &Find) -> Vec<usize> {
    let text = find.text.trim().to_lowercase();
    let has_text = |row: &WalkRow| {
        let address = format!("{} {}", row.number, row.street).to_lowercase();
        let is_number = row.number.to_lowercase() == text;
        let in_words = || row.names.iter().chain([&row.note]).any(|words| words.to_lowercase().contains(&text));
        text.is_empty() || is_number || address.contains(&text) || in_words()
    };
    let is_found = |row: &WalkRow| {
        find.mark.is_none_or(|mark| mark == row.mark)
            && find.side.is_none_or(|side| side == row.side)
            && find.street.as_ref().is_none_or(|street| *street == row.street)
            && has_text(row)
    };
    walk.rows.iter().enumerate().filter(|(_, row)| is_found(row)).map(|(index, _)| index).collect()
}

/// The streets of a walk, in walking order.
#[must_use]
pub fn streets(walk: &WalkView) -> Vec<String> {
    let mut streets: Vec<String> = Vec::new();
    for row in &walk.rows {
        if !streets.contains(&row.street) {
            streets.push(row.street.clone());
        }
    }
    streets
}

/// Groups rows into runs along a street.
#[must_use]
pub fn runs(walk: &WalkView, rows: &[usize]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for index in rows {
        let Some(row) = walk.rows.get(*index) else { continue };
        match runs.last_mut() {
            Some(run) if run.street == row.street => {
                if run.side != row.side {
                    run.side = Side::Unknown;
                }
                run.rows.push(*index);
            }
            _ => runs.push(Run { street: row.street.clone(), side: row.side, way: Way::Mixed, rows: vec![*index] }),
        }
    }
    for run in &mut runs {
        run.way = way(run.rows.iter().filter_map(|index| walk.rows.get(*index)));
    }
    runs
}

fn way<'a>(rows: impl Iterator<Item = &'a WalkRow>) -> Way {
    let number = |row: &WalkRow| {
        let digits: String = row.number.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u32>().ok()
    };
    let numbers: Vec<u32> = rows.filter_map(number).collect();
    let (is_up, is_down) = (numbers.is_sorted(), numbers.is_sorted_by(|a, b| a >= b));
    match (is_up, is_down) {
        (true, false) => Way::Up,
        (false, true) => Way::Down,
        (true, true) | (false, false) => Way::Mixed,
    }
}

/// The row that the dock shows: a danger directly before the next door until it is passed, else the next door.
#[must_use]
pub fn dock_row(walk: &WalkView, passed: &BTreeSet<Stop>) -> Option<usize> {
    let next = walk.next?;
    let dangers = (0..next).rev().take_while(|index| {
        walk.rows.get(*index).is_some_and(|row| row.state == DoorState::Danger && !passed.contains(&row.stop))
    });
    // Of several adjacent dangers, the first.
    dangers.last().or(Some(next))
}

/// Splits a text into pieces that match the search or do not.
#[must_use]
pub fn pieces(text: &str, searched: &str) -> Vec<(String, bool)> {
    let searched = searched.trim().to_lowercase();
    let lower = text.to_lowercase();
    // If lowercasing changes the length, positions in both texts differ, and nothing is marked.
    if searched.is_empty() || lower.len() != text.len() {
        return vec![(text.to_owned(), false)];
    }
    let mut pieces = Vec::new();
    let mut from = 0;
    for (at, hit) in lower.match_indices(&searched) {
        let (Some(before), Some(here)) = (text.get(from..at), text.get(at..at + hit.len())) else { continue };
        pieces.extend([(before.to_owned(), false), (here.to_owned(), true)]);
        from = at + hit.len();
    }
    pieces.push((text.get(from..).unwrap_or_default().to_owned(), false));
    pieces.retain(|(piece, _)| !piece.is_empty());
    pieces
}

#[cfg(test)]
mod tests;
