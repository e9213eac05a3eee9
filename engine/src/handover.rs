//! Results by file: what only this device holds, written out for a captain who takes it to the relay. See `docs/sync.md`.

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

/// The format that this program writes and reads.
const FORMAT: u16 = 1;

/// The file's content: JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct HandoverFile {
    /// [`FORMAT`].
    porchlight_handover: u16,
    /// The campaign.
    campaign: CampaignId,
    /// The name of the person whose device it is from.
    from: String,
    /// The documents with held changes.
    docs: Vec<HandedDoc>,
}

/// Held changes of one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct HandedDoc {
    doc: DocId,
    /// Plain Automerge change chunks in hexadecimal digits, dependencies before dependants.
    changes: Vec<String>,
}
