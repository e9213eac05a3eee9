//! One turf in the side panel: who holds it and how far they have come.

use super::dashboard::{count, roster, row};
use super::progress::{laid_out, of_layout};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::script::words::Versions;
use crate::settle;
use crate::store::field::standing::Standing;
use crate::store::turfs;
use crate::walk::Layout;
use porchlight_model::calls::office::{Holder, OpenTurf, TurfView};
use porchlight_model::relay::RosterDevice;
use std::collections::BTreeSet;

/// Returns one turf.
pub(crate) fn open(engine: &mut Engine, call: &OpenTurf) -> Result<TurfView, EngineError> {
    let member = engine.member()?.clone();
    let conn = engine.conn();
    let entry = turfs::all(conn)?
        .into_iter()
        .find(|entry| entry.id == call.turf)
        .ok_or_else(|| EngineError::not_found("error-turf-gone"))?;
    let versions = Versions::all(conn, member.campaign_doc)?;
    let roster = roster(conn)?;
    let standing = Standing::flags_alone(conn)?;
    let layout = laid_out(conn, &entry, &standing)?;
    let mut holders: Vec<Holder> = roster
        .iter()
        .filter(|device| device.role.is_handed_turf() && device.docs.contains(&entry.doc))
        .map(|device| holder(device, layout.as_ref()))
        .collect();
    holders.sort_by(|a, b| (&a.name, a.device).cmp(&(&b.name, b.device)));
    let progress = layout.map(|layout| of_layout(conn, entry.doc, &layout, &versions.support())).transpose()?;
    let row = row(&entry, progress, &roster, &settle::by_turf(conn)?);
    Ok(TurfView { row, entry, holders })
}

fn holder(device: &RosterDevice, layout: Option<&Layout>) -> Holder {
    let doors = layout.map(|layout| layout.doors.as_slice()).unwrap_or_default();
    let own = || {
        doors.iter().flat_map(|door| {
            door.visits.iter().filter(|visit| visit.by == device.member).map(move |visit| (visit.at, door))
        })
    };
    let visited: BTreeSet<_> = own().map(|(_, door)| door.row.id).collect();
    let last = own().max_by_key(|(at, door)| (*at, door.row.id));
    Holder {
        device: device.device,
        member: device.member,
        name: device.name.clone(),
        last_heard: device.last_heard,
        n_doors: count(visited.len()),
        last_address: last.map(|(_, door)| door.row.address()).unwrap_or_default(),
        last_visit_at: last.map(|(at, _)| at),
    }
}
