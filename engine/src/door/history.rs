//! Tells what happened at a door, newest first.

use crate::error::EngineError;
use crate::script::words::Versions;
use crate::store::field::history::{self as rows, Said, Signed};
use crate::store::waves;
use porchlight_model::calls::field::{HistoryItem, HistoryKind, VoterView};
use porchlight_model::id::{DocId, DoorId, ScriptId, VisitId};
use rusqlite::Connection;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Visits, notes, flags and people of a door and of `voters`, who live behind it.
pub(crate) fn read(
    conn: &Connection,
    campaign: DocId,
    door: DoorId,
    voters: &[VoterView],
) -> Result<Vec<HistoryItem>, EngineError> {
    let mut said: BTreeMap<VisitId, Vec<Said>> = BTreeMap::new();
    for answer in rows::said(conn, door)? {
        said.entry(answer.visit).or_default().push(answer);
    }
    let visits = rows::visits(conn, campaign, door)?;
    let versions = Versions::of(conn, campaign, &visits.iter().filter_map(|visit| visit.script).collect())?;
    let waves = waves::names_at(conn, door)?;
    let item = |signed: Signed, what| HistoryItem {
        wave: waves.iter().find(|(doc, _)| *doc == signed.doc).map(|(_, name)| name.clone()),
        ..item(signed, what, voters)
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
    history.extend(rows::notes(conn, campaign, door)?.into_iter().map(|(s, text)| item(s, HistoryKind::Note { text })));
    history.extend(
        rows::flags(conn, campaign, door)?
            .into_iter()
            .map(|(signed, flag, is_set)| item(signed, HistoryKind::Flag { flag, is_set })),
    );
    history
        .extend(rows::people(conn, campaign, door)?.into_iter().map(|(s, name)| item(s, HistoryKind::Added { name })));
    history.sort_by_key(|item| Reverse(item.at));
    Ok(history)
}

fn item(signed: Signed, what: HistoryKind, voters: &[VoterView]) -> HistoryItem {
    let voter = voters.iter().find(|view| Some(view.voter.id) == signed.voter);
    HistoryItem {
        at: signed.at,
        by: signed.by,
        by_name: signed.by_name,
        voter: signed.voter,
        voter_name: voter.map(|view| view.voter.full_name()).unwrap_or_default(),
        what,
        safety: signed.safety,
        wave: None,
    }
}

/// Answers as question title and option label, in the order of the script that was used; what no script has, as it is stored, last.
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
