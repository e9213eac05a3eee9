//! Lists waves for the office: the results of each, and who still holds turf of it.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::join::taken_out;
use crate::office;
use crate::store::waves;
use crate::wave::{grace, undo};
use porchlight_model::calls::wave::{WaveHolder, WaveView, Waves};

/// Lists all waves, newest first.
///
/// # Errors
/// When this device is not a captain's or coordinator's.
pub(crate) fn waves(engine: &mut Engine, _: &Waves) -> Result<Vec<WaveView>, EngineError> {
    engine.member()?;
    let roster = office::dashboard::roster(engine.conn())?;
    let current = waves::current(engine.conn())?;
    let mut views = Vec::new();
    for wave in waves::all(engine.conn())?.into_iter().rev() {
        let end = grace::end_of(engine, wave.id)?;
        let conn = engine.conn();
        let docs = waves::docs(conn, wave.id)?;
        let may_undo = wave.goes_on() && undo::refusal(conn, wave.id)?.is_none();
        let (n_visits, n_doors) = waves::n_visits(conn, wave.id)?;
        let mut holders: Vec<WaveHolder> = Vec::new();
        for device in roster.iter().filter(|device| device.role.is_handed_turf()) {
            let n_turf = device.docs.iter().filter(|doc| docs.iter().any(|(_, of)| of == *doc)).count();
            if n_turf > 0 {
                let n_turf = u32::try_from(n_turf).unwrap_or(u32::MAX);
                holders.push(WaveHolder { name: device.name.clone(), n_turf, last_heard: device.last_heard });
            }
        }
        holders.sort_by(|a, b| (&a.name, a.last_heard).cmp(&(&b.name, b.last_heard)));
        views.push(WaveView {
            wave: wave.id,
            is_shown: waves::is_shown(conn, &wave)?,
            is_current: current == Some(wave.id),
            name: wave.name,
            at: wave.id.started_at(),
            ended_at: wave.ended_at,
            undone_at: wave.undone_at,
            may_undo,
            n_turf: u32::try_from(docs.len()).unwrap_or(u32::MAX),
            n_doors,
            n_visits,
            record: taken_out::record_of(conn, wave.id)?,
            holders,
            end,
        });
    }
    Ok(views)
}
