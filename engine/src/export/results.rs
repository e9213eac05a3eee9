//! The tables of visits and answers.

use super::columns::AnswerCells;
use super::{Exporting, Table, cells};
use crate::error::EngineError;
use crate::store::export::{self as rows, Answered, Visit};
use crate::store::field::{turfs, visits};
use crate::store::laws::Asked;
use crate::store::office;
use porchlight_model::id::{DocId, QuestionId, ScriptId, VoterId};
use std::collections::{BTreeMap, BTreeSet};

/// The columns of an address.
pub(super) const PLACE: [&str; 6] = ["number", "street", "unit", "city", "zip", "precinct"];
/// The columns of a person.
pub(super) const PERSON: [&str; 4] = ["voter_id", "voter", "party", "person"];

impl Exporting<'_> {
    /// Every visit that was not taken back.
    pub(super) fn visits(&self) -> Result<Table, EngineError> {
        let mut rows = Vec::new();
        for visit in self.visits.iter().filter(|visit| !visit.is_retracted) {
            rows.push((self.visit(visit)?, self.answers_at(visit)?));
        }
        Ok(self.with_questions(visit_header(), rows))
    }

    /// Every visit that was taken back, with when and by whom.
    pub(super) fn taken_back(&self) -> Result<Table, EngineError> {
        let mut header = visit_header();
        header.extend(cells(&["taken_back_at", "taken_back_by"]));
        let mut rows = Vec::new();
        for visit in self.visits.iter().filter(|visit| visit.is_retracted) {
            let mut cells = self.visit(visit)?;
            let (at, by) = match self.retracted.get(&visit.visit) {
                Some((at, by)) => (at.to_iso(), by.clone()),
                None => (String::new(), String::new()),
            };
            cells.extend([at, by]);
            rows.push((cells, self.answers_at(visit)?));
        }
        Ok(self.with_questions(header, rows))
    }

    fn visit(&self, visit: &Visit) -> Result<Vec<String>, EngineError> {
        let mut cells = vec![visit.visit.to_string(), visit.signed.at.to_iso(), visit.signed.by_name.clone()];
        cells.extend([visit.how.clone(), visit.result.clone(), visit.signed.turf.clone(), visit.signed.wave.clone()]);
        cells.extend(self.place(Some(visit.door))?);
        cells.extend(self.person(visit.voter)?);
        cells.extend([script_id(visit.script), visit.device.to_string()]);
        Ok(cells)
    }

    /// The answers of a visit, in the words that were on the screen.
    fn answers_at(&self, visit: &Visit) -> Result<AnswerCells, EngineError> {
        let mut cells = AnswerCells::new();
        for (_, question, value) in visits::said(self.conn, visit.signed.doc, visit.visit)? {
            let words = self.versions.words(visit.script, question, &value);
            let cell = cells.entry((question, words.title)).or_default();
            // Several people answered at one visit.
            if !cell.is_empty() {
                cell.push_str("; ");
            }
            cell.push_str(&words.label);
        }
        Ok(cells)
    }

    /// Every answer of every visit, one in a row, with what was asked; also of visits that were taken back.
    pub(super) fn said(&self) -> Result<Table, EngineError> {
        let mut header = cells(&["visit", "at", "canvasser", "turf", "wave"]);
        header.extend(cells(&PERSON));
        header.extend(cells(&["question", "asked", "answer", "value", "script", "taken_back"]));
        header.extend(cells(&["settled_by", "settled_at"]));
        let mut table = Vec::new();
        for visit in &self.visits {
            for (voter, question, value) in visits::said(self.conn, visit.signed.doc, visit.visit)? {
                let words = self.versions.words(visit.script, question, &value);
                let mut cells = vec![visit.visit.to_string(), visit.signed.at.to_iso(), visit.signed.by_name.clone()];
                cells.extend([visit.signed.turf.clone(), visit.signed.wave.clone()]);
                cells.extend(self.person(Some(voter))?);
                let settled = self.settled(Asked { doc: visit.signed.doc, voter, question }, &value)?;
                cells.extend([words.title, words.text, words.label, value, script_id(visit.script)]);
                cells.push(if visit.is_retracted { "yes" } else { "" }.to_owned());
                cells.extend(settled);
                table.push(cells);
            }
        }
        Ok(Table { header, rows: table })
    }

    /// Who kept an answer when it contradicted others, and when; empty unless somebody did.
    fn settled(&self, asked: Asked, value: &str) -> Result<[String; 2], EngineError> {
        let Some(settled) = self.settled.get(&asked).filter(|settled| settled.value == value) else {
            return Ok([String::new(), String::new()]);
        };
        let name = |by| rows::member_name(self.conn, self.of.campaign, asked.doc, by);
        Ok([settled.by.map(name).transpose()?.unwrap_or_default(), settled.at.to_iso()])
    }

    /// The current answers, one row for each voter in each wave.
    pub(super) fn answers(&self) -> Result<Table, EngineError> {
        let mut header = cells(&PERSON);
        header.extend(cells(&["turf", "wave"]));
        header.extend(cells(&PLACE));
        header.push("disputed".to_owned());
        let mut disputed: BTreeMap<(DocId, VoterId), BTreeSet<QuestionId>> = BTreeMap::new();
        for side in office::disputed(self.conn)? {
            disputed.entry((side.doc, side.voter)).or_default().insert(side.question);
        }
        let mut by_voter: BTreeMap<(DocId, VoterId), Vec<Answered>> = BTreeMap::new();
        for answer in rows::answered(self.conn, self.of)? {
            by_voter.entry((answer.doc, answer.voter)).or_default().push(answer);
        }
        let mut table = Vec::new();
        for (key, answers) in by_voter {
            let mut cells = self.person(Some(key.1))?;
            let first = answers.first();
            cells.push(first.map(|answer| answer.turf.clone()).unwrap_or_default());
            cells.push(first.map(|answer| answer.wave.clone()).unwrap_or_default());
            cells.extend(self.place(turfs::door_of_voter(self.conn, key.1)?)?);
            // A disputed answer does not count until a coordinator has settled it: the cell stays empty and the question is named.
            let waiting = disputed.remove(&key).unwrap_or_default();
            let named = waiting.iter().filter_map(|question| self.versions.question(None, *question));
            cells.push(named.map(|(_, asked)| asked.title.as_str()).collect::<Vec<_>>().join("; "));
            let standing = answers.into_iter().filter(|answer| !waiting.contains(&answer.question));
            let said = standing.map(|answer| {
                let words = self.versions.words(answer.script, answer.question, &answer.value);
                ((answer.question, words.title), words.label)
            });
            table.push((cells, said.collect()));
        }
        Ok(self.with_questions(header, table))
    }
}

fn visit_header() -> Vec<String> {
    let mut header = cells(&["visit", "at", "canvasser", "how", "result", "turf", "wave"]);
    header.extend(cells(&PLACE));
    header.extend(cells(&PERSON));
    header.extend(cells(&["script", "device"]));
    header
}

fn script_id(script: Option<ScriptId>) -> String {
    script.map(|script| script.to_string()).unwrap_or_default()
}
