//! Lists the open links as the relay reports them, shows again those that this device made, and withdraws them.

use super::kept;
use super::link_of;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::store::waves;
use crate::sync::driver::at_present;
use crate::sync::transport;
use porchlight_model::calls::Topic;
use porchlight_model::calls::invite::InviteLink;
use porchlight_model::calls::invite::{OpenLink, OpenLinks, ShowLink, WithdrawLink};
use porchlight_model::id::TurfId;
use porchlight_model::message::{ApiError, ErrorCode, Message};
use porchlight_model::relay::{OpenInvite, RefusalCode, WithdrawAsk};
use porchlight_model::versions::Versions;
use std::collections::BTreeMap;

/// Lists the open links, as the relay reports them.
pub(crate) async fn open(handle: &EngineHandle, _: &OpenLinks) -> Result<Vec<OpenLink>, EngineError> {
    // Read before the relay answers, because links that are made meanwhile are not in its list.
    let (to, kept) = handle
        .with(|engine| Ok::<_, EngineError>((engine.member()?.clone(), kept::all(engine.conn(), engine.now())?)))?;
    let path = format!("/v1/invites/open?newest={}", Versions::OURS.newest);
    let body = transport::get(handle, &at_present(handle, &to), &path).await.map_err(old_relay)?;
    let invites: Vec<OpenInvite> = transport::json(&body)?;
    handle.with(|engine| {
        let is_open = |id| invites.iter().any(|invite| invite.id == id);
        let over: Vec<_> = kept.iter().map(|link| link.id).filter(|id| !is_open(*id)).collect();
        if !over.is_empty() {
            engine.write("forget links that let nobody in", |tx| kept::forget(tx, |link| over.contains(&link.id)))?;
        }
        named(engine, invites)
    })
}

fn named(engine: &Engine, invites: Vec<OpenInvite>) -> Result<Vec<OpenLink>, EngineError> {
    let turf_of: BTreeMap<_, _> = waves::turf_of_docs(engine.conn())?.into_iter().collect();
    let names: BTreeMap<TurfId, String> =
        crate::store::turfs::all(engine.conn())?.into_iter().map(|entry| (entry.id, entry.name)).collect();
    let here = kept::all(engine.conn(), engine.now())?;
    let conn = engine.conn();
    let named = invites.into_iter().map(|invite| {
        let mut turfs: Vec<_> = invite
            .docs
            .iter()
            .filter_map(|doc| turf_of.get(doc))
            .filter_map(|turf| Some((*turf, names.get(turf)?.clone())))
            .collect();
        // The documents of several waves are one turf.
        turfs.dedup();
        let is_here = here.iter().any(|link| link.id == invite.id);
        let mut is_earlier = false;
        for (turf, _) in &turfs {
            let newest = waves::docs_to_hand_out(conn, *turf)?.into_iter().next();
            is_earlier |= newest.is_some_and(|newest| !invite.docs.contains(&newest));
        }
        let OpenInvite { id, role, label, uses, used_by, expires_at, made_at, by_name, .. } = invite;
        Ok(OpenLink { id, role, turfs, is_earlier, label, uses, used_by, expires_at, made_at, by_name, is_here })
    });
    named.collect()
}

/// Shows a link again.
pub(crate) fn show(handle: &EngineHandle, call: &ShowLink) -> Result<InviteLink, EngineError> {
    let (to, link) = handle.with(|engine| {
        let link = kept::all(engine.conn(), engine.now())?.into_iter().find(|link| link.id == call.id);
        Ok::<_, EngineError>((engine.member()?.clone(), link))
    })?;
    let link = link.ok_or_else(|| EngineError::not_found("invite-not-here"))?;
    link_of(&at_present(handle, &to), link.secret, link.expires_at, true)
}

/// Withdraws a link.
pub(crate) async fn withdraw(handle: &EngineHandle, call: &WithdrawLink) -> Result<(), EngineError> {
    let to = handle.with(|engine| engine.member().cloned())?;
    let there = at_present(handle, &to);
    let ask = WithdrawAsk { id: call.id };
    let answer: Result<serde_json::Value, _> =
        transport::post(handle, &there.relay, &there.token, "/v1/invites/withdraw", &ask).await;
    match answer {
        // An unknown link admits nobody.
        Ok(_) | Err(EngineError::Refused(RefusalCode::InviteUnknown)) => {}
        Err(error) => return Err(old_relay(error)),
    }
    handle.with(|engine| {
        engine.write("a link was withdrawn", |tx| {
            tx.touch(Topic::Invites);
            kept::forget(tx, |link| link.id == call.id)
        })
    })
}

/// The error for a relay of an earlier version, which cannot list links.
fn old_relay(error: EngineError) -> EngineError {
    match error {
        EngineError::Refused(RefusalCode::NotFound) => {
            EngineError::Told(ApiError::new(ErrorCode::Failed, Message::new("invite-relay-old")))
        }
        error => error,
    }
}
