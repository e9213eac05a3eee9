//! The world of one story: runs its steps and logs what happens.

use super::cast::{COORDINATOR, Cast, FIRST_PHONE, START, quick_folder};
use super::device::{Device, copy_database};
use super::house::{Hands, House, URLS};
use super::ledger::{Hash, Ledger};
use super::story::{Mishap, Step, Story};
use super::wire::Wire;
use anyhow::{Context, Result};
use porchlight_model::id::{DeviceId, DocId};
use porchlight_model::message::ApiError;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The maximum number of devices, including copies.
pub(super) const MOST_DEVICES: usize = 8;

/// The stage: resources that are shared by many stories.
pub struct Stage {
    /// The cast.
    pub cast: Arc<Cast>,
    /// Runs the relay.
    pub runtime: Runtime,
    /// Writes the devices' requests.
    pub http: reqwest::Client,
}

impl Stage {
    /// Creates a stage with its own or a shared cast.
    ///
    /// # Errors
    /// When the cast cannot be made.
    pub fn new(cast: Option<Arc<Cast>>) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        let http = porchlight_engine::sync::client();
        let cast = match cast {
            Some(cast) => cast,
            None => Arc::new(Cast::make(&runtime, &http).context("making the cast")?),
        };
        Ok(Self { cast, runtime, http })
    }
}

/// The world of one story.
pub struct World<'a> {
    pub(super) stage: &'a Stage,
    pub(super) time: Arc<Hands>,
    pub(super) wire: Wire,
    pub(super) house: House,
    pub(super) devices: Vec<Device>,
    /// The identity of each device.
    pub(super) ids: Vec<DeviceId>,
    pub(super) ledger: Ledger,
    /// Which device should hold which document, according to the captain; `false` if it was taken back.
    pub(super) handed: BTreeMap<(DeviceId, DocId), bool>,
    /// The turf of every document that ever existed.
    pub(super) turf_of: BTreeMap<DocId, usize>,
    pub(super) n_waves: usize,
    pub(super) revoked: BTreeSet<DeviceId>,
    /// Devices that were lost for good, by index.
    pub(super) gone: BTreeSet<usize>,
    pub(super) lines: Vec<String>,
    pub(super) n_texts: usize,
    pub(super) n_restores: usize,
    /// The number of exchanges with a relay of the last call over a network without faults.
    pub(super) n_trips: usize,
    pub(super) seed: u64,
    pub(super) folder: TempDir,
}

impl<'a> World<'a> {
    /// The world before a story.
    ///
    /// # Errors
    /// When a file cannot be copied or opened.
    pub fn begin(stage: &'a Stage, story: &Story) -> Result<Self> {
        let folder = quick_folder()?;
        let (time, wire) = (Hands::at(START.plus_ms(3_600_000)), Wire::default());
        stage.cast.put_store(folder.path())?;
        let house = House::start(folder.path(), time.clone(), story.seed)?;
        let mut world = Self {
            stage,
            time,
            wire,
            house,
            devices: Vec::new(),
            ids: Vec::new(),
            ledger: Ledger::default(),
            handed: BTreeMap::new(),
            turf_of: stage.cast.grounds.iter().enumerate().map(|(turf, ground)| (ground.doc, turf)).collect(),
            n_waves: 1,
            revoked: BTreeSet::new(),
            gone: BTreeSet::new(),
            lines: Vec::new(),
            n_texts: 0,
            n_restores: 0,
            n_trips: 0,
            seed: story.seed,
            folder,
        };
        for who in 0..(FIRST_PHONE + story.n_phones).min(stage.cast.devices.len()) {
            world.add_device(Cast::name(who), stage.cast.devices[who], &stage.cast.database(who))?;
            for turf in 0..stage.cast.grounds.len() {
                if Cast::is_handed(who, turf) {
                    world.handed.insert((stage.cast.devices[who], stage.cast.grounds[turf].doc), true);
                }
            }
        }
        Ok(world)
    }

    pub(super) fn add_device(&mut self, name: &str, id: DeviceId, database: &std::path::Path) -> Result<()> {
        let index = self.devices.len();
        let path = self.folder.path().join(format!("{index}.db"));
        copy_database(database, &path)?;
        let device = Device::start(name, index, path, self.seed, &self.time, &self.wire, &self.stage.http)?;
        self.devices.push(device);
        self.ids.push(id);
        Ok(())
    }

    /// What happened, line by line.
    #[must_use]
    pub fn into_lines(self) -> Vec<String> {
        self.lines
    }

    pub(super) fn tell(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
    }

    /// Runs one step.
    ///
    /// # Errors
    /// When a promise is broken on the way, or the simulation itself fails.
    pub fn step(&mut self, step: &Step) -> Result<()> {
        self.time.pass_ms(20_000);
        if self.is_by_lost_phone(step) {
            return Ok(());
        }
        match step {
            Step::Act { who, act, mishap } => self.act(self.who(*who), *act, *mishap),
            Step::Sync { who, fates, mishap } => self.sync(self.who(*who), fates, *mishap),
            Step::Arrive { nth } => self.arrive(*nth),
            Step::Restart { who } => {
                let who = self.who(*who);
                self.tell(format!("{} switches off and on", self.devices[who].name));
                self.restart(who)
            }
            Step::Pass { minutes } => {
                self.tell(format!("{minutes} minutes pass"));
                self.time.pass_ms(minutes * 60_000);
                Ok(())
            }
            Step::SetClock { who, ahead_minutes } => {
                let who = self.who(*who);
                self.tell(format!("the clock of {} is set {ahead_minutes} minutes ahead", self.devices[who].name));
                self.devices[who].set_ahead_ms(ahead_minutes * 60_000);
                Ok(())
            }
            Step::CopyPhone { who } => {
                let who = self.who(*who);
                let device = &mut self.devices[who];
                device.has_copy = true;
                copy_database(&device.path, &device.copy_path())?;
                let line = format!("someone keeps a copy of the database of {}", device.name);
                self.tell(line);
                Ok(())
            }
            Step::RollBack { who } => self.roll_back(self.who(*who)),
            Step::Clone { who } => self.clone_device(self.who(*who)),
            Step::KillRelay => {
                self.tell("the relays are killed and started again");
                self.house.kill(&self.stage.runtime)
            }
            Step::RelayDown { number } => {
                self.tell(format!("relay {} goes down", number % URLS.len() + 1));
                self.house.stop_one(&self.stage.runtime, *number)
            }
            Step::RelayUp { number } => {
                self.tell(format!("relay {} is up", number % URLS.len() + 1));
                self.house.start_one(*number)
            }
            Step::Fold => self.fold(),
            Step::BackUpRelay => {
                self.tell("the operator copies the relay's store");
                self.house.back_up()
            }
            Step::RestoreRelay => self.restore_relay(),
            Step::HandOut { turf, who, fates } => self.hand_out(*turf, self.phone(*who), fates),
            Step::TakeBack { turf, who } => self.take_back(*turf, self.phone(*who)),
            Step::Enrol { turf } => self.enrol(*turf),
            Step::Lose { who } => self.lose(self.phone(*who)),
            Step::Revoke { who } => self.revoke(self.phone(*who)),
            Step::Host { who, is_open } => self.host(*who, *is_open),
            Step::UseHub { who, hub, fates, mishap } => self.use_hub(self.who(*who), *hub, fates, *mishap),
            Step::LeaveHub { who } => self.leave_hub(self.who(*who)),
            Step::StartWave => self.start_wave(),
            Step::EndWave { nth } => self.end_wave(*nth),
        }
    }

    /// Whether a step is about a phone that was lost for good.
    fn is_by_lost_phone(&self, step: &Step) -> bool {
        let who = match step {
            Step::Act { who, .. }
            | Step::Sync { who, .. }
            | Step::Restart { who }
            | Step::SetClock { who, .. }
            | Step::CopyPhone { who }
            | Step::RollBack { who }
            | Step::Clone { who }
            | Step::UseHub { who, .. }
            | Step::LeaveHub { who } => self.who(*who),
            Step::HandOut { who, .. } | Step::Lose { who } => self.phone(*who),
            Step::Arrive { .. }
            | Step::Pass { .. }
            | Step::KillRelay
            | Step::RelayDown { .. }
            | Step::RelayUp { .. }
            | Step::Fold
            | Step::BackUpRelay
            | Step::RestoreRelay
            | Step::TakeBack { .. }
            | Step::Host { .. }
            | Step::Revoke { .. }
            | Step::Enrol { .. }
            | Step::StartWave
            | Step::EndWave { .. } => return false,
        };
        self.gone.contains(&who)
    }

    /// Whether a device is there and served.
    pub(super) fn is_alive(&self, who: usize) -> bool {
        !self.gone.contains(&who) && !self.revoked.contains(&self.ids[who])
    }

    /// The index of a device; copies come after the cast.
    fn who(&self, who: usize) -> usize {
        who % self.devices.len()
    }

    /// As [`Self::who`], but always a phone.
    fn phone(&self, who: usize) -> usize {
        FIRST_PHONE + who % (self.devices.len() - FIRST_PHONE)
    }

    pub(super) fn restart(&mut self, who: usize) -> Result<()> {
        self.devices[who].restart()?;
        self.check_kept(who)
    }

    fn fold(&mut self) -> Result<()> {
        if self.house.relay().is_ok() {
            let n_made = self.house.fold(&self.stage.runtime)?;
            self.tell(format!("the relay folds the logs of {n_made} documents"));
        }
        Ok(())
    }

    fn roll_back(&mut self, who: usize) -> Result<()> {
        let device = &mut self.devices[who];
        if !device.has_copy {
            return Ok(());
        }
        device.put_back(&device.copy_path())?;
        let line = format!("{} gets an older copy of the database back", device.name);
        self.tell(line);
        let held: BTreeSet<Hash> = self.devices[who].stored()?.iter().map(|(_, hash, _)| *hash).collect();
        self.ledger.release(who, |hash, _| !held.contains(hash));
        self.excuse_lost()
    }

    fn clone_device(&mut self, who: usize) -> Result<()> {
        if self.devices.len() >= MOST_DEVICES {
            return Ok(());
        }
        let (name, id) = (format!("the copy of {}", self.devices[who].name), self.ids[who]);
        self.tell(format!("another device starts with the database of {}", self.devices[who].name));
        let path = self.devices[who].path.clone();
        self.add_device(&name, id, &path)
    }

    fn restore_relay(&mut self) -> Result<()> {
        if !self.house.has_backup() {
            return Ok(());
        }
        let before = self.at_relay()?;
        self.tell("the operator puts the older copy of the relay's store back");
        self.house.restore(&self.stage.runtime)?;
        // As the operator's guide says, devices that were revoked after the backup are revoked again at once.
        for id in &self.revoked {
            if self.house.knows(&self.stage.runtime, *id)? {
                self.house.revoke(&self.stage.runtime, *id)?;
            }
        }
        self.n_restores += 1;
        let after = self.at_relay()?;
        self.ledger.gone_from_relay.extend(before.difference(&after));
        self.excuse_lost()
    }

    pub(super) fn revoke(&mut self, who: usize) -> Result<()> {
        if self.house.relay().is_err() {
            return Ok(());
        }
        self.tell(format!("the operator revokes the device of {}", self.devices[who].name));
        if !self.house.knows(&self.stage.runtime, self.ids[who])? {
            // It enrolled after the backup that was restored: the relay refuses it until it enrols again.
            self.tell("    is told that there is no such device".to_owned());
            return Ok(());
        }
        self.revoked.insert(self.ids[who]);
        self.house.revoke(&self.stage.runtime, self.ids[who])?;
        self.excuse_lost()
    }

    pub(super) fn tell_refusal(&mut self, error: &ApiError) -> Result<()> {
        self.tell(format!("    is told: {}", error.message.id));
        Ok(())
    }

    pub(super) fn arm(&mut self, who: usize, mishap: Mishap) {
        match mishap {
            Mishap::None => self.devices[who].disarm(),
            Mishap::Dies { after } => self.devices[who].arm(after, false),
            Mishap::DiskFails { after } => self.devices[who].arm(after, true),
        }
    }

    /// Every change that the relay holds.
    pub(super) fn at_relay(&self) -> Result<Rc<BTreeSet<Hash>>> {
        self.house.hashes()
    }

    /// The coordinator's index, for acts that only they may do.
    pub(super) const fn coordinator() -> usize {
        COORDINATOR
    }
}

/// A mishap in words, appended to a sentence.
pub(super) fn in_words(mishap: Mishap) -> String {
    match mishap {
        Mishap::None => String::new(),
        Mishap::Dies { after } => format!(", and the device dies before statement {}", after + 1),
        Mishap::DiskFails { after } => format!(", and the disk fails at statement {}", after + 1),
    }
}
