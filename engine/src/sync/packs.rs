//! Transfers packs: uploads those made here, and downloads those that documents name.

use crate::engine::Membership;
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::import::renew;
use crate::store::{docs, packs, reference};
use crate::sync::session::Rest;
use crate::sync::transport;
use crate::sync::trouble::Trouble;
use porchlight_model::calls::Topic;
use porchlight_model::id::{DocId, Sha256};
use porchlight_model::relay::RefusalCode;

/// Transfers packs in both directions. A pack that the relay does not have yet is requested again soon.
pub(crate) async fn carry(handle: &EngineHandle, to: &Membership) -> Result<Rest, EngineError> {
    for (hash, doc) in handle.with(|engine| packs::unsent(engine.conn()))? {
        // One that the relay has forgotten, for another device ended its wave, has no need of a pack.
        let row = handle.with(|engine| docs::get(engine.conn(), doc))?;
        let is_known = row.is_some_and(|row| !row.is_born && row.trouble != Trouble::NoGrant);
        let bytes = handle.with(|engine| packs::get(engine.conn(), hash))?;
        if let (true, Some(bytes)) = (is_known, bytes) {
            transport::put_pack(handle, to, hash, doc, bytes).await?;
            handle.with(|engine| {
                engine.write("sync: a pack is at the relay", |tx| {
                    tx.tell_sync();
                    packs::mark_sent(tx.conn(), hash, doc)
                })
            })?;
        }
    }
    let mut rest = Rest::Nothing;
    for (hash, doc) in handle.with(|engine| packs::wanted(engine.conn()))? {
        match transport::get_pack(handle, to, hash).await {
            Ok(bytes) => receive(handle, hash, doc, &bytes)?,
            Err(EngineError::Refused(RefusalCode::NotFound)) => rest = Rest::Soon,
            Err(error) => return Err(error),
        }
    }
    Ok(rest)
}

/// Takes in a pack that came.
pub(super) fn receive(handle: &EngineHandle, hash: Sha256, doc: DocId, bytes: &[u8]) -> Result<(), EngineError> {
    let mut pack = crate::pack::decode(bytes)?;
    handle.with(|engine| {
        engine.write("sync: a pack has come", |tx| {
            let is_to_renew = renew::set_right(tx, &mut pack)?;
            reference::install_pack(tx.conn(), &pack)?;
            packs::put(tx.conn(), hash, doc, bytes, true)?;
            for doc in packs::docs_of(tx.conn(), hash)? {
                packs::remove_others(tx.conn(), doc, hash, tx.keeps_listed())?;
                if is_to_renew {
                    renew::renew(tx, doc, &pack)?;
                }
            }
            tx.touch(Topic::Turf);
            tx.touch(Topic::Visits);
            Ok(())
        })
    })
}
