//! A small campaign on several devices: two streets, one building, a script of two questions.

use crate::doc::{born, campaign_map};
use crate::engine::{Engine, Membership};
use crate::env::{Clock, Env};
use crate::store::{changes, packs, reference};
use crate::{pack, visit};
use automerge::Change;
use porchlight_model::calls::visit::{Receipt, RecordVisit};
use porchlight_model::id::{
    BuildingId, CampaignId, DeviceId, DocId, DoorId, MemberId, QuestionId, ScriptId, Sha256, TurfId, VisitId, VoterId,
};
use porchlight_model::member::{Identity, Role};
use porchlight_model::message::ApiError;
use porchlight_model::place::{LonLat, MapSheet, Side, Street, StreetClass};
use porchlight_model::script::{AnswerOption, Question, Script, Then};
use porchlight_model::time::At;
use porchlight_model::turf::{PACK_FORMAT, Pack, TurfEntry};
use porchlight_model::visit::{How, ResultCode};
use porchlight_model::voter::{Building, Door, Voter};
use porchlight_model::wire::{Access, Acked, DocKind};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Saturday morning.
pub(super) const START: At = At(1_793_440_800_000);

pub(super) const CAMPAIGN: DocId = DocId::from_bytes([1; 16]);
pub(super) const TURF_DOC: DocId = DocId::from_bytes([2; 16]);
pub(super) const TURF: TurfId = TurfId::from_bytes([3; 16]);
pub(super) const BUILDING: BuildingId = BuildingId::from_bytes([4; 16]);
pub(super) const SUPPORT: QuestionId = QuestionId::from_bytes([5; 16]);
pub(super) const SIGN: QuestionId = QuestionId::from_bytes([6; 16]);
pub(super) const SCRIPT: ScriptId = ScriptId::from_bytes([7; 16]);

/// A clock that tests set.
struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> At {
        At(self.0.load(Ordering::Relaxed))
    }
}

/// One member with one device.
pub(super) struct Walker {
    pub(super) engine: Engine,
    pub(super) member: MemberId,
    hands: Arc<Hands>,
    path: std::path::PathBuf,
    n_starts: u8,
    _folder: tempfile::TempDir,
}

impl Walker {
    fn start(number: u8) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("porchlight.db");
        let hands = Arc::new(Hands(AtomicI64::new(START.0)));
        let env = Env { clock: Arc::clone(&hands) as Arc<dyn Clock>, seed: [number; 32] };
        let mut engine = Engine::open(path.to_str().unwrap(), env).unwrap();
        let member = MemberId::from_bytes([number; 16]);
        let identity = Identity {
            campaign: CampaignId::from_bytes([9; 16]),
            member,
            device: DeviceId::from_bytes([number | 0x80; 16]),
            name: format!("Walker {number}"),
            role: Role::Canvasser,
            lease_until: START.plus_ms(1_000_000_000),
        };
        let membership =
            Membership { identity, campaign_doc: CAMPAIGN, relay: "http://relay".to_owned(), token: "t".to_owned() };
        engine.write("join", |tx| tx.set_membership(Some(membership))).unwrap();
        Self { engine, member, hands, path, n_starts: 1, _folder: folder }
    }

    /// Drops the engine and starts it again from its database.
    pub(super) fn restart(&mut self) {
        self.n_starts += 1;
        let seed = [self.n_starts.wrapping_mul(16) ^ self.member.to_bytes()[0]; 32];
        let env = Env { clock: Arc::clone(&self.hands) as Arc<dyn Clock>, seed };
        self.engine = Engine::open(self.path.to_str().unwrap(), env).unwrap();
    }

    /// Advances the clock of this device.
    pub(super) fn pass_ms(&self, ms: i64) {
        self.hands.0.fetch_add(ms, Ordering::Relaxed);
    }

    /// The bytes of every stored change of a document.
    pub(super) fn changes(&self, doc: DocId) -> Vec<Vec<u8>> {
        changes::load(self.engine.conn(), doc).unwrap()
    }

    /// Applies the first `n` changes that another device has of a document.
    pub(super) fn hear(&mut self, from: &Walker, doc: DocId, n: usize) {
        let incoming: Vec<Change> =
            from.changes(doc).into_iter().take(n).map(|bytes| Change::from_bytes(bytes).unwrap()).collect();
        self.engine.write("hear", |tx| tx.apply(doc, incoming, n as u64).map(drop)).unwrap();
    }

    pub(super) fn record(&mut self, call: &RecordVisit) -> Receipt {
        self.pass_ms(1000);
        visit::record::record(&mut self.engine, call).unwrap()
    }

    /// Records a talk with one voter; returns the visit.
    pub(super) fn talk(&mut self, voter: &Voter, answers: &[(QuestionId, &str)]) -> VisitId {
        let answers = answers.iter().map(|(question, value)| (*question, (*value).to_owned())).collect();
        let call = RecordVisit { voter: Some(voter.id), answers, ..knock(&[voter.door], ResultCode::Canvassed) };
        self.record(&call).visits[0]
    }
}

/// An attempt without a talk.
pub(super) fn knock(doors: &[DoorId], result: ResultCode) -> RecordVisit {
    RecordVisit {
        doors: doors.to_vec(),
        voter: None,
        how: How::Door,
        result,
        answers: BTreeMap::new(),
        note: String::new(),
        script: None,
    }
}

/// The message for the person when a call fails.
pub(super) fn told<T: std::fmt::Debug>(result: Result<T, crate::EngineError>) -> String {
    ApiError::from(result.unwrap_err()).message.id
}

/// `n` walkers who hold the turf of `pack`; the first also made it.
pub(super) fn walkers(n: u8, pack: &Pack) -> Vec<Walker> {
    let mut walkers: Vec<Walker> = (1..=n).map(Walker::start).collect();
    let (hash, bytes) = pack::encode(pack).unwrap();
    let entry = TurfEntry {
        id: TURF,
        doc: TURF_DOC,
        name: pack.name.clone(),
        pack: hash,
        n_doors: u32::try_from(pack.doors.len()).unwrap(),
        n_voters: u32::try_from(pack.voters.len()).unwrap(),
        n_buildings: u32::try_from(pack.buildings.len()).unwrap(),
        minutes: pack.minutes,
        outline: pack.outline.clone(),
    };
    // The last one founds: where roles matter, it is the coordinator.
    let (founder, others) = walkers.split_last_mut().unwrap();
    founder
        .engine
        .write("found", |tx| {
            tx.create_doc(CAMPAIGN, DocKind::Campaign, |edit| {
                born::campaign(edit, "Library")?;
                edit.put(campaign_map::TURFS, &TURF.to_string(), serde_json::to_string(&entry)?)?;
                edit.put(campaign_map::SCRIPTS, &SCRIPT.to_string(), serde_json::to_string(&script(SCRIPT))?)?;
                edit.put(campaign_map::ABOUT, "script", SCRIPT.to_string())
            })?;
            tx.create_doc(TURF_DOC, DocKind::Turf, |edit| born::turf(edit, TURF, &pack.name, hash, pack.minutes))
        })
        .unwrap();
    for other in others {
        other
            .engine
            .write("be granted", |tx| {
                tx.add_doc(CAMPAIGN, DocKind::Campaign, Access::Read, false)?;
                tx.add_doc(TURF_DOC, DocKind::Turf, Access::Write, false)
            })
            .unwrap();
        other.hear(founder, CAMPAIGN, usize::MAX);
        other.hear(founder, TURF_DOC, usize::MAX);
    }
    for walker in &mut walkers {
        walker
            .engine
            .write("install", |tx| {
                packs::put(tx.conn(), hash, TURF_DOC, &bytes, true)?;
                reference::install_pack(tx.conn(), pack)
            })
            .unwrap();
    }
    walkers
}

/// Syncs all walkers with each other until all have the same changes.
pub(super) fn settle(walkers: &mut [Walker]) {
    for _ in 0..2 {
        for to in 0..walkers.len() {
            for from in 0..walkers.len() {
                hear(walkers, to, from, usize::MAX);
            }
        }
    }
}

/// Walker `to` applies the first `n` changes of walker `from`.
pub(super) fn hear(walkers: &mut [Walker], to: usize, from: usize, n: usize) {
    if let Ok([to, from]) = walkers.get_disjoint_mut([to, from]) {
        to.hear(from, TURF_DOC, n);
    }
}

/// Two questions: one about support, one about a sign.
pub(super) fn script(id: ScriptId) -> Script {
    let option = |value: &str, label: &str, is_support| AnswerOption {
        value: value.to_owned(),
        label: label.to_owned(),
        then: Then::Next,
        is_support,
    };
    let question =
        |id, title: &str, options| Question { id, title: title.to_owned(), text: format!("{title}?"), options };
    Script {
        id,
        opening: "Hello!".to_owned(),
        questions: vec![
            question(
                SUPPORT,
                "Library measure",
                vec![option("yes", "Yes", true), option("no", "No", false), option("maybe", "Not sure", false)],
            ),
            question(SIGN, "Yard sign", vec![option("yes", "Wants one", false), option("no", "No sign", false)]),
        ],
    }
}

/// Eight houses on Maple Street, the six units of 31 Maple Street after the fourth, two voters behind each door.
pub(super) fn small_pack() -> Pack {
    let mut doors: Vec<Door> = (0..4).map(|n| house(n, "Maple Street")).collect();
    doors.extend(["1A", "1B", "2A", "2B", "3A", "3B"].into_iter().zip(50..).map(|(unit, n)| Door {
        number: "31".to_owned(),
        unit: unit.to_owned(),
        building: Some(BUILDING),
        ..house(n, "Maple Street")
    }));
    doors.extend((4..8).map(|n| house(n, "Maple Street")));
    let entrance = LonLat { lon: -82.55, lat: 35.6 };
    let building =
        Building { id: BUILDING, number: "31".to_owned(), street: "Maple Street".to_owned(), at: Some(entrance) };
    pack_of("Riverside 7", doors, vec![building])
}

fn pack_of(name: &str, doors: Vec<Door>, buildings: Vec<Building>) -> Pack {
    let voters = doors.iter().flat_map(|door| [voter(door, 1, "Ana", "Ruiz"), voter(door, 2, "Leo", "Ruiz")]).collect();
    let line = vec![LonLat { lon: -82.56, lat: 35.6 }, LonLat { lon: -82.54, lat: 35.6 }];
    let street = Street { name: "Maple Street".to_owned(), class: StreetClass::Local, line: line.clone() };
    Pack {
        format: PACK_FORMAT,
        turf: TURF,
        name: name.to_owned(),
        buildings,
        voters,
        minutes: 2 * u32::try_from(doors.len()).unwrap(),
        doors,
        route: line.clone(),
        outline: line,
        map: MapSheet { streets: vec![street], areas: Vec::new() },
        roll_at: At::default(),
    }
}

fn house(n: u16, street: &str) -> Door {
    let mut id = [10; 16];
    id[..2].copy_from_slice(&n.to_be_bytes());
    Door {
        id: DoorId::from_bytes(id),
        number: (1 + 2 * n).to_string(),
        street: street.to_owned(),
        unit: String::new(),
        city: "Porchville".to_owned(),
        zip: "28801".to_owned(),
        precinct: "7".to_owned(),
        at: Some(LonLat { lon: -82.55 + f64::from(n) * 0.0002, lat: 35.6 }),
        is_at_guessed: false,
        side: Side::Odd,
        building: None,
    }
}

fn voter(door: &Door, n: u8, first: &str, last: &str) -> Voter {
    let mut id = door.id.to_bytes();
    id[15] = n;
    Voter {
        id: VoterId::from_bytes(id),
        door: door.id,
        first: first.to_owned(),
        last: last.to_owned(),
        age: Some(40),
        party: "UNA".to_owned(),
        phone: String::new(),
        source_id: format!("NC{n}"),
    }
}

/// Acknowledges everything, as a relay would.
pub(super) fn acknowledge_all(walker: &mut Walker) {
    for doc in [CAMPAIGN, TURF_DOC] {
        let bytes = walker.changes(doc);
        walker
            .engine
            .write("ack", |tx| {
                for bytes in bytes {
                    let hash = Sha256(Change::from_bytes(bytes).unwrap().hash().0);
                    changes::ack(tx.conn(), doc, Acked { hash, n: 1 }, tx.now())?;
                }
                Ok(())
            })
            .unwrap();
    }
}
