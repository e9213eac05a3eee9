//! When devices were last heard from: kept in memory and written together now and then, so that a sync without news writes nothing.

use porchlight_model::id::DeviceId;
use porchlight_model::time::At;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The devices heard from, with the latest time of each.
#[derive(Debug, Default)]
pub(crate) struct Heard(Mutex<Times>);

#[derive(Debug, Default)]
struct Times {
    /// Not written yet.
    fresh: BTreeMap<DeviceId, At>,
    /// Being written: still told until that is done.
    leaving: BTreeMap<DeviceId, At>,
}

impl Heard {
    /// Notes that a device was heard from.
    pub(crate) fn note(&self, device: DeviceId, now: At) {
        self.lock().fresh.insert(device, now);
    }

    /// The later of what the store told of a device and what is known here.
    pub(crate) fn latest(&self, device: DeviceId, stored: Option<At>) -> Option<At> {
        let times = self.lock();
        stored.max(times.leaving.get(&device).copied()).max(times.fresh.get(&device).copied())
    }

    /// Takes what is to be written.
    pub(crate) fn take(&self) -> Vec<(DeviceId, At)> {
        let mut times = self.lock();
        times.leaving = std::mem::take(&mut times.fresh);
        times.leaving.iter().map(|(device, at)| (*device, *at)).collect()
    }

    /// What was taken is written.
    pub(crate) fn written(&self) {
        self.lock().leaving.clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Times> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
