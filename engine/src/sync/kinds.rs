//! Corrects what kind of document this device takes something for. A link names the documents that it hands out without their kinds, of which there was
//! once one; the relay's list of grants tells them. A kind is corrected before anything of the document is merged, and by its budget.

use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::store::{docs, docs::DocRow, projections};
use crate::sync::trouble::{Trouble, quarantine};
use porchlight_model::born::is_id_of;
use porchlight_model::wire::{Grant, GrantList};

/// Takes each document for what the relay grants it as. One whose id is another kind's is put in quarantine instead, until it is granted as what it
/// is: nothing of ours makes such a one.
pub(super) fn correct(engine: &mut Engine, list: &GrantList) -> Result<(), EngineError> {
    let conn = engine.conn();
    let mut mistaken = Vec::new();
    for grant in &list.grants {
        let is_right = |row: DocRow| row.kind == grant.kind && row.trouble != Trouble::OtherKind;
        if docs::get(conn, grant.doc)?.is_some_and(|row| !is_right(row)) {
            mistaken.push(*grant);
        }
    }
    if mistaken.is_empty() {
        return Ok(());
    }
    engine
        .write("sync: what kind of documents these are", |tx| mistaken.iter().try_for_each(|grant| take_for(tx, grant)))
}

fn take_for(tx: &mut Tx<'_>, grant: &Grant) -> Result<(), EngineError> {
    if !is_id_of(grant.kind, tx.member()?.identity.campaign, grant.doc) {
        return quarantine(tx, grant.doc, Trouble::OtherKind);
    }
    let Some(mut row) = docs::get(tx.conn(), grant.doc)? else { return Ok(()) };
    projections::clear(tx.conn(), row.id, row.kind)?;
    row.kind = grant.kind;
    if matches!(row.trouble, Trouble::Costly | Trouble::OtherKind) {
        // By the budget of the kind for which it was taken.
        row.trouble = Trouble::None;
    }
    docs::put(tx.conn(), &row)?;
    tx.derive_again(row.id)
}
