//! The tables of other records: notes, flags, added people, walkers, and the text of the script.

use super::results::{PERSON, PLACE};
use super::{Exporting, Table, cells};
use crate::error::EngineError;
use crate::store::export::{self as rows, Signed};
use crate::store::field::{doors, turfs};
use porchlight_model::id::{DoorId, NoteId, VoterId};
use porchlight_model::time::At;
use porchlight_model::visit::About;

impl Exporting<'_> {
    /// Every note, also those that were rewritten or removed.
    pub(super) fn notes(&self) -> Result<Table, EngineError> {
        let mut table = Vec::new();
        for note in rows::notes(self.conn, self.of)? {
            let mut cells = signature(&note.signed);
            cells.extend(self.about(note.about)?);
            cells.push(note.text);
            cells.extend(match note.retracted {
                Some((at, by)) => [at.to_iso(), rows::member_name(self.conn, self.of.campaign, note.signed.doc, by)?],
                None => [String::new(), String::new()],
            });
            table.push(cells);
        }
        Ok(Table { header: header("note", &["text", "taken_back_at", "taken_back_by"]), rows: table })
    }

    /// Every setting and lifting of a flag.
    pub(super) fn flags(&self) -> Result<Table, EngineError> {
        let mut table = Vec::new();
        for flag in rows::flags(self.conn, self.of)? {
            let mut cells = signature(&flag.signed);
            cells.extend(self.about(flag.about)?);
            cells.extend([flag.flag, if flag.is_set { "set" } else { "lifted" }.to_owned(), flag.reason]);
            table.push(cells);
        }
        Ok(Table { header: header("id", &["flag", "is", "reason"]), rows: table })
    }

    /// Everyone who was added at a door, also those who were taken back.
    pub(super) fn people(&self) -> Result<Table, EngineError> {
        let mut columns = cells(&["person", "at", "canvasser", "turf", "wave"]);
        columns.extend(cells(&PLACE));
        columns.extend(cells(&["first", "last", "phone", "taken_back_at"]));
        let mut table = Vec::new();
        for person in rows::people(self.conn, self.of)? {
            let mut cells = signature(&person.signed);
            cells[0] = person.voter.to_string();
            cells.extend(self.place(Some(person.door))?);
            cells.extend([person.first, person.last, person.phone]);
            cells.push(person.retracted_at.map(At::to_iso).unwrap_or_default());
            table.push(cells);
        }
        Ok(Table { header: columns, rows: table })
    }

    /// Who walked which turf.
    pub(super) fn walkers(&self) -> Result<Table, EngineError> {
        let line = |walker: rows::Walker| {
            vec![walker.member.to_string(), walker.name, walker.turf, walker.wave, walker.n_visits.to_string()]
        };
        let rows = rows::walkers(self.conn, self.of)?.into_iter().map(line).collect();
        Ok(Table { header: cells(&["member", "canvasser", "turf", "wave", "visits"]), rows })
    }

    /// Every version of the script, the one in force first.
    pub(super) fn scripts(&self) -> Table {
        let header = cells(&["script", "opening", "n", "question", "asked", "place", "answer", "value", "is_support"]);
        let mut rows = Vec::new();
        for script in self.versions.newest_first() {
            for (n, question) in (1..).zip(&script.questions) {
                for (place, option) in (1..).zip(&question.options) {
                    let mut cells = vec![script.id.to_string(), script.opening.clone()];
                    cells.extend([n.to_string(), question.title.clone(), question.text.clone()]);
                    cells.extend([place.to_string(), option.label.clone(), option.value.clone()]);
                    cells.push(if option.is_support { "yes" } else { "" }.to_owned());
                    rows.push(cells);
                }
            }
        }
        Table { header, rows }
    }

    fn about(&self, about: Option<About>) -> Result<Vec<String>, EngineError> {
        let (kind, door, voter) = match about {
            Some(About::Door(door)) => ("door", Some(door), None),
            Some(About::Voter(voter)) => ("voter", turfs::door_of_voter(self.conn, voter)?, Some(voter)),
            None => ("", None, None),
        };
        let mut cells = vec![kind.to_owned()];
        cells.extend(self.place(door)?);
        cells.extend(self.person(voter)?);
        Ok(cells)
    }

    /// The cells of [`PLACE`].
    pub(super) fn place(&self, door: Option<DoorId>) -> Result<[String; 6], EngineError> {
        let door = door.map_or(Ok(None), |door| doors::get(self.conn, door))?;
        Ok(door
            .map(|door| [door.number, door.street, door.unit, door.city, door.zip, door.precinct])
            .unwrap_or_default())
    }

    /// The cells of [`PERSON`].
    pub(super) fn person(&self, voter: Option<VoterId>) -> Result<Vec<String>, EngineError> {
        let Some(voter) = voter else { return Ok(vec![String::new(); PERSON.len()]) };
        let mut cells = rows::voter(self.conn, voter)?.to_vec();
        cells.push(voter.to_string());
        Ok(cells)
    }
}

fn header(id: &str, own: &[&str]) -> Vec<String> {
    let mut header = cells(&[id, "at", "canvasser", "turf", "wave", "about"]);
    header.extend(cells(&PLACE));
    header.extend(cells(&PERSON));
    header.extend(cells(own));
    header
}

fn signature(signed: &Signed) -> Vec<String> {
    let id = NoteId::from_bytes(signed.id).to_string();
    vec![id, signed.at.to_iso(), signed.by_name.clone(), signed.turf.clone(), signed.wave.clone()]
}
