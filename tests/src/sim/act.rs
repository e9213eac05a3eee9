//! What people record in a story, by the calls of the interface.

use super::cast::Ground;
use super::ledger::{Entry, Hash};
use super::story::{Act, Mishap};
use super::world::{World, in_words};
use crate::campaign::{nobody_home, script};
use anyhow::Result;
use porchlight_model::calls::AnyCall;
use porchlight_model::calls::plan::CreateList;
use porchlight_model::calls::script::SaveScript;
use porchlight_model::calls::settle::{ConflictView, Conflicts, Settle};
use porchlight_model::calls::visit::{AddNote, AddPerson, Receipt, RecordVisit, SetFlag, Undo};
use porchlight_model::id::QuestionId;
use porchlight_model::plan::SavedFilter;
use porchlight_model::visit::{About, Flag, ResultCode};
use serde_bytes::ByteBuf;
use std::collections::{BTreeMap, BTreeSet};

/// The question that people in stories answer.
const QUESTION: QuestionId = QuestionId::from_bytes([1; 16]);
/// What they answer.
const ANSWERS: [&str; 3] = ["strong_yes", "undecided", "strong_no"];

/// A call and its description.
struct Wish {
    call: AnyCall,
    what: String,
}

impl World<'_> {
    /// Lets someone record something.
    pub(super) fn act(&mut self, who: usize, act: Act, mishap: Mishap) -> Result<()> {
        let who = match act {
            Act::Settle { .. } | Act::Script | Act::Plan => Self::coordinator(),
            _ => who,
        };
        let Some(wish) = self.wish(who, act)? else { return Ok(()) };
        let name = self.devices[who].name.clone();
        self.tell(format!("{name} records {}{}", wish.what, in_words(mishap)));
        let before: BTreeSet<Hash> = self.devices[who].stored()?.iter().map(|(_, hash, _)| *hash).collect();
        self.arm(who, mishap);
        let result = self.devices[who].ask(wish.call)?;
        if self.devices[who].is_dead() {
            self.tell(format!("    {name} dies there, and starts again"));
            return self.restart(who);
        }
        self.devices[who].disarm();
        match result {
            Err(error) => self.tell(format!("    is told: {}", error.message.id)),
            Ok(reply) => {
                if let Ok(receipt) = serde_json::from_str::<Receipt>(&reply) {
                    self.devices[who].last_visits = receipt.visits;
                }
                self.note_recorded(who, &before, act, &wish.what)?;
            }
        }
        if matches!(mishap, Mishap::Dies { .. }) {
            self.tell(format!("    {name} dies right after it, and starts again"));
            return self.restart(who);
        }
        Ok(())
    }

    /// Enters the act in the ledger: its changes are those that were not stored before.
    fn note_recorded(&mut self, who: usize, before: &BTreeSet<Hash>, act: Act, what: &str) -> Result<()> {
        let is_kept_back = match act {
            Act::NotHome { .. } | Act::Talk { .. } | Act::Note { .. } | Act::Person { .. } => true,
            Act::Flag { .. } | Act::Undo | Act::Settle { .. } | Act::Script | Act::Plan => false,
        };
        let what = format!("{what} by {}", self.devices[who].name);
        for (doc, hash, _) in self.devices[who].stored()?.iter().copied() {
            if !before.contains(&hash) && !self.revoked.contains(&self.ids[who]) {
                if act == Act::Undo {
                    self.ledger.release(who, |_, entry| entry.doc == doc);
                }
                self.ledger.record(hash, Entry { by: who, doc, what: what.clone(), is_kept_back });
            }
        }
        Ok(())
    }

    /// The turf that a device knows: those handed to it, or all for the office.
    fn grounds_of(&self, who: usize) -> Vec<usize> {
        let all = 0..self.stage.cast.grounds.len();
        if self.is_office(who) {
            return all.collect();
        }
        let id = self.ids[who];
        let is_known =
            |turf: &usize| self.handed.keys().any(|(of, doc)| *of == id && self.turf_of.get(doc) == Some(turf));
        all.filter(is_known).collect()
    }

    /// A unique text, which must occur at most once in all documents.
    fn text(&mut self) -> String {
        self.n_texts += 1;
        let text = format!("text {}", self.n_texts);
        self.ledger.notes.insert(text.clone());
        text
    }

    fn wish(&mut self, who: usize, act: Act) -> Result<Option<Wish>> {
        let (turf, door) = match act {
            Act::NotHome { turf, door }
            | Act::Talk { turf, door, .. }
            | Act::Note { turf, door }
            | Act::Flag { turf, door, .. }
            | Act::Person { turf, door } => (turf, door),
            Act::Undo => return self.undo(who),
            Act::Settle { keeps } => return self.settle(who, keeps),
            Act::Script => {
                let call = SaveScript { script: script() }.into();
                return Ok(Some(Wish { call, what: "a new version of the script".to_owned() }));
            }
            Act::Plan => {
                self.n_texts += 1;
                let filter = SavedFilter { version: 1, body: ByteBuf::new() };
                let call = CreateList { name: format!("List {}", self.n_texts), filter, voters: None }.into();
                return Ok(Some(Wish { call, what: "a saved list".to_owned() }));
            }
        };
        let mine = self.grounds_of(who);
        if mine.is_empty() {
            return Ok(None);
        }
        let turf = mine[turf % mine.len()];
        let Ground { doors, .. } = self.stage.cast.grounds[turf].clone();
        let nth = door % doors.len();
        let (door, voter) = doors[nth];
        let at = format!("at door {} of turf {}", nth + 1, turf + 1);
        let visit = nobody_home(door, "");
        let (call, what): (AnyCall, String) = match act {
            Act::NotHome { .. } => {
                self.ledger.n_visits += 1;
                (visit.into(), "nobody home".to_owned())
            }
            Act::Talk { answer, .. } => {
                self.ledger.n_visits += 1;
                let (answer, note) = (ANSWERS[answer % ANSWERS.len()], self.text());
                let answers = BTreeMap::from([(QUESTION, answer.to_owned())]);
                let what = format!("a talk, {answer:?} and {note:?},");
                let result = ResultCode::Canvassed;
                (RecordVisit { voter: Some(voter), result, answers, note, ..visit }.into(), what)
            }
            Act::Note { .. } => {
                let text = self.text();
                let what = format!("the note {text:?}");
                (AddNote { about: About::Door(door), text }.into(), what)
            }
            Act::Flag { is_set, .. } => {
                let what = if is_set { "a flag set" } else { "a flag lifted" };
                (SetFlag { about: About::Voter(voter), flag: Flag::DoNotContact, is_set }.into(), what.to_owned())
            }
            _ => {
                let person = AddPerson { door, first: "Kit".to_owned(), last: self.text(), phone: String::new() };
                (person.into(), "a person added".to_owned())
            }
        };
        Ok(Some(Wish { call, what: format!("{what} {at}") }))
    }

    fn undo(&mut self, who: usize) -> Result<Option<Wish>> {
        let visits = std::mem::take(&mut self.devices[who].last_visits);
        let Some(visit) = visits.first().copied() else { return Ok(None) };
        for doc in self.turf_of.keys() {
            let has = self.devices[who].handle()?.with(|engine| {
                let Ok(document) = engine.document(*doc) else { return false };
                super::promise::has_entry(document, "visits", &visit.to_string())
            });
            if has {
                let call = Undo { visits }.into();
                return Ok(Some(Wish { call, what: "that the last visit was a mistap".to_owned() }));
            }
        }
        Ok(None)
    }

    fn settle(&mut self, who: usize, keeps: bool) -> Result<Option<Wish>> {
        let Ok(reply) = self.devices[who].ask(Conflicts {})? else { return Ok(None) };
        let conflicts: Vec<ConflictView> = serde_json::from_str(&reply)?;
        let Some(conflict) = conflicts.first() else { return Ok(None) };
        let keep = conflict.sides.first().filter(|_| keeps).map(|side| side.value.clone());
        let what = format!("a conflict settled: {}", keep.as_deref().unwrap_or("ask again"));
        let call = Settle { turf: conflict.turf, voter: conflict.voter, question: conflict.question, keep };
        Ok(Some(Wish { call: call.into(), what }))
    }
}
