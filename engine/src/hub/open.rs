//! Opening this device as a hub, closing it, and how it goes: in the native app alone.

use super::host::{Host, Listening};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::invite::modules;
use crate::store::{hosted, settings};
use porchlight_model::calls::hub::{HostHub, HostView, HostedHub, HubDoor, OpenHub};
use porchlight_model::grant::Act;
use porchlight_model::hub::HubLink;
use porchlight_model::message::Message;
use serde::{Deserialize, Serialize};

/// The certificate by which phones know this hub; kept, so that they find it again on another day.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptCertificate {
    /// The certificate, DER in hexadecimal.
    pub certificate: String,
    /// Its key, PKCS #8 in DER in hexadecimal.
    pub key: String,
    /// The life of this hub's log; drawn with the certificate.
    pub epoch: u64,
}

/// The setting that holds the certificate.
const CERTIFICATE: &str = "hub_certificate";
/// The setting that says whether the hub is to be open.
const IS_OPEN: &str = "hub_open";

/// The certificate of this hub, made by `make` where there is none.
///
/// # Errors
/// When it cannot be made or kept.
pub fn certificate(
    engine: &mut Engine,
    make: impl FnOnce() -> Result<(Vec<u8>, Vec<u8>), EngineError>,
) -> Result<KeptCertificate, EngineError> {
    if let Some(kept) = settings::get(engine.conn(), CERTIFICATE)? {
        return Ok(kept);
    }
    let (certificate, key) = make()?;
    let epoch = u64::from_be_bytes(engine.random::<8>()) >> 2 | 1;
    let kept = KeptCertificate { certificate: hex::encode(certificate), key: hex::encode(key), epoch };
    engine.write("hub: its certificate", |tx| settings::put(tx.conn(), CERTIFICATE, &kept))?;
    Ok(kept)
}

/// Opens this device as a hub, or closes it.
pub(crate) fn host(handle: &EngineHandle, call: &HostHub) -> Result<HostView, EngineError> {
    let Some(host) = handle.shell.host.clone() else {
        return Err(EngineError::bad_input(Message::new("hub-needs-app")));
    };
    if call.is_open {
        host.open(handle)?;
    } else {
        host.close();
    }
    handle.with(|engine| {
        engine.write("hub: open or closed", |tx| {
            tx.tell_sync();
            settings::put(tx.conn(), IS_OPEN, &call.is_open)
        })
    })?;
    view_of(handle, &*host)
}

/// Opens the hub again, where it was open when the program ended.
///
/// # Errors
/// As [`Host::open`].
pub fn reopen(handle: &EngineHandle) -> Result<(), EngineError> {
    let was_open = handle.with(|engine| {
        let is_member = engine.membership().is_some_and(|member| member.identity.role.may(Act::Carry));
        Ok::<_, EngineError>(is_member && settings::get(engine.conn(), IS_OPEN)?.unwrap_or(false))
    })?;
    match &handle.shell.host {
        Some(host) if was_open => host.open(handle),
        _ => Ok(()),
    }
}

/// This device as a hub, where it can be one.
pub(crate) fn view(handle: &EngineHandle, _: &HostedHub) -> Result<Option<HostView>, EngineError> {
    handle.shell.host.as_ref().map(|host| view_of(handle, &**host)).transpose()
}

fn view_of(handle: &EngineHandle, host: &dyn Host) -> Result<HostView, EngineError> {
    let open = host.listening();
    handle.with(|engine| {
        let member = engine.member()?;
        let open = open.map(|Listening { addresses, fingerprint, moved }| {
            let link = HubLink {
                relay: member.relay.clone(),
                fingerprint,
                name: member.identity.name.clone(),
                addresses: addresses.iter().map(ToString::to_string).collect(),
            };
            let door = (!link.addresses.is_empty()).then(|| door(&link)).transpose()?;
            Ok::<_, EngineError>(OpenHub { door, moved })
        });
        Ok(HostView {
            open: open.transpose()?,
            guests: host.guests(),
            n_to_carry: hosted::n_to_carry(engine.conn())?,
            roster_as_of: settings::get(engine.conn(), "roster_as_of")?,
        })
    })
}

fn door(link: &HubLink) -> Result<HubDoor, EngineError> {
    let addresses = link.addresses.clone();
    let link = link.to_string();
    Ok(HubDoor { qr: modules(&link)?, link, addresses })
}
