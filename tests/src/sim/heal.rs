//! The end of every story: the network is good, the captain repeats what a restored relay lost, and everyone syncs until nothing changes.

use super::cast::{CAPTAIN, FIRST_PHONE};
use super::house::URLS;
use super::story::Mishap;
use super::world::World;
use crate::person::chosen;
use anyhow::{Context, Result, anyhow, bail, ensure};
use porchlight_model::calls::files::ExportFile;
use porchlight_model::calls::handover::{HandOver, TakeOver, TakenOver};
use porchlight_model::calls::sync::{SyncNow, SyncStatus, SyncView};
use porchlight_model::id::{DeviceId, DocId};
use porchlight_model::message::ApiError;
use porchlight_model::wire::Access;
use serde::de::DeserializeOwned;

/// The maximum number of rounds of syncs before nothing changes.
const MOST_PASSES: usize = 8;

/// Slightly longer than the interval of audits (`docs/sync.md`).
const AUDIT_MINUTES: i64 = 11;

/// What a device holds after a sync.
#[derive(Debug, Default, PartialEq, Eq)]
struct SyncCounts {
    /// Changes.
    n: usize,
    /// Those that no relay is known to hold.
    n_not_safe: u32,
    /// Whether some of them wait for changes of another device.
    waits: bool,
}

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
            if self.is_alive(who) && self.devices[who].is_busy() {
                self.sync(who, &[], Mishap::None)?;
            }
        }
        self.say_again()?;
        self.everyone_syncs()?;
        self.erase_ended()?;
        let mut last = self.everyone_syncs()?;
        if last.iter().any(|held| held.waits) {
            self.sync_until_quiet(last)?;
            self.hand_over()?;
            last = self.everyone_syncs()?;
        }
        // Until the next audit, in which everyone compares whole documents with the relay: only then does a coordinator learn that a relay which
        // was silently restored has lost receipts.
        self.tell(format!("{AUDIT_MINUTES} minutes pass"));
        self.time.pass_ms(AUDIT_MINUTES * 60_000);
        self.sync_until_quiet(last)
    }

    /// Everyone syncs until nobody had news.
    fn sync_until_quiet(&mut self, mut last: Vec<SyncCounts>) -> Result<()> {
        for _ in 0..MOST_PASSES {
            let now = self.everyone_syncs()?;
            if now == last {
                return Ok(());
            }
            last = now;
        }
        bail!("after {MOST_PASSES} syncs of everyone there is still something new")
    }

    fn everyone_syncs(&mut self) -> Result<Vec<SyncCounts>> {
        (0..self.devices.len()).map(|who| self.sync_well(who)).collect()
    }

    /// Changes on a phone that wait for a lost device are handed to the captain by file.
    fn hand_over(&mut self) -> Result<()> {
        for who in FIRST_PHONE..self.devices.len() {
            if !self.is_alive(who) {
                continue;
            }
            let name = self.devices[who].name.clone();
            let view: SyncView = read(&name, self.devices[who].ask(SyncStatus {})?)?;
            if !waits(&view) {
                continue;
            }
            self.tell(format!("{name} hands what waits to Carl by file"));
            let file: ExportFile = read(&name, self.devices[who].ask(HandOver {})?)?;
            let path = self.devices[who].path.with_extension("json");
            std::fs::write(&path, file.text)?;
            let taken = self.devices[CAPTAIN].ask(TakeOver { file: chosen(&path)? })?;
            read::<TakenOver>("Carl", taken)?;
        }
        Ok(())
    }

    /// Repeats the grants that a relay lost when an older backup was restored.
    fn say_again(&mut self) -> Result<()> {
        if self.n_restores == 0 {
            return Ok(());
        }
        // Captain and coordinator first, until the relay has their documents again, because they can only hand out what they know.
        for _ in 0..2 {
            for who in 0..FIRST_PHONE {
                self.sync_well(who)?;
            }
        }
        for who in FIRST_PHONE..self.devices.len() {
            if self.is_alive(who) && !self.house.knows(&self.stage.runtime, self.ids[who])? {
                self.invite_again(who)?;
            }
        }
        let docs: Vec<_> = self.handed.keys().copied().collect();
        // A turf is handed out or taken back in all its waves: the grants of each document are repeated.
        for (id, doc) in docs {
            let whose = |who: &usize| self.ids[*who] == id && self.is_alive(*who);
            let (Some(who), Some(turf)) = ((0..self.devices.len()).find(whose), self.turf_of.get(&doc)) else {
                continue;
            };
            let (turf, is_held) = (*turf, self.handed.get(&(id, doc)) == Some(&true));
            let is_open = self.open_docs(CAPTAIN, turf)?.contains(&doc);
            if !is_open || self.relay_means(id, doc)? == is_held {
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

    /// A device that enrolled after the backup gets a new invite: to turf that it should hold, or else to any, which is then taken back.
    fn invite_again(&mut self, who: usize) -> Result<()> {
        let id = self.ids[who];
        let mut open = Vec::new();
        for turf in 0..self.stage.cast.grounds.len() {
            let docs = self.open_docs(CAPTAIN, turf)?;
            let is_held = docs.iter().any(|doc| self.handed.get(&(id, *doc)) == Some(&true));
            open.extend((!docs.is_empty()).then_some((!is_held, turf)));
        }
        let Some((is_only_to_enter, turf)) = open.into_iter().min() else {
            // All waves have ended: nobody can be invited to turf, and what was not sent by then is too late.
            self.tell(format!("{} is not invited again", self.devices[who].name));
            self.gone.insert(who);
            return self.excuse_lost();
        };
        self.hand_out(turf, who, &[])?;
        if is_only_to_enter { self.take_back(turf, who) } else { Ok(()) }
    }

    /// Whether the relay lets a device write a document.
    fn relay_means(&self, id: DeviceId, doc: DocId) -> Result<bool> {
        if !self.house.knows(&self.stage.runtime, id)? {
            return Ok(false);
        }
        let grants = self.stage.runtime.block_on(self.house.relay()?.enrolment()?.grants(id))?;
        Ok(grants.grants.iter().any(|grant| grant.doc == doc && grant.access == Access::Write))
    }

    /// One sync over a good network.
    fn sync_well(&mut self, who: usize) -> Result<SyncCounts> {
        if !self.is_alive(who) {
            return Ok(SyncCounts::default());
        }
        let name = self.devices[who].name.clone();
        let before = self.devices[who].stored()?;
        let view: SyncView = match self.ask(who, SyncNow {})? {
            Ok(reply) => serde_json::from_str(&reply)?,
            Err(error) => bail!("{name} cannot sync over a good network: {error:?}"),
        };
        self.tell(format!("{name} syncs; {} not safe, {:?}", view.n_held, view.phase));
        self.check_safe(who)?;
        // After a restore everything is exchanged again; the office also fetches the roster.
        let may_ask_more = self.n_restores > 0 || self.is_office(who);
        if !may_ask_more && self.devices[who].stored()? == before {
            ensure!(self.n_trips == 1, "{name} exchanged with the relay {} times for nothing", self.n_trips);
        }
        Ok(SyncCounts { n: self.devices[who].stored()?.len(), n_not_safe: view.n_held, waits: waits(&view) })
    }
}

/// Whether changes wait for those of another device.
fn waits(view: &SyncView) -> bool {
    view.trouble.as_ref().is_some_and(|trouble| trouble.id == "sync-waits")
}

fn read<T: DeserializeOwned>(name: &str, reply: Result<String, ApiError>) -> Result<T> {
    let reply = reply.map_err(|error| anyhow!("{name} is told: {error:?}"))?;
    serde_json::from_str(&reply).with_context(|| format!("reading what {name} is told"))
}
