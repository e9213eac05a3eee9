//! Every decoder of untrusted input, each as a function of bytes: fuzzed here, and replayed by the ordinary tests.
//!
//! A target fails if it panics, does not end, or takes more memory than its input justifies.

use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, Automerge, Change, ObjType, PatchLog, ROOT};
use porchlight_engine::Files;
use porchlight_engine::doc::merge::merge;
use porchlight_engine::import::job::{ImportJob, Step};
use porchlight_engine::join::link::Link;
use porchlight_engine::{handover, pack, store, sync};
use porchlight_hub::rtc::probe as hub;
use porchlight_model::calls::files::ChosenFile;
use porchlight_model::hub::HubLink;
use porchlight_model::id::{CampaignId, DocId};
use porchlight_model::time::At;
use porchlight_relay::{change as pushed, http::probe};
use sha2::Digest;
use std::io::Write;
use std::sync::{Arc, OnceLock};

/// A target, which must return for any input.
pub type Target = fn(&[u8]);

/// All targets with their names, which are also those of the binaries and seed folders.
pub const TARGETS: [(&str, Target); 12] = [
    ("sync_request", sync_request),
    ("change", change),
    ("sync_reply", sync_reply),
    ("snapshot", snapshot),
    ("handover", handover),
    ("pack", pack),
    ("link", link),
    ("table", table),
    ("features", features),
    ("small_json", small_json),
    ("hub_frames", hub_frames),
    ("hub_knock", hub_knock),
];

/// A sync request as the relay decodes it; the first byte says whether it is gzipped.
pub fn sync_request(bytes: &[u8]) {
    if let Some((first, body)) = bytes.split_first() {
        let _ = probe::sync_request(first % 2 == 1, body.to_vec());
    }
}

/// A pushed change: as it is, and wrapped in a chunk with a valid checksum. What the relay accepts is applied as clients do.
pub fn change(bytes: &[u8]) {
    judge(bytes.to_vec());
    if let Some((first, body)) = bytes.split_first() {
        judge(sealed(first % 2 == 1, body));
    }
}

/// A relay's sync reply as a client decodes it, with the changes in it.
pub fn sync_reply(bytes: &[u8]) {
    if let Ok(reply) = sync::transport::read_reply(bytes) {
        for change in reply.docs.into_iter().flat_map(|doc| doc.changes) {
            drop(sync::absorb::read_change(change.into_vec()));
        }
    }
}

/// A snapshot: as it is, and gzipped first.
pub fn snapshot(bytes: &[u8]) {
    drop(sync::snapshot::unfold(bytes));
    drop(sync::snapshot::unfold(&gzipped(bytes)));
}

/// A file of results that a phone handed over.
pub fn handover(bytes: &[u8]) {
    drop(handover::parse(&chosen(bytes.len()), bytes.to_vec()));
}

/// A pack: as it is, and gzipped first.
pub fn pack(bytes: &[u8]) {
    drop(pack::decode(bytes));
    if let Ok(pack) = pack::decode(&gzipped(bytes)) {
        drop(pack::encode(&pack));
    }
}

/// Messages of a page's data channel, as a hub reads them.
pub fn hub_frames(bytes: &[u8]) {
    let _ = hub::frames(bytes);
}

/// A datagram of a new client at a hub.
pub fn hub_knock(bytes: &[u8]) {
    let _ = hub::knock(bytes);
}

/// An invite or hub link as a person pastes it: a parsed link must survive a round trip.
pub fn link(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(link) = Link::parse(text)
    {
        assert_eq!(Link::parse(&link.to_string()).ok(), Some(link));
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(link) = text.parse::<HubLink>()
    {
        assert_eq!(link.to_string().parse(), Ok(link));
    }
}

/// A table file: as it is, or under the header of a known layout.
pub fn table(bytes: &[u8]) {
    const HEADERS: [&str; 3] = [
        "",
        "ncid\tlast_name\tfirst_name\tname_suffix_lbl\tstatus_cd\tres_street_address\tres_city_desc\tzip_code\t\
         confidential_ind\tbirth_age\tparty_cd\tfull_phone_number\tprecinct_abbrv\n",
        "LON,LAT,NUMBER,STREET,UNIT,CITY,POSTCODE\n",
    ];
    if let Some((first, rest)) = bytes.split_first() {
        import([HEADERS[usize::from(*first) % HEADERS.len()].as_bytes(), rest].concat());
    }
}

/// A GeoJSON file: streets, areas, address points.
pub fn features(bytes: &[u8]) {
    import(bytes.to_vec());
}

/// The relay's small JSON requests, and the range header of a pack request.
pub fn small_json(bytes: &[u8]) {
    let _ = probe::small_json(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        for n_bytes in [0, 1, 1000, u64::MAX] {
            assert!(probe::range(text, n_bytes));
        }
    }
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    // Writing to memory does not fail.
    drop(gzip.write_all(bytes));
    gzip.finish().unwrap_or_default()
}

fn judge(bytes: Vec<u8>) {
    let Ok(read) = pushed::read(bytes) else { return };
    let mut doc = base().0.clone();
    let Ok(change) = Change::from_bytes(read.bytes) else { panic!("the relay takes in what no client can read") };
    let mut log = PatchLog::active();
    if merge(&mut doc, DocId::from_bytes([1; 16]), vec![change], &mut log).is_ok() {
        drop(doc.make_patches(&mut log));
        drop(Automerge::load(&doc.save()));
    }
}

/// A document like those of turf, and the hash of its last change.
fn base() -> &'static (Automerge, [u8; 32]) {
    static BASE: OnceLock<(Automerge, [u8; 32])> = OnceLock::new();
    BASE.get_or_init(|| {
        let mut doc = AutoCommit::new().with_actor(ActorId::from(vec![1; 16]));
        let visits = doc.put_object(ROOT, "visits", ObjType::Map).unwrap_or(ROOT);
        drop(doc.put(&visits, "door 7", 1));
        drop(doc.put(ROOT, "n", automerge::ScalarValue::Counter(1.into())));
        drop(doc.put_object(ROOT, "list", ObjType::List));
        if let Ok(text) = doc.put_object(ROOT, "note", ObjType::Text) {
            drop(doc.splice_text(&text, 0, 0, "A dog"));
        }
        doc.commit();
        let head = doc.get_heads().first().map(|hash| hash.0).unwrap_or_default();
        (doc.document().clone(), head)
    })
}

/// A change chunk with a valid length and checksum around `body`, which follows the dependencies.
fn sealed(is_on_base: bool, body: &[u8]) -> Vec<u8> {
    let deps = if is_on_base { [&[1][..], &base().1].concat() } else { vec![0] };
    let mut chunk = vec![1];
    let mut len = deps.len() + body.len();
    while len >= 0x80 {
        chunk.push(u8::try_from(len & 0x7f).unwrap_or(0) | 0x80);
        len >>= 7;
    }
    chunk.push(u8::try_from(len).unwrap_or(0));
    chunk.extend(deps);
    chunk.extend(body);
    let checksum = sha2::Sha256::digest(&chunk);
    [&[0x85, 0x6f, 0x4a, 0x83][..], &checksum[..4], &chunk].concat()
}

struct InMemory(Vec<u8>);

impl Files for InMemory {
    fn read_at(&self, _: &str, offset: u64, into: &mut [u8]) -> std::io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|offset| self.0.get(offset..)).unwrap_or_default();
        let n = rest.len().min(into.len());
        into[..n].copy_from_slice(&rest[..n]);
        Ok(n)
    }
}

fn chosen(n_bytes: usize) -> ChosenFile {
    ChosenFile { key: "k".to_owned(), name: "chosen".to_owned(), bytes: n_bytes as u64 }
}

fn import(bytes: Vec<u8>) {
    let file = chosen(bytes.len());
    let campaign = CampaignId::from_bytes([1; 16]);
    let Ok(mut job) = ImportJob::start(campaign, file, Arc::new(InMemory(bytes)), At(0)) else { return };
    while let Ok(Step::More(..)) = job.step() {}
    if let Ok(conn) = store::open(":memory:") {
        drop(job.report(&conn, At(1)));
    }
}
