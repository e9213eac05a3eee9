//! The phone's side: the hub that it uses, and the state of that connection.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::join;
use crate::store::{hub, settings};
use crate::sync;
use porchlight_model::calls::hub::{HubInUse, HubLook, HubView, LeaveHub, LookAtHub, UseHub};
use porchlight_model::calls::join::Session;
use porchlight_model::hub::HubLink;
use porchlight_model::message::Message;
use porchlight_model::time::At;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

/// The setting that names the hub in use.
const SETTING: &str = "hub";

/// The hub in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UsedHub {
    /// The link from its QR code.
    pub(crate) link: String,
    /// The epoch of its log to which this device's cursors belong; 0 before its first answer.
    pub(crate) epoch: u64,
    /// When it last answered.
    pub(crate) last_ok: Option<At>,
}

impl UsedHub {
    /// The parsed link.
    pub(crate) fn link(&self) -> Result<HubLink, EngineError> {
        read(&self.link)
    }

    /// Whether a link leads to this hub, at whatever address.
    fn is_of(&self, link: &HubLink) -> bool {
        self.link().is_ok_and(|own| own.fingerprint == link.fingerprint)
    }
}

fn read(link: &str) -> Result<HubLink, EngineError> {
    link.parse().map_err(|_| EngineError::bad_input(Message::new("hub-link-wrong")))
}

/// The hub in use, if there is one.
pub(crate) fn kept(conn: &Connection) -> Result<Option<UsedHub>, EngineError> {
    settings::get(conn, SETTING)
}

/// Stores the hub in use.
pub(crate) fn keep(conn: &Connection, kept: &UsedHub) -> Result<(), EngineError> {
    settings::put(conn, SETTING, kept)
}

/// Describes a hub's link before it is used.
pub(crate) fn look(engine: &mut Engine, call: &LookAtHub) -> Result<HubLook, EngineError> {
    let link = read(&call.link)?;
    engine.member()?;
    let campaign = join::session(engine, &Session {})?.campaign_name;
    Ok(HubLook { name: link.name, campaign })
}

/// Uses the hub of a link, and syncs with it at once.
pub(crate) async fn use_hub(handle: &EngineHandle, call: &UseHub) -> Result<HubView, EngineError> {
    let link = read(&call.link)?;
    let before = handle.with(|engine| {
        engine.member()?;
        engine.write("use a hub", |tx| {
            let before = self::kept(tx.conn())?;
            let kept = match &before {
                // The same hub, at any address, keeps its state.
                Some(before) if before.is_of(&link) => {
                    UsedHub { link: link.clone().and_earlier(&before.link()?).to_string(), ..before.clone() }
                }
                _ => {
                    hub::forget(tx.conn())?;
                    UsedHub { link: link.to_string(), epoch: 0, last_ok: None }
                }
            };
            keep(tx.conn(), &kept)?;
            tx.tell_sync();
            Ok(before)
        })
    })?;
    handle.hub_met().doubt();
    if let Err(error) = sync::hub::exchange_now(handle).await {
        // A hub that never answered is not stored, because the previous one may still serve.
        handle.with(|engine| {
            engine.write("use no such hub", |tx| {
                match before {
                    Some(before) if before.is_of(&link) => keep(tx.conn(), &before)?,
                    Some(before) => keep(tx.conn(), &UsedHub { epoch: 0, ..before })?,
                    None => settings::remove(tx.conn(), SETTING)?,
                }
                tx.tell_sync();
                Ok(())
            })
        })?;
        return Err(sync::hub::told(error));
    }
    handle.wake_sync();
    let view = handle.with(|engine| in_use(engine, handle.hub_trouble()))?;
    view.ok_or_else(|| EngineError::not_found("hub-none"))
}

/// Stops using the hub.
pub(crate) fn leave(engine: &mut Engine, _: &LeaveHub) -> Result<(), EngineError> {
    engine.write("leave the hub", |tx| {
        hub::forget(tx.conn())?;
        settings::remove(tx.conn(), SETTING)?;
        tx.tell_sync();
        Ok(())
    })
}

/// Answers [`HubInUse`].
pub(crate) fn in_use(engine: &Engine, trouble: Option<Message>) -> Result<Option<HubView>, EngineError> {
    let Some(kept) = kept(engine.conn())? else { return Ok(None) };
    let (n_held, n_at_hub) = hub::counts(engine.conn())?;
    Ok(Some(HubView { name: kept.link()?.name, last_ok: kept.last_ok, trouble, n_held, n_at_hub }))
}

/// See [`in_use`].
pub(crate) fn view(handle: &EngineHandle, _: &HubInUse) -> Result<Option<HubView>, EngineError> {
    let trouble = handle.hub_trouble();
    handle.with(|engine| in_use(engine, trouble))
}
