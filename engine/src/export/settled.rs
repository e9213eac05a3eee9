//! Who settled answers that contradicted each other, and when. The rows only have what stands, so the documents are read.

use crate::doc::judge::Judge;
use crate::doc::read::{MapReader, device_of, place_of};
use crate::doc::turf_map;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::export as rows;
use crate::store::laws::{self, Asked};
use automerge::ReadDoc;
use porchlight_model::grant::Act;
use porchlight_model::id::{MemberId, WaveId};
use porchlight_model::time::At;
use std::collections::BTreeMap;

/// An answer that somebody chose to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settled {
    /// The answer.
    pub(crate) value: String,
    /// Who kept it, as far as it is known here.
    pub(crate) by: Option<MemberId>,
    pub(crate) at: At,
}

/// The settled answers of one wave, or of all.
pub(crate) fn all(engine: &mut Engine, wave: Option<WaveId>) -> Result<BTreeMap<Asked, Settled>, EngineError> {
    let mut all = BTreeMap::new();
    for asked in rows::contradicted(engine.conn(), wave)? {
        if let Some(settled) = settled(engine, asked)? {
            all.insert(asked, settled);
        }
    }
    Ok(all)
}

/// The newest answer that counts, if it was given at no visit: then somebody settled it.
fn settled(engine: &mut Engine, asked: Asked) -> Result<Option<Settled>, EngineError> {
    let me = engine.member()?.identity.clone();
    let (document, conn) = engine.rooted_with(asked.doc)?;
    let Some(answers) = MapReader::open(document, turf_map::ANSWERS) else { return Ok(None) };
    let judge = Judge::new(conn, asked.doc, document)?;
    let mut written = answers.written(&format!("{}/{}", asked.voter, asked.question));
    written.sort_by(|(_, one), (_, other)| place_of(one).cmp(&place_of(other)));
    let Some((value, op)) = written.pop() else { return Ok(None) };
    let device = device_of(document, &op);
    let author = device.map(|device| laws::author(conn, device)).transpose()?.flatten();
    let may_settle = author.is_none_or(|author| author.role.may(Act::Settle));
    if !may_settle || judge.is_said(asked, &value, &op)? {
        return Ok(None);
    }
    let change = document.hash_for_opid(&op).and_then(|hash| document.get_change_by_hash(&hash));
    let at = At(change.map_or(0, |change| change.timestamp().saturating_mul(1000)));
    let by = author.map(|author| author.member).or_else(|| (device == Some(me.device)).then_some(me.member));
    Ok(Some(Settled { value, by, at }))
}
