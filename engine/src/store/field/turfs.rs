//! Turf on this device: each with the document that its results go to.

use crate::error::EngineError;
use crate::store::{turfs as list, waves};
use porchlight_model::calls::walk::TurfCard;
use porchlight_model::id::{BuildingId, DocId, DoorId, Sha256, TurfId, VoterId};
use porchlight_model::wire::Access;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

/// One turf of this device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TurfRow {
    pub(crate) turf: TurfId,
    pub(crate) doc: DocId,
    pub(crate) name: String,
    pub(crate) pack: Sha256,
    pub(crate) minutes: u32,
    pub(crate) access: Access,
    /// Whether the document is of a wave that has ended.
    pub(crate) is_ended: bool,
}

/// The turf with its document in the newest wave that is on this device and has not ended, one that may be written before one that may not.
pub(crate) fn get(conn: &Connection, turf: TurfId) -> Result<Option<TurfRow>, EngineError> {
    Ok(conn
        .prepare_cached(include_str!("turfs/get.sql"))?
        .query_row(named_params! { ":turf": turf.to_bytes() }, read)
        .optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<TurfRow> {
    let access: String = row.get("access")?;
    Ok(TurfRow {
        turf: TurfId::from_bytes(row.get("turf")?),
        doc: DocId::from_bytes(row.get("doc")?),
        name: row.get("name")?,
        pack: Sha256(row.get("pack")?),
        minutes: row.get("minutes")?,
        access: Access::parse(&access),
        is_ended: row.get("is_ended")?,
    })
}

/// The turf of a door.
pub(crate) fn of_door(conn: &Connection, door: DoorId) -> Result<Option<TurfRow>, EngineError> {
    let turf = conn
        .prepare_cached("SELECT t.turf FROM turf_door d JOIN turf_doc t ON t.turf = d.turf WHERE d.door = ?1 LIMIT 1")?
        .query_row(params![door.to_bytes()], |row| row.get(0).map(TurfId::from_bytes))
        .optional()?;
    turf.map_or(Ok(None), |turf| get(conn, turf))
}

/// The turf of a building: of the first of its doors that is in one.
pub(crate) fn of_building(conn: &Connection, building: BuildingId) -> Result<Option<TurfRow>, EngineError> {
    let turf = conn
        .prepare_cached(include_str!("turfs/of_building.sql"))?
        .query_row(named_params! { ":building": building.to_bytes() }, |row| row.get(0).map(TurfId::from_bytes))
        .optional()?;
    turf.map_or(Ok(None), |turf| get(conn, turf))
}

/// The door that a voter lives behind, whether they are on the file or were added; of one who is off the roll, where they lived.
pub(crate) fn door_of_voter(conn: &Connection, voter: VoterId) -> Result<Option<DoorId>, EngineError> {
    Ok(conn
        .prepare_cached(
            "SELECT door FROM voter WHERE id = ?1 UNION ALL SELECT door FROM person WHERE id = ?1
             UNION ALL SELECT door FROM former WHERE id = ?1 LIMIT 1",
        )?
        .query_row(params![voter.to_bytes()], |row| row.get(0).map(DoorId::from_bytes))
        .optional()?)
}

/// Whether a turf has a door.
pub(crate) fn has_door(conn: &Connection, turf: TurfId, door: DoorId) -> Result<bool, EngineError> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM turf_door WHERE door = ?1 AND turf = ?2)")?
        .query_row(params![door.to_bytes(), turf.to_bytes()], |row| row.get(0))?)
}

/// Every turf of this device with the document that [`get`] gives, in the order in which they were cut.
pub(crate) fn of_device(conn: &Connection) -> Result<Vec<TurfRow>, EngineError> {
    let mut select = conn.prepare_cached("SELECT DISTINCT turf FROM turf_doc ORDER BY turf")?;
    let turfs: Vec<_> = select.query_map([], |row| row.get(0).map(TurfId::from_bytes))?.collect::<Result<_, _>>()?;
    let rows = turfs.into_iter().filter_map(|turf| get(conn, turf).transpose());
    rows.collect()
}

/// Every turf of this device in the order in which they were cut, without those that were taken back or whose wave has ended. `n_done` of
/// each counts the doors with a visit; with it goes whether any of them was at one person alone, or someone was
/// added, so that a door with a visit may be to do.
pub(crate) fn cards(conn: &Connection) -> Result<Vec<(TurfCard, bool)>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("turfs/cards.sql"))?;
    let rows = select.query_map([], |row| {
        let card = TurfCard {
            turf: TurfId::from_bytes(row.get("turf")?),
            name: row.get("name")?,
            n_doors: row.get("n_doors")?,
            n_done: row.get("n_done")?,
            minutes: row.get("minutes")?,
            is_ready: row.get("is_ready")?,
            new_wave: None,
        };
        Ok((card, DocId::from_bytes(row.get("doc")?), row.get("has_persons")?))
    })?;
    let mut cards = Vec::new();
    for row in rows {
        let (mut card, doc, has_persons) = row?;
        card.new_wave = waves::newer(conn, card.turf, doc)?;
        if card.n_doors == 0 {
            // Before the pack is here, the campaign's list tells how many doors there will be.
            card.n_doors = list::get(conn, card.turf)?.map_or(0, |entry| entry.n_doors);
        }
        cards.push((card, has_persons));
    }
    Ok(cards)
}
