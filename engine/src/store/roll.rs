//! Who is on the roll: how a voter file stands to the voters here, and those whom it takes off.

use crate::error::EngineError;
use crate::import::staged::Staged;
use crate::store::reference;
use porchlight_model::id::{DoorId, VoterId};
use porchlight_model::time::At;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeSet;

/// How a voter file stands to the voters here.
#[derive(Debug, Default)]
pub(crate) struct Roll {
    /// Voters of the file who are here.
    pub(crate) n_here: u64,
    /// Of these, those who were behind another door.
    pub(crate) n_moved: u64,
    /// Voters here whom the file names as removed or denied.
    pub(crate) off: Vec<VoterId>,
    /// Voters here whom it does not name, in a postal code that it has.
    pub(crate) absent_near: Vec<VoterId>,
    /// Voters here whom it does not name, elsewhere.
    pub(crate) absent_far: Vec<VoterId>,
}

/// Compares the voters here with those of a file that is read to its end.
pub(crate) fn compare(conn: &Connection, staged: &Staged) -> Result<Roll, EngineError> {
    let zips: BTreeSet<&str> = staged.doors.values().map(|door| door.zip.as_str()).collect();
    let mut select =
        conn.prepare("SELECT v.id, v.door, d.zip FROM voter v JOIN door d ON d.id = v.door ORDER BY v.id")?;
    let mut rows = select.query([])?;
    let mut roll = Roll::default();
    while let Some(row) = rows.next()? {
        let (id, door) = (VoterId::from_bytes(row.get(0)?), DoorId::from_bytes(row.get(1)?));
        if let Ok(index) = staged.voters.binary_search_by_key(&id, |voter| voter.id) {
            roll.n_here += 1;
            roll.n_moved += u64::from(staged.voters[index].door != door);
        } else if staged.off_roll.binary_search(&id).is_ok() {
            roll.off.push(id);
        } else if staged.unclear.binary_search(&id).is_err() && staged.confidential.binary_search(&id).is_err() {
            let zip = row.get_ref(2)?.as_str().unwrap_or_default();
            let absent = if zips.contains(zip) { &mut roll.absent_near } else { &mut roll.absent_far };
            absent.push(id);
        }
    }
    Ok(roll)
}

/// Takes voters off the roll: they are asked for nowhere any more, and their names stay for what was recorded with them.
pub(crate) fn take_off(conn: &Connection, voters: &[VoterId]) -> Result<(), EngineError> {
    let mut keep = conn.prepare_cached(include_str!("roll/keep_former.sql"))?;
    for voter in voters {
        keep.execute(params![voter.to_bytes()])?;
    }
    reference::forget_voters(conn, voters)
}

/// Nobody is both on the roll and off it, and nobody confidential is named.
pub(crate) fn tidy(conn: &Connection) -> Result<(), EngineError> {
    conn.execute_batch(
        "DELETE FROM former WHERE EXISTS (SELECT 1 FROM voter v WHERE v.id = former.id);
         DELETE FROM former WHERE EXISTS (SELECT 1 FROM confidential c WHERE c.voter = former.id);",
    )?;
    Ok(())
}

/// Notes that a voter lived behind a door and does no more.
pub(crate) fn note_left(conn: &Connection, voter: VoterId, door: DoorId) -> Result<(), EngineError> {
    conn.prepare_cached("INSERT OR IGNORE INTO left_door (voter, door) VALUES (?1, ?2)")?
        .execute(params![voter.to_bytes(), door.to_bytes()])?;
    Ok(())
}

/// Whether a voter lived behind a door before the list changed.
pub(crate) fn has_left(conn: &Connection, voter: VoterId, door: DoorId) -> Result<bool, EngineError> {
    let left = "SELECT 1 FROM left_door WHERE voter = ?1 AND door = ?2";
    Ok(conn.prepare_cached(left)?.exists(params![voter.to_bytes(), door.to_bytes()])?)
}

/// A door of a turf here that a voter has left.
pub(crate) fn left(conn: &Connection, voter: VoterId) -> Result<Option<DoorId>, EngineError> {
    let left = "SELECT l.door FROM left_door l JOIN turf_door t ON t.door = l.door WHERE l.voter = ?1 LIMIT 1";
    Ok(conn
        .prepare_cached(left)?
        .query_row(params![voter.to_bytes()], |row| row.get(0).map(DoorId::from_bytes))
        .optional()?)
}

/// When the newest voter file was imported here; 0 where there is none.
pub(crate) fn at(conn: &Connection) -> Result<At, EngineError> {
    let at = "SELECT coalesce(max(at), 0) FROM import_file WHERE kind = 'north_carolina'";
    Ok(conn.query_row(at, [], |row| row.get(0).map(At))?)
}

/// Whether this device knows better than a pack where someone lives: by a row of their own, on the roll or off it.
pub(crate) fn is_known(conn: &Connection, voter: VoterId) -> Result<bool, EngineError> {
    let known = "SELECT 1 FROM voter WHERE id = ?1 UNION ALL SELECT 1 FROM former WHERE id = ?1";
    Ok(conn.prepare_cached(known)?.exists(params![voter.to_bytes()])?)
}

/// A voter's name and address, as a report names them.
pub(crate) fn in_words(conn: &Connection, voter: VoterId) -> Result<String, EngineError> {
    let found = conn
        .prepare_cached(include_str!("roll/in_words.sql"))?
        .query_row(params![voter.to_bytes()], |row| {
            let parts: [String; 5] = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
            Ok(parts)
        })
        .optional()?;
    let Some([first, last, number, street, unit]) = found else { return Ok(String::new()) };
    let unit = if unit.is_empty() { unit } else { format!(", {unit}") };
    Ok(format!("{}, {}{unit}", format!("{first} {last}").trim(), format!("{number} {street}").trim()))
}
