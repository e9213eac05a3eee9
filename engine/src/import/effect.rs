//! The effect of an import on the present data, shown before the person confirms.

use super::staged::Staged;
use crate::error::EngineError;
use crate::store::roll::{self, Roll};
use crate::store::{map, points as rows};
use porchlight_model::calls::import::{Absent, Effect, FileKind, MAX_NAMED};
use porchlight_model::id::VoterId;
use rusqlite::Connection;

/// Computes the effect of a file that was read completely.
pub(crate) fn of(conn: &Connection, kind: FileKind, staged: &Staged) -> Result<Effect, EngineError> {
    match kind {
        FileKind::NorthCarolina => voters(conn, staged),
        FileKind::OpenAddresses => points(conn, staged),
        FileKind::Streets => {
            let (replaced, n_beside) = map::weigh(conn, &map::ground(&staged.streets, &staged.areas))?;
            Ok(Effect { replaced, n_beside, ..Effect::default() })
        }
    }
}

fn voters(conn: &Connection, staged: &Staged) -> Result<Effect, EngineError> {
    let roll = roll::compare(conn, staged)?;
    let named = |ids: &mut dyn Iterator<Item = &VoterId>| -> Result<Vec<String>, EngineError> {
        ids.take(MAX_NAMED).map(|id| roll::in_words(conn, *id)).collect()
    };
    Ok(Effect {
        n_new: staged.voters.len() as u64 - roll.n_here,
        n_moved: roll.n_moved,
        n_off_roll: roll.off.len() as u64,
        off_roll: named(&mut roll.off.iter())?,
        n_absent: (roll.absent_near.len() + roll.absent_far.len()) as u64,
        n_absent_near: roll.absent_near.len() as u64,
        absent: named(&mut roll.absent_near.iter().chain(&roll.absent_far))?,
        ..Effect::default()
    })
}

fn points(conn: &Connection, staged: &Staged) -> Result<Effect, EngineError> {
    let mut effect = Effect::default();
    for (key, at, _) in &staged.points {
        match rows::at(conn, key)? {
            None => effect.n_new += 1,
            Some(before) => effect.n_moved += u64::from(before != *at),
        }
    }
    Ok(effect)
}

/// The voters who are removed, as the coordinator decided.
pub(crate) fn leave(roll: Roll, absent: Absent) -> Vec<VoterId> {
    let Roll { off, absent_near, absent_far, .. } = roll;
    match absent {
        Absent::Keep => off,
        Absent::TakeOffNear => [off, absent_near].concat(),
        Absent::TakeOff => [off, absent_near, absent_far].concat(),
    }
}
