//! Reports what is removed when this device is cleared, and what of it nobody else has.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::join::taken_out;
use crate::store::field::scripts;
use crate::store::{self, changes, packs, settings, turfs, waves};
use porchlight_model::calls::join::{Goes, OtherOffice, WhatGoes};
use porchlight_model::grant::Act;
use porchlight_model::id::DeviceId;
use porchlight_model::message::Message;
use porchlight_model::relay::RosterDevice;
use porchlight_model::time::At;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// Reports what would be removed.
pub(crate) fn what_goes(engine: &mut Engine, _: &WhatGoes) -> Result<Goes, EngineError> {
    let (conn, now) = (engine.conn(), engine.now());
    let (identity, campaign) = engine.membership().map(|to| (to.identity.clone(), to.campaign_doc)).unzip();
    let is_last_word = identity.as_ref().is_some_and(|identity| identity.role.may(Act::KeepRecord));
    let roster: Vec<RosterDevice> = settings::get(conn, "roster")?.unwrap_or_default();
    let own = identity.as_ref().map(|identity| identity.device);
    let n_unsent = changes::n_held(conn)? + u32::try_from(packs::unsent(conn)?.len()).unwrap_or(u32::MAX);
    let imported = store::import::overview(conn)?;
    let (n_turf, n_turf_with_nobody) = turf(conn, &roster)?;
    let n_scripts = campaign.map_or(Ok(0), |campaign| scripts::versions(conn, campaign).map(|all| all.len()))?;
    let has_members = roster.iter().any(|device| !device.is_revoked && Some(device.device) != own);
    let is_set_up = !imported.files.is_empty() || n_turf > 0 || n_scripts > 0 || has_members;
    let others = identity.map_or(Ok(Vec::new()), |identity| others(conn, roster, identity.device, now))?;
    let taken_out = taken_out::of_here(conn)?;
    let lacks_campaign = taken_out.lacks_campaign && is_last_word && is_set_up;
    let refusal = if n_unsent > 0 {
        Some(Message::new("clean-up-not-safe").with("n", n_unsent))
    } else if is_last_word && (taken_out.n_lacking > 0 || lacks_campaign) {
        refusal(&others, lacks_campaign)
    } else {
        None
    };
    // The voters and doors of turf are also on devices that imported nothing.
    let has_files = !imported.files.is_empty();
    let of_files = |n: u64| if has_files { n } else { 0 };
    Ok(Goes {
        n_unsent,
        n_free_voters: of_files(store::import::n_free_voters(conn)?),
        n_free_doors: of_files(imported.n_doors.saturating_sub(imported.n_in_turf)),
        n_points: of_files(imported.n_points),
        n_streets: of_files(imported.n_streets),
        files: imported.files,
        n_turf,
        n_turf_with_nobody,
        others,
        taken_out_at: taken_out.at,
        n_not_taken_out: taken_out.n_lacking,
        lacks_campaign,
        n_drafts: count(store::drafts::count_at_doors(conn)?),
        refusal,
        to_type: if is_last_word { settings::get(conn, "campaign_name")? } else { None },
    })
}

/// Why the campaign must not be removed here: no other coordinator's device has everything that this one has.
fn refusal(others: &[OtherOffice], lacks_campaign: bool) -> Option<Message> {
    if others.iter().any(|other| other.has_all) {
        return None;
    }
    let names: BTreeSet<&str> = others.iter().map(|other| other.name.as_str()).collect();
    if names.is_empty() {
        let id = if lacks_campaign { "clean-up-only-coordinator-no-wave" } else { "clean-up-only-coordinator" };
        return Some(Message::new(id));
    }
    let names = names.into_iter().collect::<Vec<_>>().join(", ");
    let id = if lacks_campaign { "clean-up-not-heard-no-wave" } else { "clean-up-not-heard" };
    Some(Message::new(id).with("names", names))
}

/// The other coordinators' devices that the relay serves, as it last reported.
fn others(
    conn: &Connection,
    roster: Vec<RosterDevice>,
    own: DeviceId,
    now: At,
) -> Result<Vec<OtherOffice>, EngineError> {
    let last_change = changes::last_acked(conn)?;
    let is_served = |device: &RosterDevice| !device.is_revoked && device.lease_until > now;
    let others = roster
        .into_iter()
        .filter(|device| device.role.may(Act::KeepRecord) && device.device != own && is_served(device));
    Ok(others
        .map(|device| OtherOffice {
            has_all: device.last_heard.is_some_and(|heard| heard > last_change),
            name: device.name,
            last_heard: device.last_heard,
        })
        .collect())
}

/// The number of turf, and how many of them no canvasser's device holds.
fn turf(conn: &Connection, roster: &[RosterDevice]) -> Result<(u32, u32), EngineError> {
    let turf_of: BTreeMap<_, _> = waves::turf_of_docs(conn)?.into_iter().collect();
    let held: BTreeSet<_> = roster.iter().flat_map(|device| &device.docs).filter_map(|doc| turf_of.get(doc)).collect();
    let all = turfs::all(conn)?;
    let n_with_nobody = all.iter().filter(|entry| !held.contains(&entry.id)).count();
    Ok((count(all.len()), count(n_with_nobody)))
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
