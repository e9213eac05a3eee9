//! Results as CSV (RFC 4180, UTF-8); columns in `docs/export.md`.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::field::{doors, scripts, turfs, visits};
use crate::store::office as rows;
use porchlight_model::calls::files::{ExportFile, ExportKind, ExportResults};
use porchlight_model::id::{DocId, DoorId, QuestionId, VoterId};
use porchlight_model::script::Script;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// All results as a file.
pub(crate) fn export(engine: &mut Engine, call: &ExportResults) -> Result<ExportFile, EngineError> {
    let campaign = super::member(engine)?.campaign_doc;
    let conn = engine.conn();
    let columns = Columns::read(conn, campaign)?;
    let (name, table) = match call.what {
        ExportKind::Visits => ("visits", visits_table(conn, campaign, &columns)?),
        ExportKind::Answers => ("answers", answers_table(conn, &columns)?),
    };
    let day = engine.now().to_iso();
    Ok(ExportFile {
        name: format!("porchlight-{name}-{}.csv", day.get(..10).unwrap_or_default()),
        media_type: "text/csv;charset=utf-8".to_owned(),
        n_rows: (table.len() - 1) as u64,
        text: write(&table)?,
    })
}

/// The questions that have a column, over all versions of the script, the newest first.
struct Columns {
    questions: Vec<(QuestionId, String)>,
    labels: BTreeMap<(QuestionId, String), String>,
}

impl Columns {
    fn read(conn: &Connection, campaign: DocId) -> Result<Self, EngineError> {
        let mut columns = Self { questions: Vec::new(), labels: BTreeMap::new() };
        if let Some(script) = scripts::in_force(conn, campaign)? {
            columns.add(script);
        }
        for id in scripts::versions(conn, campaign)? {
            scripts::version(conn, campaign, id)?.map(|script| columns.add(script)).unwrap_or_default();
        }
        Ok(columns)
    }

    fn add(&mut self, script: Script) {
        for question in script.questions {
            if self.questions.iter().all(|(id, _)| *id != question.id) {
                self.questions.push((question.id, question.title));
            }
            for option in question.options {
                self.labels.entry((question.id, option.value)).or_insert(option.label);
            }
        }
    }

    fn titles(&self) -> impl Iterator<Item = String> {
        self.questions.iter().map(|(_, title)| title.clone())
    }

    fn cells(&self, answers: &BTreeMap<QuestionId, String>) -> impl Iterator<Item = String> {
        self.questions.iter().map(|(id, _)| {
            let value = answers.get(id).cloned().unwrap_or_default();
            self.labels.get(&(*id, value.clone())).cloned().unwrap_or(value)
        })
    }
}

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn visits_table(conn: &Connection, campaign: DocId, columns: &Columns) -> Result<Vec<Vec<String>>, EngineError> {
    let mut header = row(&[
        "visit",
        "at",
        "canvasser",
        "how",
        "result",
        "turf",
        "wave",
        "number",
        "street",
        "unit",
        "city",
        "zip",
        "precinct",
    ]);
    header.extend(row(&["voter_id", "voter"]));
    header.extend(columns.titles());
    let mut table = vec![header];
    for visit in rows::visits(conn, campaign)? {
        let mut cells = vec![
            visit.id.to_string(),
            visit.at.to_iso(),
            visit.by_name,
            visit.how,
            visit.result,
            visit.turf,
            visit.wave,
        ];
        cells.extend(place(conn, visit.door)?);
        cells.extend(visit.voter.map_or_else(|| Ok([String::new(), String::new()]), |voter| person(conn, voter))?);
        let said = visits::said(conn, visit.doc, visit.id)?;
        cells.extend(columns.cells(&said.into_iter().map(|(_, question, value)| (question, value)).collect()));
        table.push(cells);
    }
    Ok(table)
}

fn answers_table(conn: &Connection, columns: &Columns) -> Result<Vec<Vec<String>>, EngineError> {
    let mut header =
        row(&["voter_id", "voter", "turf", "wave", "number", "street", "unit", "city", "zip", "precinct", "disputed"]);
    header.extend(columns.titles());
    // The names of turf and wave, and the answers.
    type Row = ([String; 2], BTreeMap<QuestionId, String>);
    let mut by_voter: BTreeMap<(DocId, VoterId), Row> = BTreeMap::new();
    for rows::Answered { doc, turf, wave, voter, question, value } in rows::answered(conn)? {
        by_voter.entry((doc, voter)).or_insert_with(|| ([turf, wave], BTreeMap::new())).1.insert(question, value);
    }
    let mut disputed: BTreeMap<(DocId, VoterId), BTreeSet<QuestionId>> = BTreeMap::new();
    for side in rows::disputed(conn)? {
        disputed.entry((side.doc, side.voter)).or_default().insert(side.question);
    }
    let mut table = vec![header];
    for (key, (turf_and_wave, mut answers)) in by_voter {
        let mut cells = person(conn, key.1)?.to_vec();
        cells.extend(turf_and_wave);
        match turfs::door_of_voter(conn, key.1)? {
            Some(door) => cells.extend(place(conn, door)?),
            None => cells.extend(std::array::from_fn::<_, 6, _>(|_| String::new())),
        }
        // A disputed answer is none until a coordinator has settled it: the cell stays empty and the question is named.
        let waiting = disputed.remove(&key).unwrap_or_default();
        answers.retain(|question, _| !waiting.contains(question));
        let named = columns.questions.iter().filter(|(id, _)| waiting.contains(id)).map(|(_, title)| title.as_str());
        cells.push(named.collect::<Vec<_>>().join("; "));
        cells.extend(columns.cells(&answers));
        table.push(cells);
    }
    Ok(table)
}

fn place(conn: &Connection, door: DoorId) -> Result<[String; 6], EngineError> {
    let door = doors::get(conn, door)?;
    Ok(door.map(|door| [door.number, door.street, door.unit, door.city, door.zip, door.precinct]).unwrap_or_default())
}

fn person(conn: &Connection, voter: VoterId) -> Result<[String; 2], EngineError> {
    Ok(rows::name_of(conn, voter)?.into())
}

fn write(table: &[Vec<String>]) -> Result<String, EngineError> {
    let failed = |error: String| EngineError::Corrupt { what: error };
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in table {
        csv.write_record(row.iter().map(|cell| harmless(cell).into_owned()))
            .map_err(|error| failed(error.to_string()))?;
    }
    let bytes = csv.into_inner().map_err(|error| failed(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| failed(error.to_string()))
}

/// A cell that no spreadsheet takes for a formula: such a beginning gets an apostrophe before it.
fn harmless(cell: &str) -> std::borrow::Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}").into() } else { cell.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        let table = vec![row(&["a", "b"]), row(&["=SUM(A1)", "Ruiz, \"Ana\""]), row(&["-1", "@x"])];
        assert_eq!(write(&table).unwrap_or_default(), "a,b\r\n'=SUM(A1),\"Ruiz, \"\"Ana\"\"\"\r\n'-1,'@x\r\n");
    }
}
