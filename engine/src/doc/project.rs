//! Projections: rows derived from documents, one function for each kind.

pub mod campaign;
pub mod turf;

use crate::doc::{Rooted, Touched};
use crate::error::EngineError;
use porchlight_model::calls::Topic;
use porchlight_model::id::DocId;
use porchlight_model::wire::DocKind;
use rusqlite::Connection;
use std::collections::BTreeSet;

/// Updates the rows of the touched entries from the document; returns which topics changed.
pub(crate) fn project(
    conn: &Connection,
    doc_id: DocId,
    kind: DocKind,
    doc: &Rooted,
    touched: &Touched,
) -> Result<BTreeSet<Topic>, EngineError> {
    match kind {
        DocKind::Campaign => campaign::project(conn, doc_id, doc, touched),
        DocKind::Turf => turf::project(conn, doc_id, doc, touched),
        // Stored and synced, but only a newer version can project it.
        DocKind::Unknown(_) => Ok(BTreeSet::new()),
    }
}

/// All entries, as a rebuild projects them.
pub(crate) fn everything(kind: DocKind) -> Touched {
    let mut touched = Touched::default();
    for map in maps(kind) {
        touched.add_whole(map);
    }
    touched
}

/// The top-level maps of a document.
pub(crate) const fn maps(kind: DocKind) -> &'static [&'static str] {
    match kind {
        DocKind::Campaign => &crate::doc::campaign_map::ALL,
        DocKind::Turf => &crate::doc::turf_map::ALL,
        DocKind::Unknown(_) => &[],
    }
}
