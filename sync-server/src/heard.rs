//! Times of last contact: collected in memory and written in batches, so that a sync without news writes nothing.

use porchlight_model::id::DeviceId;
use porchlight_model::time::At;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The devices heard from, with the latest time of each.
#[derive(Debug, Default)]
pub(crate) struct LastContacts(Mutex<Times>);

#[derive(Debug, Default)]
struct Times {
    /// Not written yet.
    fresh: BTreeMap<DeviceId, At>,
    /// Being written, and still reported until that is done.
    leaving: BTreeMap<DeviceId, At>,
}

impl LastContacts {
    /// Records a contact of a device.
    pub(crate) fn note(&self, device: DeviceId, now: At) {
        self.lock().fresh.insert(device, now);
    }

    /// The later of the stored time and the one in memory.
    pub(crate) fn latest(&self, device: DeviceId, stored: Option<At>) -> Option<At> {
        let times = self.lock();
        stored.max(times.leaving.get(&device).copied()).max(times.fresh.get(&device).copied())
    }

    /// Takes the times to write.
    pub(crate) fn take(&self) -> Vec<(DeviceId, At)> {
        let mut times = self.lock();
        times.leaving = std::mem::take(&mut times.fresh);
        times.leaving.iter().map(|(device, at)| (*device, *at)).collect()
    }

    /// Marks the taken times as written.
    pub(crate) fn written(&self) {
        self.lock().leaving.clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Times> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
