//! What the relay counts for `/metrics`: totals only, nothing that names a person, a device or a document.

use porchlight_model::time::At;
use porchlight_model::wire::RejectReason;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use std::collections::BTreeSet;
use std::time::Duration;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Request {
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Why {
    why: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Certificate {
    of: &'static str,
}

/// All meters.
pub(crate) struct Meters {
    registry: Registry,
    requests: Family<Request, Counter>,
    seconds: Family<Route, Histogram>,
    pub(crate) changes_acked: Counter,
    refused: Family<Why, Counter>,
    rejected: Family<Why, Counter>,
    pub(crate) changes_told: Counter,
    pub(crate) bytes_told: Counter,
    pub(crate) enrolments: Counter,
    pub(crate) store_failures: Counter,
    pub(crate) streams: Gauge,
    pub(crate) hint_wakes: Counter,
    pub(crate) hint_reads: Counter,
    pub(crate) bus_connected: Gauge,
    pub(crate) bus_dropped: Counter,
    pub(crate) accept_failures: Counter,
    certificate_end: Family<Certificate, Gauge>,
    commits: Gauge,
    room_taken: Gauge,
}

impl Meters {
    pub(crate) fn new() -> Self {
        let seconds =
            Family::<Route, Histogram>::new_with_constructor(|| Histogram::new(exponential_buckets(0.001, 2.0, 14)));
        let mut meters = Self {
            registry: Registry::with_prefix("porchlight_relay"),
            requests: Family::default(),
            seconds,
            changes_acked: Counter::default(),
            refused: Family::default(),
            rejected: Family::default(),
            changes_told: Counter::default(),
            bytes_told: Counter::default(),
            enrolments: Counter::default(),
            store_failures: Counter::default(),
            streams: Gauge::default(),
            hint_wakes: Counter::default(),
            hint_reads: Counter::default(),
            bus_connected: Gauge::default(),
            bus_dropped: Counter::default(),
            accept_failures: Counter::default(),
            certificate_end: Family::default(),
            commits: Gauge::default(),
            room_taken: Gauge::default(),
        };
        let registry = &mut meters.registry;
        registry.register("requests", "Requests answered", meters.requests.clone());
        registry.register("request_seconds", "Seconds until a request was answered", meters.seconds.clone());
        registry.register("refused", "Requests refused, by reason", meters.refused.clone());
        registry.register("changes_acked", "Pushed changes acknowledged", meters.changes_acked.clone());
        registry.register("changes_rejected", "Pushed changes not taken in, by reason", meters.rejected.clone());
        registry.register("changes_told", "Changes sent to devices", meters.changes_told.clone());
        registry.register("change_bytes_told", "Bytes of changes sent to devices", meters.bytes_told.clone());
        registry.register("enrolments", "Devices enrolled, repeats included", meters.enrolments.clone());
        registry.register(
            "store_failures",
            "Requests that failed because the store did",
            meters.store_failures.clone(),
        );
        registry.register("hint_streams", "Open streams of hints", meters.streams.clone());
        registry.register("hint_wakes", "Streams of hints that were told something", meters.hint_wakes.clone());
        registry.register(
            "hint_reads",
            "How often it was read what devices with streams of hints hear of",
            meters.hint_reads.clone(),
        );
        registry.register("bus_dropped", "Hints that did not reach other nodes", meters.bus_dropped.clone());
        registry.register(
            "accept_failures",
            "Times that no connection could be taken, such as without a free file descriptor",
            meters.accept_failures.clone(),
        );
        registry.register(
            "certificate_end_seconds",
            "When the certificate expires under which the relay speaks TLS itself, in seconds since 1970",
            meters.certificate_end.clone(),
        );
        registry.register("store_commits", "Transactions committed since the start", meters.commits.clone());
        registry.register(
            "large_bytes",
            "Bytes that large requests and answers take at this moment",
            meters.room_taken.clone(),
        );
        meters
    }

    /// Adds the meter of the bus; a relay without a bus does not report it.
    pub(crate) fn with_bus(mut self) -> Self {
        self.registry.register("bus_connected", "1 while hints reach other nodes", self.bus_connected.clone());
        self
    }

    pub(crate) fn request(&self, route: &str, status: u16, took: Duration) {
        self.requests.get_or_create(&Request { route: route.to_owned(), status }).inc();
        self.seconds.get_or_create(&Route { route: route.to_owned() }).observe(took.as_secs_f64());
    }

    /// Sets the expiry of the relay's own TLS certificate.
    pub(crate) fn certificate_ends(&self, at: At) {
        self.certificate_end.get_or_create(&Certificate { of: "relay" }).set(at.0.div_euclid(1000));
    }

    pub(crate) fn refused(&self, why: &'static str) {
        self.refused.get_or_create(&Why { why }).inc();
    }

    pub(crate) fn rejected(&self, why: RejectReason) {
        // Labels are names that this program knows, so that a client cannot create series.
        let why = RejectReason::ALL.iter().find(|known| **known == why).map_or("unknown", RejectReason::as_str);
        self.rejected.get_or_create(&Why { why }).inc();
    }

    /// All meters in the text format that Prometheus reads.
    pub(crate) fn to_text(&self, n_commits: u64, room_taken: usize) -> String {
        self.commits.set(n_commits.cast_signed());
        self.room_taken.set(i64::try_from(room_taken).unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        plain(&text)
    }
}

/// Converts `OpenMetrics` to the older text format, which every tool reads: there a counter's help and type carry the name of its samples.
fn plain(text: &str) -> String {
    let counters: BTreeSet<_> =
        text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.strip_suffix(" counter")).collect();
    let mut plain = String::with_capacity(text.len());
    for line in text.lines().filter(|line| *line != "# EOF") {
        let mut words = line.splitn(4, ' ');
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some("#"), Some(what), Some(name), Some(rest)) if counters.contains(name) => {
                plain.extend(["# ", what, " ", name, "_total ", rest, "\n"]);
            }
            _ => plain.extend([line, "\n"]),
        }
    }
    plain
}
