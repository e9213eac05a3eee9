//! Answers a pull from one snapshot of the store: grants, news, and the logs after the device's cursors.

mod log;

use super::database::{Params, Tx, all, statement};
use super::fault::unavailable;
use super::rows::{self, Enrolled};
use crate::grants as rule;
use crate::limits::MAX_NEWS;
use crate::store::{DocPull, DocPulled, Pull, Pulled, StoreError};
use porchlight_model::id::{DocId, Sha256};
use porchlight_model::wire::{Access, DocKind, GrantList, HeadsDigest, News};
use std::collections::BTreeSet;
use tokio_postgres::Row;

/// Answers a pull.
pub(super) async fn pull(tx: &Tx<'_>, pull: &Pull) -> Result<Pulled, StoreError> {
    let ids: Vec<_> = pull.docs.iter().map(|ask| ask.doc.to_bytes().to_vec()).collect();
    let device = pull.device.to_bytes();
    let device_ids = vec![device.to_vec()];
    let since = i64::try_from(pull.feed).unwrap_or(i64::MAX);
    let max_news = i64::try_from(MAX_NEWS).unwrap_or(i64::MAX);
    let epoch_sql = statement(tx, "SELECT epoch FROM relay WHERE key = 1").await?;
    let device_sql = statement(tx, include_str!("sql/enrolled.sql")).await?;
    let docs_sql = statement(tx, include_str!("sql/pull_docs.sql")).await?;
    let news_sql = statement(tx, include_str!("sql/news.sql")).await?;
    // Asked together, they travel to the database and back once.
    let device_slice = device.as_slice();
    let (by_device, by_docs): (Params<'_>, Params<'_>) = (&[&device_ids], &[&ids, &device_slice]);
    let by_feed: Params<'_> = &[&device_slice, &since, &max_news];
    let (epoch, found, docs, news) = tokio::try_join!(
        biased;
        tx.query_one(&epoch_sql, &[]),
        tx.query_opt(&device_sql, by_device),
        tx.query(&docs_sql, by_docs),
        tx.query(&news_sql, by_feed),
    )?;
    let epoch = rows::count(&epoch, 0)?;
    let device = Enrolled::served(found.as_ref().map(rows::read_enrolled).transpose()?)?;
    let docs = tell(tx, &device, pull, epoch, &docs).await?;
    let is_whole = |told: &DocPulled| !told.is_more && !told.is_same;
    let whole = pull.docs.iter().zip(&docs).filter(|(_, told)| is_whole(told)).map(|(ask, _)| ask.doc).collect();
    let (feed, news) = read_news(&device, &news, &whole)?;
    let grants = if pull.grants_seen == device.grants { None } else { Some(grants(tx, &device).await?) };
    Ok(Pulled { epoch, grants, feed, news, docs })
}

/// All that a device may do.
pub(super) async fn grants(tx: &Tx<'_>, device: &Enrolled) -> Result<GrantList, StoreError> {
    let sees_all = device.role.sees_all_turf();
    let docs = all(tx, include_str!("sql/grants.sql"), &[&device.key, &device.campaign_key, &sees_all]).await?;
    let mut list = GrantList { number: device.grants, grants: Vec::new(), is_partial: false };
    for row in &docs {
        let kind = DocKind::parse(row.try_get(1)?);
        let access = rule::access(device.role, kind, row.try_get::<_, Option<&str>>(2)?.map(Access::parse));
        rule::list(&mut list, rows::doc_id(row, 0)?, kind, access);
    }
    Ok(list)
}

/// Documents changed since the feed that was asked from, without those that this answer tells whole; and the feed up to which that is all.
fn read_news(device: &Enrolled, found: &[Row], whole: &BTreeSet<DocId>) -> Result<(u64, Vec<News>), StoreError> {
    let mut news = Vec::new();
    let mut told = device.feed;
    for row in found {
        told = row.try_get(3)?;
        let kind = DocKind::parse(row.try_get(1)?);
        let access = rule::access(device.role, kind, row.try_get::<_, Option<&str>>(4)?.map(Access::parse));
        let doc = rows::doc_id(row, 0)?;
        if rule::may_hear(access) && !whole.contains(&doc) {
            news.push(News { doc, last: rows::count(row, 2)?, seen: rows::count(row, 5)? });
        }
    }
    // A page ends between numbers of the feed: the query gives all documents of its last one.
    let feed = if found.len() < MAX_NEWS { device.feed } else { told };
    Ok((feed.cast_unsigned(), news))
}

/// One document of the answer while it is made.
struct Telling {
    key: i64,
    last: i64,
    cursor: i64,
    heads: Vec<Sha256>,
    /// The snapshot's last change and size, where the device has nothing yet.
    snapshot: Option<(i64, usize)>,
    told: DocPulled,
}

/// Answers all documents that were asked about, in order.
async fn tell(
    tx: &Tx<'_>,
    device: &Enrolled,
    pull: &Pull,
    epoch: u64,
    found: &[Row],
) -> Result<Vec<DocPulled>, StoreError> {
    let mut tellings: Vec<Option<Telling>> = pull.docs.iter().map(|_| None).collect();
    let mut answers: Vec<DocPulled> =
        pull.docs.iter().map(|ask| DocPulled { cursor: ask.cursor, ..DocPulled::default() }).collect();
    for row in found {
        let at = usize::try_from(row.try_get::<_, i64>(0)? - 1).unwrap_or(usize::MAX);
        let (Some(ask), Some(answer), Some(place)) = (pull.docs.get(at), answers.get_mut(at), tellings.get_mut(at))
        else {
            return Err(unavailable("PostgreSQL answered what was not asked"));
        };
        if row.try_get::<_, i64>(2)? != device.campaign_key {
            continue;
        }
        let kind = DocKind::parse(row.try_get(3)?);
        answer.access = rule::access(device.role, kind, row.try_get::<_, Option<&str>>(7)?.map(Access::parse));
        if rule::hears(answer.access) {
            *place = Some(begin(ask, row, epoch, std::mem::take(answer))?);
        }
    }
    log::fill(tx, pull, &mut tellings).await?;
    for ((ask, answer), telling) in pull.docs.iter().zip(&mut answers).zip(tellings) {
        if let Some(telling) = telling {
            *answer = end(ask, telling, epoch);
        }
    }
    Ok(answers)
}

fn begin(ask: &DocPull, row: &Row, epoch: u64, told: DocPulled) -> Result<Telling, StoreError> {
    let last: i64 = row.try_get(4)?;
    // A cursor of another epoch, or beyond the log, tells nothing about this log.
    let is_known_place = ask.epoch == epoch && i64::try_from(ask.cursor).is_ok_and(|cursor| cursor <= last);
    let cursor = if is_known_place { ask.cursor.cast_signed() } else { 0 };
    let snapshot = match (row.try_get(8)?, row.try_get::<_, Option<i32>>(9)?) {
        (Some(n), Some(n_bytes @ 1..)) if cursor == 0 => Some((n, usize::try_from(n_bytes).unwrap_or(usize::MAX))),
        _ => None,
    };
    let told = DocPulled { seen: rows::count(row, 5)?, ..told };
    Ok(Telling { key: row.try_get(1)?, last, cursor, heads: rows::heads(row, 6)?, snapshot, told })
}

fn end(ask: &DocPull, telling: Telling, epoch: u64) -> DocPulled {
    let Telling { last, cursor, heads, mut told, .. } = telling;
    told.cursor = cursor.cast_unsigned();
    told.is_more = cursor < last;
    told.heads = heads;
    if ask.heads == Some(HeadsDigest::of(&told.heads)) {
        told.heads.clear();
        let has_nothing = told.changes.is_empty() && told.snapshot.is_none() && !told.is_more && ask.without.is_empty();
        told.is_same = has_nothing && ask.epoch == epoch && told.cursor == ask.cursor;
    }
    told
}
