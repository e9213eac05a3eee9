//! The laws of a turf document: what an entry claims is believed only as far as it agrees with what the relay says of the change's author.
//!
//! The author of an entry is the device that the actor of its object names, which Automerge indexes; the relay verified that when it accepted
//! the change, and says whose the device is (`sync/authors.rs`). Until it has said so, an entry counts as it stands: nobody's result is hidden
//! because its author is known late.

use crate::doc::Rooted;
use crate::doc::read::{Entry, MapReader, device_of};
use crate::error::EngineError;
use crate::store::laws::{self, Asked, Author, Broken};
use crate::store::projections::turf::Mark;
use automerge::ObjId;
use porchlight_model::calls::settle::Law;
use porchlight_model::grant::Act;
use porchlight_model::id::{DeviceId, DocId, Sha256};
use rusqlite::Connection;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// How much later than a relay had its change an entry may be dated, in milliseconds: clocks are wrong by hours, and by a day where a
/// date was set by hand.
pub(crate) const LATE_MS: i64 = 48 * 3_600_000;

/// How long before its document was made an entry may be dated, in milliseconds: clocks that stood still, or lost a year.
pub(crate) const EARLY_MS: i64 = 400 * 24 * 3_600_000;

/// Nothing was recorded before 2020, milliseconds since 1970.
pub(crate) const FIRST_EVER: i64 = 1_577_836_800_000;

/// What an entry of a map is, to the laws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    /// Somebody's own act.
    Own,
    /// An act that coordinators may carry over from an earlier wave, with its time and author.
    Carried,
}

/// Judges the entries of one document while its rows are derived.
pub(crate) struct Judge<'a> {
    conn: &'a Connection,
    doc: DocId,
    document: &'a Rooted,
    /// Whose devices are, each looked up once.
    authors: RefCell<BTreeMap<DeviceId, Option<Author>>>,
    has_marks: bool,
}

/// A retraction that counts: when, by whom, in which change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Retracted {
    pub(crate) at: i64,
    pub(crate) by: [u8; 16],
    pub(crate) change: [u8; 32],
}

/// The retractions of an entry.
pub(crate) struct Retractions {
    /// The first that counts.
    pub(crate) counting: Option<Retracted>,
    /// The last that does not, and its author.
    broken: Option<(Mark, Option<DeviceId>)>,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(conn: &'a Connection, doc: DocId, document: &'a Rooted) -> Result<Self, EngineError> {
        let has_marks = laws::has_broken(conn, doc)?;
        Ok(Self { conn, doc, document, authors: RefCell::default(), has_marks })
    }

    fn author(&self, device: DeviceId) -> Result<Option<Author>, EngineError> {
        if let Some(known) = self.authors.borrow().get(&device) {
            return Ok(*known);
        }
        let author = laws::author(self.conn, device)?;
        self.authors.borrow_mut().insert(device, author);
        Ok(author)
    }

    /// Whether an entry counts; one that does not is marked.
    pub(crate) fn counts(
        &self,
        (map, key): (&str, &str),
        entry: &Entry<'_>,
        mark: &Mark,
        claim: Claim,
    ) -> Result<bool, EngineError> {
        let device = entry.device();
        let law = self.broken_by(device, mark, claim)?;
        self.note((map, key), law, mark, device)?;
        Ok(law.is_none())
    }

    fn broken_by(&self, device: Option<DeviceId>, mark: &Mark, claim: Claim) -> Result<Option<Law>, EngineError> {
        // Every program of ours names the device in an actor's first change.
        let Some(device) = device else { return Ok(Some(Law::Author)) };
        let author = self.author(device)?;
        let may_carry = match author {
            Some(author) => claim == Claim::Carried && author.role.may(Act::RunWaves),
            None => claim == Claim::Carried,
        };
        match author {
            Some(author) if author.member.to_bytes() != mark.by && !may_carry => return Ok(Some(Law::Author)),
            Some(_) => {}
            None => laws::claim(self.conn, self.doc, device, mark.by)?,
        }
        if !may_carry && mark.at < self.earliest() {
            return Ok(Some(Law::Early));
        }
        self.is_late(mark.at, Sha256(mark.change)).map(|is_late| is_late.then_some(Law::Late))
    }

    fn earliest(&self) -> i64 {
        self.doc.made_at().map_or(FIRST_EVER, |made| (made.0 - EARLY_MS).max(FIRST_EVER))
    }

    /// Whether an entry is dated later than a relay had its change. This device's own changes are never late to itself.
    fn is_late(&self, at: i64, change: Sha256) -> Result<bool, EngineError> {
        let Some(seen) = laws::first_seen(self.conn, self.doc, change)? else { return Ok(false) };
        let is_late = at > seen.plus_ms(LATE_MS).0;
        if is_late {
            laws::keep_late(self.conn, self.doc, change, seen)?;
        }
        Ok(is_late)
    }

    /// The retraction of an entry by its author, or by a coordinator; others are marked, and do not count.
    pub(crate) fn retraction(
        &self,
        retracted: &MapReader<'_>,
        key: &str,
        target: &Mark,
    ) -> Result<Option<Retracted>, EngineError> {
        let Retractions { counting, broken } = self.retractions(retracted, key, target)?;
        for (device, by) in retracted.entries(key).iter().filter_map(|entry| Some((entry.device()?, entry.id("by")))) {
            if self.author(device)?.is_none() {
                laws::claim(self.conn, self.doc, device, by.unwrap_or_default())?;
            }
        }
        match broken {
            Some((mark, device)) if counting.is_none() => {
                self.note(("retracted", key), Some(Law::Retraction), &mark, device)?;
            }
            _ => self.note(("retracted", key), None, target, None)?,
        }
        Ok(counting)
    }

    /// The retractions of an entry.
    pub(crate) fn retractions(
        &self,
        retracted: &MapReader<'_>,
        key: &str,
        target: &Mark,
    ) -> Result<Retractions, EngineError> {
        let (mut counting, mut broken) = (None, None);
        for entry in retracted.entries(key) {
            let (device, by) = (entry.device(), entry.id("by").unwrap_or_default());
            let (at, change) = (entry.number("at").unwrap_or_default(), entry.change());
            let author = device.map(|device| self.author(device)).transpose()?.flatten();
            let by_whom = author.map_or(by, |author| author.member.to_bytes());
            let decides = author.is_some_and(|author| author.role.may(Act::TakeBackOthers));
            if device.is_some() && (by_whom == target.by || decides) {
                counting = counting.or(Some(Retracted { at, by: by_whom, change }));
            } else {
                broken = Some((Mark { door: target.door, voter: target.voter, at, by, change }, device));
            }
        }
        Ok(Retractions { counting, broken })
    }

    /// Whether an answer counts that was written by the operation `op`: a coordinator settled it, or it was given at a visit of the same
    /// change, or restored there by taking one back.
    pub(crate) fn answer_counts(&self, asked: Asked, value: &str, op: &ObjId) -> Result<bool, EngineError> {
        let Some(device) = device_of(self.document, op) else { return self.is_said(asked, value, op) };
        match self.author(device)? {
            Some(author) if author.role.may(Act::Settle) => Ok(true),
            Some(_) => self.is_said(asked, value, op),
            // Not attributed yet: it counts, and is judged again as soon as the relay says whose the device is.
            None => {
                if !self.is_said(asked, value, op)? {
                    laws::claim(self.conn, self.doc, device, [0; 16])?;
                }
                Ok(true)
            }
        }
    }

    /// Whether an answer was given at a visit of the same change, or restored there by taking one back; otherwise it was settled.
    pub(crate) fn is_said(&self, asked: Asked, value: &str, op: &ObjId) -> Result<bool, EngineError> {
        let Some(change) = self.document.hash_for_opid(op).map(|hash| Sha256(hash.0)) else { return Ok(true) };
        if laws::is_said_in(self.conn, asked, value, change)? {
            return Ok(true);
        }
        let Some(retracted) = MapReader::open(self.document, "retracted") else { return Ok(false) };
        let is_undo = laws::taken_back(self.conn, asked)?
            .iter()
            .any(|visit| retracted.entries(&visit.to_string()).iter().any(|entry| entry.change() == change.0));
        Ok(is_undo && laws::was_said(self.conn, asked, value)?)
    }

    /// Marks an answer that does not count, or removes its mark.
    pub(crate) fn note_answer(&self, key: &str, asked: Asked, op: Option<&ObjId>) -> Result<(), EngineError> {
        let device = op.and_then(|op| device_of(self.document, op));
        let voter = Some(asked.voter.to_bytes());
        let author = device.map(|device| self.author(device)).transpose()?.flatten();
        let by = author.map(|author| author.member.to_bytes()).unwrap_or_default();
        let mark = Mark { door: None, voter, at: 0, by, change: [0; 32] };
        self.note(("answers", key), op.map(|_| Law::Settling), &mark, device)
    }

    /// Keeps or removes the mark of an entry.
    fn note(
        &self,
        (map, key): (&str, &str),
        law: Option<Law>,
        mark: &Mark,
        device: Option<DeviceId>,
    ) -> Result<(), EngineError> {
        let Some(law) = law else {
            return if self.has_marks { laws::remove_broken(self.conn, self.doc, map, key) } else { Ok(()) };
        };
        // Laws that depend on whose a device is, and with which role, are judged again when the relay says another role.
        if let (Some(device), Law::Author | Law::Retraction | Law::Settling) = (device, law) {
            laws::claim(self.conn, self.doc, device, mark.by)?;
        }
        let device = device.map(DeviceId::to_bytes).unwrap_or_default();
        let Mark { door, voter, at, by, .. } = *mark;
        let (map, entry) = (map.to_owned(), key.to_owned());
        laws::put_broken(self.conn, &Broken { doc: self.doc, map, entry, law, door, voter, at, by, device })
    }

    /// The place of an entry's change in the order of arrival here.
    pub(crate) fn arrival(&self, entry: &Entry<'_>) -> Result<u64, EngineError> {
        crate::store::stored::position(self.conn, self.doc, Sha256(entry.change()))
    }
}
