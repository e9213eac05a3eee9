//! Entries that do not count because they break a law: what, where, whose they claim to be, and whose device wrote them.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::office::dashboard::roster_of_all;
use crate::store::field::{doors, turfs as field};
use crate::store::laws::{self, Broken};
use crate::store::{packs, turfs};
use porchlight_model::calls::settle::{EntryKind, MAX_UNCOUNTED, Uncounted, UncountedEntry, UncountedView};
use porchlight_model::id::{DoorId, VoterId};
use porchlight_model::relay::RosterDevice;
use porchlight_model::time::At;
use rusqlite::Connection;

/// The entries that do not count.
pub(crate) fn uncounted(engine: &mut Engine, _: &Uncounted) -> Result<UncountedView, EngineError> {
    let conn = engine.conn();
    let roster = roster_of_all(conn)?;
    let broken = laws::all_broken(conn, MAX_UNCOUNTED)?;
    let entries = broken.iter().map(|broken| entry(conn, &roster, broken)).collect::<Result<_, _>>()?;
    Ok(UncountedView { n: laws::n_broken(conn)?, entries })
}

fn entry(conn: &Connection, roster: &[RosterDevice], broken: &Broken) -> Result<UncountedEntry, EngineError> {
    let turf = match packs::turf_of(conn, broken.doc)? {
        Some(turf) => turfs::get(conn, turf)?.map(|entry| entry.name).unwrap_or_default(),
        None => String::new(),
    };
    let door = match (broken.door, broken.voter) {
        (Some(door), _) => Some(DoorId::from_bytes(door)),
        (None, Some(voter)) => field::door_of_voter(conn, VoterId::from_bytes(voter))?,
        (None, None) => None,
    };
    let door = door.map(|door| doors::get(conn, door)).transpose()?.flatten();
    let name = |is: &dyn Fn(&RosterDevice) -> bool| {
        roster.iter().find(|device| is(device)).map(|device| device.name.clone()).unwrap_or_default()
    };
    Ok(UncountedEntry {
        turf,
        address: door.map(|door| door.address()).unwrap_or_default(),
        what: EntryKind::parse(&broken.map),
        law: broken.law,
        by_name: name(&|device| device.member.to_bytes() == broken.by),
        written_by: name(&|device| device.device.to_bytes() == broken.device),
        at: (broken.at != 0).then_some(At(broken.at)),
    })
}
