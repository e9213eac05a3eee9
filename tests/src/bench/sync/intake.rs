//! Intake of durable changes, and many phones that reconnect together.

use super::{AT_ONCE, NO_LIMITS, relay};
use crate::bench::{Figure, ms, quantile};
use crate::load::phone::{doc_ask, shift};
use crate::load::{Crowd, Phone, Pipe};
use crate::relay::Relay;
use crate::servers::{Nats, Postgres};
use anyhow::{Context, Result, bail};
use porchlight_model::id::DocId;
use std::time::{Duration, Instant};

/// Phones, each with a shift.
const N_PHONES: usize = 8_000;
/// Changes of a shift.
const N_CHANGES: usize = 24;
/// Phones on one turf.
const ON_ONE_TURF: usize = 2;
/// How often one node takes in all shifts, each time into a new store. A shared disk sometimes delays one commit by
/// a fifth of a second, and all phones of that moment with it.
const N_RUNS: usize = 3;

/// A phone's shift, ready to be pushed.
type Shift = (Phone, DocId, Vec<Vec<u8>>);

pub(super) async fn measure(tell: &mut impl FnMut(Figure)) -> Result<()> {
    let (mut rates, mut tails) = (Vec::new(), Vec::new());
    for _ in 0..N_RUNS {
        let folder = tempfile::tempdir()?;
        let (per_second, p99) = take_in(&[relay(folder.path())?], N_PHONES).await?;
        rates.push(per_second);
        tails.push(p99);
    }
    rates.sort_by(f64::total_cmp);
    tails.sort();
    let (per_second, p99) = (rates[N_RUNS / 2], tails[N_RUNS / 2]);
    let worst = tails[N_RUNS - 1];
    tell(Figure {
        what: format!("durable changes taken in, one node, SQLite, medians of {N_RUNS}"),
        found: format!("{per_second:.0}/s, p99 {} (worst {}), {N_CHANGES} a request", ms(p99), ms(worst)),
        to_reach: "20,000/s, 50 ms".to_owned(),
        is_reached: per_second >= 20_000.0 && p99 <= Duration::from_millis(50),
    });
    Ok(())
}

/// The same at two nodes over one PostgreSQL, with hints over NATS.
pub(super) async fn measure_nodes(tell: &mut impl FnMut(Figure)) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (server, nats) = (Postgres::start()?, Nats::start()?);
    let (store, bus) = (format!("--store={}", server.database().await?), format!("--bus={}", nats.url()));
    let flags: Vec<&str> = NO_LIMITS.into_iter().chain([store.as_str(), bus.as_str()]).collect();
    let nodes = [Relay::start_with(folder.path(), &flags)?, Relay::start_with(folder.path(), &flags)?];
    let (per_second, p99) = take_in(&nodes, N_PHONES / 4).await?;
    tell(Figure {
        what: "durable changes taken in, two nodes, PostgreSQL".to_owned(),
        found: format!("{per_second:.0}/s, p99 {}, {N_CHANGES} a request", ms(p99)),
        to_reach: "5,000/s".to_owned(),
        is_reached: per_second >= 5_000.0,
    });
    Ok(())
}

/// Lets phones push their shifts, two phones on each turf, spread over the nodes; returns changes per second, and the 99th percentile of request
/// times.
async fn take_in(nodes: &[Relay], n_phones: usize) -> Result<(f64, Duration)> {
    let first = nodes.first().context("no relay")?;
    let mut crowd = Crowd::found(first, 4).await?;
    let docs = crowd.bear(n_phones / ON_ONE_TURF).await?;
    let mut shifts: Vec<Shift> = Vec::new();
    for doc in &docs {
        for phone in crowd.hand_out(&[*doc], ON_ONE_TURF).await? {
            let changes = shift(&mut crowd.rng, phone.device, N_CHANGES)?;
            shifts.push((phone, *doc, changes));
        }
    }
    let start = Instant::now();
    let mut running = Vec::new();
    for (some, node) in shifts.chunks(n_phones / AT_ONCE).zip(nodes.iter().cycle()) {
        running.push(tokio::spawn(push_all(some.to_vec(), node.url.clone())));
    }
    let mut times = Vec::new();
    for one in running {
        times.extend(one.await??);
    }
    let per_second = (n_phones * N_CHANGES) as f64 / start.elapsed().as_secs_f64();
    Ok((per_second, quantile(&mut times, 990)))
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
