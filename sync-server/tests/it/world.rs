//! A relay on a free port and the devices around it.

use porchlight_model::id::{CampaignId, DeviceId, DocId, MemberId};
use porchlight_model::member::Role;
use porchlight_model::relay::{EnrolAsk, EnrolReply, Founding, InviteAsk, InviteMade, Refusal, RefusalCode};
use porchlight_model::time::At;
use porchlight_model::versions::Versions;
use porchlight_model::wire::{DocAsk, DocKind, DocReply, PROTO, SyncAsk, SyncReply};
use porchlight_relay::relay::Relay;
use porchlight_relay::{Clock, Config, Doors, serve};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_bytes::ByteBuf;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// One minute in milliseconds.
pub(crate) const MINUTE: i64 = 60_000;

/// A version of the protocol that this program's relay does not speak.
pub(crate) const NEWER: u16 = Versions::OURS.newest + 1;

/// One day in milliseconds.
pub(crate) const DAY: i64 = 24 * 60 * MINUTE;

/// A manual clock.
pub(crate) struct SetClock(AtomicI64);

impl Clock for SetClock {
    fn now(&self) -> At {
        At(self.0.load(Ordering::SeqCst))
    }
}

/// A running relay.
pub(crate) struct World {
    pub(crate) folder: Arc<TempDir>,
    pub(crate) clock: Arc<SetClock>,
    pub(crate) relay: Relay,
    pub(crate) url: String,
    metrics_url: String,
    pub(crate) http: Client,
    config: Config,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// Starts with a changed configuration.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = Arc::new(TempDir::new().unwrap());
        let clock = Arc::new(SetClock(AtomicI64::new(1_795_000_000_000)));
        let mut config = Config::new(folder.path(), clock.clone(), [7; 32]);
        change(&mut config);
        Self::serve(folder, clock, config)
    }

    fn serve(folder: Arc<TempDir>, clock: Arc<SetClock>, config: Config) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let relay = Relay::open(&config).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let metrics = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let metrics_url = format!("http://{}/metrics", metrics.local_addr().unwrap());
        let doors = Doors { metrics: Some(metrics), ..Doors::plain(listener) };
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = relay.clone();
        let served = tokio::spawn(async move {
            let stop = async move { drop(stopped.await) };
            serve(serving, doors, stop).await.unwrap();
        });
        Self { folder, clock, relay, url, metrics_url, http: Client::new(), config, stop, served }
    }

    /// Stops the relay in order and starts it again on the same folder.
    pub(crate) async fn restart(self) -> Self {
        self.restart_with(|_| {}).await
    }

    /// As [`Self::restart`], with a changed configuration.
    pub(crate) async fn restart_with(self, change: impl FnOnce(&mut Config)) -> Self {
        let Self { folder, clock, mut config, stop, served, relay, .. } = self;
        change(&mut config);
        stop.send(()).unwrap();
        served.await.unwrap();
        drop(relay);
        Self::serve(folder, clock, config)
    }

    pub(crate) fn pass(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    pub(crate) async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, Refused> {
        reply(self.request(Method::POST, path).body(serde_json::to_vec(body).unwrap())).await
    }

    /// Founds a campaign; returns its coordinator's device.
    pub(crate) async fn found(&self) -> Phone {
        let secret = self.relay.invite_founder().await.unwrap().secret;
        let (campaign, doc) = (CampaignId::from_bytes(fresh()), DocId::from_bytes(fresh()));
        let mut ask = enrol_ask(&secret);
        ask.founding = Some(Founding { campaign, doc, name: "Library for Lantern Falls".to_owned() });
        self.enrol(&ask).await.unwrap()
    }

    pub(crate) async fn enrol(&self, ask: &EnrolAsk) -> Result<Phone, Refused> {
        let reply = self.post("/v1/enrol", ask).await?;
        let (url, http) = (self.url.clone(), self.http.clone());
        Ok(Phone { device: ask.device, token: ask.token.clone(), enrolled: reply, url, http })
    }

    /// Enrols a device with an invite by `by` to a role, with these turf.
    pub(crate) async fn join(&self, by: &Phone, role: Role, docs: &[DocId]) -> Phone {
        let made = by.invite(role, docs, 1).await.unwrap();
        self.enrol(&enrol_ask(&made.secret)).await.unwrap()
    }

    /// The relay's metrics.
    pub(crate) async fn metrics(&self) -> String {
        self.http.get(&self.metrics_url).send().await.unwrap().text().await.unwrap()
    }

    /// The value of a metric.
    pub(crate) async fn metric(&self, name: &str) -> u64 {
        let text = self.metrics().await;
        let name = format!("porchlight_relay_{name} ");
        text.lines().find_map(|line| line.strip_prefix(&name)).map_or(0, |n| n.parse().unwrap())
    }

    /// The number of requests refused for a reason.
    pub(crate) async fn n_refused(&self, why: &str) -> u64 {
        self.metric(&format!("refused_total{{why=\"{why}\"}}")).await
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }
}

/// A refusal as a client sees it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) status: u16,
    pub(crate) code: RefusalCode,
}

pub(crate) fn refused(status: u16, code: RefusalCode) -> Refused {
    Refused { status, code }
}

/// Sends a request and reads the JSON of its answer.
pub(crate) async fn reply<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Refused> {
    let bytes = ok(request.send().await.unwrap()).await?.bytes().await.unwrap();
    Ok(serde_json::from_slice(&bytes).unwrap())
}

/// Returns a successful response, or the refusal.
pub(crate) async fn ok(response: Response) -> Result<Response, Refused> {
    if response.status().is_success() {
        return Ok(response);
    }
    let status = response.status().as_u16();
    let refusal: Refusal = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    Err(Refused { status, code: refusal.code })
}

/// An enrolled device.
#[derive(Clone)]
pub(crate) struct Phone {
    pub(crate) device: DeviceId,
    pub(crate) token: String,
    pub(crate) enrolled: EnrolReply,
    pub(crate) url: String,
    pub(crate) http: Client,
}

impl Phone {
    pub(crate) fn campaign_doc(&self) -> DocId {
        self.enrolled.campaign_doc
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token)
    }

    pub(crate) async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, Refused> {
        reply(self.request(Method::POST, path).body(serde_json::to_vec(body).unwrap())).await
    }

    pub(crate) async fn invite(&self, role: Role, docs: &[DocId], uses: u32) -> Result<InviteMade, Refused> {
        let ask = InviteAsk { role, docs: docs.to_vec(), label: "Riverside 7".to_owned(), uses, minutes: 60 };
        self.post("/v1/invites", &ask).await
    }

    pub(crate) async fn sync(&self, ask: &SyncAsk) -> Result<SyncReply, Refused> {
        self.send_sync(cbor(ask)).await
    }

    pub(crate) async fn send_sync(&self, body: Vec<u8>) -> Result<SyncReply, Refused> {
        let response = ok(self.request(Method::POST, "/v1/sync").body(body).send().await.unwrap()).await?;
        assert_eq!(response.headers()["content-type"], "application/cbor");
        Ok(ciborium::from_reader(&*response.bytes().await.unwrap()).unwrap())
    }

    /// Pushes to one document and pulls it from the start.
    pub(crate) async fn push(&self, doc: DocId, push: &[Vec<u8>]) -> DocReply {
        self.push_as(doc, None, push).await
    }

    /// Creates a turf document with a first change.
    pub(crate) async fn bear(&self, doc: DocId, push: &[Vec<u8>]) -> DocReply {
        self.push_as(doc, Some(DocKind::Turf), push).await
    }

    async fn push_as(&self, doc: DocId, born: Option<DocKind>, push: &[Vec<u8>]) -> DocReply {
        let mut ask = ask(&[doc]);
        ask.docs[0].born = born;
        ask.docs[0].push = push.iter().cloned().map(ByteBuf::from).collect();
        self.sync(&ask).await.unwrap().docs.remove(0)
    }

    /// Pulls one document after a cursor.
    pub(crate) async fn pull(&self, doc: DocId, cursor: u64) -> DocReply {
        let epoch = self.sync(&ask(&[])).await.unwrap().epoch;
        let mut ask = ask(&[doc]);
        ask.docs[0].epoch = epoch;
        ask.docs[0].cursor = cursor;
        self.sync(&ask).await.unwrap().docs.remove(0)
    }
}

fn ask_doc(doc: DocId) -> DocAsk {
    DocAsk { doc, epoch: 0, cursor: 0, born: None, heads: None, carries: false, push: Vec::new() }
}

/// A sync that asks for these documents from the start.
pub(crate) fn ask(docs: &[DocId]) -> SyncAsk {
    let docs = docs.iter().map(|doc| ask_doc(*doc));
    let newest = Some(Versions::OURS.newest);
    SyncAsk { proto: PROTO, newest, grants_seen: 0, feed: 0, docs: docs.collect(), budget: 1 << 20, relays: None }
}

/// A fresh device that uses an invite.
pub(crate) fn enrol_ask(secret: &str) -> EnrolAsk {
    EnrolAsk {
        proto: PROTO,
        newest: Some(Versions::OURS.newest),
        secret: secret.to_owned(),
        device: DeviceId::from_bytes(fresh()),
        token: format!("{}{}", hex::encode(fresh()), hex::encode(fresh())),
        member: MemberId::from_bytes(fresh()),
        name: "Ana".to_owned(),
        founding: None,
    }
}

pub(crate) fn new_doc() -> DocId {
    DocId::from_bytes(fresh())
}

/// Sixteen bytes that are unique in this process.
pub(crate) fn fresh() -> [u8; 16] {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let mut bytes = [0xab; 16];
    bytes[8..].copy_from_slice(&NEXT.fetch_add(1, Ordering::SeqCst).to_be_bytes());
    bytes
}

pub(crate) fn cbor(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

pub(crate) async fn status(request: RequestBuilder) -> StatusCode {
    request.send().await.unwrap().status()
}
