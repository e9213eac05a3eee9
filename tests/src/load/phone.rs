//! A lightweight device: its token, and the changes of its own Automerge document.

use super::pipe::Pipe;
use anyhow::{Context, Result, bail};
use automerge::hydrate::Value;
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Author, AutoCommit, ObjId, ObjType, ROOT, ScalarValue};
use hyper::Method;
use porchlight_model::id::{DeviceId, DocId, MemberId};
use porchlight_model::relay::{EnrolAsk, EnrolReply, Founding};
use porchlight_model::versions::Versions;
use porchlight_model::wire::{DocAsk, DocKind, PROTO, SyncAsk, SyncReply};
use rand::RngCore;
use rand_chacha::ChaCha8Rng;
use serde_bytes::ByteBuf;
use std::collections::HashMap;

/// A lightweight device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// Its id.
    pub device: DeviceId,
    /// Its token.
    pub token: String,
    /// Its feed cursor.
    pub feed: u64,
    /// The version of its grant list.
    pub grants_seen: u64,
}

impl Phone {
    /// Enrols a new device.
    ///
    /// # Errors
    /// When the relay refuses.
    pub async fn enrol(
        pipe: &mut Pipe,
        rng: &mut ChaCha8Rng,
        secret: &str,
        founding: Option<Founding>,
    ) -> Result<(Self, EnrolReply)> {
        let token = hex::encode(bytes::<32>(rng));
        let device = DeviceId::from_bytes(bytes(rng));
        let ask = EnrolAsk {
            proto: PROTO,
            newest: Some(Versions::OURS.newest),
            secret: secret.to_owned(),
            device,
            token: token.clone(),
            member: MemberId::from_bytes(bytes(rng)),
            name: "Load".to_owned(),
            founding,
        };
        let reply: EnrolReply = pipe.json("/v1/enrol", "", &ask).await?;
        Ok((Self { device, token, feed: 0, grants_seen: 0 }, reply))
    }

    /// A sync request for these documents.
    #[must_use]
    pub fn ask(&self, docs: Vec<DocAsk>) -> SyncAsk {
        SyncAsk {
            proto: PROTO,
            newest: Some(Versions::OURS.newest),
            grants_seen: self.grants_seen,
            feed: self.feed,
            docs,
            budget: 1 << 20,
            relays: None,
        }
    }

    /// Syncs; also returns the size of the reply in bytes.
    ///
    /// # Errors
    /// When the relay refuses or cannot be reached.
    pub async fn sync(&mut self, pipe: &mut Pipe, docs: Vec<DocAsk>) -> Result<(SyncReply, usize)> {
        let mut body = Vec::new();
        ciborium::into_writer(&self.ask(docs), &mut body).context("writing a request")?;
        let answer = pipe.send(Method::POST, "/v1/sync", &self.token, "application/cbor", body).await?;
        if !answer.status.is_success() {
            bail!("sync: {} {}", answer.status, String::from_utf8_lossy(&answer.body));
        }
        let reply: SyncReply = ciborium::from_reader(answer.body.as_ref()).context("reading an answer")?;
        self.feed = reply.feed;
        if let Some(grants) = &reply.grants {
            self.grants_seen = grants.number;
        }
        Ok((reply, answer.body.len()))
    }
}

/// One document in a request.
#[must_use]
pub fn doc_ask(doc: DocId, push: Vec<Vec<u8>>, born: Option<DocKind>) -> DocAsk {
    let push = push.into_iter().map(ByteBuf::from).collect();
    DocAsk { doc, epoch: 0, cursor: 0, born, heads: None, carries: false, push }
}

/// The first change of every document here, made once, because the shifts of several devices depend on it.
///
/// # Errors
/// When Automerge fails.
pub fn birth() -> Result<Vec<u8>> {
    let change = born()?.0.get_last_local_change().context("nothing was written")?;
    Ok(change.raw_bytes().to_vec())
}

fn born() -> Result<(AutoCommit, [ObjId; 2])> {
    let mut doc = AutoCommit::new();
    doc.set_actor(ActorId::from(vec![7; 16]));
    let maps = [doc.put_object(ROOT, "visits", ObjType::Map)?, doc.put_object(ROOT, "answers", ObjType::Map)?];
    doc.commit_with(CommitOptions::default().with_time(0));
    Ok((doc, maps))
}

/// The changes of a shift: each a visit with its answer, written by this device on its own copy of a document. Visits are keyed
/// by ids that begin with the time, answers by voter, as in the app's documents (`docs/data.md`) and in the peer's script. Each visit is
/// written by Automerge's batch call; the app writes field by field.
///
/// # Errors
/// When Automerge fails.
pub fn shift(rng: &mut ChaCha8Rng, device: DeviceId, n_changes: usize) -> Result<Vec<Vec<u8>>> {
    let (mut doc, [visits, answers]) = born()?;
    doc.set_author(Some(Author::from(device.to_bytes().to_vec())));
    doc.set_actor(ActorId::from(bytes::<16>(rng).to_vec()));
    let mut changes = Vec::with_capacity(n_changes);
    for n in 0..n_changes {
        let at = 1_790_000_000_000_i64 + n as i64 * 90_000;
        let fields = [
            ("door", ScalarValue::Bytes(bytes::<16>(rng).to_vec())),
            ("at", ScalarValue::Int(at)),
            ("result", ScalarValue::from("canvassed")),
        ];
        let visit: HashMap<_, _> = fields.into_iter().map(|(name, value)| (name, Value::from(value))).collect();
        let key = format!("{at:012x}{}", hex::encode(bytes::<10>(rng)));
        doc.batch_create_object(&visits, key, &Value::from(visit), false)?;
        doc.put(&answers, format!("{}/q1", hex::encode(bytes::<16>(rng))), "lean_yes")?;
        doc.commit();
        let change = doc.get_last_local_change().context("nothing was written")?;
        changes.push(change.raw_bytes().to_vec());
    }
    Ok(changes)
}

/// Random bytes.
pub fn bytes<const N: usize>(rng: &mut ChaCha8Rng) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill_bytes(&mut bytes);
    bytes
}
