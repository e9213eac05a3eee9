//! Reports what is removed when this device is cleared, and what of it nobody else has.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::join::taken_out;
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
    let identity = engine.membership().map(|member| member.identity.clone());
    let is_last_word = identity.as_ref().is_some_and(|identity| identity.role.may(Act::KeepRecord));
    let roster: Vec<RosterDevice> = settings::get(conn, "roster")?.unwrap_or_default();
    let n_unsent = changes::n_held(conn)? + u32::try_from(packs::unsent(conn)?.len()).unwrap_or(u32::MAX);
    let imported = store::import::overview(conn)?;
    let (n_turf, n_turf_with_nobody) = turf(conn, &roster)?;
    let others = identity.map_or(Ok(Vec::new()), |identity| others(conn, roster, identity.device, now))?;
    let taken_out = taken_out::of_here(conn)?;
    let refusal = if n_unsent > 0 {
        Some(Message::new("clean-up-not-safe").with("n", n_unsent))
    } else if is_last_word && taken_out.n_lacking > 0 {
        refusal(&others)
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
        n_drafts: count(store::drafts::count_at_doors(conn)?),
        refusal,
        to_type: if is_last_word { settings::get(conn, "campaign_name")? } else { None },
    })
}

/// Why the campaign must not be removed here: no other coordinator's device has everything that this one has.
fn refusal(others: &[OtherOffice]) -> Option<Message> {
    if others.iter().any(|other| other.has_all) {
        return None;
    }
    let names: BTreeSet<&str> = others.iter().map(|other| other.name.as_str()).collect();
    if names.is_empty() {
        return Some(Message::new("clean-up-only-coordinator"));
    }
    let names = names.into_iter().collect::<Vec<_>>().join(", ");
    Some(Message::new("clean-up-not-heard").with("names", names))
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
