//! Answers a pull from one snapshot of the store: grants, news, and the logs after the device's cursors.

use super::{people, rows};
use crate::grants as rule;
use crate::limits::MAX_NEWS;
use crate::store::{DocPull, DocPulled, Pull, Pulled, StoreError};
use porchlight_model::id::{DocId, Sha256};
use porchlight_model::wire::{Access, DocKind, GrantList, HeadsDigest, News};
use rusqlite::{Connection, OptionalExtension, named_params};
use std::collections::BTreeSet;

/// Answers a pull.
pub(super) fn pull(conn: &Connection, pull: &Pull) -> Result<Pulled, StoreError> {
    let device = rows::enrolled(conn, pull.device)?;
    let epoch: i64 = conn.prepare_cached("SELECT epoch FROM relay WHERE key = 1")?.query_row([], |row| row.get(0))?;
    let epoch = epoch.cast_unsigned();
    let mut budget = pull.budget;
    let mut docs = Vec::new();
    for ask in &pull.docs {
        docs.push(pull_doc(conn, &device, ask, epoch, &mut budget)?);
    }
    let is_whole = |told: &DocPulled| !told.is_more && !told.is_same;
    let whole = pull.docs.iter().zip(&docs).filter(|(_, told)| is_whole(told)).map(|(ask, _)| ask.doc).collect();
    let (feed, news) = news(conn, &device, pull.feed, &whole)?;
    let grants = if pull.grants_seen == device.grants { None } else { Some(grants(conn, &device)?) };
    Ok(Pulled { epoch, grants, feed, news, docs })
}

/// All that a device may do.
pub(super) fn grants(conn: &Connection, device: &rows::Enrolled) -> Result<GrantList, StoreError> {
    let sql = if device.role.sees_all_turf() {
        include_str!("../sql/grants.sql")
    } else {
        include_str!("../sql/grants_held.sql")
    };
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(named_params! { ":device": device.key, ":campaign": device.campaign_key })?;
    let mut list = GrantList { number: device.grants, grants: Vec::new(), is_partial: false };
    while let Some(row) = rows.next()? {
        let kind = DocKind::parse(&row.get::<_, String>(1)?);
        let access = rule::access(device.role, kind, row.get::<_, Option<String>>(2)?.as_deref().map(Access::parse));
        rule::list(&mut list, DocId::from_bytes(row.get(0)?), kind, access);
    }
    Ok(list)
}

/// Documents changed since `feed`, without those that this answer tells whole; and the feed up to which that is all.
fn news(
    conn: &Connection,
    device: &rows::Enrolled,
    feed: u64,
    whole: &BTreeSet<DocId>,
) -> Result<(u64, Vec<News>), StoreError> {
    // A feed cursor from the future belongs to another epoch of this store: send everything.
    let since = i64::try_from(feed).ok().filter(|feed| *feed <= device.feed).unwrap_or(0);
    let sql = if device.role.sees_all_turf() {
        include_str!("../sql/news.sql")
    } else {
        include_str!("../sql/news_held.sql")
    };
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows =
        statement.query(named_params! { ":device": device.key, ":campaign": device.campaign_key, ":feed": since })?;
    let mut news = Vec::new();
    let mut told = since;
    while let Some(row) = rows.next()? {
        let doc_feed: i64 = row.get(3)?;
        // One feed number may cover several documents: stop only between numbers.
        if news.len() >= MAX_NEWS && doc_feed > told {
            return Ok((told.cast_unsigned(), news));
        }
        told = doc_feed;
        let kind = DocKind::parse(&row.get::<_, String>(1)?);
        let access = rule::access(device.role, kind, row.get::<_, Option<String>>(4)?.as_deref().map(Access::parse));
        let doc = DocId::from_bytes(row.get(0)?);
        if rule::may_hear(access) && !whole.contains(&doc) {
            let (last, seen) = (row.get::<_, i64>(2)?.cast_unsigned(), row.get::<_, i64>(5)?.cast_unsigned());
            news.push(News { doc, last, seen });
        }
    }
    Ok((device.feed.cast_unsigned(), news))
}

fn pull_doc(
    conn: &Connection,
    device: &rows::Enrolled,
    ask: &DocPull,
    epoch: u64,
    budget: &mut usize,
) -> Result<DocPulled, StoreError> {
    let mut told = DocPulled { cursor: ask.cursor, ..DocPulled::default() };
    let Some(doc) = rows::doc(conn, ask.doc)? else { return Ok(told) };
    told.access = people::access(conn, device, &doc)?;
    if !rule::hears(told.access) {
        return Ok(told);
    }
    // A cursor of another epoch, or beyond the log, tells nothing about this log.
    let is_known_place = ask.epoch == epoch && i64::try_from(ask.cursor).is_ok_and(|cursor| cursor <= doc.last);
    let mut cursor = if is_known_place { ask.cursor.cast_signed() } else { 0 };
    if cursor == 0
        && let Some((n, bytes)) = snapshot(conn, doc.key, *budget)?
    {
        *budget -= bytes.len();
        cursor = n;
        told.snapshot = Some(bytes);
    }
    let mut log =
        conn.prepare_cached("SELECT n, hash, bytes FROM change WHERE doc = :doc AND n > :cursor ORDER BY n")?;
    let mut rows = log.query(named_params! { ":doc": doc.key, ":cursor": cursor })?;
    while let Some(row) = rows.next()? {
        if !ask.without.contains(&Sha256(row.get(1)?)) {
            let bytes = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
            let Some(rest) = budget.checked_sub(bytes.len()) else {
                told.is_more = true;
                break;
            };
            *budget = rest;
            told.changes.push(bytes.to_vec());
        }
        cursor = row.get(0)?;
    }
    told.cursor = cursor.cast_unsigned();
    told.seen = doc.seen.cast_unsigned();
    told.heads = doc.heads;
    if ask.heads == Some(HeadsDigest::of(&told.heads)) {
        told.heads.clear();
        let has_nothing = told.changes.is_empty() && told.snapshot.is_none() && !told.is_more && ask.without.is_empty();
        told.is_same = has_nothing && ask.epoch == epoch && told.cursor == ask.cursor;
    }
    Ok(told)
}

/// The document's snapshot with the number of its last change, where there is one within the budget.
fn snapshot(conn: &Connection, doc: i64, budget: usize) -> Result<Option<(i64, Vec<u8>)>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT n, bytes FROM snapshot WHERE doc = :doc AND length(bytes) BETWEEN 1 AND :budget")?
        .query_row(named_params! { ":doc": doc, ":budget": i64::try_from(budget).unwrap_or(i64::MAX) }, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?)
}
