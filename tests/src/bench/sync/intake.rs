//! Durable changes taken in, and phones that come back together.

use super::{AT_ONCE, relay};
use crate::bench::{Figure, ms, quantile};
use crate::load::phone::{doc_ask, shift};
use crate::load::{Crowd, Phone, Pipe};
use anyhow::{Result, bail};
use porchlight_model::id::DocId;
use std::time::{Duration, Instant};

/// Phones, each with a shift.
const N_PHONES: usize = 8_000;
/// Changes of a shift.
const N_CHANGES: usize = 24;
/// Turf that the phones share, two on each.
const N_DOCS: usize = N_PHONES / 2;

/// A phone's shift, ready to be pushed.
type Shift = (Phone, DocId, Vec<Vec<u8>>);

pub(super) async fn measure(tell: &mut impl FnMut(Figure)) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let relay = relay(folder.path())?;
    let mut crowd = Crowd::found(&relay, 4).await?;
    let docs = crowd.bear(N_DOCS).await?;
    let mut shifts: Vec<Shift> = Vec::new();
    for doc in &docs {
        for phone in crowd.hand_out(&[*doc], N_PHONES / N_DOCS).await? {
            let changes = shift(&mut crowd.rng, phone.device, N_CHANGES)?;
            shifts.push((phone, *doc, changes));
        }
    }
    let start = Instant::now();
    let mut running = Vec::new();
    for some in shifts.chunks(N_PHONES / AT_ONCE) {
        let (some, url) = (some.to_vec(), relay.url.clone());
        running.push(tokio::spawn(push_all(some, url)));
    }
    let mut times = Vec::new();
    for one in running {
        times.extend(one.await??);
    }
    let per_second = (N_PHONES * N_CHANGES) as f64 / start.elapsed().as_secs_f64();
    let p99 = quantile(&mut times, 990);
    tell(Figure {
        what: "durable changes taken in, one node, SQLite".to_owned(),
        found: format!("{per_second:.0}/s, p99 {}, {N_CHANGES} a request", ms(p99)),
        to_reach: "20,000/s, 50 ms".to_owned(),
        is_reached: per_second >= 20_000.0 && p99 <= Duration::from_millis(50),
    });
    Ok(())
}

async fn push_all(shifts: Vec<Shift>, url: String) -> Result<Vec<Duration>> {
    let mut pipe = Pipe::open(&url).await?;
    let mut times = Vec::new();
    for (mut phone, doc, changes) in shifts {
        let n_changes = changes.len();
        let ask = vec![doc_ask(doc, changes, None)];
        let sent = Instant::now();
        let (reply, _) = phone.sync(&mut pipe, ask).await?;
        times.push(sent.elapsed());
        let n_acked = reply.docs.first().map_or(0, |doc| doc.acked.len());
        if n_acked != n_changes {
            bail!("{n_acked} of {n_changes} changes were acknowledged");
        }
    }
    Ok(times)
}
