//! A national campaign's worst hour: phones that were offline for 90 minutes reconnect within five.

use super::relay;
use crate::bench::{Figure, ms, quantile};
use crate::load::phone::{doc_ask, shift};
use crate::load::{Crowd, Phone, Pipe};
use anyhow::Result;
use porchlight_model::id::DocId;
use rand::Rng;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Phones that reconnect in five minutes in the full story.
const ALL_PHONES: usize = 37_000;
/// The time in which phones reconnect here: a fifth of the five minutes, for a fifth of the phones.
const WITHIN: Duration = Duration::from_secs(60);
/// How many reconnect here.
const N_PHONES: usize = ALL_PHONES / 5;
/// Results of each.
const N_RESULTS: usize = 12;
/// Phones on one turf.
const ON_ONE_TURF: usize = 4;
/// Persistent connections that the phones share.
const N_PIPES: usize = 64;

/// A phone that reconnects: when, and with which changes.
struct Comer {
    at: Duration,
    phone: Phone,
    doc: DocId,
    changes: Vec<Vec<u8>>,
}

pub(super) async fn measure(tell: &mut impl FnMut(Figure)) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let relay = relay(folder.path())?;
    let mut crowd = Crowd::found(&relay, 5).await?;
    let docs = crowd.bear(N_PHONES / ON_ONE_TURF).await?;
    let mut comers = Vec::new();
    for doc in &docs {
        for phone in crowd.hand_out(&[*doc], ON_ONE_TURF).await? {
            let changes = shift(&mut crowd.rng, phone.device, N_RESULTS)?;
            let at = WITHIN.mul_f64(crowd.rng.random());
            comers.push(Comer { at, phone, doc: *doc, changes });
        }
    }
    comers.sort_by_key(|comer| comer.at);
    let n_comers = comers.len();
    let mut lanes: Vec<Vec<Comer>> = (0..N_PIPES).map(|_| Vec::new()).collect();
    for (place, comer) in comers.into_iter().enumerate() {
        lanes[place % N_PIPES].push(comer);
    }
    let start = Instant::now();
    let running: Vec<_> =
        lanes.into_iter().map(|lane| tokio::spawn(come_back(lane, relay.url.clone(), start))).collect();
    let mut times = Vec::new();
    for one in running {
        times.extend(one.await??);
    }
    let last = start.elapsed();
    let (n_stored, n_doubled) = count(&mut crowd, &relay.url, &docs).await?;
    let n_sent = n_comers * N_RESULTS;
    let p99 = quantile(&mut times, 990);
    let worst = times.last().copied().unwrap_or_default();
    tell(Figure {
        what: format!("{n_comers} phones with {N_RESULTS} results each back in {} s", WITHIN.as_secs()),
        found: format!(
            "{n_stored} of {n_sent} stored, {n_doubled} doubled; a phone is done in {} (p99), {} (worst)",
            ms(p99),
            ms(worst)
        ),
        to_reach: "none lost, 10 min".to_owned(),
        is_reached: n_stored == n_sent && n_doubled == 0 && worst < Duration::from_secs(600),
    });
    extrapolate(tell, n_comers, last);
    Ok(())
}

fn extrapolate(tell: &mut impl FnMut(Figure), n_comers: usize, took: Duration) {
    let rate = n_comers as f64 / took.as_secs_f64();
    tell(Figure {
        what: format!("  the same for {ALL_PHONES} phones: time until all are done"),
        found: format!("{:.0} s, at the {rate:.0} phones/s that came here", ALL_PHONES as f64 / rate),
        to_reach: "600 s".to_owned(),
        is_reached: ALL_PHONES as f64 / rate < 600.0,
    });
}

/// Each phone pushes its shift, pulls what others did, and asks once more, as a phone does that is back in range.
async fn come_back(lane: Vec<Comer>, url: String, start: Instant) -> Result<Vec<Duration>> {
    let mut pipe = Pipe::open(&url).await?;
    let mut times = Vec::new();
    for Comer { at, mut phone, doc, changes } in lane {
        tokio::time::sleep_until((start + at).into()).await;
        let due = start + at;
        let (reply, _) = phone.sync(&mut pipe, vec![doc_ask(doc, changes, None)]).await?;
        let mut cursor = reply.docs.first().map_or(0, |doc| doc.cursor);
        let mut is_more = reply.docs.first().is_some_and(|doc| doc.is_more);
        while is_more {
            let ask = porchlight_model::wire::DocAsk { epoch: reply.epoch, cursor, ..doc_ask(doc, Vec::new(), None) };
            let (more, _) = phone.sync(&mut pipe, vec![ask]).await?;
            (cursor, is_more) = more.docs.first().map_or((cursor, false), |doc| (doc.cursor, doc.is_more));
        }
        phone.sync(&mut pipe, Vec::new()).await?;
        times.push(due.elapsed());
    }
    Ok(times)
}

/// Counts what the relay stored, by asking as a coordinator for everything.
async fn count(crowd: &mut Crowd, url: &str, docs: &[DocId]) -> Result<(usize, usize)> {
    let mut pipe = Pipe::open(url).await?;
    let mut seen: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    for doc in docs {
        let (reply, _) = crowd.office.sync(&mut pipe, vec![doc_ask(*doc, Vec::new(), None)]).await?;
        for change in reply.docs.into_iter().flat_map(|doc| doc.changes) {
            *seen.entry(change.into_vec()).or_default() += 1;
        }
    }
    Ok((seen.len(), seen.values().filter(|n| **n > 1).count()))
}
