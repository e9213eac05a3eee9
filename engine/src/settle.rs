//! Conflicts between answers: shown side by side with author, time and notes, and settled by a coordinator.

pub(crate) mod uncounted;

use crate::answer::{Answer, local};
use crate::doc::turf_map;
use crate::door::{history, open};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::script::words::Versions;

use crate::store::field::turfs::TurfRow;
use crate::store::field::{doors, flags, turfs};
use crate::store::office::{self as rows, Disputed};
use crate::store::packs;
use crate::visit::sign;
use porchlight_model::calls::door::{HistoryItem, HistoryKind};
use porchlight_model::calls::settle::SettleCall;
use porchlight_model::calls::settle::{ConflictSide, ConflictView, Conflicts, Settle};
use porchlight_model::id::{DocId, TurfId};
use porchlight_model::message::Message;
use porchlight_model::voter::Door;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// Answers this capability's calls.
pub(crate) fn answer(handle: &EngineHandle, call: SettleCall) -> Answer {
    match call {
        SettleCall::Conflicts(call) => local(handle, &call, conflicts),
        SettleCall::Settle(call) => local(handle, &call, settle),
        SettleCall::Uncounted(call) => local(handle, &call, uncounted::uncounted),
    }
}

/// A note belongs to a side if its author wrote it within this time of the visit, in milliseconds.
const SAME_DAY_MS: i64 = 12 * 3_600_000;

/// Lists the unsettled conflicts.
pub(crate) fn conflicts(engine: &mut Engine, _: &Conflicts) -> Result<Vec<ConflictView>, EngineError> {
    let campaign = engine.member()?.campaign_doc;
    let conn = engine.conn();
    let versions = Versions::all(conn, campaign)?;
    waiting(conn)?.iter().map(|waiting| view(conn, campaign, &versions, waiting)).collect()
}

/// How many of [`conflicts`] each turf has.
pub(crate) fn by_turf(conn: &Connection) -> Result<BTreeMap<TurfId, u32>, EngineError> {
    let mut counts = BTreeMap::new();
    for Waiting { turf, .. } in waiting(conn)? {
        *counts.entry(turf.turf).or_default() += 1;
    }
    Ok(counts)
}

/// One unsettled conflict.
struct Waiting {
    /// The turf of the voter's door now.
    turf: TurfRow,
    door: Door,
    /// At least one; all of one document, voter and question.
    sides: Vec<Disputed>,
}

/// The unsettled conflicts: each voter and question of a turf once, and none while the turf's pack has not arrived, because the voter's name is
/// unknown then.
fn waiting(conn: &Connection) -> Result<Vec<Waiting>, EngineError> {
    let mut together: Vec<Vec<Disputed>> = Vec::new();
    for side in rows::disputed(conn)? {
        match together.last_mut() {
            Some(last) if (last[0].doc, last[0].voter, last[0].question) == (side.doc, side.voter, side.question) => {
                last.push(side);
            }
            _ => together.push(vec![side]),
        }
    }
    let mut all: Vec<Waiting> = Vec::new();
    let mut told = BTreeSet::new();
    // If a voter's answer is disputed in two waves, the newer comes first: the documents are in the order of their creation.
    for sides in together.into_iter().rev() {
        let Disputed { voter, question, .. } = sides[0];
        let Some(at) = turfs::door_of_voter(conn, voter)? else { continue };
        let (Some(door), Some(turf)) = (doors::get(conn, at)?, turfs::of_door(conn, at)?) else { continue };
        if told.insert((turf.turf, voter, question)) {
            all.push(Waiting { turf, door, sides });
        }
    }
    all.reverse();
    Ok(all)
}

fn view(
    conn: &Connection,
    campaign: DocId,
    versions: &Versions,
    waiting: &Waiting,
) -> Result<ConflictView, EngineError> {
    let Waiting { turf, door, sides } = waiting;
    let Disputed { doc, voter, question, .. } = sides[0];
    let voters = open::voters(conn, campaign, (doc, Some(turf)), door.id, &flags::standing(conn)?)?;
    let mut history = history::read(conn, campaign, door.id, &voters)?;
    history.retain(|item| item.voter.is_none_or(|about| about == voter));
    let mut told = Vec::with_capacity(sides.len());
    for side in sides {
        told.push(told_by(conn, campaign, side, versions, &history)?);
    }
    told.sort_by(|a, b| (a.at, &a.value).cmp(&(b.at, &b.value)));
    let asked = versions.question(None, question).map(|(_, asked)| (asked.title.clone(), asked.text.clone()));
    let (title, text) = asked.unwrap_or_default();
    let name = rows::name_of(conn, voter)?.1;
    Ok(ConflictView {
        turf: turf.turf,
        voter,
        name,
        address: door.address(),
        question,
        title,
        text,
        sides: told,
        history,
    })
}

fn told_by(
    conn: &Connection,
    campaign: DocId,
    side: &Disputed,
    versions: &Versions,
    history: &[HistoryItem],
) -> Result<ConflictSide, EngineError> {
    let said = rows::said_at(conn, campaign, side)?;
    let words = versions.words(said.as_ref().and_then(|said| said.script), side.question, &side.value);
    let mut view = ConflictSide {
        value: side.value.clone(),
        text: words.text,
        label: words.label,
        visit: None,
        by_name: String::new(),
        at: None,
        notes: Vec::new(),
    };
    if let Some(rows::SaidAt { visit, at, by, by_name, .. }) = said {
        let near = history.iter().filter(|item| item.by == by && item.at.since_ms(at).abs() < SAME_DAY_MS);
        view.notes = near
            .filter_map(|item| match &item.what {
                HistoryKind::Note { text, .. } => Some(text.clone()),
                _ => None,
            })
            .collect();
        (view.visit, view.at, view.by_name) = (Some(visit), Some(at), by_name);
    }
    Ok(view)
}

/// Settles a conflict: the chosen answer replaces all others, or all are removed.
pub(crate) fn settle(engine: &mut Engine, call: &Settle) -> Result<(), EngineError> {
    engine.write("settle a conflict", |tx| {
        let me = tx.member()?.identity.clone();
        turfs::get(tx.conn(), call.turf)?.ok_or_else(|| EngineError::not_found("error-turf-gone"))?;
        let (doc, sides) =
            newest_sides(tx.conn(), call)?.ok_or_else(|| EngineError::not_found("error-conflict-gone"))?;
        if call.keep.as_ref().is_some_and(|keep| !sides.contains(keep)) {
            return Err(EngineError::bad_input(Message::new("error-conflict-side")));
        }
        let key = format!("{}/{}", call.voter, call.question);
        tx.edit(doc, |edit| {
            sign::add_walker(edit, &me)?;
            match &call.keep {
                Some(keep) => sign::put_answer(edit, &key, keep),
                None => edit.remove(turf_map::ANSWERS, &key),
            }
        })
    })
}

/// The document of the newest wave in which an answer is disputed, and the values given there.
fn newest_sides(conn: &Connection, call: &Settle) -> Result<Option<(DocId, Vec<String>)>, EngineError> {
    let mut newest: Option<(DocId, Vec<String>)> = None;
    for side in rows::disputed(conn)? {
        if (side.voter, side.question) != (call.voter, call.question)
            || packs::turf_of(conn, side.doc)? != Some(call.turf)
        {
            continue;
        }
        match &mut newest {
            Some((doc, sides)) if *doc == side.doc => sides.push(side.value),
            _ => newest = Some((side.doc, vec![side.value])),
        }
    }
    Ok(newest)
}
