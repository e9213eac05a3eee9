//! Joins a campaign by invite, and removes a campaign from the device.

pub mod clean_up;
pub mod enrol;
pub mod link;
pub(crate) mod taken_out;
pub(crate) mod what_goes;

use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::settings;
use porchlight_model::calls::session::{Session, SessionView};

/// Returns this device's membership.
pub(crate) fn session(engine: &mut Engine, _: &Session) -> Result<SessionView, EngineError> {
    let Some(membership) = engine.membership() else {
        return Ok(SessionView { identity: None, campaign_name: String::new(), relay: String::new() });
    };
    Ok(SessionView {
        identity: Some(membership.identity.clone()),
        campaign_name: settings::get(engine.conn(), "campaign_name")?.unwrap_or_default(),
        relay: membership.relay.clone(),
    })
}
