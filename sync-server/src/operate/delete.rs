//! Deletes a campaign at the command line: without its full name, only its data is listed.

use super::table;
use crate::relay::Relay;
use crate::store::{Holdings, StoreError};
use porchlight_model::id::CampaignId;
use std::time::{Duration, Instant};

/// Why no campaign was deleted.
#[derive(Debug, thiserror::Error)]
pub enum NotDeleted {
    /// No campaign has the name.
    #[error("no campaign is called {name:?}; these are kept, and nothing was deleted:\n{}", campaigns_table(kept))]
    NoneSuch {
        /// What was said.
        name: String,
        /// All there are.
        kept: Vec<Holdings>,
    },
    /// Several campaigns have the name.
    #[error(
        "several campaigns are called {name:?}, choose one with --campaign; nothing was deleted:\n{}",
        campaigns_table(named)
    )]
    Several {
        /// What was said.
        name: String,
        /// Those that are called so.
        named: Vec<Holdings>,
    },
    /// The store failed; what went before that is gone.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How long it rests at least after each part: longer than SQLite waits before it looks again whether it may write.
const LEAST_PAUSE: Duration = Duration::from_millis(150);

/// All campaigns with what is kept of them, or the one that is asked for, the oldest first.
///
/// # Errors
/// When the store fails.
pub async fn campaigns(relay: &Relay, only: Option<CampaignId>) -> Result<Vec<Holdings>, StoreError> {
    let mut found = Vec::new();
    for campaign in relay.upkeep()?.campaigns().await? {
        if only.is_none_or(|only| only == campaign) {
            found.extend(relay.upkeep()?.holdings(campaign).await?);
        }
    }
    Ok(found)
}

/// Deletes the campaign of that name with all that is kept of it; what that was. Broken off, it can be done again.
///
/// # Errors
/// When no campaign or several have the name, or the store fails.
pub async fn delete_campaign(relay: &Relay, only: Option<CampaignId>, name: &str) -> Result<Holdings, NotDeleted> {
    let all = campaigns(relay, only).await?;
    let named: Vec<_> = all.iter().filter(|of| of.name.trim() == name.trim()).cloned().collect();
    let of = match named.as_slice() {
        [of] => of.clone(),
        [] => return Err(NotDeleted::NoneSuch { name: name.to_owned(), kept: all }),
        [_, _, ..] => return Err(NotDeleted::Several { name: name.to_owned(), named }),
    };
    loop {
        let since = Instant::now();
        if !relay.upkeep()?.delete_part(of.campaign).await? {
            return Ok(of);
        }
        // As long as a part took, others write: of one file only one process can, and none of them waits in line.
        tokio::time::sleep(since.elapsed().max(LEAST_PAUSE)).await;
    }
}

/// Campaigns as lines of a table.
#[must_use]
pub fn campaigns_table(campaigns: &[Holdings]) -> String {
    let rows = campaigns.iter().map(|of| {
        let [people, devices, docs, changes, packs] =
            [of.n_members, of.n_devices, of.n_docs, of.n_changes, of.n_packs].map(|n| n.to_string());
        [of.name.clone(), people, devices, docs, changes, packs, of.campaign.to_string()]
    });
    table(["NAME", "PEOPLE", "DEVICES", "DOCUMENTS", "CHANGES", "PACKS", "CAMPAIGN"], rows)
}
