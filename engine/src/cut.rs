//! Cutting turf: free doors of an area become balanced, compact turf in walking order, each with its document and pack.
//!
//! ```text
//! doors → stops (a building is one) → pieces of street faces → halves of halves → runs chained to a walk → packs
//! ```
//! See `docs/turf.md`.

pub(crate) mod ground;
pub(crate) mod map;
pub(crate) mod order;
pub(crate) mod split;
pub(crate) mod stops;

#[cfg(test)]
mod tests;

use crate::answer::{Answer, local, reply};
use crate::doc::{born, campaign_map};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::import::run::breathe;
use crate::store::{cut as rows, packs, reference, roll, turfs};
use crate::{engine::Tx, pack, wave};
use porchlight_model::calls::cut::CutCall;
use porchlight_model::calls::cut::{CutDone, CutPreview, CutTurf, PrecinctRow, Precincts, PreviewCut};
use porchlight_model::calls::{Event, Topic};
use porchlight_model::id::{DocId, JobId, Sha256, TurfId, WaveId};
use porchlight_model::message::{ApiError, ErrorCode, Message};
use porchlight_model::ring::{self, Fault};
use porchlight_model::turf::{CutArea, DOORS_PER_TURF, PACK_FORMAT, Pack, TurfDraft, TurfEntry};
use porchlight_model::voter::Door;
use porchlight_model::wire::DocKind;
use stops::Stop;

/// Answers this capability's calls.
pub(crate) async fn answer(handle: &EngineHandle, call: CutCall) -> Answer {
    match call {
        CutCall::OfficeGround(call) => local(handle, &call, map::office_ground),
        CutCall::StopsWithin(call) => local(handle, &call, map::stops_within),
        CutCall::Precincts(call) => local(handle, &call, precincts),
        CutCall::PreviewCut(call) => local(handle, &call, preview),
        CutCall::CutTurf(call) => reply(&call, cut(handle, &call).await),
    }
}

/// The maximum length of the common part of the turfs' names, in characters.
const MAX_NAME_CHARS: usize = 60;

/// Lists the precincts by name.
pub(crate) fn precincts(engine: &mut Engine, _: &Precincts) -> Result<Vec<PrecinctRow>, EngineError> {
    rows::precincts(engine.conn())
}

/// Previews a cut: the turf it would make.
pub(crate) fn preview(engine: &mut Engine, call: &PreviewCut) -> Result<CutPreview, EngineError> {
    let plan = plan(engine, &call.area, call.doors_per_turf, &call.name)?;
    let n_voters = rows::n_voters(engine.conn())?;
    let drafts = plan.parts.iter().map(|part| {
        let doors = || part.stops.iter().flat_map(|stop| &stop.doors);
        TurfDraft {
            name: part.name.clone(),
            doors: doors().map(|door| door.id).collect(),
            n_voters: doors().filter_map(|door| n_voters.get(&door.id)).sum(),
            minutes: order::minutes(&part.stops),
            outline: ground::outline(&part.stops),
        }
    });
    Ok(CutPreview { turfs: drafts.collect(), n_unlocated: plan.n_unlocated, n_taken: plan.n_taken })
}

/// Cuts turf. Each turf gets its document and its pack, all in one transaction.
pub(crate) async fn cut(handle: &EngineHandle, call: &CutTurf) -> Result<CutDone, EngineError> {
    let (plan, town) = handle.with(|engine| {
        let plan = plan(engine, &call.area, call.doors_per_turf, &call.name)?;
        Ok::<_, EngineError>((plan, rows::sheet(engine.conn())?))
    })?;
    let mut made = Vec::with_capacity(plan.parts.len());
    let total = plan.parts.len() as u64;
    for (done, part) in (0..).zip(&plan.parts) {
        if handle.take_cancelled(call.job) {
            return Err(EngineError::Told(ApiError::new(ErrorCode::Cancelled, Message::new("cut-cancelled"))));
        }
        tell(handle, call.job, done, total);
        made.push(handle.with(|engine| make(engine, part, &town, done))?);
        breathe().await;
    }
    handle.with(|engine| {
        engine.write("cut", |tx| {
            let campaign = tx.member()?.campaign_doc;
            for made in &made {
                put(tx, campaign, made)?;
            }
            tx.touch(Topic::Turf);
            Ok(CutDone { turfs: made.iter().map(|made| made.entry.id).collect() })
        })
    })
}

fn tell(handle: &EngineHandle, job: JobId, done: u64, total: u64) {
    (handle.shell.events)(Event::Progress { job, done, total, what: Message::new("cut-progress") });
}

/// A planned cut: the stops of each turf in walking order.
struct Plan {
    parts: Vec<Part>,
    n_unlocated: u32,
    n_taken: u32,
}

struct Part {
    name: String,
    stops: Vec<Stop>,
}

fn plan(engine: &Engine, area: &CutArea, doors_per_turf: u32, name: &str) -> Result<Plan, EngineError> {
    if !DOORS_PER_TURF.contains(&doors_per_turf) {
        let what =
            Message::new("cut-doors-per-turf").with("least", DOORS_PER_TURF.start()).with("most", DOORS_PER_TURF.end());
        return Err(EngineError::bad_input(what));
    }
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS {
        return Err(EngineError::bad_input(Message::new("cut-name").with("max", MAX_NAME_CHARS)));
    }
    wave::for_cut(engine.conn())?;
    let in_area = in_area(area)?;
    let (mut free, mut n_unlocated, mut n_taken) = (Vec::new(), 0, 0);
    for (door, is_taken) in rows::doors(engine.conn())? {
        if !in_area(&door) {
            continue;
        }
        match (door.at, is_taken) {
            (_, true) => n_taken += 1,
            (None, false) => n_unlocated += 1,
            (Some(_), false) => free.push(door),
        }
    }
    let taken_names: Vec<String> = turfs::all(engine.conn())?.into_iter().map(|entry| entry.name).collect();
    let first = taken_names
        .iter()
        .filter_map(|taken| taken.strip_prefix(name)?.trim().parse::<u32>().ok())
        .max()
        .unwrap_or_default();
    let parts = split::split(stops::group(free), doors_per_turf as usize);
    let parts =
        (first + 1..).zip(parts).map(|(n, stops)| Part { name: format!("{name} {n}"), stops: order::order(stops) });
    Ok(Plan { parts: parts.collect(), n_unlocated, n_taken })
}

/// Whether a door lies in the area.
type InArea = Box<dyn Fn(&Door) -> bool>;

fn in_area(area: &CutArea) -> Result<InArea, EngineError> {
    Ok(match area {
        CutArea::Everything => Box::new(|_| true),
        CutArea::Precinct { precinct } => {
            let precinct = precinct.clone();
            Box::new(move |door| door.precinct == precinct)
        }
        CutArea::Drawn { ring } => {
            let ring = ring::checked(ring).map_err(|fault| EngineError::bad_input(told(fault)))?;
            let is_inside = ground::ring(&ring);
            Box::new(move |door| door.at.is_some_and(&is_inside))
        }
    })
}

fn told(fault: Fault) -> Message {
    match fault {
        Fault::TooFew | Fault::NoPlace => Message::new("cut-ring"),
        Fault::TooMany => Message::new("cut-ring-many").with("most", ring::MAX_CORNERS),
        Fault::Crosses => Message::new("cut-ring-crosses"),
    }
}

/// A turf that is built but not yet written.
struct Made {
    entry: TurfEntry,
    pack_bytes: Vec<u8>,
    doors: Vec<[u8; 16]>,
}

fn make(
    engine: &mut Engine,
    part: &Part,
    town: &porchlight_model::place::MapSheet,
    index: u64,
) -> Result<Made, EngineError> {
    // A millisecond apart, so that their ids keep the order of the cut.
    let at = engine.now().plus_ms(index.cast_signed()).0.unsigned_abs();
    let turf = TurfId::new(at, engine.random());
    let doc = DocId::new(at, engine.random());
    let doors: Vec<Door> = part.stops.iter().flat_map(|stop| stop.doors.clone()).collect();
    let mut voters = Vec::new();
    for door in &doors {
        voters.extend(rows::voters(engine.conn(), door.id)?);
    }
    let buildings = rows::buildings(engine.conn(), &doors)?;
    let outline = ground::outline(&part.stops);
    let minutes = order::minutes(&part.stops);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let (n_doors, n_voters, n_buildings) = (count(doors.len()), count(voters.len()), count(buildings.len()));
    let ids = doors.iter().map(|door| door.id.to_bytes()).collect();
    let (pack, pack_bytes) = pack::encode(&Pack {
        format: PACK_FORMAT,
        turf,
        name: part.name.clone(),
        doors,
        buildings,
        voters,
        minutes,
        route: part.stops.iter().map(|stop| stop.at).collect(),
        outline: outline.clone(),
        map: ground::sheet(town, &part.stops),
        roll_at: roll::at(engine.conn())?,
    })?;
    let entry =
        TurfEntry { id: turf, doc, name: part.name.clone(), pack, n_doors, n_voters, n_buildings, minutes, outline };
    Ok(Made { entry, pack_bytes, doors: ids })
}

fn put(tx: &mut Tx<'_>, campaign: DocId, made: &Made) -> Result<(), EngineError> {
    let TurfEntry { id, doc, name, pack, minutes, .. } = &made.entry;
    let wave = wave::for_cut(tx.conn())?;
    let pack: Sha256 = *pack;
    tx.create_doc(*doc, DocKind::Turf, |edit| born::turf(edit, *id, name, pack, *minutes))?;
    packs::put(tx.conn(), pack, *doc, &made.pack_bytes, false)?;
    reference::put_turf_doors(tx.conn(), *id, made.doors.iter().copied())?;
    let entry = serde_json::to_string(&made.entry)?;
    tx.edit(campaign, |edit| {
        if wave != WaveId::FIRST {
            edit.put(campaign_map::TURFS, &format!("{wave}/{id}"), doc.to_string())?;
        }
        edit.put(campaign_map::TURFS, &id.to_string(), entry)
    })
}
