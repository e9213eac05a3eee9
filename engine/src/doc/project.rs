//! Projections: rows derived from documents, one function for each kind.

pub mod campaign;
pub mod turf;

use crate::doc::Touched;
use crate::error::EngineError;
use automerge::Automerge;
use porchlight_model::calls::Topic;
use porchlight_model::id::DocId;
use porchlight_model::wire::DocKind;
use rusqlite::Connection;
use std::collections::BTreeSet;

/// Brings the rows of the touched entries in line with the document; says which topics changed.
pub(crate) fn project(
    conn: &Connection,
    doc_id: DocId,
    kind: DocKind,
    doc: &Automerge,
    touched: &Touched,
) -> Result<BTreeSet<Topic>, EngineError> {
    match kind {
        DocKind::Campaign => campaign::project(conn, doc_id, doc, touched),
        DocKind::Turf => turf::project(conn, doc_id, doc, touched),
    }
}

/// Everything touched: what a rebuild projects.
pub(crate) fn everything(kind: DocKind) -> Touched {
    let mut touched = Touched::default();
    let maps: &[&str] = match kind {
        DocKind::Campaign => &crate::doc::campaign_map::ALL,
        DocKind::Turf => &crate::doc::turf_map::ALL,
    };
    for map in maps {
        touched.add_whole(map);
    }
    touched
}
