//! The history of a door, newest first.

use crate::error::EngineError;
use crate::script::words::Versions;
use crate::store::field::doors;
use crate::store::field::history::{self as rows, PastVisit, Said, Signed};
use crate::store::{office, waves};
use porchlight_model::calls::door::{HistoryItem, HistoryKind, VoterView};
use porchlight_model::id::{DocId, DoorId, ScriptId, VisitId, VoterId};
use rusqlite::Connection;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Reads the visits, notes, flags and added people of a door and of `voters`, its residents.
pub(crate) fn read(
    conn: &Connection,
    campaign: DocId,
    door: DoorId,
    voters: &[VoterView],
) -> Result<Vec<HistoryItem>, EngineError> {
    let visits = rows::visits(conn, campaign, door)?;
    tell(conn, campaign, door, visits, voters)
}

/// As [`read`] for one voter, including what happened where they lived before.
pub(crate) fn read_of_voter(
    conn: &Connection,
    campaign: DocId,
    door: DoorId,
    voter: VoterId,
    voters: &[VoterView],
) -> Result<Vec<HistoryItem>, EngineError> {
    let mut visits = rows::visits(conn, campaign, door)?;
    visits.extend(rows::visits_elsewhere(conn, campaign, voter, door)?);
    tell(conn, campaign, door, visits, voters)
}

fn tell(
    conn: &Connection,
    campaign: DocId,
    door: DoorId,
    visits: Vec<PastVisit>,
    voters: &[VoterView],
) -> Result<Vec<HistoryItem>, EngineError> {
    let mut said: BTreeMap<VisitId, Vec<Said>> = BTreeMap::new();
    for answer in rows::said(conn, door)? {
        said.entry(answer.visit).or_default().push(answer);
    }
    for visit in visits.iter().filter(|visit| visit.signed.happened != Some(door)) {
        said.insert(visit.visit, rows::said_at(conn, visit.signed.doc, visit.visit)?);
    }
    let versions = Versions::of(conn, campaign, &visits.iter().filter_map(|visit| visit.script).collect())?;
    let waves = waves::names_at(conn, door)?;
    let mut names: BTreeMap<VoterId, String> =
        voters.iter().map(|view| (view.voter.id, view.voter.full_name())).collect();
    for voter in visits.iter().filter_map(|visit| visit.signed.voter) {
        if let Entry::Vacant(place) = names.entry(voter) {
            // The voter has moved or is off the roll.
            place.insert(office::name_of(conn, voter)?.1);
        }
    }
    let mut addresses = BTreeMap::new();
    let notes = rows::notes(conn, campaign, door)?;
    for signed in visits.iter().map(|visit| &visit.signed).chain(notes.iter().map(|(signed, _, _)| signed)) {
        if let Some(at) = signed.happened.filter(|at| *at != door) {
            addresses.insert(at, doors::get(conn, at)?.map(|door| door.address()).unwrap_or_default());
        }
    }
    let item = |signed: Signed, what| HistoryItem {
        wave: waves.iter().find(|(doc, _)| *doc == signed.doc).map(|(_, name)| name.clone()),
        elsewhere: signed.happened.and_then(|at| addresses.get(&at).cloned()),
        ..item(signed, what, &names)
    };
    let mut history = Vec::new();
    for past in visits {
        let what = HistoryKind::Visit {
            visit: past.visit,
            how: past.how,
            result: past.result,
            said: in_words(said.remove(&past.visit).unwrap_or_default(), past.script, &versions),
            is_retracted: past.is_retracted,
        };
        history.push(item(past.signed, what));
    }
    history.extend(notes.into_iter().map(|(signed, note, text)| item(signed, HistoryKind::Note { note, text })));
    history.extend(
        rows::flags(conn, campaign, door)?
            .into_iter()
            .map(|(signed, flag, is_set)| item(signed, HistoryKind::Flag { flag, is_set })),
    );
    history
        .extend(rows::people(conn, campaign, door)?.into_iter().map(|(s, name)| item(s, HistoryKind::Added { name })));
    history.sort_by_key(|item| Reverse(item.at));
    history.dedup_by(|later, earlier| is_same(later, earlier));
    Ok(history)
}

/// Whether two items are the same, because one was carried over from an earlier wave that is also stored here.
fn is_same(one: &HistoryItem, other: &HistoryItem) -> bool {
    let is_same_what = match (&one.what, &other.what) {
        (HistoryKind::Note { text, .. }, HistoryKind::Note { text: other, .. }) => text == other,
        (HistoryKind::Flag { .. }, HistoryKind::Flag { .. }) => one.what == other.what,
        _ => false,
    };
    is_same_what && (one.at, one.by, one.voter) == (other.at, other.by, other.voter)
}

fn item(signed: Signed, what: HistoryKind, names: &BTreeMap<VoterId, String>) -> HistoryItem {
    HistoryItem {
        at: signed.at,
        by: signed.by,
        by_name: signed.by_name,
        voter: signed.voter,
        voter_name: signed.voter.and_then(|voter| names.get(&voter).cloned()).unwrap_or_default(),
        what,
        safety: signed.safety,
        wave: None,
        elsewhere: None,
    }
}

/// Converts answers to question titles and option labels, in the order of the script that was used; answers that no script has come last, as stored.
fn in_words(said: Vec<Said>, used: Option<ScriptId>, versions: &Versions) -> Vec<(String, String)> {
    let mut placed: Vec<(usize, String, String)> = said
        .into_iter()
        .map(|said| {
            let words = versions.words(used, said.question, &said.value);
            (words.place, words.title, words.label)
        })
        .collect();
    placed.sort();
    placed.into_iter().map(|(_, title, label)| (title, label)).collect()
}
