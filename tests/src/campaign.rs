//! Sets up a whole campaign in a few calls: founding, import, script, cutting, handing out.

use crate::person::Person;
use crate::relay::Relay;
use crate::town;
use anyhow::{Context, Result};
use porchlight_model::calls::cut::CutTurf;
use porchlight_model::calls::door::OpenDoor;
use porchlight_model::calls::invite::{HandOut, Invite};
use porchlight_model::calls::join::Join;
use porchlight_model::calls::script::{GetScript, SaveScript};
use porchlight_model::calls::visit::{Receipt, RecordVisit};
use porchlight_model::calls::walk::{Stop, Walk, WalkView};
use porchlight_model::id::{DoorId, JobId, QuestionId, ScriptId, TurfId, VoterId};
use porchlight_model::member::Role;
use porchlight_model::script::{AnswerOption, Question, Script, Then};
use porchlight_model::turf::CutArea;
use porchlight_model::visit::{How, ResultCode};
use std::collections::BTreeMap;
use std::path::Path;

/// The lifetime of invites in stories: a day, in minutes.
const DAY_MINUTES: u32 = 24 * 60;

/// Founds a campaign at `relay`.
///
/// # Errors
/// What the interface would show.
pub async fn found(relay: &Relay, coordinator: &Person, name: &str) -> Result<()> {
    let link = relay.founding_link()?;
    coordinator.ask(Join { link, name: coordinator.name.clone(), campaign: Some(name.to_owned()) }).await?;
    coordinator.sync().await?;
    Ok(())
}

/// Writes a town of `n_doors` doors into `folder` and imports its three files.
///
/// # Errors
/// What the interface would show, or why the files could not be written.
pub async fn import_town(coordinator: &Person, folder: &Path, n_doors: usize) -> Result<()> {
    town::generate(42, n_doors).write(folder).context("writing the town")?;
    for file in ["streets.geojson", "addresses.csv", "voters.txt"] {
        coordinator.import(&folder.join(file)).await?;
    }
    Ok(())
}

/// A script of three questions with one branch: a person who says "no" is not asked for a yard sign.
#[must_use]
pub fn script() -> Script {
    let question = |n: u8| QuestionId::from_bytes([n; 16]);
    let option = |value: &str, label: &str, then: Then, is_support: bool| AnswerOption {
        value: value.to_owned(),
        label: label.to_owned(),
        then,
        is_support,
    };
    Script {
        id: ScriptId::from_bytes([0; 16]),
        opening: "Hi, I'm a neighbour, volunteering for the library. Two short questions?".to_owned(),
        questions: vec![
            Question {
                id: question(1),
                title: "Library measure".to_owned(),
                text: "If the vote were today, would you support the library measure?".to_owned(),
                options: vec![
                    option("strong_yes", "Strongly yes", Then::Next, true),
                    option("lean_yes", "Leaning yes", Then::Next, true),
                    option("undecided", "Undecided", Then::Next, false),
                    option("lean_no", "Leaning no", Then::Question { id: question(3) }, false),
                    option("strong_no", "Strongly no", Then::Question { id: question(3) }, false),
                ],
            },
            Question {
                id: question(2),
                title: "Yard sign".to_owned(),
                text: "Would you put a sign in your yard?".to_owned(),
                options: vec![option("yes", "Yes", Then::Next, false), option("no", "No", Then::Next, false)],
            },
            Question {
                id: question(3),
                title: "Way to vote".to_owned(),
                text: "How do you plan to vote?".to_owned(),
                options: vec![
                    option("mail", "By mail", Then::End, false),
                    option("early", "Early, in person", Then::End, false),
                    option("day", "On election day", Then::End, false),
                ],
            },
        ],
    }
}

/// Puts [`script`] in force and returns it as saved.
///
/// # Errors
/// What the interface would show.
pub async fn write_script(coordinator: &Person) -> Result<Script> {
    coordinator.ask(SaveScript { script: script() }).await?;
    coordinator.ask(GetScript {}).await?.context("the script was not kept")
}

/// Cuts everything into turf of about `doors_per_turf` doors and syncs it to the relay.
///
/// # Errors
/// What the interface would show.
pub async fn cut(coordinator: &Person, doors_per_turf: u32, name: &str) -> Result<Vec<TurfId>> {
    let job = JobId::from_bytes([7; 16]);
    let cut = CutTurf { area: CutArea::Everything, doors_per_turf, name: name.to_owned(), job };
    let turfs = coordinator.ask(cut).await?.turfs;
    coordinator.sync().await?;
    Ok(turfs)
}

/// Invites someone to a role and lets them join.
///
/// # Errors
/// What the interface would show.
pub async fn invite(by: &Person, who: &Person, role: Role) -> Result<()> {
    let link = by.ask(Invite { role, minutes: DAY_MINUTES }).await?.link;
    who.join(&link).await?;
    who.sync().await?;
    Ok(())
}

/// Hands a turf to canvassers, who join and sync.
///
/// # Errors
/// What the interface would show.
pub async fn hand_out(by: &Person, turf: TurfId, to: &[&Person]) -> Result<()> {
    let uses = u32::try_from(to.len())?;
    let link = by.ask(HandOut { turf, uses, minutes: DAY_MINUTES }).await?.link;
    for person in to {
        person.join(&link).await?;
        person.sync().await?;
    }
    Ok(())
}

/// The turf as this person's list.
///
/// # Errors
/// What the interface would show.
pub async fn walk(person: &Person, turf: TurfId) -> Result<WalkView> {
    person.ask(Walk { turf }).await
}

/// The houses of a turf (no buildings), in walking order.
///
/// # Errors
/// What the interface would show.
pub async fn houses(person: &Person, turf: TurfId) -> Result<Vec<DoorId>> {
    Ok(houses_of(walk(person, turf).await?))
}

/// The houses of a list (no buildings), in walking order.
#[must_use]
pub fn houses_of(walk: WalkView) -> Vec<DoorId> {
    let stops = walk.rows.into_iter().filter_map(|row| match row.stop {
        Stop::Door(door) => Some(door),
        Stop::Building(_) => None,
    });
    stops.collect()
}

/// The first voter behind a door.
///
/// # Errors
/// When nobody lives there, or what the interface would show.
pub async fn first_voter(person: &Person, door: DoorId) -> Result<VoterId> {
    let view = person.ask(OpenDoor { door }).await?;
    view.voters.first().map(|voter| voter.voter.id).context("nobody lives there")
}

/// Records "not home" with one tap.
///
/// # Errors
/// What the interface would show.
pub async fn not_home(person: &Person, door: DoorId) -> Result<Receipt> {
    person.ask(nobody_home(door, "")).await
}

/// A "not home" visit with a note, which may be empty.
#[must_use]
pub fn nobody_home(door: DoorId, note: &str) -> RecordVisit {
    let (answers, note) = (BTreeMap::new(), note.to_owned());
    RecordVisit {
        doors: vec![door],
        voter: None,
        how: How::Door,
        result: ResultCode::NotHome,
        answers,
        note,
        script: None,
    }
}

/// Records a talk with answers, by the number of the question from 1, and a note.
///
/// # Errors
/// What the interface would show.
pub async fn talk(
    person: &Person,
    door: DoorId,
    voter: VoterId,
    answers: &[(u8, &str)],
    note: &str,
) -> Result<Receipt> {
    person
        .ask(RecordVisit {
            doors: vec![door],
            voter: Some(voter),
            how: How::Door,
            result: ResultCode::Canvassed,
            answers: answers.iter().map(|(n, value)| (QuestionId::from_bytes([*n; 16]), (*value).to_owned())).collect(),
            note: note.to_owned(),
            script: None,
        })
        .await
}
