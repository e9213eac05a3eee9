//! The cast: one campaign with its people, set up once by real calls, and copied for every story.

use super::carry::ask_at_once;
use super::device::{Device, copy_database};
use super::house::{Hands, House, URLS};
use super::wire::Wire;
use crate::campaign::script;
use crate::person::chosen;
use crate::town;
use anyhow::{Context, Result};
use porchlight_model::calls::Call;
use porchlight_model::calls::cut::CutTurf;
use porchlight_model::calls::door::OpenDoor;
use porchlight_model::calls::import::{Absent, ImportFile};
use porchlight_model::calls::invite::{HandOut, Invite};
use porchlight_model::calls::join::Join;
use porchlight_model::calls::script::SaveScript;
use porchlight_model::calls::sync::SyncNow;
use porchlight_model::calls::walk::{Stop, Walk};
use porchlight_model::id::{DeviceId, DocId, DoorId, JobId, TurfId, VoterId};
use porchlight_model::member::Role;
use porchlight_model::time::At;
use porchlight_model::turf::CutArea;
use porchlight_relay::relay::join_link;
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Saturday morning.
pub const START: At = At(1_793_440_800_000);
/// The coordinator's index in the cast.
pub const COORDINATOR: usize = 0;
/// The captain's index in the cast.
pub const CAPTAIN: usize = 1;
/// The first phone's index in the cast.
pub const FIRST_PHONE: usize = 2;

/// Who takes part; a person with two phones is listed twice.
const NAMES: [&str; 6] = ["Cora the coordinator", "Carl the captain", "Ana", "Ben", "Ana's tablet", "Dee"];
/// Which turf each phone is handed before the story begins.
const HANDED: [&[usize]; 4] = [&[0, 1], &[0], &[0, 2], &[1]];
/// The number of a turf's doors that stories use.
const N_DOORS: usize = 3;

/// A turf, as far as stories know it.
#[derive(Debug, Clone)]
pub struct Ground {
    /// The turf.
    pub turf: TurfId,
    /// Its document.
    pub doc: DocId,
    /// Doors, with a voter behind each.
    pub doors: Vec<(DoorId, VoterId)>,
}

/// The campaign before the story begins: files to copy.
#[derive(Debug)]
pub struct Cast {
    folder: TempDir,
    /// The campaign document.
    pub campaign: DocId,
    /// The turf.
    pub grounds: Vec<Ground>,
    /// The devices.
    pub devices: Vec<DeviceId>,
}

impl Cast {
    /// Sets up the campaign by real calls: founding, import, cutting, invites, handing out.
    ///
    /// # Errors
    /// When any of that fails.
    pub fn make(runtime: &Runtime, http: &reqwest::Client) -> Result<Self> {
        let folder = quick_folder()?;
        let (time, wire) = (Hands::at(START), Wire::default());
        let mut house = House::start(folder.path(), time.clone(), 0)?;
        let mut devices = Vec::new();
        for (index, name) in NAMES.iter().enumerate() {
            let path = folder.path().join(format!("{index}.db"));
            devices.push(Device::start(name, index, path, 0, &time, &wire, http)?);
        }
        let mut scene = Scene { runtime, wire: &wire, house: &mut house, devices: &mut devices };
        let secret = runtime.block_on(scene.house.relay()?.invite_founder())?.secret;
        scene.join(COORDINATOR, join_link(URLS[0], &secret), Some("Library"))?;
        let grounds = scene.cut(folder.path().join("town"))?;
        let link = scene.ask(COORDINATOR, Invite { role: Role::Captain, minutes: 60 })?.link;
        scene.join(CAPTAIN, link, None)?;
        for (phone, turfs) in (FIRST_PHONE..).zip(HANDED) {
            for turf in turfs {
                let turf = grounds[*turf].turf;
                let link = scene.ask(CAPTAIN, HandOut { turf, uses: 1, minutes: 60 })?.link;
                scene.join(phone, link, None)?;
            }
        }
        for who in 0..NAMES.len() {
            scene.ask(who, SyncNow {})?;
        }
        let mut ids = Vec::new();
        let mut campaign = None;
        for device in &devices {
            let membership = device.handle()?.with(|engine| engine.membership().cloned()).context("nobody joined")?;
            campaign = Some(membership.campaign_doc);
            ids.push(membership.identity.device);
        }
        devices.iter_mut().for_each(Device::switch_off);
        for device in &devices {
            // Stories copy it, and a single file is smaller.
            Connection::open(&device.path)?.pragma_update(None, "wal_checkpoint", "TRUNCATE")?;
        }
        house.kill(runtime)?;
        house.close(runtime)?;
        Ok(Self { folder, campaign: campaign.context("no campaign")?, grounds, devices: ids })
    }

    /// The initial database of a device.
    #[must_use]
    pub fn database(&self, who: usize) -> PathBuf {
        self.folder.path().join(format!("{who}.db"))
    }

    /// Copies the relay's store into a folder.
    ///
    /// # Errors
    /// When it cannot be copied.
    pub fn put_store(&self, into: &std::path::Path) -> Result<()> {
        let name = porchlight_relay::store::sqlite::FILE_NAME;
        copy_database(&self.folder.path().join(name), &into.join(name))
    }

    /// Whose device it is.
    #[must_use]
    pub fn name(who: usize) -> &'static str {
        NAMES.get(who).copied().unwrap_or("someone")
    }

    /// Whether a turf was handed to a device before the story.
    #[must_use]
    pub fn is_handed(who: usize, turf: usize) -> bool {
        who.checked_sub(FIRST_PHONE).and_then(|phone| HANDED.get(phone)).is_some_and(|turfs| turfs.contains(&turf))
    }
}

/// A folder in memory, if the system has one, because nothing of a simulation outlives it.
///
/// # Errors
/// When no folder can be made.
pub fn quick_folder() -> Result<TempDir> {
    let memory = std::path::Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.context("making a folder")
}

struct Scene<'a> {
    runtime: &'a Runtime,
    wire: &'a Wire,
    house: &'a mut House,
    devices: &'a mut Vec<Device>,
}

impl Scene<'_> {
    fn ask<C: Call>(&mut self, who: usize, call: C) -> Result<C::Reply> {
        let device = self.devices.get_mut(who).context("no such device")?;
        let reply = ask_at_once(device, self.house, self.wire, self.runtime, call)?;
        let reply = reply.map_err(|error| anyhow::anyhow!("{}: {error:?}", NAMES[who]))?;
        serde_json::from_str(&reply).context("reading a reply")
    }

    fn join(&mut self, who: usize, link: String, campaign: Option<&str>) -> Result<()> {
        let name = NAMES[who].to_owned();
        self.ask(who, Join { link, name, campaign: campaign.map(str::to_owned) })?;
        self.ask(who, SyncNow {})?;
        Ok(())
    }

    fn cut(&mut self, town_folder: PathBuf) -> Result<Vec<Ground>> {
        town::generate(42, 60).write(&town_folder).context("writing the town")?;
        for file in ["streets.geojson", "addresses.csv", "voters.txt"] {
            let file = chosen(&town_folder.join(file))?;
            self.ask(COORDINATOR, ImportFile { file, job: JobId::new(0, [0; 10]), absent: Absent::Keep })?;
        }
        self.ask(COORDINATOR, SaveScript { script: script() })?;
        let job = JobId::new(0, [1; 10]);
        let cut = CutTurf { area: CutArea::Everything, doors_per_turf: 20, name: "Riverside".to_owned(), job };
        let turfs = self.ask(COORDINATOR, cut)?.turfs;
        self.ask(COORDINATOR, SyncNow {})?;
        turfs.into_iter().map(|turf| self.ground(turf)).collect()
    }

    fn ground(&mut self, turf: TurfId) -> Result<Ground> {
        let doc = self.ask(COORDINATOR, porchlight_model::calls::office::OpenTurf { turf })?.entry.doc;
        let mut doors = Vec::new();
        for row in self.ask(COORDINATOR, Walk { turf })?.rows {
            if let Stop::Door(door) = row.stop {
                let view = self.ask(COORDINATOR, OpenDoor { door })?;
                doors.extend(view.voters.first().map(|voter| (door, voter.voter.id)));
            }
            if doors.len() == N_DOORS {
                return Ok(Ground { turf, doc, doors });
            }
        }
        anyhow::bail!("a turf has too few houses for a story")
    }
}

/// The cast, shared by all threads that play stories.
pub type SharedCast = Arc<Cast>;
