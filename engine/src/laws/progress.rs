//! How far turf has come is stored: whatever happens, the dashboard tells what it would tell if all were computed anew.

use super::town::{self, CAMPAIGN, SCRIPT, SUPPORT, TURF, TURF_DOC, Walker, knock, small_pack, walkers};
use crate::doc::{born, campaign_map};
use crate::office::dashboard;
use crate::store::{changes, docs, packs, reference, waves};
use crate::visit::{add_person, flag, note, redo, undo};
use crate::wave::{end, start, undo as undo_wave};
use crate::{pack, script, settle};
use porchlight_model::calls::office::{Dashboard, DashboardView, WaveBoard};
use porchlight_model::calls::script::SaveScript;
use porchlight_model::calls::settle::{Conflicts, Settle};
use porchlight_model::calls::visit::{
    AddNote, AddPerson, EditNote, RecordVisit, Redo, ReportDanger, SetFlag, TakeBackPerson, Undo,
};
use porchlight_model::calls::wave::{EndWave, StartWave, UndoStart};
use porchlight_model::id::{DocId, DoorId, NoteId, TurfId, VisitId, VoterId};
use porchlight_model::member::Role;
use porchlight_model::turf::{Pack, TurfEntry};
use porchlight_model::visit::{About, DoorState, Flag, ResultCode};
use porchlight_model::voter::Voter;
use porchlight_model::wire::{Access, Acked, DocKind};
use proptest::prelude::*;

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
    vec![first.clone(), other(31), other(32)]
}

/// A coordinator, a canvasser, and what they have recorded.
struct Town {
    packs: Vec<Pack>,
    both: Vec<Walker>,
    visits: Vec<VisitId>,
    people: Vec<VoterId>,
}

impl Town {
    fn new() -> Self {
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
    fn sync(&mut self) {
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

    fn door(&self, n: u8) -> DoorId {
        let doors: Vec<DoorId> = self.packs.iter().flat_map(|pack| &pack.doors).map(|door| door.id).collect();
        doors[usize::from(n) % doors.len()]
    }

    fn voter(&self, n: u8) -> Voter {
        let voters: Vec<&Voter> = self.packs.iter().flat_map(|pack| &pack.voters).collect();
        voters[usize::from(n) % voters.len()].clone()
    }

    /// A voter of the file or somebody added, where people are so often that they meet again.
    fn anyone(&self, n: u8) -> VoterId {
        let added = self.people.get(usize::from(n / 2) % self.people.len().max(1)).filter(|_| n % 2 == 1);
        added.copied().unwrap_or_else(|| self.voter(n).id)
    }

    fn turf_docs(&self, who: usize) -> Vec<DocId> {
        let all = docs::all(self.both[who].engine.conn()).unwrap();
        all.into_iter().filter(|row| row.kind == DocKind::Turf).map(|row| row.id).collect()
    }

    /// Does one of all things; what is refused is not done.
    fn act(&mut self, Act { what, who, a, b }: Act) {
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

    fn talk(&mut self, who: usize, voter: &Voter, n: u8) {
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

    fn at_wave(&mut self, n: u8, act: impl FnOnce(&mut Walker, porchlight_model::id::WaveId)) {
        let all = waves::all(self.both[0].engine.conn()).unwrap();
        act(&mut self.both[0], all[usize::from(n) % all.len()].id);
    }
}

/// Erases a document that is at the relay.
fn drop_doc(walker: &mut Walker, doc: DocId) {
    let bytes = walker.changes(doc);
    let erased = walker.engine.write("erased", |tx| {
        for bytes in bytes {
            let hash = porchlight_model::id::Sha256(automerge::Change::from_bytes(bytes).unwrap().hash().0);
            changes::ack(tx.conn(), doc, Acked { hash, n: 1 }, tx.now())?;
        }
        tx.drop_doc(doc)
    });
    erased.unwrap();
}

/// The dashboard, and that of every wave.
fn boards(walker: &mut Walker) -> Vec<DashboardView> {
    let all = waves::all(walker.engine.conn()).unwrap();
    let mut boards = vec![dashboard::dashboard(&mut walker.engine, &Dashboard {}).unwrap()];
    boards.extend(all.iter().flat_map(|wave| dashboard::of_wave(&mut walker.engine, &WaveBoard { wave: wave.id })));
    boards
}

fn empty(walker: &Walker) {
    walker.engine.conn().execute("DELETE FROM turf_progress", []).unwrap();
}

/// The documents of which something is stored.
fn stored(walker: &Walker) -> Vec<DocId> {
    let mut select = walker.engine.conn().prepare("SELECT doc FROM turf_progress ORDER BY doc").unwrap();
    select.query_map([], |row| row.get(0).map(DocId::from_bytes)).unwrap().map(Result::unwrap).collect()
}

/// One of all things: what, by whom, and two numbers that choose among doors, people, results and so on.
#[derive(Debug, Clone, Copy)]
struct Act {
    what: u8,
    who: usize,
    a: u8,
    b: u8,
}

fn act() -> impl Strategy<Value = Act> {
    (0..25_u8, 0..2_usize, any::<u8>(), any::<u8>()).prop_map(|(what, who, a, b)| Act { what, who, a, b })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn what_is_stored_is_what_would_be_computed(acts in prop::collection::vec(act(), 1..60)) {
        let mut town = Town::new();
        for (n, act) in acts.iter().enumerate() {
            town.act(*act);
            for walker in &mut town.both {
                let told = boards(walker);
                empty(walker);
                prop_assert_eq!(told, boards(walker), "after {} acts, the last of which is {:?}", n + 1, act);
            }
        }
    }
}

#[test]
fn a_visit_that_arrives_is_computed_anew_with_its_document_and_with_no_other() {
    let mut town = Town::new();
    start::start(&mut town.both[0].engine, &StartWave { name: "Next".to_owned() }).unwrap();
    town.sync();
    boards(&mut town.both[0]);
    let all = stored(&town.both[0]);
    assert_eq!(all.len(), 6, "two waves of three turf");
    let voter = town.voter(0);
    let doc = waves::open_docs(town.both[0].engine.conn(), TURF).unwrap()[0];
    let mut left = all.clone();
    left.retain(|other| *other != doc);
    for act in [Act { what: 2, who: 1, a: 0, b: 0 }, Act { what: 4, who: 1, a: 0, b: 0 }] {
        town.act(act);
        town.sync();
        assert_eq!(stored(&town.both[0]), left, "{act:?} with {}", voter.id);
        let told = boards(&mut town.both[0]);
        assert_eq!(stored(&town.both[0]), all);
        empty(&town.both[0]);
        assert_eq!(told, boards(&mut town.both[0]));
    }
}

#[test]
fn a_flag_is_computed_anew_where_its_door_is_and_its_voter_is_listed() {
    let mut town = Town::new();
    boards(&mut town.both[0]);
    let (here, elsewhere) = (town.door(0), town.packs[1].voters[0].id);
    for (about, doc) in [(About::Door(here), TURF_DOC), (About::Voter(elsewhere), DocId::from_bytes([31; 16]))] {
        let all = stored(&town.both[0]);
        town.both[0].pass_ms(3000);
        let call = SetFlag { about, flag: Flag::DoNotContact, is_set: true };
        flag::flag(&mut town.both[0].engine, &call).unwrap();
        let mut left = all.clone();
        left.retain(|other| *other != doc);
        assert_eq!(stored(&town.both[0]), left, "{about:?}");
        boards(&mut town.both[0]);
    }
}

/// How many doors of the first turf are in a state on somebody's dashboard, which must be what would be computed anew.
fn n_doors(town: &mut Town, who: usize, state: DoorState) -> u32 {
    let walker = &mut town.both[who];
    let told = boards(walker);
    empty(walker);
    assert_eq!(told, boards(walker));
    let row = told[0].turfs.iter().find(|row| row.turf == TURF).unwrap();
    row.by_state.get(&state).copied().unwrap_or_default()
}

#[test]
fn somebody_added_counts_as_long_as_they_are_listed() {
    let mut town = Town::new();
    town.act(Act { what: 0, who: 1, a: 0, b: 0 });
    assert_eq!(n_doors(&mut town, 1, DoorState::Todo), 1);
    town.act(Act { what: 9, who: 1, a: 0, b: 0 });
    assert_eq!(n_doors(&mut town, 1, DoorState::Todo), 2);
    town.sync();
    let kim = town.people[0];
    // One writes a note about them, the other does not know and takes them back.
    let about = AddNote { about: About::Voter(kim), text: "Evenings".to_owned() };
    note::note(&mut town.both[0].engine, &about).unwrap();
    let take_back = TakeBackPerson { voter: kim, is_taken_back: true };
    add_person::take_back(&mut town.both[1].engine, &take_back).unwrap();
    assert_eq!(n_doors(&mut town, 1, DoorState::Todo), 1);
    town.sync();
    assert_eq!([0, 1].map(|who| n_doors(&mut town, who, DoorState::Todo)), [2, 2]);
    let note = town.both[0].engine.conn().query_row("SELECT id FROM note", [], |row| row.get(0)).unwrap();
    let removed = EditNote { note: NoteId::from_bytes(note), text: String::new() };
    note::edit(&mut town.both[0].engine, &removed).unwrap();
    town.sync();
    assert_eq!([0, 1].map(|who| n_doors(&mut town, who, DoorState::Todo)), [1, 1]);
}

#[test]
fn a_voter_counts_as_long_as_they_are_on_the_file() {
    let mut town = Town::new();
    let (met, other) = (town.voter(0), town.voter(1));
    town.talk(0, &met, 0);
    assert_eq!(n_doors(&mut town, 0, DoorState::Part), 1);
    let olga = &mut town.both[0].engine;
    olga.write("a file", |tx| reference::forget_voters(tx.conn(), &[other.id])).unwrap();
    assert_eq!(n_doors(&mut town, 0, DoorState::Talked), 1);
    town.both[0].engine.write("a file", |tx| reference::put_voter(tx.conn(), &other)).unwrap();
    assert_eq!(n_doors(&mut town, 0, DoorState::Part), 1);
}

#[test]
fn a_rebuild_gives_the_same_progress() {
    let mut town = Town::new();
    for (what, b) in [(0, 2), (2, 0), (7, 0), (9, 0), (12, 0), (14, 1)] {
        town.act(Act { what, who: 0, a: 1, b });
    }
    let told = boards(&mut town.both[0]);
    for doc in town.turf_docs(0).into_iter().chain([CAMPAIGN]) {
        town.both[0].engine.write("again", |tx| tx.derive_again(doc)).unwrap();
        assert_eq!(boards(&mut town.both[0]), told);
        let (rows, rebuilt) = town.both[0].engine.rows_and_rebuild(doc).unwrap();
        assert_eq!(rows, rebuilt);
    }
    town.both[0].restart();
    assert_eq!(boards(&mut town.both[0]), told);
}

#[test]
fn what_cannot_be_stored_is_told_all_the_same() {
    let mut town = Town::new();
    town.act(Act { what: 0, who: 0, a: 0, b: 2 });
    let told = boards(&mut town.both[0]);
    empty(&town.both[0]);
    town.both[0].engine.conn().execute_batch("PRAGMA query_only = ON").unwrap();
    assert_eq!(boards(&mut town.both[0]), told);
    assert_eq!(stored(&town.both[0]), []);
}

#[test]
fn nothing_is_stored_of_a_document_that_is_erased() {
    let mut town = Town::new();
    boards(&mut town.both[0]);
    assert!(stored(&town.both[0]).contains(&TURF_DOC));
    drop_doc(&mut town.both[0], TURF_DOC);
    assert!(!stored(&town.both[0]).contains(&TURF_DOC));
}

#[test]
fn a_flag_that_goes_with_its_document_is_computed_anew_where_its_voter_lives_now() {
    let mut town = Town::new();
    let (voter, elsewhere) = (town.voter(0), town.packs[1].doors[0].id);
    let call = SetFlag { about: About::Voter(voter.id), flag: Flag::Danger, is_set: true };
    flag::flag(&mut town.both[0].engine, &call).unwrap();
    let moved = Voter { door: elsewhere, ..voter };
    town.both[0].engine.write("a file", |tx| reference::put_voter(tx.conn(), &moved)).unwrap();
    boards(&mut town.both[0]);
    drop_doc(&mut town.both[0], TURF_DOC);
    assert_eq!(stored(&town.both[0]), [DocId::from_bytes([32; 16])]);
}
