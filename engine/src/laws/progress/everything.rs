//! A small town in which everything can happen on which the progress of turf depends.

use crate::doc::{born, campaign_map};
use crate::laws::town::{self, CAMPAIGN, SCRIPT, SUPPORT, TURF_DOC, Walker, knock, small_pack, walkers};
use crate::store::{changes, docs, packs, reference, waves};
use crate::visit::{add_person, flag, note, redo, undo};
use crate::wave::{end, start, undo as undo_wave};
use crate::{pack, script, settle};
use porchlight_model::calls::script::SaveScript;
use porchlight_model::calls::settle::{Conflicts, Settle};
use porchlight_model::calls::visit::{
    AddNote, AddPerson, RecordVisit, Redo, ReportDanger, SetFlag, TakeBackPerson, Undo,
};
use porchlight_model::calls::wave::{EndWave, StartWave, UndoStart};
use porchlight_model::id::{DocId, DoorId, Sha256, TurfId, VisitId, VoterId, WaveId};
use porchlight_model::member::Role;
use porchlight_model::place::LonLat;
use porchlight_model::turf::{Pack, TurfEntry};
use porchlight_model::visit::{About, Flag, ResultCode};
use porchlight_model::voter::Voter;
use porchlight_model::wire::{Access, Acked, DocKind};
use proptest::prelude::*;

/// One of all things: what, by whom, and two numbers that choose among doors, people, results and so on.
#[derive(Debug, Clone, Copy)]
pub(in crate::laws) struct Act {
    pub(in crate::laws) what: u8,
    pub(in crate::laws) who: usize,
    pub(in crate::laws) a: u8,
    pub(in crate::laws) b: u8,
}

pub(in crate::laws) fn act() -> impl Strategy<Value = Act> {
    (0..25_u8, 0..2_usize, any::<u8>(), any::<u8>()).prop_map(|(what, who, a, b)| Act { what, who, a, b })
}

/// Three turf of two doors and four voters each: few, so that acts meet.
fn packs() -> Vec<Pack> {
    let mut first = small_pack();
    first.doors.truncate(2);
    first.voters.truncate(4);
    first.buildings.clear();
    let other = |n: u8| {
        let door = |door: DoorId| {
            let mut id = door.to_bytes();
            id[5] = n;
            DoorId::from_bytes(id)
        };
        let mut pack = Pack { turf: TurfId::from_bytes([n; 16]), name: format!("Riverside {n}"), ..first.clone() };
        pack.doors.iter_mut().for_each(|one| one.id = door(one.id));
        for voter in &mut pack.voters {
            let mut id = voter.id.to_bytes();
            id[5] = n;
            *voter = Voter { id: VoterId::from_bytes(id), door: door(voter.door), ..voter.clone() };
        }
        pack
    };
    let mut packs = vec![first.clone(), other(31), other(32)];
    unlike(&mut packs);
    packs
}

/// Makes people and places differ in what the file tells of them.
fn unlike(packs: &mut [Pack]) {
    for (n, door) in packs.iter_mut().flat_map(|pack| &mut pack.doors).enumerate() {
        door.precinct = ["7", "12", ""][n % 3].to_owned();
        door.zip = ["28801", "28802"][n % 2].to_owned();
        door.at = (n % 4 != 3).then_some(LonLat { lon: -82.55 + [0.0, 0.002, 0.004][n % 3], lat: 35.6 });
    }
    for (n, voter) in packs.iter_mut().flat_map(|pack| &mut pack.voters).enumerate() {
        voter.age = [None, Some(18), Some(25), Some(44), Some(45)][n % 5];
        voter.party = ["UNA", "DEM", ""][n % 3].to_owned();
        voter.phone = ["(828) 555-0142", "", "n/a", "+1 828 555 0199"][n % 4].to_owned();
        voter.source_id = format!("XA{n:04}");
    }
}

/// A coordinator, a canvasser, and what they have recorded.
pub(in crate::laws) struct Town {
    pub(in crate::laws) packs: Vec<Pack>,
    pub(in crate::laws) both: Vec<Walker>,
    visits: Vec<VisitId>,
    pub(in crate::laws) people: Vec<VoterId>,
}

impl Town {
    pub(in crate::laws) fn new() -> Self {
        let packs = packs();
        let mut both = walkers(2, &packs[0]);
        for walker in &both {
            // Nothing has to survive a power cut here.
            walker.engine.conn().execute_batch("PRAGMA synchronous = OFF").unwrap();
        }
        let mut membership = both[0].engine.member().unwrap().clone();
        membership.identity.role = Role::Coordinator;
        both[0].engine.write("a role", |tx| tx.set_membership(Some(membership))).unwrap();
        for pack in &packs[1..] {
            let (hash, bytes) = pack::encode(pack).unwrap();
            let doc = DocId::from_bytes(pack.turf.to_bytes());
            let entry = TurfEntry {
                id: pack.turf,
                doc,
                name: pack.name.clone(),
                pack: hash,
                n_doors: 2,
                n_voters: 4,
                n_buildings: 0,
                minutes: 4,
                outline: Vec::new(),
            };
            let olga = &mut both[0].engine;
            olga.write("cut", |tx| {
                tx.create_doc(doc, DocKind::Turf, |edit| born::turf(edit, pack.turf, &pack.name, hash, 4))?;
                tx.edit(CAMPAIGN, |edit| {
                    edit.put(campaign_map::TURFS, &pack.turf.to_string(), serde_json::to_string(&entry)?)
                })
            })
            .unwrap();
            for walker in &mut both {
                let installed = walker.engine.write("install", |tx| {
                    packs::put(tx.conn(), hash, doc, &bytes, true)?;
                    reference::install_pack(tx.conn(), pack)
                });
                installed.unwrap();
            }
        }
        let mut town = Self { packs, both, visits: Vec::new(), people: Vec::new() };
        town.sync();
        town
    }

    /// Each gets every change that the other has.
    pub(in crate::laws) fn sync(&mut self) {
        for (to, from) in [(1, 0), (0, 1)] {
            let Ok([to, from]) = self.both.get_disjoint_mut([to, from]) else { unreachable!() };
            for doc in docs::all(from.engine.conn()).unwrap() {
                if docs::get(to.engine.conn(), doc.id).unwrap().is_none() {
                    to.engine.write("be granted", |tx| tx.add_doc(doc.id, doc.kind, Access::Write, false)).unwrap();
                }
                to.hear(from, doc.id, usize::MAX);
            }
        }
    }

    pub(in crate::laws) fn door(&self, n: u8) -> DoorId {
        let doors: Vec<DoorId> = self.packs.iter().flat_map(|pack| &pack.doors).map(|door| door.id).collect();
        doors[usize::from(n) % doors.len()]
    }

    pub(in crate::laws) fn voter(&self, n: u8) -> Voter {
        let voters: Vec<&Voter> = self.packs.iter().flat_map(|pack| &pack.voters).collect();
        voters[usize::from(n) % voters.len()].clone()
    }

    /// A voter of the file or somebody added, where people are so often that they meet again.
    fn anyone(&self, n: u8) -> VoterId {
        let added = self.people.get(usize::from(n / 2) % self.people.len().max(1)).filter(|_| n % 2 == 1);
        added.copied().unwrap_or_else(|| self.voter(n).id)
    }

    pub(in crate::laws) fn turf_docs(&self, who: usize) -> Vec<DocId> {
        let all = docs::all(self.both[who].engine.conn()).unwrap();
        all.into_iter().filter(|row| row.kind == DocKind::Turf).map(|row| row.id).collect()
    }

    /// Does one of all things; what is refused is not done.
    pub(in crate::laws) fn act(&mut self, Act { what, who, a, b }: Act) {
        let (door, voter, someone) = (self.door(a), self.voter(a), self.anyone(a));
        let (turf, result) = (usize::from(a) % 3, ResultCode::ALL[usize::from(b) % ResultCode::ALL.len()]);
        let visit = self.visits.get(usize::from(a) % self.visits.len().max(1)).copied();
        let walker = &mut self.both[who];
        walker.pass_ms(3000);
        let engine = &mut walker.engine;
        let about = if b & 4 == 0 { About::Door(door) } else { About::Voter(someone) };
        match what {
            0 => self.record(who, &knock(&[door], result)),
            1 => self.record(who, &RecordVisit { voter: Some(voter.id), ..knock(&[voter.door], result) }),
            2 | 3 => self.talk(who, &voter, b),
            4 => drop(visit.map(|visit| undo::undo(engine, &Undo { visits: vec![visit] }))),
            5 => {
                let again = visit.map(|visit| redo::redo(engine, &Redo { visits: vec![visit] }));
                self.visits.extend(again.into_iter().flatten().flat_map(|receipt| receipt.visits));
            }
            6 => {
                let flag = if b & 1 == 0 { Flag::DoNotContact } else { Flag::Danger };
                drop(flag::flag(engine, &SetFlag { about, flag, is_set: b & 2 == 0 }));
            }
            7 => drop(flag::report_danger(engine, &ReportDanger { about, reason: "Loose dog".to_owned() })),
            8 => drop(note::note(engine, &AddNote { about: About::Voter(someone), text: "Evenings".to_owned() })),
            9 => {
                let call = AddPerson { door, first: "Kim".to_owned(), last: String::new(), phone: String::new() };
                self.people.extend(add_person::add_person(engine, &call).map(|added| added.voter));
            }
            10 => {
                let call = TakeBackPerson { voter: someone, is_taken_back: b & 1 == 0 };
                drop(add_person::take_back(engine, &call));
            }
            11 => self.sync(),
            12 => self.disagree(&voter),
            13 => self.settle(b),
            14 => self.write_script(a, b),
            // A newer voter file.
            15 => {
                let moved = Voter { door: self.packs[usize::from(b) % 3].doors[0].id, ..voter };
                drop(self.both[who].engine.write("a file", |tx| reference::put_voter(tx.conn(), &moved)));
            }
            16 if b & 1 == 0 => drop(engine.write("a file", |tx| reference::put_voter(tx.conn(), &voter))),
            16 => engine.write("a file", |tx| reference::forget_voters(tx.conn(), &[voter.id])).unwrap(),
            // The pack goes, and comes.
            17 => engine.write("gone", |tx| reference::purge_turf(tx.conn(), self.packs[turf].turf)).unwrap(),
            18 => engine.write("here", |tx| reference::install_pack(tx.conn(), &self.packs[turf])).unwrap(),
            19 => drop(start::start(&mut self.both[0].engine, &StartWave { name: "Next".to_owned() })),
            20 => self.at_wave(a, |olga, wave| drop(end::end(&mut olga.engine, &EndWave { wave }))),
            21 => self.at_wave(a, |olga, wave| drop(undo_wave::undo(&mut olga.engine, &UndoStart { wave }))),
            22 => {
                let doc = self.turf_docs_at(who, a);
                drop_doc(&mut self.both[who], doc);
            }
            23 => {
                let doc = self.turf_docs_at(who, a);
                self.both[who].engine.write("again", |tx| tx.derive_again(doc)).unwrap();
            }
            _ => self.both[who].restart(),
        }
    }

    fn turf_docs_at(&self, who: usize, n: u8) -> DocId {
        let docs = self.turf_docs(who);
        docs.get(usize::from(n) % docs.len().max(1)).copied().unwrap_or(TURF_DOC)
    }

    fn record(&mut self, who: usize, call: &RecordVisit) {
        let done = crate::visit::record::record(&mut self.both[who].engine, call);
        self.visits.extend(done.into_iter().flat_map(|receipt| receipt.visits));
    }

    pub(in crate::laws) fn talk(&mut self, who: usize, voter: &Voter, n: u8) {
        let answers = [(SUPPORT, ["yes", "no", "maybe"][usize::from(n) % 3].to_owned())].into();
        let call = RecordVisit {
            voter: Some(voter.id),
            answers,
            script: (n & 8 == 0).then_some(SCRIPT),
            ..knock(&[voter.door], ResultCode::Canvassed)
        };
        self.record(who, &call);
    }

    /// Both talk to one voter, who tells them different things.
    fn disagree(&mut self, voter: &Voter) {
        self.sync();
        self.talk(0, voter, 0);
        self.talk(1, voter, 1);
        self.sync();
    }

    fn settle(&mut self, n: u8) {
        let olga = &mut self.both[0].engine;
        let Some(conflict) = settle::conflicts(olga, &Conflicts {}).unwrap().into_iter().next() else { return };
        let keep = (!n.is_multiple_of(3)).then(|| conflict.sides[usize::from(n) % conflict.sides.len()].value.clone());
        let call = Settle { turf: conflict.turf, voter: conflict.voter, question: conflict.question, keep };
        drop(settle::settle(olga, &call));
    }

    /// A version that rewords an answer, or counts it otherwise.
    fn write_script(&mut self, a: u8, b: u8) {
        let mut script = town::script(SCRIPT);
        let option = &mut script.questions[0].options[usize::from(a) % 3];
        option.is_support = b & 1 == 0;
        if b & 2 == 0 {
            option.label = format!("Well {}", b % 16);
        }
        script::save(&mut self.both[0].engine, &SaveScript { script }).unwrap();
    }

    fn at_wave(&mut self, n: u8, act: impl FnOnce(&mut Walker, WaveId)) {
        let all = waves::all(self.both[0].engine.conn()).unwrap();
        act(&mut self.both[0], all[usize::from(n) % all.len()].id);
    }
}

/// Erases a document that is at the relay.
pub(in crate::laws) fn drop_doc(walker: &mut Walker, doc: DocId) {
    let bytes = walker.changes(doc);
    let erased = walker.engine.write("erased", |tx| {
        for bytes in bytes {
            let hash = Sha256(automerge::Change::from_bytes(bytes).unwrap().hash().0);
            changes::ack(tx.conn(), doc, Acked { hash, n: 1 }, tx.now())?;
        }
        tx.drop_doc(doc)
    });
    erased.unwrap();
}
