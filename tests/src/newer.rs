//! Simulates a newer relay, by adding what this program does not know to a real relay's answers; and the refusals of other versions.

use crate::load::phone::birth;
use crate::wire::Fault;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::read::GzDecoder;
use porchlight_model::id::{DeviceId, DocId, MemberId};
use porchlight_model::member::Role;
use porchlight_model::relay::{Refusal, RefusalCode, RosterDevice};
use porchlight_model::time::At;
use porchlight_model::versions::Versions;
use porchlight_model::wire::{Access, DocKind, DocReply, DocStatus, Grant, SyncAsk, SyncReply};
use serde::{Serialize, de::DeserializeOwned};
use serde_bytes::ByteBuf;
use std::io::Read;

/// A document of a kind that this program does not know.
pub const LEDGER: DocId = DocId::from_bytes([0x1e; 16]);

/// Its kind.
pub const LEDGER_KIND: &str = "ledger";

/// The version of the protocol before office documents.
const PREVIOUS: u16 = 3;

/// A role that this program does not know.
pub const NEWER_ROLE: &str = "phone_banker";

/// A reason to refuse that this program does not know.
pub const NEWER_REFUSAL: &str = "quota_reached";

/// Alters a sync reply on a wire with this fault.
pub(crate) fn sync_reply(fault: Fault, bytes: Bytes) -> Bytes {
    let Some(mut reply) = read::<SyncReply>(&bytes) else { return bytes };
    match fault {
        Fault::Newer => {
            let grant = Grant { doc: LEDGER, kind: DocKind::parse(LEDGER_KIND), access: Access::parse("audit") };
            if let Some(list) = &mut reply.grants {
                list.grants.push(grant);
            }
            // The relay behind the wire has no such document.
            for answer in reply.docs.iter_mut().filter(|answer| answer.doc == LEDGER) {
                *answer = ledger();
            }
        }
        Fault::Older => reply.proto = None,
        Fault::Previous => reply.proto = Some(PREVIOUS),
        _ => return bytes,
    }
    let mut told = Vec::new();
    if ciborium::into_writer(&reply, &mut told).is_ok() { told.into() } else { bytes }
}

fn ledger() -> DocReply {
    DocReply {
        doc: LEDGER,
        status: DocStatus::Served,
        acked: Vec::new(),
        rejected: Vec::new(),
        snapshot: None,
        changes: birth().into_iter().map(ByteBuf::from).collect(),
        cursor: 1,
        seen: 0,
        is_more: false,
        heads: Vec::new(),
    }
}

/// Adds a device with an unknown role to a complete roster.
pub(crate) fn roster(bytes: Bytes) -> Bytes {
    let Ok(mut devices) = serde_json::from_slice::<Vec<RosterDevice>>(&bytes) else { return bytes };
    devices.push(RosterDevice {
        device: DeviceId::from_bytes([0x1e; 16]),
        member: MemberId::from_bytes([0x1e; 16]),
        name: "Fay".to_owned(),
        role: Role::parse(NEWER_ROLE),
        last_heard: None,
        is_revoked: false,
        revocation: None,
        docs: Vec::new(),
        hand_in: Vec::new(),
        lease_until: At(0),
        hub_key: None,
    });
    serde_json::to_vec(&devices).map_or(bytes, Bytes::from)
}

/// The refusal of a sync by a relay of another version.
pub(crate) fn refusal(fault: Fault, headers: &HeaderMap, body: &Bytes) -> Option<Response> {
    let ask: SyncAsk = read(&unfolded(headers, body)?)?;
    match fault {
        Fault::NewerRefusal => Some(refuse(StatusCode::FORBIDDEN, RefusalCode::parse(NEWER_REFUSAL), None)),
        Fault::Later if ask.proto < Versions::OURS.newest => {
            let versions = Versions { oldest: Versions::OURS.newest, newest: Versions::OURS.newest + 4 };
            Some(refuse(StatusCode::UPGRADE_REQUIRED, RefusalCode::WrongVersion, Some(versions)))
        }
        Fault::Older if bears(&ask, |kind| kind.named_since() > Versions::OURS.oldest) => {
            Some(refuse(StatusCode::BAD_REQUEST, RefusalCode::Malformed, None))
        }
        // It would answer that there is no such document; a device that knows better does not ask.
        Fault::Previous if bears(&ask, |kind| kind.born_since() > PREVIOUS) => {
            Some(refuse(StatusCode::BAD_REQUEST, RefusalCode::Malformed, None))
        }
        _ => None,
    }
}

/// Whether a request is to make a document of such a kind.
fn bears(ask: &SyncAsk, is_such: impl Fn(DocKind) -> bool) -> bool {
    ask.docs.iter().filter_map(|doc| doc.born).any(is_such)
}

fn refuse(status: StatusCode, code: RefusalCode, versions: Option<Versions>) -> Response {
    let refusal = Refusal { code, detail: String::new(), versions };
    (status, json(&refusal)).into_response()
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

fn unfolded(headers: &HeaderMap, body: &Bytes) -> Option<Vec<u8>> {
    if !headers.contains_key(header::CONTENT_ENCODING) {
        return Some(body.to_vec());
    }
    let mut bytes = Vec::new();
    GzDecoder::new(&body[..]).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    ciborium::from_reader(bytes).ok()
}
