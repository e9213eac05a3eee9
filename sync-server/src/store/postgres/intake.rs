//! Appends a group of pushes to the log in one transaction, with a fixed number of statements for all of them.
//!
//! Locks are taken in one order everywhere: invites, devices, creations of documents, documents by key, placeholders, campaigns by key. A document's number
//! is drawn under its row's lock and the campaign's feed under the campaign's, both held to the commit: a reader who sees a number never
//! sees a smaller one appear later.

pub(super) mod births;
mod carry;
mod find;
mod forgotten;
mod log;

use self::find::Found;
use self::log::Log;
use super::database::{Tx, all, run};
use super::rows::{self, Drawn, Enrolled};
use crate::change::{NoChange, PushedChange};
use crate::store::step::step;
use crate::store::{DocPush, DocPushed, Hint, Push, Pushed, StoreError, Whose};
use porchlight_model::id::{DeviceId, DocId, Sha256};
use porchlight_model::wire::{Access, RejectReason, Rejected};
use std::collections::BTreeMap;

/// The devices that push, revoked ones too, as far as they are known.
type Devices = BTreeMap<DeviceId, Enrolled>;

/// Takes in a group of pushes; one answer for each, in order. An error means that nothing of the group was kept.
pub(super) async fn take_in(tx: &Tx<'_>, pushes: &[Push]) -> Result<Vec<Result<Pushed, StoreError>>, StoreError> {
    let devices = devices(tx, pushes).await?;
    let served: Vec<_> = pushes.iter().map(|push| Enrolled::served(devices.get(&push.device).copied())).collect();
    let served_pushes: Vec<_> =
        pushes.iter().zip(&served).filter_map(|(push, device)| Some((push, device.as_ref().ok()?))).collect();
    renew(tx, &served_pushes).await?;
    let mut found = find::find(tx, &served_pushes).await?;
    let births = births::bear(tx, &served_pushes, &found).await?;
    if !births.is_empty() {
        found = find::find(tx, &served_pushes).await?;
    }
    let mut n_grants = forgotten::let_hand_in(tx, &served_pushes, &mut found).await?;
    for campaign in births.campaigns() {
        *n_grants.entry(campaign).or_default() += step()?;
    }
    let mut log = Log::open(tx, &served_pushes, &found).await?;
    let mut taken = Vec::new();
    for (push, device) in &served_pushes {
        taken.push(append_all(tx, push, device, &found, &mut log).await?);
    }
    let drawn = log.write(tx, &n_grants).await?;
    let mut taken = served_pushes.iter().zip(taken).map(|((push, device), taken)| {
        let drawn = drawn.get(&device.campaign_key).copied();
        let n_grants = n_grants.get(&device.campaign_key).copied().unwrap_or_default();
        pushed(push, device, taken, drawn, n_grants, births.has_by(push))
    });
    let answers = served.iter().map(|device| match device {
        Ok(_) => taken.next().ok_or_else(|| super::fault::unavailable("the request was not reached")),
        Err(StoreError::Refused(why, code)) => Err(StoreError::Refused(why, *code)),
        Err(StoreError::Busy) => Err(StoreError::Busy),
        Err(StoreError::Unavailable(why)) => Err(StoreError::Unavailable(why.to_string().into())),
    });
    Ok(answers.collect())
}

async fn devices(tx: &Tx<'_>, pushes: &[Push]) -> Result<Devices, StoreError> {
    let mut ids: Vec<_> = pushes.iter().map(|push| push.device.to_bytes().to_vec()).collect();
    ids.sort();
    ids.dedup();
    let found = all(tx, include_str!("sql/enrolled.sql"), &[&ids]).await?;
    found.iter().map(|row| rows::read_enrolled(row).map(|device| (device.device, device))).collect()
}

/// Renews the leases of all that push.
async fn renew(tx: &Tx<'_>, pushes: &[(&Push, &Enrolled)]) -> Result<(), StoreError> {
    let renewed: BTreeMap<i64, (i64, i64)> = pushes
        .iter()
        .filter(|(push, device)| device.renewed_lease(push.now) != device.lease_until)
        .map(|(push, device)| (device.key, (device.renewed_lease(push.now).0, push.now.0)))
        .collect();
    if renewed.is_empty() {
        return Ok(());
    }
    let keys: Vec<_> = renewed.keys().copied().collect();
    let (until, heard): (Vec<_>, Vec<_>) = renewed.values().copied().unzip();
    all(tx, "SELECT key FROM device WHERE key = ANY ($1) ORDER BY key FOR NO KEY UPDATE", &[&keys]).await?;
    run(tx, include_str!("sql/renew.sql"), &[&keys, &until, &heard]).await?;
    Ok(())
}

/// The result for one document of a push: its answer, and the number of its last change if there are new ones.
type DocResult = (DocPushed, Option<i64>);

async fn append_all<'a>(
    tx: &Tx<'_>,
    push: &'a Push,
    device: &Enrolled,
    found: &Found,
    log: &mut Log<'a>,
) -> Result<Vec<DocResult>, StoreError> {
    let mut taken = Vec::new();
    for doc in &push.docs {
        taken.push(match found.get(&(push.device, doc.doc)) {
            Some(granted) => match granted.access {
                Some(Access::Unknown(_)) | None => DocResult::default(),
                Some(Access::Read) => (reject_all(&doc.changes, RejectReason::ReadOnly), None),
                Some(Access::Write | Access::HandIn) => {
                    if log.is_gone(granted.key) {
                        // Forgotten while this waited for it.
                        taken.push(DocResult::default());
                        continue;
                    }
                    let owners = carry::owners(tx, device, granted, doc, log, push.now).await?;
                    log.append(granted, device, doc, &owners)
                }
            },
            None => DocResult::default(),
        });
    }
    Ok(taken)
}

/// The answer to one push of a group that raised the number of the campaign's grants by `n_grants`.
fn pushed(
    push: &Push,
    device: &Enrolled,
    taken: Vec<DocResult>,
    drawn: Option<Drawn>,
    n_grants: i64,
    has_born: bool,
) -> Pushed {
    let grants = drawn.map_or(device.grants, |drawn| drawn.grants);
    let since = grants.saturating_sub(n_grants.unsigned_abs());
    let hint = |doc| Hint { campaign: device.campaign, grants, since, by: device.device, doc, whose: Whose::Nobody };
    let news = |(doc, (_, last)): (&DocPush, &DocResult)| last.map(|last| hint(Some((doc.doc, last.cast_unsigned()))));
    let mut hints: Vec<_> = push.docs.iter().zip(&taken).filter_map(news).collect();
    if has_born {
        hints.push(hint(None));
    }
    Pushed { lease_until: device.renewed_lease(push.now), docs: taken.into_iter().map(|(doc, _)| doc).collect(), hints }
}

fn hash_of(change: &Result<PushedChange, NoChange>) -> Sha256 {
    match change {
        Ok(change) => change.hash,
        Err(no_change) => no_change.hash,
    }
}

fn reject_all(changes: &[Result<PushedChange, NoChange>], why: RejectReason) -> DocPushed {
    let rejected = changes.iter().map(|change| Rejected { hash: hash_of(change), why });
    DocPushed { acked: Vec::new(), rejected: rejected.collect() }
}

/// Whether there is anything to do for a document of a push.
fn is_asked(doc: &DocPush) -> bool {
    !doc.changes.is_empty() || doc.born.is_some()
}

/// The documents of pushes for which there is something to do.
fn asked<'a>(pushes: &[(&'a Push, &'a Enrolled)]) -> impl Iterator<Item = (&'a Push, &'a Enrolled, &'a DocPush)> {
    pushes.iter().flat_map(|(push, device)| {
        let (push, device) = (*push, *device);
        push.docs.iter().filter(|doc| is_asked(doc)).map(move |doc| (push, device, doc))
    })
}

/// A document as asked for by one device.
type Pair = (DeviceId, DocId);
