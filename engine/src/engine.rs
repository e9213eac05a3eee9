//! The engine and its write funnel: the only way to change data.

mod derive;
mod room;
mod tx;

pub use tx::Tx;
use tx::Written;

use crate::doc::Rooted;
use crate::doc::cache::DocCache;
use crate::env::Env;
use crate::error::EngineError;
use crate::store::projections::DerivedRow;
use crate::store::transaction::Transaction;
use crate::store::{self, docs, projections, settings};
use automerge::Automerge;
use porchlight_model::calls::Topic;
use porchlight_model::id::{DeviceId, DocId};
use porchlight_model::member::Identity;
use porchlight_model::time::At;
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha12Rng;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// This device's membership of a campaign, with its credentials.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// This device, its member and their role.
    pub identity: Identity,
    /// The campaign document.
    pub campaign_doc: DocId,
    /// The relay's address without a trailing slash.
    pub relay: String,
    /// The bearer token.
    pub token: String,
}

/// A client's data and the rules for it. There is one engine per database.
pub struct Engine {
    conn: Connection,
    docs: DocCache,
    env: Env,
    rng: ChaCha12Rng,
    membership: Option<Membership>,
    skew_ms: i64,
    topics: BTreeSet<Topic>,
    is_to_send: bool,
    /// The cause of the last write that failed because the disk was full, until a write with that cause succeeds.
    no_room_for: Option<&'static str>,
}

impl Engine {
    /// Opens the database at `path` (in a browser: its name in the installed storage pool), and creates it when it does not exist.
    ///
    /// # Errors
    /// When the storage cannot be opened, or was written by a newer version.
    pub fn open(path: &str, env: Env) -> Result<Self, EngineError> {
        Self::open_watched(path, env, |_| Ok(()))
    }

    /// As [`Self::open`], but first passes the connection to `watch`, where a simulation counts statements and
    /// makes the disk fail or the device crash between any two of them.
    ///
    /// # Errors
    /// As [`Self::open`], and any error of `watch`.
    pub fn open_watched(
        path: &str,
        env: Env,
        watch: impl FnOnce(&mut Connection) -> rusqlite::Result<()>,
    ) -> Result<Self, EngineError> {
        let mut conn = store::open(path)?;
        watch(&mut conn)?;
        let membership = settings::get(&conn, "membership")?;
        let skew_ms = settings::get(&conn, "skew_ms")?.unwrap_or_default();
        let rng = ChaCha12Rng::from_seed(env.seed);
        let mut engine = Self {
            conn,
            docs: DocCache::default(),
            env,
            rng,
            membership,
            skew_ms,
            topics: BTreeSet::new(),
            is_to_send: false,
            no_room_for: None,
        };
        if let Err(error) = derive::after_update(&mut engine) {
            // For example, the disk is full. Everything else works with the old rows.
            tracing::error!(error = %error, "rows are not derived anew");
        }
        Ok(engine)
    }

    /// The database connection, for reading rows.
    pub(crate) fn conn(&self) -> &Connection {
        &self.conn
    }

    /// The current time, corrected by the last known skew to the relay's clock, so that visits from phones with a wrong clock are still in order.
    #[must_use]
    pub fn now(&self) -> At {
        self.env.clock.now().plus_ms(self.skew_ms)
    }

    /// The time of this device's own clock, uncorrected.
    #[must_use]
    pub fn device_now(&self) -> At {
        self.env.clock.now()
    }

    /// The clock skew: how far this device's clock was last known to be behind the relay's, in milliseconds.
    #[must_use]
    pub const fn skew_ms(&self) -> i64 {
        self.skew_ms
    }

    /// This device's membership, once it has joined.
    #[must_use]
    pub const fn membership(&self) -> Option<&Membership> {
        self.membership.as_ref()
    }

    /// This device's membership, which most calls require.
    ///
    /// # Errors
    /// When it has not joined a campaign.
    pub fn member(&self) -> Result<&Membership, EngineError> {
        self.membership.as_ref().ok_or_else(EngineError::not_enrolled)
    }

    /// Returns `N` random bytes.
    pub fn random<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.fill_bytes(&mut bytes);
        bytes
    }

    /// Takes the topics that have changed since the last call.
    pub(crate) fn take_topics(&mut self) -> BTreeSet<Topic> {
        std::mem::take(&mut self.topics)
    }

    /// Whether something to be sent to a relay was written since the last call.
    pub(crate) fn take_is_to_send(&mut self) -> bool {
        std::mem::take(&mut self.is_to_send)
    }

    /// Runs `act` in one transaction: when this returns, all of it is on disk or none of it.
    ///
    /// # Errors
    /// The error of `act`, or the reason why the transaction could not be committed; the data is then unchanged.
    pub fn write<R>(
        &mut self,
        cause: &'static str,
        act: impl FnOnce(&mut Tx<'_>) -> Result<R, EngineError>,
    ) -> Result<R, EngineError> {
        let written = self.attempt(cause, act);
        self.note_room(cause, written.as_ref().err());
        written
    }

    /// As [`Self::write`], for a copy that may be missing at any time: that it could not be stored is not told as a full disk.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub(crate) fn attempt<R>(
        &mut self,
        cause: &'static str,
        act: impl FnOnce(&mut Tx<'_>) -> Result<R, EngineError>,
    ) -> Result<R, EngineError> {
        let mut tx = self.begin()?;
        let result = act(&mut tx);
        let ended = tx.end(cause, result.as_ref().err());
        let value = result?;
        self.learn(ended?);
        Ok(value)
    }

    fn begin(&mut self) -> Result<Tx<'_>, EngineError> {
        let now = self.now();
        Ok(Tx {
            sql: Transaction::begin(&mut self.conn)?,
            docs: &mut self.docs,
            rng: &mut self.rng,
            now,
            membership: self.membership.clone(),
            skew_ms: self.skew_ms,
            touched_docs: BTreeSet::new(),
            topics: BTreeSet::new(),
            is_sync_told: false,
        })
    }

    fn learn(&mut self, written: Written) {
        let Written { membership, skew_ms, topics, is_sync_told } = written;
        self.membership = membership;
        self.skew_ms = skew_ms;
        self.is_to_send |= topics.contains(&Topic::Sync);
        self.topics.extend(topics);
        if is_sync_told {
            self.topics.insert(Topic::Sync);
        }
    }

    /// A document with its roots, loaded on demand.
    pub(crate) fn rooted(&mut self, doc: DocId) -> Result<&Rooted, EngineError> {
        let device = device_of(self.membership.as_ref());
        Ok(self.docs.open(&self.conn, &mut self.rng, device, doc)?)
    }

    /// A document with its roots, and the database.
    pub(crate) fn rooted_with(&mut self, doc: DocId) -> Result<(&Rooted, &Connection), EngineError> {
        let device = device_of(self.membership.as_ref());
        Ok((self.docs.open(&self.conn, &mut self.rng, device, doc)?, &self.conn))
    }

    /// A document's state, loaded on demand.
    ///
    /// # Errors
    /// When its stored changes cannot be read.
    pub fn document(&mut self, doc: DocId) -> Result<&Automerge, EngineError> {
        let device = device_of(self.membership.as_ref());
        Ok(self.docs.open(&self.conn, &mut self.rng, device, doc)?)
    }

    /// The rows of a document as they are, and as a rebuild from its stored changes would derive them.
    ///
    /// # Errors
    /// When its stored changes cannot be read.
    pub fn rows_and_rebuild(&mut self, doc: DocId) -> Result<(Vec<DerivedRow>, Vec<DerivedRow>), EngineError> {
        let Some(row) = docs::get(&self.conn, doc)? else { return Ok((Vec::new(), Vec::new())) };
        let before = projections::dump(&self.conn, doc, row.kind)?;
        let device = device_of(self.membership.as_ref());
        let tx = Transaction::begin(&mut self.conn)?;
        let mut fresh = DocCache::default();
        derive::derive(&tx, &mut fresh, &mut self.rng, device, &row)?;
        let after = projections::dump(&tx, doc, row.kind)?;
        tx.rollback()?;
        Ok((before, after))
    }
}

fn device_of(membership: Option<&Membership>) -> DeviceId {
    membership.map_or(DeviceId::from_bytes([0; 16]), |membership| membership.identity.device)
}
