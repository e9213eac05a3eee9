//! Lists a turf in walking order, with the next stop and the progress.

use super::{Layout, lay_out};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::field::standing::Standing;
use crate::store::field::{notes, turfs};
use crate::store::{drafts, waves};
use porchlight_model::calls::walk::{Stop, Walk, WalkRow, WalkView};
use porchlight_model::id::{DoorId, MemberId, VoterId};
use porchlight_model::place::LonLat;
use porchlight_model::time::At;
use porchlight_model::visit::{About, DoorState};
use std::collections::{BTreeMap, BTreeSet};

/// The maximum length of a note in the list, in characters.
const MAX_LIST_NOTE_CHARS: usize = 80;

/// The period over which a member's pace is measured, in milliseconds.
const PACE_WINDOW_MS: i64 = 12 * 60 * 60 * 1000;

/// The minimum number of doors for a pace.
const MIN_PACE_DOORS: usize = 5;

/// The minimum time for a pace, in milliseconds.
const MIN_PACE_MS: i64 = 10 * 60 * 1000;

/// Lists a turf in walking order.
///
/// # Errors
/// When the turf, or what is in it, is not on this device.
pub fn walk(engine: &mut Engine, call: &Walk) -> Result<WalkView, EngineError> {
    let now = engine.now();
    let member = engine.member()?.identity.member;
    let conn = engine.conn();
    let turf = turfs::get(conn, call.turf)?.ok_or_else(|| EngineError::not_found("error-turf-gone"))?;
    let new_wave = waves::newer(conn, turf.turf, turf.doc)?;
    let notes = notes::of_turf(conn, turf.turf)?;
    let layout = lay_out(conn, turf, &Standing::read(conn)?)?;
    let mut by_state: BTreeMap<DoorState, u32> = BTreeMap::new();
    for door in &layout.doors {
        *by_state.entry(door.state).or_default() += 1;
    }
    let n_left = count(layout.doors.iter().filter(|door| door.is_to_do()).count());
    let pace = doors_per_hour(&layout, member, now);
    let extras = RowExtras { notes: newest_notes(&layout, notes), drafts: drafts::doors(conn)? };
    Ok(WalkView {
        turf: layout.turf.turf,
        name: layout.turf.name.clone(),
        n_doors: count(layout.doors.len()),
        n_left,
        n_done: count(layout.doors.iter().filter(|door| door.is_done()).count()),
        minutes_left: minutes_left(&layout, n_left, pace),
        doors_per_hour: pace,
        next: next(&layout, member),
        rows: rows(&layout, &extras),
        new_wave,
        by_state,
    })
}

/// The next stop from where this member was last; a building stays the next while it has units to do.
fn next(layout: &Layout, member: MemberId) -> Option<usize> {
    layout.next_from(layout.last_stop_of(member).unwrap_or_default())
}

/// The minutes for the doors still to do, rounded up: at the member's pace, and without one the turf's minutes in proportion.
fn minutes_left(layout: &Layout, n_left: u32, pace: Option<u32>) -> u32 {
    let minutes = match pace {
        Some(pace) => (u64::from(n_left) * 60).div_ceil(u64::from(pace.max(1))),
        None => (u64::from(layout.turf.minutes) * u64::from(n_left)).div_ceil(layout.doors.len().max(1) as u64),
    };
    u32::try_from(minutes).unwrap_or(u32::MAX)
}

/// A member's pace over the last hours; `None` until there is enough data.
fn doors_per_hour(layout: &Layout, member: MemberId, now: At) -> Option<u32> {
    let since = now.plus_ms(-PACE_WINDOW_MS);
    let visits = layout.doors.iter().flat_map(|door| &door.visits);
    let own: Vec<_> = visits.filter(|visit| visit.by == member && visit.at >= since).collect();
    let n_doors = own.iter().map(|visit| visit.door).collect::<BTreeSet<_>>().len();
    let first = own.iter().map(|visit| visit.at).min()?;
    let last = own.iter().map(|visit| visit.at).max()?;
    let span_ms = last.since_ms(first);
    if n_doors < MIN_PACE_DOORS || span_ms < MIN_PACE_MS {
        return None;
    }
    u32::try_from(i64::try_from(n_doors).ok()? * 3_600_000 / span_ms).ok()
}

/// The newest note about each door or its residents, shortened for the list. `notes` are oldest first.
fn newest_notes(layout: &Layout, notes: Vec<(About, String)>) -> BTreeMap<DoorId, (usize, String)> {
    let home: BTreeMap<VoterId, DoorId> =
        layout.doors.iter().flat_map(|door| &door.residents).map(|resident| (resident.voter, resident.door)).collect();
    let mut newest = BTreeMap::new();
    for (place, (about, text)) in notes.into_iter().enumerate() {
        let door = match about {
            About::Door(door) => Some(door),
            About::Voter(voter) => home.get(&voter).copied(),
        };
        if let Some(door) = door {
            newest.insert(door, (place, text));
        }
    }
    newest
}

/// What a row shows besides the state of its doors.
struct RowExtras {
    /// The newest note about each door, with its index in order of time.
    notes: BTreeMap<DoorId, (usize, String)>,
    /// The doors with a draft.
    drafts: BTreeSet<DoorId>,
}

fn rows(layout: &Layout, extras: &RowExtras) -> Vec<WalkRow> {
    let mut before: Option<LonLat> = None;
    let mut rows = Vec::with_capacity(layout.stops.len());
    for stop in &layout.stops {
        let Some(first) = layout.doors_at(stop).next() else { continue };
        let note =
            layout.doors_at(stop).filter_map(|door| extras.notes.get(&door.row.id)).max_by_key(|(place, _)| *place);
        rows.push(WalkRow {
            stop: stop.stop,
            number: first.row.number.clone(),
            street: first.row.street.clone(),
            names: of_house(stop.stop, || first.names()),
            voters: of_house(stop.stop, || first.voters()),
            left: of_house(stop.stop, || first.left()),
            state: layout.state_at(stop),
            mark: layout.mark_at(stop),
            danger: layout.danger_at(stop),
            has_draft: layout.doors_at(stop).any(|door| extras.drafts.contains(&door.row.id)),
            side: first.row.side,
            last_at: layout.doors_at(stop).filter_map(|door| door.visits.last()).map(|visit| visit.at).max(),
            n_doors: count(stop.doors.len()),
            n_left: count(layout.n_left(stop)),
            note: note.map(|(_, text)| cut(text)).unwrap_or_default(),
            walk_m: before.zip(stop.at).map_or(0, |(from, to)| metres(from.distance_m(to))),
            at: stop.at,
        });
        before = stop.at.or(before);
    }
    rows
}

/// The people of a house; nobody for a building, which has too many.
fn of_house<T>(stop: Stop, people: impl FnOnce() -> Vec<T>) -> Vec<T> {
    match stop {
        Stop::Door(_) => people(),
        Stop::Building(_) => Vec::new(),
    }
}

/// Shortens a text to one line, with an ellipsis if needed.
fn cut(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MAX_LIST_NOTE_CHARS {
        return line;
    }
    line.chars().take(MAX_LIST_NOTE_CHARS - 1).chain(['…']).collect()
}

/// Rounds a distance to whole metres.
#[expect(clippy::cast_possible_truncation, reason = "a cast from float to integer saturates")]
fn metres(distance_m: f64) -> u32 {
    distance_m.round() as u32
}

/// Converts a count for the interface.
pub(super) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
