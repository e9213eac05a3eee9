//! Writes the file on the device that holds the results.

use super::{FORMAT, HandedDoc, HandoverFile};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::{changes, docs};
use porchlight_model::calls::files::ExportFile;
use porchlight_model::calls::handover::HandOver;
use porchlight_model::message::Message;

/// Writes everything that only this device is known to hold to a file.
///
/// # Errors
/// When there is nothing of that kind.
pub(crate) fn hand_over(engine: &mut Engine, _: &HandOver) -> Result<ExportFile, EngineError> {
    let identity = engine.member()?.identity.clone();
    let mut file = HandoverFile {
        porchlight_handover: FORMAT,
        campaign: identity.campaign,
        from: identity.name,
        docs: Vec::new(),
    };
    let mut n_rows = 0;
    for row in docs::all(engine.conn())? {
        let held = changes::held(engine.conn(), row.id, usize::MAX >> 1)?;
        if !held.is_empty() {
            n_rows += held.len() as u64;
            let changes = held.into_iter().map(|held| hex::encode(held.bytes)).collect();
            file.docs.push(HandedDoc { doc: row.id, changes });
        }
    }
    if n_rows == 0 {
        return Err(EngineError::bad_input(Message::new("handover-nothing")));
    }
    let day = engine.now().to_iso();
    let day = day.split('T').next().unwrap_or_default();
    Ok(ExportFile {
        name: format!("porchlight-results-{day}.json"),
        media_type: "application/json".to_owned(),
        text: serde_json::to_string(&file)?,
        n_rows,
        is_binary: false,
    })
}
