//! Lists the turf that this device holds.

use super::lay_out;
use super::list::count;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::field::standing::Standing;
use crate::store::field::turfs;
use crate::store::newer;
use porchlight_model::calls::walk::{MyTurf, TurfCard};
use rusqlite::Connection;

/// Every turf of this device in the order in which they were cut; those that were taken back are left out.
///
/// # Errors
/// When the database fails.
pub fn my_turf(engine: &mut Engine, _: &MyTurf) -> Result<Vec<TurfCard>, EngineError> {
    let conn = engine.conn();
    let standing = Standing::read(conn)?;
    let mut cards = Vec::new();
    let has_unknown = newer::is_result_met(conn)?;
    for (mut card, has_persons) in turfs::cards(conn)? {
        // If all visits were to whole doors, nobody was added and all results are known, each door with a visit is done.
        if (has_persons || has_unknown)
            && let Some(n_done) = n_done(conn, &card, &standing)?
        {
            card.n_done = n_done;
        }
        cards.push(card);
    }
    Ok(cards)
}

/// The number of visited doors where nobody is left to meet; `None` while the doors have not arrived.
fn n_done(conn: &Connection, card: &TurfCard, standing: &Standing) -> Result<Option<u32>, EngineError> {
    let Some(turf) = turfs::get(conn, card.turf)? else { return Ok(None) };
    match lay_out(conn, turf, standing) {
        Ok(layout) => Ok(Some(count(layout.doors.iter().filter(|door| door.is_done()).count()))),
        Err(EngineError::Told(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
