//! Syncs without news, and the memory of a relay with many documents.

use super::{AT_ONCE, relay, resident};
use crate::bench::{Figure, ms, quantile};
use crate::load::phone::{doc_ask, shift};
use crate::load::{Crowd, Pipe};
use anyhow::Result;
use porchlight_model::wire::{DocAsk, HeadsDigest};
use std::time::{Duration, Instant};

/// How long the load lasts.
const LASTS: Duration = Duration::from_secs(10);
/// Documents of each device.
const N_DOCS: usize = 50;
/// Devices under load.
const N_PHONES: usize = 320;
/// Documents of the relay whose memory is measured, in campaigns of half of it.
const MANY_DOCS: usize = 100_000;

pub(super) async fn measure(tell: &mut impl FnMut(Figure)) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let relay = relay(folder.path())?;
    let mut crowd = Crowd::found(&relay, 1).await?;
    let docs = crowd.bear(N_DOCS).await?;
    let mut phones = crowd.hand_out(&docs, N_PHONES).await?;
    let mut pipe = Pipe::open(&relay.url).await?;
    let writer = &mut phones[0];
    for doc in &docs {
        let changes = shift(&mut crowd.rng, writer.device, 3)?;
        writer.sync(&mut pipe, vec![doc_ask(*doc, changes, None)]).await?;
    }
    for phone in &mut phones {
        phone.sync(&mut pipe, Vec::new()).await?;
    }

    // The same device, which names its documents, without news in any of them.
    let (told, _) = phones[1].sync(&mut pipe, docs.iter().map(|doc| doc_ask(*doc, Vec::new(), None)).collect()).await?;
    let epoch = told.epoch;
    let named: Vec<DocAsk> = told
        .docs
        .iter()
        .map(|told| DocAsk {
            epoch,
            cursor: told.cursor,
            heads: Some(HeadsDigest::of(&told.heads)),
            ..doc_ask(told.doc, Vec::new(), None)
        })
        .collect();
    let (_, n_bytes) = phones[1].sync(&mut pipe, named).await?;
    let per_doc = n_bytes as f64 / N_DOCS as f64;
    tell(Figure {
        what: "reply of a sync without news, bytes a document".to_owned(),
        found: format!("{per_doc:.1} ({n_bytes} for {N_DOCS} named documents)"),
        to_reach: "40".to_owned(),
        is_reached: per_doc < 40.0,
    });

    let start = Instant::now();
    let mut running = Vec::new();
    for some in phones.chunks(N_PHONES / AT_ONCE) {
        let (mut some, url) = (some.to_vec(), relay.url.clone());
        running.push(tokio::spawn(async move {
            let mut pipe = Pipe::open(&url).await?;
            let mut times = Vec::new();
            while start.elapsed() < LASTS {
                for phone in &mut some {
                    let sent = Instant::now();
                    phone.sync(&mut pipe, Vec::new()).await?;
                    times.push(sent.elapsed());
                }
            }
            Ok::<_, anyhow::Error>(times)
        }));
    }
    let mut times = Vec::new();
    for one in running {
        times.extend(one.await??);
    }
    let per_second = times.len() as f64 / start.elapsed().as_secs_f64();
    let p99 = quantile(&mut times, 990);
    tell(Figure {
        what: "syncs without news, 50 documents, by feed, SQLite".to_owned(),
        found: format!("{per_second:.0}/s, p99 {}, median {}", ms(p99), ms(quantile(&mut times, 500))),
        to_reach: "5,000/s, 20 ms".to_owned(),
        is_reached: per_second >= 5_000.0 && p99 <= Duration::from_millis(20),
    });
    memory(tell).await
}

async fn memory(tell: &mut impl FnMut(Figure)) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let relay = relay(folder.path())?;
    let mut sizes = Vec::new();
    let mut pipe = Pipe::open(&relay.url).await?;
    for seed in [2, 3] {
        let mut crowd = Crowd::found(&relay, seed).await?;
        let docs = crowd.bear(MANY_DOCS / 2 - 1).await?;
        sizes.push(resident(&relay)?);
        // Documents grow: a shift each on every tenth.
        for some in docs.chunks(640) {
            let mut asks = Vec::new();
            for doc in some.iter().step_by(10) {
                asks.push(doc_ask(*doc, shift(&mut crowd.rng, crowd.office.device, 12)?, None));
            }
            crowd.office.sync(&mut pipe, asks).await?;
        }
        sizes.push(resident(&relay)?);
    }
    let megabytes: Vec<String> = sizes.iter().map(|size| format!("{:.0}", *size as f64 / 1e6)).collect();
    let most = sizes.iter().max().copied().unwrap_or_default();
    tell(Figure {
        what: "memory of the relay with 100,000 documents".to_owned(),
        found: format!("{} MB (at 50,000, grown, at 100,000, grown)", megabytes.join(", ")),
        to_reach: "150 MB".to_owned(),
        is_reached: most < 150_000_000,
    });
    Ok(())
}
