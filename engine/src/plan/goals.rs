//! Goals: set, changed, removed; and each with what was done, the pace that it needs, and the forecast.

use super::doc;
use super::forecast::{Known, forecast};
use super::measured::{ByDay, Measured, day_of, read};
use crate::doc::{Edit, office_map as map};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::{plans as rows, turfs};
use automerge::ScalarValue;
use porchlight_model::calls::plan::{ChangeGoal, GoalView, Goals, RemoveGoal, RestoreGoal, SetGoal};
use porchlight_model::id::{DocId, GoalId};
use porchlight_model::message::Message;
use porchlight_model::plan::{Goal, GoalFault, GoalScope, MAX_GOAL_DAYS, MAX_GOALS, NamedGoal};
use rusqlite::Connection;

/// The goals in the order in which they were set.
pub(crate) fn all(engine: &mut Engine, call: &Goals) -> Result<Vec<GoalView>, EngineError> {
    let doc = doc(engine)?;
    let goals = rows::goals(engine.conn(), doc)?;
    if goals.is_empty() {
        return Ok(Vec::new());
    }
    let measured = read(engine, call.offset_ms)?;
    let today = day_of(engine.now().0, call.offset_ms);
    goals.into_iter().map(|named| view(engine.conn(), named, &measured, today)).collect()
}

fn view(conn: &Connection, named: NamedGoal, measured: &Measured, today: i64) -> Result<GoalView, EngineError> {
    let Goal { measure, scope, from, to, .. } = named.goal;
    let series = measured.series(measure, scope);
    let days: Vec<u32> = (from..=to.min(today)).map(|day| series.get(&day).copied().unwrap_or_default()).collect();
    let n_done = days.iter().copied().fold(0, u32::saturating_add);
    let n_today = if (from..=to).contains(&today) { days.last().copied().unwrap_or_default() } else { 0 };
    let past = past(&series, today);
    let most = measured.most(measure, scope);
    let turf = match scope {
        GoalScope::Campaign => String::new(),
        GoalScope::Turf(turf) => turfs::get(conn, turf)?.map(|entry| entry.name).unwrap_or_default(),
    };
    Ok(GoalView {
        named,
        turf,
        today,
        n_done,
        n_per_day: per_day(&named.goal, n_done - n_today, n_done, today),
        n_by_now: by_now(&named.goal, today),
        forecast: forecast(&Known { past: &past, n_today, n_done, today, days: (from, to), most }),
        days,
    })
}

/// What was done on each day from the first with something to yesterday, those of one year at most: a phone whose clock was years behind
/// must not stretch it.
fn past(series: &ByDay, today: i64) -> Vec<u32> {
    let Some((first, _)) = series.range(today - 365..today).next() else { return Vec::new() };
    (*first..today).map(|day| series.get(&day).copied().unwrap_or_default()).collect()
}

/// How many are needed on each day that is left, today included; `None` when none is left.
fn per_day(goal: &Goal, n_before_today: u32, n_done: u32, today: i64) -> Option<u32> {
    let n_days = u32::try_from(goal.to - today.max(goal.from) + 1).ok().filter(|n| *n > 0)?;
    if n_done >= goal.target {
        return Some(0);
    }
    Some(goal.target.saturating_sub(n_before_today).div_ceil(n_days))
}

/// How many there should be by the end of a day.
fn by_now(goal: &Goal, today: i64) -> u32 {
    let n_days = goal.to - goal.from + 1;
    let n_over = (today - goal.from + 1).clamp(0, n_days);
    u32::try_from(i64::from(goal.target) * n_over / n_days.max(1)).unwrap_or(goal.target)
}

/// Sets a goal.
///
/// # Errors
/// When it is nothing, in the past, backwards or too long, its turf is gone, or there are too many.
pub(crate) fn set(engine: &mut Engine, call: &SetGoal) -> Result<GoalId, EngineError> {
    let (doc, goal) = (doc(engine)?, call.goal);
    check(&goal, day_of(engine.now().0, call.offset_ms))?;
    engine.write("plan: a goal is set", |tx| {
        if let GoalScope::Turf(turf) = goal.scope
            && turfs::get(tx.conn(), turf)?.is_none()
        {
            return Err(EngineError::not_found("error-turf-gone"));
        }
        if rows::goals(tx.conn(), doc)?.len() >= MAX_GOALS {
            return Err(EngineError::bad_input(Message::new("plan-goals-many").with("max", MAX_GOALS)));
        }
        let id = GoalId::new(tx.now().unsigned_ms(), tx.random());
        tx.edit_office(|edit| {
            put(edit, id, map::MEASURE, goal.measure.as_str())?;
            put(edit, id, map::SCOPE, rows::scope_name(goal.scope))?;
            put_days(edit, id, &goal)
        })?;
        Ok(id)
    })
}

/// Changes a goal's days and target.
///
/// # Errors
/// As [`set`], and when there is no such goal.
pub(crate) fn change(engine: &mut Engine, call: &ChangeGoal) -> Result<Goal, EngineError> {
    let doc = doc(engine)?;
    let today = day_of(engine.now().0, call.offset_ms);
    engine.write("plan: a goal is changed", |tx| {
        let before = found(tx.conn(), doc, call.goal)?;
        let after = Goal { from: call.from, to: call.to, target: call.target, ..before };
        // What was in the past before may stay there: a mistaken target is mended afterwards as well.
        check(&after, today.min(before.to))?;
        tx.edit_office(|edit| put_days(edit, call.goal, &after))?;
        Ok(before)
    })
}

/// Removes a goal; it can be brought back.
///
/// # Errors
/// When there is no such goal.
pub(crate) fn remove(engine: &mut Engine, call: &RemoveGoal) -> Result<(), EngineError> {
    mark(engine, call.goal, |at| at)
}

/// Brings back a goal.
///
/// # Errors
/// When there was no such goal.
pub(crate) fn restore(engine: &mut Engine, call: &RestoreGoal) -> Result<(), EngineError> {
    mark(engine, call.goal, |_| 0)
}

fn mark(engine: &mut Engine, goal: GoalId, removed_at: impl Fn(i64) -> i64) -> Result<(), EngineError> {
    let doc = doc(engine)?;
    engine.write("plan: a goal is removed or brought back", |tx| {
        found(tx.conn(), doc, goal)?;
        let at = removed_at(tx.now().0);
        tx.edit_office(|edit| put(edit, goal, map::REMOVED, at))
    })
}

/// A goal, also one that was removed.
fn found(conn: &Connection, doc: DocId, goal: GoalId) -> Result<Goal, EngineError> {
    rows::goal(conn, doc, goal)?.ok_or_else(|| EngineError::not_found("plan-goal-gone"))
}

fn put_days(edit: &mut Edit<'_>, id: GoalId, goal: &Goal) -> Result<(), EngineError> {
    put(edit, id, map::SPAN, format!("{}/{}", goal.from, goal.to))?;
    put(edit, id, map::TARGET, i64::from(goal.target))
}

fn put(edit: &mut Edit<'_>, goal: GoalId, field: &str, value: impl Into<ScalarValue>) -> Result<(), EngineError> {
    edit.put(map::GOALS, &format!("{goal}/{field}"), value)
}

fn check(goal: &Goal, today: i64) -> Result<(), EngineError> {
    let message = match goal.check(today) {
        Ok(()) => return Ok(()),
        Err(GoalFault::Zero) => Message::new("plan-goal-zero"),
        Err(GoalFault::Backwards) => Message::new("plan-goal-backwards"),
        Err(GoalFault::Past) => Message::new("plan-goal-past"),
        Err(GoalFault::Long) => Message::new("plan-goal-long").with("days", MAX_GOAL_DAYS),
        Err(GoalFault::Newer) => Message::new("plan-goal-newer"),
    };
    Err(EngineError::bad_input(message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use porchlight_model::plan::Measure;

    #[test]
    fn the_pace_counts_the_days_that_are_left_with_today() {
        let goal = Goal { measure: Measure::Doors, scope: GoalScope::Campaign, from: 100, to: 109, target: 100 };
        let check = |today: i64, before: u32, done: u32, per_day: Option<u32>, now: u32| {
            assert_eq!((super::per_day(&goal, before, done, today), by_now(&goal, today)), (per_day, now), "{today}");
        };
        check(90, 0, 0, Some(10), 0);
        check(100, 0, 0, Some(10), 10);
        check(100, 0, 9, Some(10), 10);
        check(104, 25, 30, Some(13), 50);
        check(104, 95, 100, Some(0), 50);
        check(109, 60, 60, Some(40), 100);
        check(110, 60, 60, None, 100);
    }

    #[test]
    fn a_clock_that_was_years_behind_does_not_stretch_the_past() {
        let past = |series: &[(i64, u32)]| super::past(&series.iter().copied().collect(), 1_000);
        assert_eq!(past(&[]).len(), 0);
        assert_eq!(past(&[(1, 5), (997, 2), (999, 1), (1_000, 7)]), [2, 0, 1]);
        assert_eq!(past(&[(1, 5)]).len(), 0);
    }
}
