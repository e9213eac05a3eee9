//! Fetches the roster after each sync, for captains and coordinators; the relay sends in full only what they do not have.

use crate::engine::Membership;
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::pack;
use crate::store::settings;
use crate::sync::transport;
use porchlight_model::calls::Topic;
use porchlight_model::relay::RosterDevice;
use porchlight_model::roster;
use porchlight_model::time::At;
use porchlight_model::versions::Versions;
use rusqlite::Connection;

/// The setting with the relay's epoch of the stored roster. A roster that a program from before revocations stored has it under
/// another name: the whole of it is asked for once more, because its hash does not tell that it lacks them.
const EPOCH: &str = "roster_epoch_2";

/// Fetches the roster and stores it.
///
/// # Errors
/// When the relay cannot be reached or refuses, or this device's storage fails.
pub(super) async fn ask(handle: &EngineHandle, to: &Membership) -> Result<(), EngineError> {
    let mut held = handle.with(|engine| held(engine.conn()))?;
    let mut path = format!("/v1/roster?newest={}", Versions::OURS.newest);
    if let Some((devices, as_of)) = &held {
        path = format!("{path}&have={}&as_of={}", pack::hash(&roster::steady(devices)?), as_of.0);
    }
    let body = transport::get(handle, to, &path).await?;
    let (devices, is_other) = match &mut held {
        // A whole roster is a list of devices, this one among them; times are numbers, or none.
        Some((devices, _)) if body.get(1) != Some(&b'{') => {
            roster::set_times(devices, &transport::json::<Vec<i64>>(&body)?);
            (std::mem::take(devices), false)
        }
        _ => (transport::json(&body)?, true),
    };
    handle.with(|engine| {
        let as_of = engine.now();
        engine.write("sync: who is out", |tx| {
            if settings::replace(tx.conn(), "roster", &devices)? {
                tx.touch(Topic::Roster);
            }
            if is_other {
                // Someone joined, or was handed more: by a link that has fewer uses left.
                tx.touch(Topic::Invites);
            }
            if let Some(epoch) = settings::get::<u64>(tx.conn(), "epoch")? {
                settings::put(tx.conn(), EPOCH, &epoch)?;
            }
            settings::put(tx.conn(), "roster_as_of", &as_of)
        })
    })
}

/// The stored roster and when it was received. None of another epoch: a restored relay sends all of it, times as well.
fn held(conn: &Connection) -> Result<Option<(Vec<RosterDevice>, At)>, EngineError> {
    let epoch = settings::get::<u64>(conn, EPOCH)?;
    if epoch.is_none() || epoch != settings::get(conn, "epoch")? {
        return Ok(None);
    }
    Ok(settings::get(conn, "roster")?.zip(settings::get(conn, "roster_as_of")?))
}
