//! The list of a walk: doors from the next one on, with done doors collapsed.

use super::*;
use porchlight_model::id::{DoorId, TurfId};

fn row(n: u8, number: &str, state: DoorState) -> WalkRow {
    WalkRow {
        stop: Stop::Door(DoorId::from_bytes([n; 16])),
        number: number.to_owned(),
        street: "Maple Street".to_owned(),
        names: vec![format!("Ana Ruiz {n}")],
        voters: Vec::new(),
        left: Vec::new(),
        state,
        mark: state,
        danger: None,
        has_draft: false,
        side: Side::Odd,
        last_at: None,
        n_doors: 1,
        n_left: u32::from(state.is_to_do()),
        note: String::new(),
        walk_m: 20,
        at: None,
    }
}

fn walk(rows: Vec<WalkRow>, next: Option<usize>) -> WalkView {
    let mut by_state = BTreeMap::new();
    for row in &rows {
        *by_state.entry(row.state).or_default() += 1;
    }
    WalkView {
        turf: TurfId::from_bytes([9; 16]),
        name: "Riverside 7".to_owned(),
        n_doors: u32::try_from(rows.len()).unwrap_or_default(),
        by_state,
        n_left: rows.iter().map(|row| row.n_left).sum(),
        n_done: rows.iter().filter(|row| is_done(row)).map(|row| row.n_doors).sum(),
        minutes_left: 10,
        doors_per_hour: None,
        next,
        rows,
        new_wave: None,
    }
}

fn street(states: &[DoorState], next: Option<usize>) -> WalkView {
    let rows = (0_u8..).zip(states).map(|(n, state)| row(n, &(u32::from(n) * 2 + 21).to_string(), *state));
    walk(rows.collect(), next)
}

#[test]
fn the_list_begins_at_the_next_door_with_done_doors_folded_over_it() {
    use DoorState::{ComeBack, Danger, NotHome, Talked, Todo};
    let walk = street(&[Talked, Todo, NotHome, Todo, Danger, ComeBack, Todo], Some(3));
    assert_eq!(shown(&walk, View::ToDo), [3, 4, 5, 6, 1]);
    let (rows, marks) = folded(&walk);
    assert_eq!(rows, [0, 2]);
    assert_eq!(marks.into_iter().collect::<Vec<_>>(), [(Mark::NotHome, 1), (Mark::Talked, 1)]);
    assert_eq!(shown(&walk, View::ComeBack), [5]);

    // A talk half done at a door that is done otherwise is in sight.
    let mut walk = walk;
    walk.rows[0].has_draft = true;
    assert_eq!(folded(&walk).0, [2]);
    assert_eq!(shown(&walk, View::ToDo), [3, 4, 5, 6, 0, 1]);
}

#[test]
fn a_danger_on_the_way_is_shown_before_the_door_behind_it_until_it_is_passed() {
    use DoorState::{Danger, NotHome, Todo};
    let walk = street(&[NotHome, Danger, Danger, Todo], Some(3));
    let passed = |rows: &[usize]| rows.iter().map(|index| walk.rows[*index].stop).collect::<BTreeSet<_>>();
    assert_eq!(dock_row(&walk, &passed(&[])), Some(1));
    assert_eq!(dock_row(&walk, &passed(&[1])), Some(2));
    assert_eq!(dock_row(&walk, &passed(&[1, 2])), Some(3));
    assert_eq!(dock_row(&street(&[Danger, NotHome, Todo], Some(2)), &BTreeSet::new()), Some(2));
    assert_eq!(dock_row(&street(&[Danger], None), &BTreeSet::new()), None);
}

#[test]
fn a_search_finds_by_number_name_street_note_mark_and_side() {
    let mut walk = street(&[DoorState::Todo, DoorState::NotHome], Some(0));
    walk.rows[1].note = "Cousin of the Ruizes".to_owned();
    walk.rows[1].side = Side::Even;
    let check = |find: Find, rows: &[usize]| assert_eq!(found(&walk, &find), rows, "{find:?}");
    let text = |text: &str| Find { text: text.to_owned(), ..Find::default() };
    check(Find::default(), &[0, 1]);
    check(text("23"), &[1]);
    check(text("ruiz 0"), &[0]);
    check(text("MAPLE"), &[0, 1]);
    check(text("cousin"), &[1]);
    check(text("quay"), &[]);
    check(Find { mark: Some(Mark::NotHome), ..Find::default() }, &[1]);
    check(Find { side: Some(Side::Odd), ..Find::default() }, &[0]);
}

#[test]
fn rows_run_along_a_street_up_or_down() {
    let mut walk = street(&[DoorState::Todo; 5], Some(0));
    walk.rows[3].street = "Quay Street".to_owned();
    walk.rows[4].street = "Quay Street".to_owned();
    walk.rows[4].number = "9".to_owned();
    let runs = runs(&walk, &[0, 1, 2, 3, 4]);
    let told: Vec<_> = runs.iter().map(|run| (run.street.as_str(), run.way, run.rows.len())).collect();
    assert_eq!(told, [("Maple Street", Way::Up, 3), ("Quay Street", Way::Down, 2)]);
}

#[test]
fn what_was_searched_for_is_marked_in_names_of_any_script() {
    let check = |text: &str, searched: &str, expected: &[(&str, bool)]| {
        let pieces = pieces(text, searched);
        assert_eq!(pieces.iter().map(|(text, is)| (text.as_str(), *is)).collect::<Vec<_>>(), expected);
    };
    check("Dana Ruiz-Bell", "ruiz", &[("Dana ", false), ("Ruiz", true), ("-Bell", false)]);
    check("שרה לוי", "לוי", &[("שרה ", false), ("לוי", true)]);
    check("İpek", "i", &[("İpek", false)]);
    check("Ana", "", &[("Ana", false)]);
}
