//! The same work that the peer does in `tests/peer/automerge-repo.mjs`: documents are written on one device until a second one has all of them.

use super::{relay, resident};
use crate::bench::{Figure, ms};
use crate::load::phone::{doc_ask, shift};
use crate::load::{Crowd, Phone, Pipe};
use anyhow::{Context, Result, ensure};
use automerge::{Automerge, Change};
use porchlight_model::id::DocId;
use porchlight_model::wire::{DocAsk, DocReply};
use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

/// Documents.
const N_DOCS: usize = 250;
/// Changes of each.
const N_CHANGES: usize = 40;

/// How often each side runs, alternating.
const N_RUNS: usize = 5;

/// The most documents of one invite.
const DOCS_OF_INVITE: usize = 64;
/// Documents that a device pushes together.
const DOCS_OF_PUSH: usize = 8;
/// How long a device without news waits before it polls again.
const HEARS_AFTER: Duration = Duration::from_millis(5);

/// The figures of one side of the comparison.
struct Took {
    time: Duration,
    memory: u64,
}

pub(super) async fn measure(tell: &mut impl FnMut(Figure)) -> Result<()> {
    let (mut ours_took, mut peer_took) = (Vec::new(), Vec::new());
    for _ in 0..N_RUNS {
        ours_took.push(ours().await?);
        peer_took.push(peer()?);
    }
    let (ours, peer) = (median(&mut ours_took), median(&mut peer_took));
    let per_second = |time: Duration| (N_DOCS * N_CHANGES) as f64 / time.as_secs_f64();
    let (faster, smaller) =
        (peer.time.as_secs_f64() / ours.time.as_secs_f64(), peer.memory as f64 / ours.memory as f64);
    tell(Figure {
        what: format!("{N_DOCS} documents of {N_CHANGES} changes, device to device, medians of {N_RUNS}"),
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

/// The median of the times, and of the memory.
fn median(runs: &mut [Took]) -> Took {
    let middle = runs.len() / 2;
    runs.sort_by_key(|run| run.memory);
    let memory = runs[middle].memory;
    runs.sort_by_key(|run| run.time);
    Took { time: runs[middle].time, memory }
}

/// A device that stores documents, each with its cursor.
struct Reader {
    phone: Phone,
    pipe: Pipe,
    docs: BTreeMap<DocId, (Automerge, u64)>,
    n_changes: usize,
}

/// The two devices work concurrently, as the peer's two clients do.
async fn ours() -> Result<Took> {
    let folder = tempfile::tempdir()?;
    let relay = relay(folder.path())?;
    let mut crowd = Crowd::found(&relay, 6).await?;
    let docs = crowd.bear(N_DOCS).await?;
    let mut pairs = Vec::new();
    for some in docs.chunks(DOCS_OF_INVITE) {
        let mut pair = crowd.hand_out(some, 2).await?.into_iter();
        let (writer, phone) = pair.next().zip(pair.next()).context("two devices were asked for")?;
        let docs = some.iter().map(|doc| (*doc, (Automerge::new(), 0))).collect();
        let reader = Reader { phone, pipe: Pipe::open(&relay.url).await?, docs, n_changes: 0 };
        pairs.push((writer, some.to_vec(), reader));
    }
    let mut pipe = Pipe::open(&relay.url).await?;
    let start = Instant::now();
    let (writers, readers): (Vec<_>, Vec<_>) =
        pairs.into_iter().map(|(writer, docs, reader)| ((writer, docs), reader)).unzip();
    // Writing continues while the device syncs, as in the app and at the peer.
    let (written, mut to_sync) = tokio::sync::mpsc::unbounded_channel();
    let plan: Vec<_> = writers.iter().map(|(writer, docs)| (writer.device, docs.clone())).collect();
    let acting = tokio::task::spawn_blocking(move || {
        for (device, docs) in plan {
            for doc in docs {
                written.send(doc_ask(doc, shift(&mut crowd.rng, device, N_CHANGES)?, None))?;
            }
        }
        anyhow::Ok(())
    });
    let writing = tokio::spawn(async move {
        for (mut writer, docs) in writers {
            let mut n_left = docs.len();
            while n_left > 0 {
                let mut asks = Vec::new();
                n_left -= to_sync.recv_many(&mut asks, DOCS_OF_PUSH.min(n_left)).await;
                ensure!(!asks.is_empty(), "whoever writes has stopped");
                writer.sync(&mut pipe, asks).await?;
            }
        }
        anyhow::Ok(())
    });
    let reading = tokio::spawn(async move {
        for mut reader in readers {
            reader.read_all().await?;
        }
        anyhow::Ok(())
    });
    acting.await??;
    writing.await??;
    reading.await??;
    Ok(Took { time: start.elapsed(), memory: resident(&relay)? })
}

impl Reader {
    /// Polls until every document is complete.
    async fn read_all(&mut self) -> Result<()> {
        let mut asks = Vec::new();
        let mut epoch = 0;
        while self.n_changes < self.docs.len() * N_CHANGES {
            let (reply, _) = self.phone.sync(&mut self.pipe, std::mem::take(&mut asks)).await?;
            epoch = epoch.max(reply.epoch);
            for news in &reply.news {
                if let Some((_, cursor)) = self.docs.get(&news.doc)
                    && *cursor < news.last
                {
                    asks.push(DocAsk { epoch, cursor: *cursor, ..doc_ask(news.doc, Vec::new(), None) });
                }
            }
            let is_news = !asks.is_empty() || !reply.docs.is_empty();
            for told in reply.docs {
                asks.extend(self.take_in(told, epoch)?);
            }
            if !is_news {
                // A phone receives a hint within some milliseconds; polling without a pause would only load the relay.
                tokio::time::sleep(HEARS_AFTER).await;
            }
        }
        Ok(())
    }

    /// Applies an answer about a document; returns the next request if there is more.
    fn take_in(&mut self, told: DocReply, epoch: u64) -> Result<Option<DocAsk>> {
        let (doc, cursor) = self.docs.get_mut(&told.doc).context("another document was answered")?;
        let changes = told.changes.into_iter().map(|bytes| Change::from_bytes(bytes.into_vec()));
        let changes = changes.collect::<Result<Vec<_>, _>>()?;
        self.n_changes += changes.len();
        doc.apply_changes(changes)?;
        *cursor = told.cursor;
        Ok(told.is_more.then(|| DocAsk { epoch, cursor: *cursor, ..doc_ask(told.doc, Vec::new(), None) }))
    }
}

/// Runs the peer and parses its two numbers: milliseconds, and the server's bytes.
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
