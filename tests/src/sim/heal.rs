//! The end of every story: the network is good, the captain says again what a restored relay forgot, and everyone syncs until quiet.

use super::cast::{CAPTAIN, FIRST_PHONE};
use super::house::URLS;
use super::story::Mishap;
use super::world::World;
use crate::person::chosen;
use anyhow::{Context, Result, anyhow, bail};
use porchlight_model::calls::files::ExportFile;
use porchlight_model::calls::handover::{HandOver, TakeOver, TakenOver};
use porchlight_model::calls::session::{SyncNow, SyncStatus, SyncView};
use porchlight_model::id::{DeviceId, DocId};
use porchlight_model::message::ApiError;
use porchlight_model::wire::Access;
use serde::de::DeserializeOwned;

/// The most times that everyone may have to sync before all is quiet.
const MOST_PASSES: usize = 8;

/// A little longer than devices wait between two audits (`docs/sync.md`).
const AUDIT_MINUTES: i64 = 11;

impl World<'_> {
    /// Heals the world.
    ///
    /// # Errors
    /// When a promise is broken on the way, or the world does not come to rest.
    pub fn heal(&mut self) -> Result<()> {
        self.tell("— the network is good and all relays are up from here on —");
        (0..URLS.len()).try_for_each(|number| self.house.start_one(number))?;
        while self.wire.with(|messages| !messages.is_empty()) {
            self.arrive(0)?;
        }
        for who in 0..self.devices.len() {
            if self.devices[who].is_busy() {
                self.sync(who, &[], Mishap::None)?;
            }
        }
        self.say_again()?;
        self.sync_until_quiet()?;
        if self.hand_over()? {
            self.sync_until_quiet()?;
        }
        self.audit()
    }

    fn sync_until_quiet(&mut self) -> Result<()> {
        let mut before = Vec::new();
        for _ in 0..MOST_PASSES {
            let mut now = Vec::new();
            for who in 0..self.devices.len() {
                now.push(self.sync_well(who)?);
            }
            let is_quiet = now == before;
            before = now;
            if is_quiet {
                return Ok(());
            }
        }
        bail!("after {MOST_PASSES} syncs of everyone there is still something new")
    }

    /// What waits on a phone for a device that will not come again is handed to the captain by file. Says whether there was any.
    fn hand_over(&mut self) -> Result<bool> {
        let mut is_any = false;
        for who in FIRST_PHONE..self.devices.len() {
            if self.revoked.contains(&self.ids[who]) {
                continue;
            }
            let name = self.devices[who].name.clone();
            let view: SyncView = read(&name, self.devices[who].ask(SyncStatus {})?)?;
            if view.trouble.is_none_or(|trouble| trouble.id != "sync-waits") {
                continue;
            }
            self.tell(format!("{name} hands what waits to Carl by file"));
            let file: ExportFile = read(&name, self.devices[who].ask(HandOver {})?)?;
            let path = self.devices[who].path.with_extension("json");
            std::fs::write(&path, file.text)?;
            let taken = self.devices[CAPTAIN].ask(TakeOver { file: chosen(&path)? })?;
            read::<TakenOver>("Carl", taken)?;
            is_any = true;
        }
        Ok(is_any)
    }

    /// Time passes until everyone compares whole documents with the relay once more: only then does a coordinator learn that a
    /// relay which was put back without a word has forgotten what was seen.
    fn audit(&mut self) -> Result<()> {
        self.tell(format!("{AUDIT_MINUTES} minutes pass"));
        self.time.pass_ms(AUDIT_MINUTES * 60_000);
        (0..self.devices.len()).try_for_each(|who| self.sync_well(who).map(drop))
    }

    /// What a relay forgot when an older copy was put back: who was handed what and asked to hand in.
    fn say_again(&mut self) -> Result<()> {
        if self.n_restores == 0 {
            return Ok(());
        }
        // Captain and coordinator first: what they know is what they can hand out.
        for who in 0..FIRST_PHONE {
            self.sync_well(who)?;
        }
        let docs: Vec<_> = self.handed.keys().copied().collect();
        // What is taken back or handed out is a turf in all its waves: each document says anew what is meant of it.
        for (id, doc) in docs {
            let (Some(who), Some(turf)) = (self.ids.iter().position(|other| *other == id), self.turf_of.get(&doc))
            else {
                continue;
            };
            let (turf, is_held) = (*turf, self.handed.get(&(id, doc)) == Some(&true));
            let is_open = self.open_docs(CAPTAIN, turf)?.contains(&doc);
            if !is_open || self.revoked.contains(&id) || self.relay_means(id, doc)? == is_held {
                continue;
            }
            if is_held {
                self.hand_out(turf, who, &[])?;
            } else {
                self.take_back(turf, who)?;
            }
        }
        Ok(())
    }

    /// Whether the relay lets a device write a document.
    fn relay_means(&self, id: DeviceId, doc: DocId) -> Result<bool> {
        let grants = self.stage.runtime.block_on(self.house.relay()?.store().grants(id))?;
        Ok(grants.grants.iter().any(|grant| grant.doc == doc && grant.access == Access::Write))
    }

    /// One sync over a good network; the number of changes here, and of those not known to be safe.
    fn sync_well(&mut self, who: usize) -> Result<(usize, u32)> {
        if self.revoked.contains(&self.ids[who]) {
            return Ok((0, 0));
        }
        let name = self.devices[who].name.clone();
        let view: SyncView = match self.ask(who, SyncNow {})? {
            Ok(reply) => serde_json::from_str(&reply)?,
            Err(error) => bail!("{name} cannot sync over a good network: {error:?}"),
        };
        self.tell(format!("{name} syncs; {} not safe, {:?}", view.n_held, view.phase));
        self.check_safe(who)?;
        Ok((self.devices[who].stored()?.len(), view.n_held))
    }
}

fn read<T: DeserializeOwned>(name: &str, reply: Result<String, ApiError>) -> Result<T> {
    let reply = reply.map_err(|error| anyhow!("{name} is told: {error:?}"))?;
    serde_json::from_str(&reply).with_context(|| format!("reading what {name} is told"))
}
