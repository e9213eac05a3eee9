//! The phones that have connected to the hub since it was opened.

use porchlight_model::calls::hub::HubGuest;
use porchlight_model::id::DeviceId;
use porchlight_model::time::At;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The maximum number of phones that are listed: the most recent ones.
const MOST_TOLD: usize = 100;

/// Phones by device.
#[derive(Debug, Default)]
pub struct GuestBook(Mutex<BTreeMap<DeviceId, Entry>>);

#[derive(Debug, Default)]
struct Entry {
    name: String,
    last_here: Option<At>,
    n_brought: u32,
}

impl GuestBook {
    /// Records that phones connected.
    pub fn were_here(&self, phones: Vec<(DeviceId, String, At)>) {
        let mut book = self.lock();
        for (device, name, at) in phones {
            let entry = book.entry(device).or_default();
            (entry.name, entry.last_here) = (name, entry.last_here.max(Some(at)));
        }
    }

    /// Records that a phone delivered new results.
    pub fn brought(&self, device: DeviceId, n_new: u32) {
        if n_new > 0 {
            let mut book = self.lock();
            let entry = book.entry(device).or_default();
            entry.n_brought = entry.n_brought.saturating_add(n_new);
        }
    }

    /// Empties the book, for a hub that is opened again.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The phones that connected, most recent first.
    #[must_use]
    pub fn guests(&self) -> Vec<HubGuest> {
        let mut guests: Vec<_> = self
            .lock()
            .iter()
            .filter_map(|(device, entry)| {
                let (name, n_brought) = (entry.name.clone(), entry.n_brought);
                Some(HubGuest { device: *device, name, last_here: entry.last_here?, n_brought })
            })
            .collect();
        guests.sort_by_key(|guest| std::cmp::Reverse(guest.last_here));
        guests.truncate(MOST_TOLD);
        guests
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<DeviceId, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
