//! The displayed floors of a building: expanded ones with their units, the others collapsed, many similar ones as one line. Pure.

use porchlight_model::calls::door::UnitRow;
use porchlight_model::unit;
use porchlight_model::visit::Mark;
use std::collections::{BTreeMap, BTreeSet};

/// A floor's number; `None` for units whose name has none.
pub type Floor = Option<u32>;

/// Up to this many units every floor is expanded.
const MAX_OPEN_UNITS: usize = 60;

/// From this many on, similar collapsed floors become one line.
const MIN_ALIKE: usize = 3;

/// One part of the page: indices into the floors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A floor with its units.
    Open(usize),
    /// A floor as one line.
    Closed(usize),
    /// Several adjacent floors, all to do or all done: the first, the last, and whether they are done.
    Alike(usize, usize, bool),
}

/// Whether a unit is still to do.
#[must_use]
pub fn is_to_do(unit: &UnitRow) -> bool {
    unit.state.is_to_do()
}

/// Counts the units of a floor by mark.
#[must_use]
pub fn marks(units: &[UnitRow]) -> BTreeMap<Mark, usize> {
    let mut marks = BTreeMap::new();
    for unit in units {
        *marks.entry(unit.mark).or_default() += 1;
    }
    marks
}

/// The parts of a building; `opened` are floors that the person expanded, `next` is the floor of the next unit.
#[must_use]
pub fn parts(floors: &[(Floor, Vec<UnitRow>)], next: Option<Floor>, opened: &BTreeSet<Floor>) -> Vec<Part> {
    let n_units: usize = floors.iter().map(|(_, units)| units.len()).sum();
    let is_open =
        |floor: Floor| n_units <= MAX_OPEN_UNITS || next == Some(floor) || opened.contains(&floor) || floors.len() == 1;
    let alike = |index: usize| {
        let (floor, units) = floors.get(index)?;
        let n_left = units.iter().filter(|unit| is_to_do(unit)).count();
        (!is_open(*floor) && (n_left == 0 || n_left == units.len())).then_some(n_left == 0)
    };
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some((floor, _)) = floors.get(at) {
        let kind = alike(at);
        let n_alike =
            if kind.is_some() { (at..floors.len()).take_while(|index| alike(*index) == kind).count() } else { 0 };
        match kind {
            Some(is_done) if n_alike >= MIN_ALIKE => {
                parts.push(Part::Alike(at, at + n_alike - 1, is_done));
                at += n_alike;
            }
            _ => {
                parts.push(if is_open(*floor) { Part::Open(at) } else { Part::Closed(at) });
                at += 1;
            }
        }
    }
    parts
}

/// The units that a search finds, by the name of the unit or of a resident.
#[must_use]
pub fn found<'a>(floors: &'a [(Floor, Vec<UnitRow>)], text: &str) -> Vec<&'a UnitRow> {
    let text = text.trim().to_lowercase();
    let all = || floors.iter().flat_map(|(_, units)| units);
    if let Some(index) = unit::find(all().map(|unit| unit.unit.as_str()), &text) {
        return all().skip(index).take(1).collect();
    }
    let has = |unit: &&UnitRow| {
        unit.unit.to_lowercase().starts_with(&text)
            || unit.unit.to_lowercase().split(' ').any(|word| word.starts_with(&text))
            || unit.names.iter().any(|name| name.to_lowercase().contains(&text))
    };
    all().filter(has).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use porchlight_model::id::DoorId;
    use porchlight_model::visit::DoorState;

    fn floor(number: u32, n_units: u32, state: DoorState) -> (Floor, Vec<UnitRow>) {
        let unit = |n: u32| UnitRow {
            door: DoorId::from_bytes([u8::try_from(number * 7 % 250).unwrap_or_default(); 16]),
            unit: format!("{}", number * 100 + n),
            state,
            mark: state,
            danger: None,
            names: vec![format!("Imran Shah {n}")],
            voters: Vec::new(),
            left: Vec::new(),
            has_draft: false,
        };
        (Some(number), (1..=n_units).map(unit).collect())
    }

    #[test]
    fn a_small_building_shows_every_unit_and_a_large_one_the_floor_of_the_next() {
        let small = [floor(2, 8, DoorState::Todo), floor(1, 8, DoorState::Talked)];
        assert_eq!(parts(&small, Some(Some(2)), &BTreeSet::new()), [Part::Open(0), Part::Open(1)]);
        let mut tall: Vec<_> = (1..=40).rev().map(|number| floor(number, 25, DoorState::Todo)).collect();
        for done in &mut tall[20..24] {
            *done = floor(done.0.unwrap_or_default(), 25, DoorState::NotHome);
        }
        tall[17].1[3].state = DoorState::Talked;
        let shown = parts(&tall, Some(Some(22)), &BTreeSet::new());
        assert_eq!(
            shown,
            [
                Part::Alike(0, 16, false),
                Part::Closed(17),
                Part::Open(18),
                Part::Closed(19),
                Part::Alike(20, 23, true),
                Part::Alike(24, 39, false)
            ]
        );
        assert!(parts(&tall, Some(Some(22)), &BTreeSet::from([Some(5)])).contains(&Part::Open(35)));
    }

    #[test]
    fn a_unit_is_found_by_its_number_or_by_who_lives_there() {
        let floors = [floor(22, 25, DoorState::Todo), floor(2, 20, DoorState::Todo)];
        let units = |text: &str| found(&floors, text).into_iter().map(|unit| unit.unit.as_str()).collect::<Vec<_>>();
        assert_eq!(units("2208"), ["2208"]);
        assert_eq!(units("220").len(), 1, "an exact name before all that begin with it");
        assert_eq!(units("shah 21"), ["2221"]);
        assert_eq!(units("9999"), [""; 0]);
    }

    #[test]
    fn a_lot_is_found_with_and_without_its_word() {
        let mut floors = [floor(0, 4, DoorState::Todo)];
        for (row, unit) in floors[0].1.iter_mut().zip(["LOT 1", "LOT 12", "LOT 12A", "SPC 1"]) {
            row.unit = unit.to_owned();
        }
        let units = |text: &str| found(&floors, text).into_iter().map(|unit| unit.unit.as_str()).collect::<Vec<_>>();
        for text in ["12", "lot 12", "Lot12", "#12"] {
            assert_eq!(units(text), ["LOT 12"], "{text}");
        }
        assert_eq!(units("12a"), ["LOT 12A"]);
        assert_eq!(units("1"), ["LOT 1", "LOT 12", "LOT 12A", "SPC 1"], "two have the name: both are shown");
    }
}
