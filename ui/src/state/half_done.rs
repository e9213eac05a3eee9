//! The drafts at a door: their keys and contents, and what the door offers because of them. Pure.

use super::talk::KeptTalk;
use porchlight_model::calls::door::{DoorView, VoterView};
use porchlight_model::calls::draft::Draft;
use porchlight_model::id::{DoorId, NoteId, VoterId};
use porchlight_model::time::At;
use porchlight_model::visit::{DoorState, Flag, PersonState, ResultCode};
use serde::{Deserialize, Serialize};

/// The key of a talk with one person.
#[must_use]
pub fn talk_key(door: DoorId, voter: VoterId) -> String {
    format!("talk/{door}/{voter}")
}

/// The key of a note about a door or a resident.
#[must_use]
pub fn note_key(door: DoorId) -> String {
    format!("note/{door}")
}

/// The key of a note that is being changed.
#[must_use]
pub fn edit_note_key(door: DoorId, note: NoteId) -> String {
    format!("note/{door}/{note}")
}

/// The notes of a door that are being edited, with when they were last touched.
#[must_use]
pub fn edits(door: DoorId, drafts: &[Draft]) -> Vec<(NoteId, At)> {
    let of = |draft: &Draft| {
        let note = serde_json::from_str::<KeptNote>(&draft.body).ok()?.instead_of?;
        (edit_note_key(door, note) == draft.key).then_some((note, draft.at))
    };
    drafts.iter().filter_map(of).collect()
}

/// The key of a person who is being added.
#[must_use]
pub fn person_key(door: DoorId) -> String {
    format!("person/{door}")
}

/// The key of when to come back.
#[must_use]
pub fn come_back_key(door: DoorId) -> String {
    format!("come-back/{door}")
}

/// The key of a danger that is being reported.
#[must_use]
pub fn danger_key(door: DoorId) -> String {
    format!("danger/{door}")
}

/// The draft of a note.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptNote {
    /// Whom it is about; `None` for the door.
    pub voter: Option<VoterId>,
    /// The note that it replaces.
    pub instead_of: Option<NoteId>,
    /// The text.
    pub text: String,
}

/// The draft of an added person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPerson {
    /// Given name.
    pub first: String,
    /// Family name.
    pub last: String,
    /// Telephone.
    pub phone: String,
}

/// The draft of when to come back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptComeBack {
    /// For whom; `None` for the door.
    pub voter: Option<VoterId>,
    /// What was chosen, in words: `after 19:00`.
    pub when: String,
    /// A time of day that was set: `19:30`.
    pub at: String,
    /// As they said it.
    pub words: String,
}

/// The draft of a danger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDanger {
    /// What was chosen, in words.
    pub kind: String,
    /// What was typed.
    pub words: String,
}

/// An unfinished talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HalfTalk {
    /// With whom.
    pub voter: VoterId,
    /// The question it is at, counted from 1.
    pub question: usize,
    /// The number of questions.
    pub of: usize,
    /// When it was left.
    pub at: At,
}

/// The unfinished talks of a door, latest first.
#[must_use]
pub fn talks(door: DoorId, voters: &[VoterView], drafts: &[Draft]) -> Vec<HalfTalk> {
    let of = |draft: &Draft| {
        let voter = voters.iter().map(|view| view.voter.id).find(|voter| talk_key(door, *voter) == draft.key)?;
        let talk = serde_json::from_str::<KeptTalk>(&draft.body).ok()?.resume()?;
        let (at, of) = talk.progress();
        Some(HalfTalk { voter, question: (at + 1).min(of), of, at: draft.at })
    };
    drafts.iter().filter_map(of).collect()
}

/// The forward act of a door's dock, at the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forward {
    /// Continue the unfinished talk.
    GoOn(HalfTalk),
    /// A talk.
    Talk(VoterId),
    /// The next door, skipping this one if it is dangerous.
    Next {
        /// Whether this door is to be skipped.
        is_skip: bool,
    },
    /// Someone who is not listed.
    AddPerson,
}

/// The other act of a door's dock, at the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aside {
    /// Nobody came: ends the door without a talk.
    NotHome,
    /// Someone else here.
    Talk(VoterId),
    /// Everything else.
    More,
}

/// The acts of a door's dock: at most one at each side, the amber one at the right.
#[must_use]
pub fn dock(view: &DoorView, talks: &[HalfTalk]) -> (Option<Aside>, Forward) {
    let next = Forward::Next { is_skip: false };
    if view.state == DoorState::Danger {
        return (Some(Aside::More), Forward::Next { is_skip: true });
    }
    if view.flags.contains(&Flag::DoNotContact) {
        return (Some(Aside::More), next);
    }
    let is_in = |voter: VoterId| view.voters.iter().any(|view| view.voter.id == voter && !view.state.is_out());
    if let Some(talk) = talks.iter().find(|talk| is_in(talk.voter)) {
        return (Some(Aside::NotHome), Forward::GoOn(*talk));
    }
    let first = |is_wanted: fn(PersonState) -> bool| {
        view.voters.iter().find(|view| is_wanted(view.state)).map(|view| view.voter.id)
    };
    let to_meet = first(|state| state == PersonState::ToMeet);
    match (view.state, to_meet) {
        (DoorState::Part, Some(voter)) => (Some(Aside::Talk(voter)), next),
        (DoorState::Todo, Some(voter)) => (Some(Aside::NotHome), Forward::Talk(voter)),
        (DoorState::Todo, None) => (Some(Aside::NotHome), Forward::AddPerson),
        _ => match first(is_to_try_again) {
            Some(voter) => (Some(Aside::NotHome), Forward::Talk(voter)),
            None => (None, next),
        },
    }
}

/// Whether it makes sense to try to meet someone again in the same wave.
const fn is_to_try_again(state: PersonState) -> bool {
    match state {
        PersonState::ToMeet
        | PersonState::Tried(
            ResultCode::NotHome
            | ResultCode::ComeBack
            | ResultCode::Inaccessible
            | ResultCode::LanguageBarrier
            | ResultCode::FlyerLeft
            | ResultCode::Unknown(_),
        ) => true,
        PersonState::Tried(ResultCode::Canvassed | ResultCode::Refused | ResultCode::Moved | ResultCode::Deceased)
        | PersonState::Gone(_)
        | PersonState::DoNotContact => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::talk::{Step, Talk};
    use super::*;
    use porchlight_model::id::{QuestionId, ScriptId, TurfId};
    use porchlight_model::place::Side;
    use porchlight_model::script::{AnswerOption, Question, Script, Then};
    use porchlight_model::voter::{Door, Voter};
    use std::collections::BTreeMap;
    use std::rc::Rc;

    const DOOR: DoorId = DoorId::from_bytes([9; 16]);

    fn who(n: u8) -> VoterId {
        VoterId::from_bytes([n; 16])
    }

    /// A door in a state, with people in theirs.
    fn door(state: DoorState, persons: &[PersonState]) -> DoorView {
        let voter = |(n, state): (u8, &PersonState)| VoterView {
            voter: Voter {
                id: who(n),
                door: DOOR,
                first: format!("P{n}"),
                last: String::new(),
                age: None,
                party: String::new(),
                phone: String::new(),
                source_id: String::new(),
            },
            is_added: false,
            state: *state,
            flags: Vec::new(),
            answers: BTreeMap::new(),
            words: BTreeMap::new(),
            in_conflict: Vec::new(),
        };
        DoorView {
            turf: TurfId::from_bytes([8; 16]),
            door: Door {
                id: DOOR,
                number: "27".to_owned(),
                street: "Maple Street".to_owned(),
                unit: String::new(),
                city: String::new(),
                zip: String::new(),
                precinct: String::new(),
                at: None,
                is_at_guessed: false,
                side: Side::Odd,
                building: None,
            },
            building: None,
            state,
            flags: Vec::new(),
            voters: (1..).zip(persons).map(voter).collect(),
            history: Vec::new(),
            script: None,
            danger: None,
            next: None,
            next_number: String::new(),
        }
    }

    fn kept_talk() -> KeptTalk {
        let question = |n: u8| Question {
            id: QuestionId::from_bytes([n; 16]),
            title: format!("Q{n}"),
            text: format!("Q{n}?"),
            options: vec![AnswerOption {
                value: "yes".to_owned(),
                label: "Yes".to_owned(),
                then: Then::Next,
                is_support: true,
            }],
        };
        let script = Script {
            id: ScriptId::from_bytes([1; 16]),
            opening: String::new(),
            questions: (1..=4).map(question).collect(),
        };
        Talk::begin(Rc::new(script), &BTreeMap::new()).after(Step::Choose("yes".to_owned())).after(Step::Next).kept()
    }

    #[test]
    fn a_talk_left_off_is_found_by_its_draft_with_the_question_it_is_at() {
        let view = door(DoorState::Todo, &[PersonState::ToMeet, PersonState::ToMeet]);
        let draft = |key: String, body: String| Draft { key, door: Some(DOOR), body, at: At(5) };
        let body = serde_json::to_string(&kept_talk()).unwrap();
        let drafts = [
            draft(note_key(DOOR), "{}".to_owned()),
            draft(talk_key(DOOR, who(7)), body.clone()),
            draft(talk_key(DOOR, who(2)), body),
            draft(talk_key(DOOR, who(1)), "of another version".to_owned()),
        ];
        let talk = HalfTalk { voter: who(2), question: 2, of: 4, at: At(5) };
        assert_eq!(talks(DOOR, &view.voters, &drafts), [talk]);
        assert_eq!(dock(&view, &[talk]), (Some(Aside::NotHome), Forward::GoOn(talk)));
    }

    #[test]
    fn the_dock_offers_what_comes_next_at_a_door() {
        use PersonState::{DoNotContact, ToMeet, Tried};
        let gone = PersonState::Gone(porchlight_model::visit::Gone::Moved);
        let (talked, refused) = (Tried(ResultCode::Canvassed), Tried(ResultCode::Refused));
        let (not_home, next) = (Some(Aside::NotHome), Forward::Next { is_skip: false });
        for (state, persons, offered) in [
            (DoorState::Todo, &[ToMeet, ToMeet][..], (not_home, Forward::Talk(who(1)))),
            (DoorState::Todo, &[gone, ToMeet], (not_home, Forward::Talk(who(2)))),
            (DoorState::Todo, &[], (not_home, Forward::AddPerson)),
            (DoorState::Part, &[talked, ToMeet], (Some(Aside::Talk(who(2))), next)),
            (DoorState::Talked, &[talked, refused], (None, next)),
            (DoorState::Moved, &[gone, DoNotContact], (None, next)),
            (DoorState::NotHome, &[Tried(ResultCode::NotHome)], (not_home, Forward::Talk(who(1)))),
            (DoorState::ComeBack, &[talked, Tried(ResultCode::ComeBack)], (not_home, Forward::Talk(who(2)))),
            (DoorState::Danger, &[ToMeet], (Some(Aside::More), Forward::Next { is_skip: true })),
        ] {
            assert_eq!(dock(&door(state, persons), &[]), offered, "{state:?} {persons:?}");
        }
    }
}
