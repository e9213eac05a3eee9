//! Requests to a hub: the same as to a relay, at the addresses in its QR code.

use super::{MAX_REPLY_BYTES, NotServed, bytes, checked, read_reply, sync_request};
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::hub::keys;
use porchlight_model::hub::{Challenge, HubLink, PROVE_PATH, Proof};
use porchlight_model::id::Sha256;
use porchlight_model::message::{ApiError, ErrorCode, Message};
use porchlight_model::relay::RefusalCode;
use porchlight_model::turf::MAX_PACK_BYTES;
use porchlight_model::wire::{SyncAsk, SyncReply};
use reqwest::{RequestBuilder, Response};
use std::time::Duration;

/// How long one address of a hub may take to answer at first: it is on the same network.
const FIRST_WAIT: Duration = Duration::from_secs(if cfg!(target_arch = "wasm32") { 8 } else { 3 });
/// The maximum size of a hub's proof in bytes.
const MAX_PROOF_BYTES: usize = 1024;
/// How long a small request may take after that.
const WAIT: Duration = Duration::from_secs(10);

/// A hub that answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hub {
    base: String,
    token: String,
    fingerprint: Sha256,
}

/// Finds the first of a hub's addresses that answers.
///
/// # Errors
/// [`EngineError::Offline`] when none does.
pub(crate) async fn open(handle: &EngineHandle, link: &HubLink, token: String) -> Result<Hub, EngineError> {
    let mut failed = EngineError::Offline(None);
    for base in bases(link) {
        let hub = Hub { base, token: token.clone(), fingerprint: link.fingerprint };
        let about = handle.http.get(format!("{}/v1/about", hub.base)).timeout(FIRST_WAIT);
        match send(handle, &hub, about).await {
            Ok(_) => return Ok(hub),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

/// The base URLs to try. In a browser it is a single one, because the page tries all addresses together.
fn bases(link: &HubLink) -> Vec<String> {
    if cfg!(target_arch = "wasm32") {
        return vec![format!("https://hub.invalid/{}/{}", link.fingerprint, link.addresses.join(","))];
    }
    link.addresses.iter().map(|address| format!("https://{address}")).collect()
}

/// Authenticates a hub as one of this device's campaign. Nothing else is sent to it before.
///
/// # Errors
/// What to tell the person, where it cannot, or is too old to know how; as [`sync`] otherwise.
pub(crate) async fn prove(
    handle: &EngineHandle,
    hub: &Hub,
    key: Sha256,
    challenge: &Challenge,
) -> Result<(), EngineError> {
    let request = handle.http.post(format!("{}{PROVE_PATH}", hub.base)).timeout(WAIT);
    let request = request.header("content-type", "application/json").body(serde_json::to_vec(challenge)?);
    let answer = match send(handle, hub, request).await {
        Ok(response) => bytes(response, MAX_PROOF_BYTES).await?,
        Err(EngineError::Refused(RefusalCode::NotFound)) => return Err(not_used("hub-older")),
        Err(error) => return Err(error),
    };
    let is_proof = super::json(&answer)
        .is_ok_and(|Proof { nonce, proof }| proof == keys::proof(key, hub.fingerprint, &challenge.nonce, &nonce));
    if is_proof { Ok(()) } else { Err(not_used("hub-strange")) }
}

fn not_used(why: &str) -> EngineError {
    EngineError::Told(ApiError::new(ErrorCode::Failed, Message::new(why)))
}

/// Sends a sync request to a hub.
pub(crate) async fn sync(handle: &EngineHandle, hub: &Hub, ask: &SyncAsk) -> Result<SyncReply, EngineError> {
    let answer = match sync_once(handle, hub, ask).await {
        Err(NotServed { proto: Some(proto), .. }) if proto != ask.proto => {
            sync_once(handle, hub, &SyncAsk { proto, ..ask.clone() }).await
        }
        answer => answer,
    };
    answer.map_err(|not_served| not_served.why)
}

async fn sync_once(handle: &EngineHandle, hub: &Hub, ask: &SyncAsk) -> Result<SyncReply, NotServed> {
    let (request, _) = sync_request(handle, &hub.base, &hub.token, ask, WAIT)?;
    Ok(read_reply(&bytes(ask_for(handle, hub, request).await?, MAX_REPLY_BYTES).await?)?)
}

/// Downloads a pack from a hub and verifies its hash.
pub(crate) async fn pack(handle: &EngineHandle, hub: &Hub, hash: Sha256) -> Result<Vec<u8>, EngineError> {
    let request = handle.http.get(format!("{}/v1/packs/{hash}", hub.base)).bearer_auth(&hub.token);
    let pack = bytes(send(handle, hub, request).await?, MAX_PACK_BYTES).await?;
    if crate::pack::hash(&pack) != hash {
        return Err(EngineError::BadReply("a pack arrived damaged".to_owned()));
    }
    Ok(pack)
}

async fn send(handle: &EngineHandle, hub: &Hub, request: RequestBuilder) -> Result<Response, EngineError> {
    ask_for(handle, hub, request).await.map_err(|not_served| not_served.why)
}

async fn ask_for(handle: &EngineHandle, hub: &Hub, request: RequestBuilder) -> Result<Response, NotServed> {
    let request = request.build().map_err(|error| EngineError::Offline(Some(error)))?;
    checked(handle.carrier.carry_to_hub(request, hub.fingerprint).await?).await
}
