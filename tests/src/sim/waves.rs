//! Waves in a story: the coordinator starts and ends them, which changes what others may hold.

use super::world::World;
use anyhow::Result;
use porchlight_model::calls::wave::{EndWave, EraseWave, StartWave, WaveView, Waves};
use porchlight_model::id::{DocId, WaveId};

/// The maximum number of waves.
const MOST_WAVES: usize = 4;

impl World<'_> {
    /// Starts a wave.
    pub(super) fn start_wave(&mut self) -> Result<()> {
        if self.n_waves >= MOST_WAVES {
            return Ok(());
        }
        self.n_waves += 1;
        let name = format!("wave {}", self.n_waves);
        self.tell(format!("Cora starts {name}"));
        match self.devices[Self::coordinator()].ask(StartWave { name })? {
            Ok(_) => self.learn_documents(),
            Err(error) => self.tell_refusal(&error),
        }
    }

    /// Ends a wave in progress, if there is one.
    pub(super) fn end_wave(&mut self, nth: usize) -> Result<()> {
        let who = Self::coordinator();
        let Ok(reply) = self.devices[who].ask(Waves {})? else { return Ok(()) };
        let mut waves: Vec<WaveView> = serde_json::from_str(&reply)?;
        waves.retain(|wave| wave.ended_at.is_none());
        if waves.is_empty() {
            return Ok(());
        }
        let wave = waves.swap_remove(nth % waves.len());
        self.tell(format!("Cora ends {}", if wave.name.is_empty() { "the first wave" } else { &wave.name }));
        match self.devices[who].ask(EndWave { wave: wave.wave })? {
            Ok(_) => {
                self.learn_documents()?;
                let rounds = self.devices[who].rounds()?;
                self.ledger.ended.extend(rounds.iter().filter(|(.., has_ended)| *has_ended).map(|(doc, ..)| *doc));
                // Some ends are carried out at once, others at the end of the story.
                if nth > 0 { self.erase(wave.wave) } else { Ok(()) }
            }
            Err(error) => self.tell_refusal(&error),
        }
    }

    fn erase(&mut self, wave: WaveId) -> Result<()> {
        match self.devices[Self::coordinator()].ask(EraseWave { wave })? {
            Ok(_) => Ok(()),
            Err(error) => self.tell_refusal(&error),
        }
    }

    /// Cuts short the grace period of every ended wave.
    pub(super) fn erase_ended(&mut self) -> Result<()> {
        let Ok(reply) = self.devices[Self::coordinator()].ask(Waves {})? else { return Ok(()) };
        let waves: Vec<WaveView> = serde_json::from_str(&reply)?;
        waves.iter().filter(|wave| wave.ended_at.is_some()).try_for_each(|wave| self.erase(wave.wave))
    }

    /// Records the documents that the coordinator's device has created.
    fn learn_documents(&mut self) -> Result<()> {
        for (doc, turf, _) in self.devices[Self::coordinator()].rounds()?.iter().copied() {
            if let Some(at) = self.stage.cast.grounds.iter().position(|ground| ground.turf == turf) {
                self.turf_of.insert(doc, at);
            }
        }
        Ok(())
    }

    /// The documents of a turf in waves in progress, as a device knows them.
    pub(super) fn open_docs(&self, who: usize, turf: usize) -> Result<Vec<DocId>> {
        let turf = self.stage.cast.grounds[turf].turf;
        let rounds = self.devices[who].rounds()?;
        Ok(rounds.iter().filter(|(_, of, has_ended)| *of == turf && !has_ended).map(|(doc, ..)| *doc).collect())
    }
}
