//! Counts of a campaign's data in the store.

use porchlight_model::id::CampaignId;
use serde::Serialize;

/// A campaign by its name, and how much is kept of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Holdings {
    /// The campaign.
    pub campaign: CampaignId,
    /// The name under which it was founded.
    pub name: String,
    /// Its people.
    pub n_members: u64,
    /// Their devices.
    pub n_devices: u64,
    /// Its documents.
    pub n_docs: u64,
    /// The changes in them: results, and all else that was written.
    pub n_changes: u64,
    /// The packs of its turf.
    pub n_packs: u64,
}
