//! The same work as the peer does in `tests/peer/automerge-repo.mjs`: documents written on one device until a second one holds all.

use super::{relay, resident};
use crate::bench::{Figure, ms};
use crate::load::phone::{doc_ask, shift};
use crate::load::{Crowd, Pipe};
use anyhow::{Context, Result, ensure};
use automerge::{Automerge, Change};
use porchlight_model::id::DocId;
use porchlight_model::wire::DocAsk;
use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

/// Documents.
const N_DOCS: usize = 250;
/// Changes of each.
const N_CHANGES: usize = 40;

/// What one side of the comparison took.
struct Took {
    time: Duration,
    memory: u64,
}

pub(super) async fn measure(tell: &mut impl FnMut(Figure)) -> Result<()> {
    let ours = ours().await?;
    let peer = peer()?;
    let per_second = |time: Duration| (N_DOCS * N_CHANGES) as f64 / time.as_secs_f64();
    let (faster, smaller) =
        (peer.time.as_secs_f64() / ours.time.as_secs_f64(), peer.memory as f64 / ours.memory as f64);
    tell(Figure {
        what: format!("{N_DOCS} documents of {N_CHANGES} changes, from one device to a second"),
        found: format!(
            "{} ({:.0}/s); automerge-repo {} ({:.0}/s): {faster:.1}×",
            ms(ours.time),
            per_second(ours.time),
            ms(peer.time),
            per_second(peer.time)
        ),
        to_reach: "20×".to_owned(),
        is_reached: faster >= 20.0,
    });
    tell(Figure {
        what: "memory of the server after that".to_owned(),
        found: format!(
            "{:.0} MB; automerge-repo {:.0} MB: {smaller:.1}×",
            ours.memory as f64 / 1e6,
            peer.memory as f64 / 1e6
        ),
        to_reach: "a tenth".to_owned(),
        is_reached: smaller >= 10.0,
    });
    Ok(())
}

async fn ours() -> Result<Took> {
    let folder = tempfile::tempdir()?;
    let relay = relay(folder.path())?;
    let mut crowd = Crowd::found(&relay, 6).await?;
    let docs = crowd.bear(N_DOCS).await?;
    let mut phones = Vec::new();
    for some in docs.chunks(64) {
        phones.extend(crowd.hand_out(some, 2).await?.into_iter().map(|phone| (phone, some.to_vec())));
    }
    let mut pipe = Pipe::open(&relay.url).await?;
    let start = Instant::now();
    let mut held: BTreeMap<DocId, usize> = BTreeMap::new();
    for pair in phones.chunks_mut(2) {
        let [(writer, docs), (reader, _)] = pair else { continue };
        let mut asks = Vec::new();
        for doc in docs.iter() {
            asks.push(doc_ask(*doc, shift(&mut crowd.rng, writer.device, N_CHANGES)?, None));
        }
        writer.sync(&mut pipe, asks).await?;
        let mut cursors: BTreeMap<DocId, (Automerge, u64)> =
            docs.iter().map(|doc| (*doc, (Automerge::new(), 0))).collect();
        let mut epoch = 0;
        loop {
            let asks = cursors.iter().map(|(doc, (_, cursor))| DocAsk {
                epoch,
                cursor: *cursor,
                ..doc_ask(*doc, Vec::new(), None)
            });
            let (reply, _) = reader.sync(&mut pipe, asks.collect()).await?;
            epoch = reply.epoch;
            let mut is_more = false;
            for told in reply.docs {
                let (doc, cursor) = cursors.get_mut(&told.doc).context("another document was answered")?;
                let changes = told.changes.into_iter().map(|bytes| Change::from_bytes(bytes.into_vec()));
                let changes = changes.collect::<Result<Vec<_>, _>>()?;
                *held.entry(told.doc).or_default() += changes.len();
                doc.apply_changes(changes)?;
                *cursor = told.cursor;
                is_more |= told.is_more;
            }
            if !is_more {
                break;
            }
        }
    }
    let time = start.elapsed();
    ensure!(held.len() == N_DOCS && held.values().all(|n| *n == N_CHANGES), "the second device lacks something");
    Ok(Took { time, memory: resident(&relay)? })
}

/// Runs the peer and reads its two numbers: milliseconds, and the server's bytes.
fn peer() -> Result<Took> {
    let output = Command::new("node")
        .args(["tests/peer/automerge-repo.mjs", &N_DOCS.to_string(), &N_CHANGES.to_string()])
        .output()
        .context("running node")?;
    let said = String::from_utf8_lossy(&output.stdout);
    let line = said.lines().find_map(|line| line.strip_prefix("took "));
    let line = line.with_context(|| format!("the peer failed: {said} {}", String::from_utf8_lossy(&output.stderr)))?;
    let (time_ms, memory) = line.split_once(' ').context("a number is missing")?;
    Ok(Took { time: Duration::from_secs_f64(time_ms.parse::<f64>()? / 1000.0), memory: memory.trim().parse()? })
}
