//! Rows of the office document: goals and saved lists. What is larger than this program writes is not shown.

use crate::doc::project::campaign::each;
use crate::doc::project::decided::Decided;
use crate::doc::read::{MapReader, key_id};
use crate::doc::{Rooted, Touched, office_map as map};
use crate::error::EngineError;
use crate::store::newer;
use crate::store::projections::office::{self as rows, GoalRow, ListRow};
use porchlight_model::calls::Topic;
use porchlight_model::id::{DocId, FrozenId, GoalId, ListId};
use porchlight_model::plan::{IDS_PER_PART, MAX_FILTER_BYTES, MAX_FROZEN, MAX_GOAL_DAYS, MAX_LIST_NAME_CHARS, Measure};
use rusqlite::Connection;
use std::collections::BTreeSet;

/// The day of the year 4700, after which nothing is planned.
const MAX_DAY: i64 = 1_000_000;

pub(crate) fn project(
    conn: &Connection,
    id: DocId,
    doc: &Rooted,
    touched: &Touched,
) -> Result<BTreeSet<Topic>, EngineError> {
    let decided = Decided::new(conn, id, doc);
    let mut goals: BTreeSet<GoalId> = BTreeSet::new();
    each(&decided, (doc, touched), map::GOALS, |_, key| {
        goals.extend(key.split_once('/').and_then(|(goal, _)| key_id::<GoalId>(goal)));
        Ok(())
    })?;
    let mut lists: BTreeSet<ListId> = BTreeSet::new();
    each(&decided, (doc, touched), map::LISTS, |reader, key| {
        let Some((list, field)) = key.split_once('/') else { return Ok(()) };
        let Some(list) = key_id::<ListId>(list) else { return Ok(()) };
        match part_of(field) {
            Some((frozen, place)) => {
                let ids = decided.bytes(reader, key)?.filter(|ids| is_part(ids));
                rows::put_part(conn, id, (list, frozen, place), ids.as_deref())
            }
            None => {
                lists.insert(list);
                Ok(())
            }
        }
    })?;
    if let Some(reader) = MapReader::open(doc, map::GOALS) {
        for goal in goals {
            rows::put_goal(conn, id, goal, read_goal(conn, &reader, &decided, goal)?.as_ref())?;
        }
    }
    if let Some(reader) = MapReader::open(doc, map::LISTS) {
        for list in lists {
            rows::put_list(conn, id, list, read_list(&reader, &decided, list)?.as_ref())?;
        }
    }
    Ok(BTreeSet::from([Topic::Plans]))
}

/// A goal, as far as it is whole.
fn read_goal(
    conn: &Connection,
    reader: &MapReader<'_>,
    decided: &Decided<'_>,
    goal: GoalId,
) -> Result<Option<GoalRow>, EngineError> {
    let text = |field: &str| decided.text(reader, &format!("{goal}/{field}"));
    let number = |field: &str| decided.number(reader, &format!("{goal}/{field}"));
    let (measure, scope, span) = (text(map::MEASURE)?, text(map::SCOPE)?, text(map::SPAN)?);
    let target = number(map::TARGET)?.and_then(|target| u32::try_from(target).ok());
    let days = span.and_then(|span| {
        let (from, to) = span.split_once('/')?;
        Some((from.parse().ok()?, to.parse().ok()?)).filter(|days| are_days(*days))
    });
    let (Some(measure), Some(scope), Some(days), Some(target)) = (measure, scope, days, target) else {
        return Ok(None);
    };
    newer::note_measure(conn, Measure::parse(&measure))?;
    let is_removed = number(map::REMOVED)?.is_some_and(|at| at > 0);
    Ok(Some(GoalRow { measure, scope, days, target, is_removed }))
}

/// Whether a goal may last from the one day to the other.
fn are_days((from, to): (i64, i64)) -> bool {
    (0..MAX_DAY).contains(&from) && (from..from + MAX_GOAL_DAYS).contains(&to)
}

/// A saved list, as far as it is whole.
fn read_list(reader: &MapReader<'_>, decided: &Decided<'_>, list: ListId) -> Result<Option<ListRow>, EngineError> {
    let key = |field: &str| format!("{list}/{field}");
    let name = decided.text(reader, &key(map::NAME))?.filter(|name| name.chars().count() <= MAX_LIST_NAME_CHARS);
    let filter = decided.bytes(reader, &key(map::FILTER))?.filter(|filter| filter.len() <= MAX_FILTER_BYTES + 2);
    let (Some(name), Some(filter)) = (name, filter) else { return Ok(None) };
    let Some((version, filter)) = filter.split_first_chunk::<2>() else { return Ok(None) };
    let frozen = decided.text(reader, &key(map::FROZEN))?.unwrap_or_default();
    let is_removed = decided.number(reader, &key(map::REMOVED))?.is_some_and(|at| at > 0);
    let version = u16::from_be_bytes(*version);
    Ok(Some(ListRow { name, version, filter: filter.to_vec(), frozen, is_removed }))
}

/// The place of a part of a frozen list in the key of its value: `part/{frozen}/{place}`.
fn part_of(field: &str) -> Option<(FrozenId, u32)> {
    let (frozen, place) = field.strip_prefix(map::PART)?.split_once('/')?;
    let place: u32 = place.parse().ok()?;
    let n_parts = MAX_FROZEN.div_ceil(IDS_PER_PART);
    Some((frozen.parse().ok()?, place)).filter(|(_, place)| usize::try_from(*place).is_ok_and(|place| place < n_parts))
}

fn is_part(ids: &[u8]) -> bool {
    ids.len() <= IDS_PER_PART * 16 && ids.len().is_multiple_of(16)
}
