//! A campaign in progress: the work of two captains and seven canvassers in an invented town, in one wave that is nearly finished and one
//! that has begun.

use crate::campaign::{hand_out, invite};
use crate::person::Person;
use anyhow::{Context, Result};
use porchlight_model::calls::door::{DoorView, OpenDoor};
use porchlight_model::calls::visit::{AddNote, AddPerson, RecordVisit, ReportDanger, SetFlag};
use porchlight_model::calls::walk::{Stop, Walk};
use porchlight_model::calls::wave::StartWave;
use porchlight_model::id::{DoorId, QuestionId, TurfId};
use porchlight_model::member::Role;
use porchlight_model::visit::{About, Flag, How, ResultCode};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use std::collections::BTreeMap;
use std::path::Path;

/// The captains, all invented.
const CAPTAINS: [&str; 2] = ["Cleo Marsh", "Hank Odell"];
/// The canvassers, all invented.
const CANVASSERS: [&str; 7] =
    ["Ada Finch", "Bo Larkin", "Dee Sorrel", "Eli Thorne", "Fay Wren", "Gus Alder", "Ines Heron"];
/// Doors that each canvasser knocks on in a wave.
const DOORS_EACH: usize = 24;
const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;
/// What canvassers note at doors.
const NOTES: [&str; 6] = [
    "Works nights, home after four",
    "Asked about Sunday hours",
    "Has a ladder to lend for signs",
    "Prefers the side door",
    "Wants to hear about the reading room",
    "Moving to the other end of town in spring",
];

/// Plays two waves on the first turf of the town. The first turf stays untouched in the second wave, for people who try the demo.
///
/// # Errors
/// What the interface would show to one of these people.
pub async fn play(office: &Person, folder: &Path, turfs: &[TurfId]) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    let mut rng = ChaCha12Rng::seed_from_u64(2012);
    let mut captains = Vec::new();
    for name in CAPTAINS {
        let captain = Person::new(name, folder)?;
        invite(office, &captain, Role::Captain).await?;
        captains.push(captain);
    }
    let mut walkers = Vec::new();
    for (n, name) in CANVASSERS.iter().enumerate() {
        let walker = Person::new(name, folder)?;
        let turf = *turfs.get(n).context("the town has too few turf")?;
        hand_out(&captains[n % captains.len()], turf, &[&walker]).await?;
        walkers.push((walker, turf));
    }
    for (n, (walker, turf)) in walkers.iter().enumerate() {
        let days_ago = 9 - i64::try_from(n)?;
        knock(walker, *turf, 0, days_ago, &mut rng).await?;
    }
    disagree(&walkers[1], &walkers[2], &captains[1]).await?;
    office.sync().await?;

    office.ask(StartWave { name: "Second wave".to_owned() }).await?;
    office.sync().await?;
    for captain in &captains {
        captain.sync().await?;
    }
    for (n, (walker, turf)) in walkers.iter().enumerate().skip(1) {
        hand_out(&captains[n % captains.len()], *turf, &[walker]).await?;
        knock(walker, *turf, 3, i64::from(n > 3), &mut rng).await?;
    }
    disagree(&walkers[3], &walkers[4], &captains[0]).await?;
    for captain in &captains {
        captain.sync().await?;
    }
    office.sync().await?;
    Ok(())
}

/// One shift `days_ago`: doors of a turf in walking order, and a sync at its end.
async fn knock(walker: &Person, turf: TurfId, skip: usize, days_ago: i64, rng: &mut impl Rng) -> Result<()> {
    let rows = walker.ask(Walk { turf }).await?.rows;
    let doors = rows.into_iter().filter_map(|row| match row.stop {
        Stop::Door(door) => Some(door),
        Stop::Building(_) => None,
    });
    let began = days_ago * DAY_MS + i64::try_from(DOORS_EACH)? * 3 * MINUTE_MS;
    walker.clock.advance_ms(-began);
    let mut passed = 0;
    for door in doors.skip(skip).take(DOORS_EACH) {
        at_door(walker, door, rng).await?;
        let minutes = rng.random_range(1..=3) * MINUTE_MS;
        walker.clock.advance_ms(minutes);
        passed += minutes;
    }
    walker.clock.advance_ms(began - passed);
    walker.sync().await?;
    Ok(())
}

/// Records a random result at one door.
async fn at_door(walker: &Person, door: DoorId, rng: &mut impl Rng) -> Result<()> {
    let view = walker.ask(OpenDoor { door }).await?;
    let note = if rng.random_bool(0.2) { NOTES.choose(rng).copied().unwrap_or_default() } else { "" };
    match rng.random_range(0..100) {
        0..42 => visit(walker, &view, ResultCode::NotHome, &[], note).await,
        42..46 => visit(walker, &view, ResultCode::FlyerLeft, &[], note).await,
        46..51 => visit(walker, &view, ResultCode::ComeBack, &[], "After six").await,
        51..56 => visit(walker, &view, ResultCode::Refused, &[], "").await,
        56..59 => visit(walker, &view, ResultCode::Inaccessible, &[], "Gate is locked").await,
        59..61 => visit(walker, &view, ResultCode::LanguageBarrier, &[], "Speaks Polish").await,
        61..63 => visit(walker, &view, ResultCode::Moved, &[], "").await,
        63 => {
            let reason = "Loose dog in the front yard".to_owned();
            walker.ask(ReportDanger { about: About::Door(door), reason }).await?;
            Ok(())
        }
        64 => {
            walker.ask(SetFlag { about: About::Door(door), flag: Flag::DoNotContact, is_set: true }).await?;
            walker.ask(AddNote { about: About::Door(door), text: "Asked never to be visited".to_owned() }).await?;
            Ok(())
        }
        65 => {
            let (first, last) = ("Robin".to_owned(), "Newcomb".to_owned());
            walker.ask(AddPerson { door, first, last, phone: String::new() }).await?;
            visit(walker, &view, ResultCode::Canvassed, &[(1, "lean_yes")], note).await
        }
        _ => {
            let support = *["strong_yes", "strong_yes", "lean_yes", "lean_yes", "undecided", "lean_no", "strong_no"]
                .choose(rng)
                .context("no answers")?;
            let is_for = support.ends_with("yes");
            let way = *["mail", "early", "day"].choose(rng).context("no answers")?;
            let sign = if is_for && rng.random_bool(0.4) { "yes" } else { "no" };
            let all = [(1, support), (2, sign), (3, way)];
            let answers: Vec<_> = all.into_iter().filter(|(n, _)| *n != 2 || !support.ends_with("no")).collect();
            visit(walker, &view, ResultCode::Canvassed, &answers, note).await
        }
    }
}

/// Records one attempt, about the first voter if the result is about a person.
async fn visit(walker: &Person, door: &DoorView, result: ResultCode, answers: &[(u8, &str)], note: &str) -> Result<()> {
    let is_about_one = matches!(result, ResultCode::Canvassed | ResultCode::Moved | ResultCode::Refused);
    let voter = door.voters.first().filter(|_| is_about_one).map(|voter| voter.voter.id);
    let answers: BTreeMap<_, _> = answers
        .iter()
        .filter(|_| voter.is_some())
        .map(|(n, value)| (QuestionId::from_bytes([*n; 16]), (*value).to_owned()))
        .collect();
    let script = door.script.as_ref().map(|script| script.id);
    let (doors, note) = (vec![door.door.id], note.to_owned());
    walker.ask(RecordVisit { doors, voter, how: How::Door, result, answers, note, script }).await?;
    Ok(())
}

/// Two offline phones record different answers of one person: a conflict for a coordinator to settle.
async fn disagree((one, turf): &(Person, TurfId), (other, _): &(Person, TurfId), captain: &Person) -> Result<()> {
    hand_out(captain, *turf, &[other]).await?;
    one.sync().await?;
    let rows = one.ask(Walk { turf: *turf }).await?.rows;
    let doors = rows.iter().rev().filter_map(|row| match row.stop {
        Stop::Door(door) if !row.names.is_empty() => Some(door),
        Stop::Door(_) | Stop::Building(_) => None,
    });
    for door in doors.take(2) {
        for (walker, answer) in [(one, "strong_yes"), (other, "lean_no")] {
            let view = walker.ask(OpenDoor { door }).await?;
            visit(walker, &view, ResultCode::Canvassed, &[(1, answer)], "").await?;
        }
    }
    one.sync().await?;
    other.sync().await?;
    Ok(())
}
