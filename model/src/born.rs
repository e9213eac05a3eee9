//! How documents come to be: under which ids, and with which first change.
//!
//! Most documents are made once, by one device, under a fresh id. There is one office document for each campaign, and two coordinators who are
//! offline may both be the first who write into it. So its id follows from the campaign's, and its birth is the same bytes for everyone: whoever
//! comes second makes what is there already.

use crate::id::{CampaignId, DocId};
use crate::wire::DocKind;

/// The id of a campaign's office document.
#[must_use]
pub fn office_doc(campaign: CampaignId) -> DocId {
    DocId::derive(campaign, "office", "1")
}

/// Whether a document of this kind may have this id: the campaign's office document is under its own, and nothing else is.
#[must_use]
pub fn is_id_of(kind: DocKind, campaign: CampaignId, doc: DocId) -> bool {
    let is_office = doc == office_doc(campaign);
    match kind {
        DocKind::Campaign | DocKind::Turf => !is_office,
        DocKind::Office => is_office,
        // What only a newer program knows, it judges.
        DocKind::Unknown(_) => true,
    }
}

/// The only birth that documents of this kind have; `None` where each is born with a change of its own.
#[must_use]
pub const fn birth(kind: DocKind) -> Option<&'static [u8]> {
    match kind {
        DocKind::Office => Some(OFFICE_BIRTH),
        DocKind::Campaign | DocKind::Turf | DocKind::Unknown(_) => None,
    }
}

/// The change that makes the maps `goals`, `lists` and `settings`: by an actor of its own, of no device, at no time. It never changes.
const OFFICE_BIRTH: &[u8] = include_bytes!("born/office.bin");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_office_document_has_the_id_that_follows_from_its_campaign_and_no_other_kind_has_it() {
        let (one, other) = (CampaignId::from_bytes([1; 16]), CampaignId::from_bytes([2; 16]));
        assert_eq!(office_doc(one).to_string(), "06b3e181-c74d-59a5-8515-ef56d3516715", "it never changes");
        let check =
            |kind: DocKind, doc: DocId, is_id: bool| assert_eq!(is_id_of(kind, one, doc), is_id, "{kind:?} {doc}");
        check(DocKind::Office, office_doc(one), true);
        check(DocKind::Office, office_doc(other), false);
        check(DocKind::Office, DocId::new(1, [1; 10]), false);
        check(DocKind::Turf, office_doc(one), false);
        check(DocKind::Campaign, office_doc(one), false);
        check(DocKind::Turf, DocId::new(1, [1; 10]), true);
        check(DocKind::parse("ledger"), office_doc(one), true);
        assert_eq!(office_doc(one).made_at(), None, "no time is in it");
    }
}
