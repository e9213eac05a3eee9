//! Hints with 7,000 open streams: the latency of a result's hint to devices on the same turf, and the cost of shutting one device out.

use super::NO_LIMITS;
use crate::bench::{Figure, of_many};
use crate::load::phone::{doc_ask, shift};
use crate::load::{Crowd, Phone, Pipe};
use crate::relay::Relay;
use crate::servers::free_port;
use anyhow::{Context, Result, ensure};
use hyper::Method;
use porchlight_model::id::DocId;
use porchlight_model::relay::{ShutOutAsk, ShutOutDone};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// Open streams, one for each phone; each takes a file descriptor at the relay and one here.
const N_STREAMS: usize = 7_000;
/// Phones on one turf.
const ON_ONE_TURF: usize = 4;
/// Results that cause hints, on different turf.
const N_RESULTS: usize = 500;

pub(super) async fn measure(tell: &mut impl FnMut(Figure)) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let metrics = format!("127.0.0.1:{}", free_port()?);
    let at = format!("--metrics={metrics}");
    let flags: Vec<&str> = NO_LIMITS.into_iter().chain([at.as_str()]).collect();
    let relay = Relay::start_with(&folder.path().join("relay"), &flags)?;
    let mut crowd = Crowd::found(&relay, 8).await?;
    let docs = crowd.bear(N_STREAMS / ON_ONE_TURF).await?;
    let (told, mut hear) = unbounded_channel();
    let mut writers: Vec<(Phone, DocId)> = Vec::new();
    for doc in &docs {
        let phones = crowd.hand_out(&[*doc], ON_ONE_TURF).await?;
        for phone in &phones {
            listen(&relay.url, &phone.token, told.clone()).await?;
        }
        writers.extend(phones.into_iter().next().map(|phone| (phone, *doc)));
    }
    let mut pipe = Pipe::open(&relay.url).await?;
    let mut meters = Pipe::open(&metrics).await?;
    let before = Work::at(&mut meters).await?;
    let mut times = Vec::new();
    for (phone, doc) in writers.iter_mut().take(N_RESULTS) {
        let changes = shift(&mut crowd.rng, phone.device, 1)?;
        let sent = Instant::now();
        phone.sync(&mut pipe, vec![doc_ask(*doc, changes, None)]).await?;
        for _ in 1..ON_ONE_TURF {
            times.push(hear.recv().await.context("all streams have ended")?.duration_since(sent));
        }
    }
    let after = Work::at(&mut meters).await?;
    tell(of_many("a result is heard of by the others on its turf", times, Duration::from_millis(20)));
    let n_wakes = after.n_wakes - before.n_wakes;
    tell(Figure {
        what: format!("streams of {N_STREAMS} woken by {N_RESULTS} results on turf of {ON_ONE_TURF}"),
        found: format!("{n_wakes}, and {} reads of what devices hear of", after.n_reads - before.n_reads),
        to_reach: format!("{}, 0", N_RESULTS * (ON_ONE_TURF - 1)),
        is_reached: n_wakes == (N_RESULTS * (ON_ONE_TURF - 1)) as u64 && after.n_reads == before.n_reads,
    });

    let (lost, _) = writers.pop().context("nobody is left")?;
    let ask = ShutOutAsk { device: lost.device };
    let done: ShutOutDone = pipe.json("/v1/shut-out", &crowd.office.token, &ask).await?;
    ensure!(done.is_news, "it was shut out before");
    let (phone, doc) = writers.last_mut().context("nobody is left")?;
    let changes = shift(&mut crowd.rng, phone.device, 1)?;
    phone.sync(&mut pipe, vec![doc_ask(*doc, changes, None)]).await?;
    for _ in 1..ON_ONE_TURF {
        hear.recv().await.context("all streams have ended")?;
    }
    let n_reads = Work::at(&mut meters).await?.n_reads - after.n_reads;
    tell(Figure {
        what: "shutting one device out, then a result".to_owned(),
        found: format!("{n_reads} reads of what devices hear of"),
        to_reach: "1".to_owned(),
        is_reached: n_reads <= 1,
    });
    Ok(())
}

/// The work that hints have caused so far.
struct Work {
    n_wakes: u64,
    n_reads: u64,
}

impl Work {
    async fn at(pipe: &mut Pipe) -> Result<Self> {
        let answer = pipe.send(Method::GET, "/metrics", "", "text/plain", Vec::new()).await?;
        let text = String::from_utf8_lossy(&answer.body);
        let meter = |name: &str| -> Result<u64> {
            let name = format!("porchlight_relay_{name} ");
            let number = text.lines().find_map(|line| line.strip_prefix(&name));
            Ok(number.with_context(|| format!("no meter {name}"))?.parse()?)
        };
        Ok(Self { n_wakes: meter("hint_wakes_total")?, n_reads: meter("hint_reads_total")? })
    }
}

/// Opens a stream and reports when it announced a change.
async fn listen(url: &str, token: &str, told: UnboundedSender<Instant>) -> Result<()> {
    let host = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.context("opening a stream: how many files may a process open?")?;
    let head = format!("GET /v1/hints HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    let mut text = String::new();
    let head = read(&mut stream, &mut text, "\r\n\r\n").await?;
    ensure!(head.starts_with("HTTP/1.1 200"), "a stream was not opened: {head}");
    tokio::spawn(async move {
        while read(&mut stream, &mut text, "event: changed").await.is_ok() {
            // The measurement may have ended.
            let _ = told.send(Instant::now());
        }
    });
    Ok(())
}

/// Reads up to the end of a word, and leaves the rest in `text`.
async fn read(stream: &mut TcpStream, text: &mut String, word: &str) -> Result<String> {
    loop {
        if let Some(at) = text.find(word) {
            return Ok(text.drain(..at + word.len()).collect());
        }
        let mut bytes = [0; 1024];
        let n_bytes = stream.read(&mut bytes).await?;
        ensure!(n_bytes > 0, "the stream has ended");
        text.push_str(&String::from_utf8_lossy(&bytes[..n_bytes]));
    }
}
