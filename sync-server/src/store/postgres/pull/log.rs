//! Fills an answer from the logs: first the sizes, to choose what fits the budget, then the bytes of those changes alone.

use super::super::database::{Tx, all};
use super::super::fault::unavailable;
use super::Telling;
use crate::store::postgres::rows;
use crate::store::{Pull, StoreError};

/// The most changes whose sizes are read at once.
const MAX_SPAN: i64 = 5_000;

/// Puts snapshots and changes into the answers, in the order of the documents, until the budget is used up.
pub(super) async fn fill(tx: &Tx<'_>, pull: &Pull, tellings: &mut [Option<Telling>]) -> Result<(), StoreError> {
    let mut budget = pull.budget;
    snapshots(tx, &mut budget, tellings).await?;
    let mut chosen = Chosen::default();
    while measure(tx, pull, &mut budget, tellings, &mut chosen).await? {}
    if chosen.numbers.is_empty() {
        return Ok(());
    }
    let told = all(tx, include_str!("../sql/log_bytes.sql"), &[&chosen.docs, &chosen.numbers]).await?;
    if told.len() != chosen.places.len() {
        return Err(unavailable("a document's log has a hole"));
    }
    for (row, at) in told.iter().zip(&chosen.places) {
        if let Some(Some(telling)) = tellings.get_mut(*at) {
            telling.told.changes.push(row.try_get(0)?);
        }
    }
    Ok(())
}

/// The changes to send: each by its document's key and its number, with the index of that document in the answer.
#[derive(Default)]
struct Chosen {
    docs: Vec<i64>,
    numbers: Vec<i64>,
    places: Vec<usize>,
}

/// Adds the snapshot of each document of which the device has nothing, where it fits.
async fn snapshots(tx: &Tx<'_>, budget: &mut usize, tellings: &mut [Option<Telling>]) -> Result<(), StoreError> {
    let mut wanted = Vec::new();
    for telling in tellings.iter_mut().flatten() {
        if let Some((n, n_bytes)) = telling.snapshot
            && let Some(rest) = budget.checked_sub(n_bytes)
        {
            *budget = rest;
            telling.cursor = n;
            telling.told.snapshot = Some(Vec::new());
            wanted.push(telling.key);
        }
    }
    if wanted.is_empty() {
        return Ok(());
    }
    for row in &all(tx, "SELECT doc, bytes FROM snapshot WHERE doc = ANY ($1)", &[&wanted]).await? {
        let key: i64 = row.try_get(0)?;
        let bytes: Vec<u8> = row.try_get(1)?;
        if let Some(telling) = tellings.iter_mut().flatten().find(|telling| telling.key == key) {
            telling.told.snapshot = Some(bytes);
        }
    }
    Ok(())
}

/// Measures the next changes and chooses those that fit; returns whether more may fit.
async fn measure(
    tx: &Tx<'_>,
    pull: &Pull,
    budget: &mut usize,
    tellings: &mut [Option<Telling>],
    chosen: &mut Chosen,
) -> Result<bool, StoreError> {
    let (mut places, mut docs, mut after, mut upto) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut room = MAX_SPAN;
    for (at, telling) in tellings.iter().enumerate() {
        let Some(telling) = telling else { continue };
        let n = (telling.last - telling.cursor).min(room);
        if n > 0 {
            room -= n;
            places.push(at);
            docs.push(telling.key);
            after.push(telling.cursor);
            upto.push(telling.cursor + n);
        }
    }
    if docs.is_empty() {
        return Ok(false);
    }
    for row in &all(tx, include_str!("../sql/log_sizes.sql"), &[&docs, &after, &upto]).await? {
        let asked = usize::try_from(row.try_get::<_, i64>(0)? - 1).unwrap_or(usize::MAX);
        let Some(at) = places.get(asked) else { continue };
        let (Some(Some(telling)), Some(ask)) = (tellings.get_mut(*at), pull.docs.get(*at)) else { continue };
        let n: i64 = row.try_get(1)?;
        if !ask.without.contains(&rows::hash(row, 2)?) {
            let n_bytes = usize::try_from(row.try_get::<_, i32>(3)?).unwrap_or(usize::MAX);
            let Some(rest) = budget.checked_sub(n_bytes) else { return Ok(false) };
            *budget = rest;
            chosen.docs.push(telling.key);
            chosen.numbers.push(n);
            chosen.places.push(*at);
        }
        telling.cursor = n;
    }
    Ok(true)
}
