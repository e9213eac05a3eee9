//! Creates documents for devices whose role may create them.

use super::super::database::{Tx, all, first, one};
use super::super::rows::{self, Enrolled};
use super::find::Found;
use super::{Pair, asked};
use crate::grants;
use crate::limits::MAX_CAMPAIGN_DOCS;
use crate::store::{Push, StoreError};
use porchlight_model::id::DocId;
use porchlight_model::time::At;
use porchlight_model::wire::DocKind;
use std::collections::{BTreeMap, BTreeSet};

/// The documents that were created.
#[derive(Default)]
pub(super) struct Births {
    pairs: BTreeSet<Pair>,
    campaigns: BTreeSet<i64>,
}

impl Births {
    pub(super) fn is_empty(&self) -> bool {
        self.campaigns.is_empty()
    }

    /// The campaigns that have more of them.
    pub(super) fn campaigns(&self) -> impl Iterator<Item = i64> {
        self.campaigns.iter().copied()
    }

    /// Whether this push has created any.
    pub(super) fn has_by(&self, push: &Push) -> bool {
        push.docs.iter().any(|doc| self.pairs.contains(&(push.device, doc.doc)))
    }
}

/// A document to be created.
struct Wanted {
    pair: Pair,
    kind: DocKind,
    now: At,
}

/// Makes those that are not there yet, each campaign at most up to its limit. Nodes that bear for the same campaign take turns.
pub(super) async fn bear(tx: &Tx<'_>, pushes: &[(&Push, &Enrolled)], found: &Found) -> Result<Births, StoreError> {
    let mut wanted: BTreeMap<i64, BTreeMap<DocId, Wanted>> = BTreeMap::new();
    for (push, device, doc) in asked(pushes) {
        let pair = (push.device, doc.doc);
        let may_bear = |kind: &DocKind| grants::may_bear(device.role, *kind, device.campaign, doc.doc);
        let Some(kind) = doc.born.filter(may_bear) else { continue };
        if !found.contains_key(&pair) {
            let wanted = wanted.entry(device.campaign_key).or_default();
            wanted.entry(doc.doc).or_insert(Wanted { pair, kind, now: push.now });
        }
    }
    let mut births = Births::default();
    // All turns before all births, so that nobody who holds a birth waits for a turn.
    for campaign in wanted.keys() {
        take_turn(tx, *campaign).await?;
    }
    let mut rows: Vec<(DocId, i64, DocKind, At)> = Vec::new();
    let mut pairs = BTreeMap::new();
    for (campaign, docs) in &wanted {
        let n_docs =
            one(tx, "SELECT count(*) FROM doc WHERE campaign = $1", &[campaign]).await?.try_get::<_, i64>(0)?;
        let room = usize::try_from(MAX_CAMPAIGN_DOCS - n_docs).unwrap_or(0);
        for (doc, Wanted { pair, kind, now }) in docs.iter().take(room) {
            rows.push((*doc, *campaign, *kind, *now));
            pairs.insert(*doc, *pair);
        }
    }
    rows.sort_by_key(|(doc, ..)| *doc);
    let ids: Vec<_> = rows.iter().map(|(doc, ..)| doc.to_bytes().to_vec()).collect();
    let campaigns: Vec<_> = rows.iter().map(|(_, campaign, ..)| *campaign).collect();
    let kinds: Vec<_> = rows.iter().map(|(.., kind, _)| kind.as_str()).collect();
    let times: Vec<_> = rows.iter().map(|(.., now)| now.0).collect();
    if ids.is_empty() {
        return Ok(births);
    }
    for row in &all(tx, include_str!("../sql/bear.sql"), &[&ids, &campaigns, &kinds, &times]).await? {
        births.campaigns.insert(row.try_get(1)?);
        births.pairs.extend(pairs.get(&rows::doc_id(row, 0)?));
    }
    Ok(births)
}

/// Waits until nobody else bears documents of a campaign, or forgets any.
pub(in super::super) async fn take_turn(tx: &Tx<'_>, campaign: i64) -> Result<(), StoreError> {
    first(tx, "SELECT pg_advisory_xact_lock($1)", &[&turn(campaign)]).await?;
    Ok(())
}

/// The number under which births of a campaign take turns; apart from that of the migrations.
fn turn(campaign: i64) -> i64 {
    i64::MIN | campaign
}
