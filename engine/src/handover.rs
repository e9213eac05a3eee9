//! Handing results over by file: what only this device holds is written to a file, which a captain delivers to the relay. See `docs/sync.md`.

mod give;
mod take;

pub(crate) use give::hand_over;
pub(crate) use take::take_over;
pub use take::{Handed, parse};

use crate::answer::{Answer, local};
use crate::handle::EngineHandle;
use porchlight_model::calls::handover::HandoverCall;
use porchlight_model::id::{CampaignId, DocId};
use serde::{Deserialize, Serialize};

/// Answers this capability's calls.
pub(crate) fn answer(handle: &EngineHandle, call: HandoverCall) -> Answer {
    match call {
        HandoverCall::HandOver(call) => local(handle, &call, hand_over),
        HandoverCall::TakeOver(call) => {
            let files = handle.shell.files.clone();
            local(handle, &call, |engine, call| take_over(engine, &*files, call))
        }
    }
}

/// The version of the format that this program writes and reads.
const FORMAT: u16 = 1;

/// The content of the file, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct HandoverFile {
    /// [`FORMAT`].
    porchlight_handover: u16,
    /// The campaign.
    campaign: CampaignId,
    /// The name of the person whose device wrote it.
    from: String,
    /// The documents with changes that are held on that device.
    docs: Vec<HandedDoc>,
}

/// The held changes of one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct HandedDoc {
    doc: DocId,
    /// Plain Automerge change chunks in hexadecimal digits, dependencies before dependants.
    changes: Vec<String>,
}
