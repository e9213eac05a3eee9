//! The people in a story: they join, are handed turf, hand it back, are revoked, and lose their phones.

use super::cast::CAPTAIN;
use super::device::Device;
use super::story::Fate;
use super::world::{MOST_DEVICES, World};
use anyhow::{Context, Result};
use porchlight_model::calls::invite::{HandOut, InviteLink, TakeBack};
use porchlight_model::calls::join::Join;
use porchlight_model::id::{DeviceId, DocId};

impl World<'_> {
    pub(super) fn hand_out(&mut self, turf: usize, who: usize, fates: &[Fate]) -> Result<()> {
        let turf = turf % self.stage.cast.grounds.len();
        if self.revoked.contains(&self.ids[who]) && !self.house.knows(&self.stage.runtime, self.ids[who])? {
            // A restored relay knows nothing of it, but Carl does.
            return Ok(());
        }
        self.tell(format!("Carl hands turf {} to {}", turf + 1, self.devices[who].name));
        let docs = self.open_docs(CAPTAIN, turf)?;
        let call = HandOut { turf: self.stage.cast.grounds[turf].turf, uses: 1, minutes: 60 };
        let link = match self.ask(CAPTAIN, call)? {
            Ok(reply) => serde_json::from_str::<InviteLink>(&reply)?.link,
            Err(error) => return self.tell_refusal(&error),
        };
        let name = self.devices[who].name.clone();
        let join = Join { link, name: name.clone(), campaign: None };
        self.devices[who].begin(join.clone())?;
        let mut joined = self.converse(who, fates)?;
        if !matches!(joined, Some(Ok(_))) && !fates.is_empty() {
            self.tell(format!("    {name} scans the code again"));
            joined = Some(self.ask(who, join)?);
        }
        match joined {
            Some(Ok(_)) => {
                self.learn_id(who)?;
                for doc in docs {
                    self.handed.insert((self.ids[who], doc), true);
                }
                Ok(())
            }
            Some(Err(error)) => self.tell_refusal(&error),
            None => anyhow::bail!("{name} never got an answer to joining"),
        }
    }

    pub(super) fn take_back(&mut self, turf: usize, who: usize) -> Result<()> {
        let turf = turf % self.stage.cast.grounds.len();
        let docs = self.open_docs(CAPTAIN, turf)?;
        let id = self.ids[who];
        if !docs.iter().any(|doc| self.handed.contains_key(&(id, *doc))) {
            return Ok(());
        }
        self.tell(format!("Carl takes turf {} back from {}", turf + 1, self.devices[who].name));
        let call = TakeBack { turf: self.stage.cast.grounds[turf].turf, device: self.ids[who] };
        match self.ask(CAPTAIN, call)? {
            Ok(_) => {
                for doc in docs {
                    self.handed.entry((id, doc)).and_modify(|is_held| *is_held = false);
                }
                Ok(())
            }
            Err(error) => self.tell_refusal(&error),
        }
    }

    /// A new person joins on a new phone, over a good network.
    pub(super) fn enrol(&mut self, turf: usize) -> Result<()> {
        if self.devices.len() >= MOST_DEVICES || self.house.relay().is_err() {
            return Ok(());
        }
        let index = self.devices.len();
        let (name, path) = (format!("newcomer {index}"), self.folder.path().join(format!("{index}.db")));
        let device = Device::start(&name, index, path, self.seed, &self.time, &self.wire, &self.stage.http)?;
        self.devices.push(device);
        self.ids.push(DeviceId::from_bytes([0; 16]));
        self.hand_out(turf, index, &[])?;
        if self.device_id(index)?.is_none() {
            // Nobody could join.
            self.devices.pop();
            self.ids.pop();
        }
        Ok(())
    }

    /// A phone is lost for good.
    pub(super) fn lose(&mut self, who: usize) -> Result<()> {
        self.tell(format!("{} loses the phone for good", self.devices[who].name));
        self.devices[who].switch_off();
        self.gone.insert(who);
        self.excuse_lost()
    }

    fn device_id(&self, who: usize) -> Result<Option<DeviceId>> {
        let handle = self.devices[who].handle()?;
        Ok(handle.with(|engine| engine.membership().map(|membership| membership.identity.device)))
    }

    /// A device that joins again at a relay which has only a placeholder for it gets another id.
    fn learn_id(&mut self, who: usize) -> Result<()> {
        let (before, id) = (self.ids[who], self.device_id(who)?.context("it joined and is nobody")?);
        if id == before {
            return Ok(());
        }
        self.ids[who] = id;
        if before != DeviceId::from_bytes([0; 16]) {
            self.tell(format!("    {} is another device from here on", self.devices[who].name));
        }
        let handed: Vec<(DocId, bool)> = self
            .handed
            .iter()
            .filter(|((of, _), _)| *of == before)
            .map(|((_, doc), is_held)| (*doc, *is_held))
            .collect();
        self.handed.extend(handed.into_iter().map(|(doc, is_held)| ((id, doc), is_held)));
        Ok(())
    }
}
