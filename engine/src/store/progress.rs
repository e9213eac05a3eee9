//! How far each turf has come in a document, kept until something changes on which it depends.
//!
//! A row is a copy that may be missing at any time; whoever finds none computes it and puts it back. Triggers remove the rows for which the
//! answer may be another one (`migrations/0015_progress.sql`). These are all tables that are read to compute one, and what a change of each
//! removes:
//!
//! | table | what is read of it | a change removes the rows of |
//! | --- | --- | --- |
//! | `visit` | results at the doors; results of earlier waves about who moved, died or was met since; the script version of an answer | its document; documents of the turf in later waves; where it is about somebody added who was taken back, all of the turf where they were added |
//! | `answer`, `conflict`, `asked` | answers that nobody disputes, and the visits at which they were given | its document |
//! | `flag` | dangers and wishes in force, wherever they were set; marks of who moved or died | its document; documents of the turf in later waves; all of the turf that has the door, or that lists the voter |
//! | `note` | whether somebody added who was taken back stays listed | all of the turf where they were added |
//! | `every_person` | people added in whichever wave | all of its turf |
//! | `voter` | who is listed behind a door; their names do not count | all of the turf that has the door before or after the change |
//! | `turf_door` | the doors of a turf, which are there once its pack is | all of the turf |
//! | `door` | only that it exists, which the foreign key of `turf_door` grants | |
//! | `building` | only the stops of the layout, which are not counted | |
//! | `turf_doc`, `doc` | whether any document of the turf is here; which documents people were added in | all of the turf, and of a document that is removed |
//! | `round` | which documents of the turf are earlier | all of the turf, and the document |
//! | `script`, `campaign` | which answers count as support: all versions, and which is in force | everything |
//! | `wave`, `wave_undone`, `every_note` | only which document of a turf comes first, which the list decides here | |
//! | `member`, `walker` | not read: who reported a danger, and why, does not count | |
//!
//! Neither the time nor a setting counts, but for which campaign this device is in: that, and the names that the program knows, are in the
//! `basis` of a row. What the list says of a turf (its name, its doors before the pack is here) is not stored but read with each answer.

use crate::error::EngineError;
use porchlight_model::id::{DocId, Sha256, TurfId};
use rusqlite::{Connection, OptionalExtension, params};

/// What is stored of a turf in a document, if it was computed on this basis.
pub(crate) fn get(
    conn: &Connection,
    (doc, turf): (DocId, TurfId),
    basis: Sha256,
) -> Result<Option<String>, EngineError> {
    Ok(conn
        .prepare_cached("SELECT body FROM turf_progress WHERE doc = ?1 AND turf = ?2 AND basis = ?3")?
        .query_row(params![doc.to_bytes(), turf.to_bytes(), basis.0], |row| row.get(0))
        .optional()?)
}

/// Stores what was computed of a turf in a document.
pub(crate) fn put(
    conn: &Connection,
    (doc, turf): (DocId, TurfId),
    basis: Sha256,
    body: &str,
) -> Result<(), EngineError> {
    conn.prepare_cached("INSERT OR REPLACE INTO turf_progress (doc, turf, basis, body) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![doc.to_bytes(), turf.to_bytes(), basis.0, body])?;
    Ok(())
}
