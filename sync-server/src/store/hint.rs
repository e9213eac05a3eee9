//! Hints: what changed in a store, and which devices have access to it.

use porchlight_model::id::{CampaignId, DeviceId, DocId};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A change that concerns other devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    /// The campaign.
    pub campaign: CampaignId,
    /// The number of the campaign's grants when it happened.
    pub grants: u64,
    /// The number before it happened; equal to `grants` where no grants changed.
    pub since: u64,
    /// The device that caused it.
    pub by: DeviceId,
    /// The document and the number of its last change; `None` where only grants changed.
    pub doc: Option<(DocId, u64)>,
    /// Whose grants changed between the two numbers.
    pub whose: Whose,
}

/// Whose grants changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Nobody's; a document may have been created, to which only devices with access to everything have access.
    Nobody,
    /// One device's.
    Device(DeviceId),
    /// Perhaps everyone's.
    All,
}

impl Hint {
    /// That the grants of some changed, and nothing else: from one number to another.
    pub(crate) const fn of_grants(campaign: CampaignId, grants: Range<u64>, by: DeviceId, whose: Whose) -> Self {
        Self { campaign, grants: grants.end, since: grants.start, by, doc: None, whose }
    }
}

/// The access of a device: the documents whose hints it receives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hears {
    /// Every document of its campaign.
    Everything,
    /// These.
    Docs(BTreeSet<DocId>),
}

/// The access of devices of a campaign, from one snapshot of the store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hearing {
    /// The number of the campaign's grants; 0 where there is no such campaign.
    pub grants: u64,
    /// The devices that are served, with their access.
    pub devices: BTreeMap<DeviceId, Hears>,
}

impl Hearing {
    /// The number of a campaign that is not there; those of campaigns begin at 1.
    pub(crate) const NO_CAMPAIGN: u64 = 0;

    /// Adds a document to what a device hears of; with none, only the device.
    pub(super) fn add(&mut self, device: DeviceId, sees_all: bool, doc: Option<DocId>) {
        let hears = self.devices.entry(device).or_insert_with(|| match sees_all {
            true => Hears::Everything,
            false => Hears::Docs(BTreeSet::new()),
        });
        match hears {
            Hears::Everything => {}
            Hears::Docs(docs) => docs.extend(doc),
        }
    }
}
