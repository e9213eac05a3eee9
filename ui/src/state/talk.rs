//! A talk with one voter: the current question, the answers, and what is recorded at the end. Pure.

use porchlight_model::id::QuestionId;
use porchlight_model::script::{Question, Script};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The state of a talk.
#[derive(Debug, Clone, PartialEq)]
pub struct Talk {
    script: Rc<Script>,
    /// The questions so far, the current one last; empty if the script has no questions.
    path: Vec<QuestionId>,
    /// Whether the last question of the path was answered or skipped: the talk is at its end.
    is_at_end: bool,
    chosen: BTreeMap<QuestionId, String>,
    /// What the canvasser wrote.
    pub note: String,
}

/// The draft of a talk, with the script that was on the screen; the default is an untouched talk.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct KeptTalk {
    script: Option<Script>,
    path: Vec<QuestionId>,
    is_at_end: bool,
    chosen: BTreeMap<QuestionId, String>,
    note: String,
}

impl KeptTalk {
    /// Restores the talk; `None` if it was not touched.
    #[must_use]
    pub fn resume(&self) -> Option<Talk> {
        let script = Rc::new(self.script.clone()?);
        let Self { path, is_at_end, chosen, note, .. } = self.clone();
        Some(Talk { script, path, is_at_end, chosen, note })
    }
}

/// A step of a talk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Selects an option of the current question; selecting it again leaves it selected.
    Choose(String),
    /// Clears the choice of the current question.
    Clear,
    /// Continues with the choice; without one the question is skipped.
    Next,
    /// Goes back one question.
    Back,
    /// Sets the note.
    Note(String),
}

impl Talk {
    /// Begins a talk; `known` are the voter's existing answers, preselected when their question comes.
    #[must_use]
    pub fn begin(script: Rc<Script>, known: &BTreeMap<QuestionId, String>) -> Self {
        let path: Vec<_> = script.questions.first().map(|question| question.id).into_iter().collect();
        let is_at_end = path.is_empty();
        let chosen = known
            .iter()
            .filter(|(id, value)| {
                script.question(**id).is_some_and(|question| question.options.iter().any(|o| o.value == **value))
            })
            .map(|(id, value)| (*id, value.clone()))
            .collect();
        Self { script, path, is_at_end, chosen, note: String::new() }
    }

    /// The script.
    #[must_use]
    pub fn script(&self) -> &Script {
        &self.script
    }

    /// The current question; `None` at the end.
    #[must_use]
    pub fn question(&self) -> Option<&Question> {
        if self.is_at_end { None } else { self.path.last().and_then(|id| self.script.question(*id)) }
    }

    /// The choice for a question.
    #[must_use]
    pub fn choice(&self, question: QuestionId) -> Option<&str> {
        self.chosen.get(&question).map(String::as_str)
    }

    /// Whether there is a question to go back to.
    #[must_use]
    pub const fn can_go_back(&self) -> bool {
        self.path.len() > 1 || (self.is_at_end && !self.path.is_empty())
    }

    /// Whether no question can follow the current one, given the choices.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.question().is_some_and(|question| self.script.after(question.id, self.choice(question.id)).is_none())
    }

    /// The progress: the index of the current question, and the number of questions.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        let n = self.script.questions.len();
        let at = self.question().and_then(|now| self.script.questions.iter().position(|q| q.id == now.id));
        (at.unwrap_or(n), n)
    }

    /// The answers to record: only those on the path that was taken.
    #[must_use]
    pub fn answers(&self) -> BTreeMap<QuestionId, String> {
        let asked = self.path.iter();
        asked.filter_map(|id| self.chosen.get(id).map(|value| (*id, value.clone()))).collect()
    }

    /// The answers on the path that was taken, as question and label, for review.
    #[must_use]
    pub fn said(&self) -> Vec<(&Question, Option<&str>)> {
        let questions = self.path.iter().filter_map(|id| self.script.question(*id));
        questions
            .map(|question| {
                let value = self.choice(question.id);
                let option = question.options.iter().find(|option| Some(option.value.as_str()) == value);
                (question, option.map(|option| option.label.as_str()))
            })
            .collect()
    }

    fn go_on(&mut self) {
        let Some(now) = self.question().map(|question| question.id) else { return };
        match self.script.after(now, self.choice(now)).map(|question| question.id) {
            Some(next) => self.path.push(next),
            None => self.is_at_end = true,
        }
    }

    fn go_back(&mut self) {
        if self.is_at_end && !self.path.is_empty() {
            self.is_at_end = false;
        } else if self.path.len() > 1 {
            self.path.pop();
        }
    }

    fn choose(&mut self, value: String) {
        if let Some(now) = self.question().map(|question| question.id) {
            self.chosen.insert(now, value);
        }
    }

    fn clear(&mut self) {
        if let Some(now) = self.question().map(|question| question.id) {
            self.chosen.remove(&now);
        }
    }

    /// The talk after a step.
    #[must_use]
    pub fn after(&self, step: Step) -> Self {
        let mut next = self.clone();
        match step {
            Step::Choose(value) => next.choose(value),
            Step::Clear => next.clear(),
            Step::Next => next.go_on(),
            Step::Back => next.go_back(),
            Step::Note(text) => next.note = text,
        }
        next
    }

    /// Converts the talk to its draft.
    #[must_use]
    pub fn kept(&self) -> KeptTalk {
        let Self { script, path, is_at_end, chosen, note } = self.clone();
        KeptTalk { script: Some((*script).clone()), path, is_at_end, chosen, note }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use porchlight_model::id::ScriptId;
    use porchlight_model::script::{AnswerOption, Then};

    fn id(n: u8) -> QuestionId {
        QuestionId::from_bytes([n; 16])
    }

    fn option(value: &str, then: Then) -> AnswerOption {
        AnswerOption { value: value.to_owned(), label: value.to_uppercase(), then, is_support: value == "yes" }
    }

    fn question(n: u8, options: Vec<AnswerOption>) -> Question {
        Question { id: id(n), title: format!("Q{n}"), text: format!("Question {n}?"), options }
    }

    /// Question 1: yes continues, no jumps to 3, hostile ends. Questions 2 and 3: yes or no.
    fn script() -> Rc<Script> {
        let first =
            vec![option("yes", Then::Next), option("no", Then::Question { id: id(3) }), option("hostile", Then::End)];
        let plain = || vec![option("yes", Then::Next), option("no", Then::Next)];
        let questions = vec![question(1, first), question(2, plain()), question(3, plain())];
        Rc::new(Script { id: ScriptId::from_bytes([9; 16]), opening: "Hi".to_owned(), questions })
    }

    fn after(steps: &[Step]) -> Talk {
        let start = Talk::begin(script(), &BTreeMap::new());
        steps.iter().cloned().fold(start, |talk, step| talk.after(step))
    }

    fn choose(value: &str) -> Step {
        Step::Choose(value.to_owned())
    }

    fn asked(talk: &Talk) -> Option<&str> {
        talk.question().map(|question| question.title.as_str())
    }

    #[test]
    fn an_answer_may_jump_over_questions_or_end_the_talk() {
        assert_eq!(asked(&after(&[choose("yes"), Step::Next])), Some("Q2"));
        assert_eq!(asked(&after(&[choose("no"), Step::Next])), Some("Q3"));
        assert_eq!(asked(&after(&[choose("hostile"), Step::Next])), None);
        assert_eq!(asked(&after(&[Step::Next])), Some("Q2"));
    }

    #[test]
    fn only_answers_on_the_way_taken_are_recorded() {
        // Answered 2, went back, and changed 1 to a branch that skips 2.
        let talk = after(&[
            choose("yes"),
            Step::Next,
            choose("yes"),
            Step::Next,
            Step::Back,
            Step::Back,
            choose("no"),
            Step::Next,
            choose("no"),
            Step::Next,
        ]);
        assert_eq!(asked(&talk), None);
        assert_eq!(talk.answers(), BTreeMap::from([(id(1), "no".to_owned()), (id(3), "no".to_owned())]));
    }

    #[test]
    fn back_from_the_end_returns_to_the_last_question_with_its_answer() {
        let talk = after(&[choose("hostile"), Step::Next, Step::Back]);
        assert_eq!((asked(&talk), talk.choice(id(1))), (Some("Q1"), Some("hostile")));
        assert!(!talk.can_go_back());
    }

    #[test]
    fn a_chosen_answer_stays_chosen_until_it_is_cleared() {
        assert_eq!(after(&[choose("yes"), choose("yes"), choose("yes")]).choice(id(1)), Some("yes"));
        assert_eq!(after(&[choose("yes"), choose("no")]).choice(id(1)), Some("no"));
        assert!(after(&[choose("yes"), Step::Clear, Step::Next]).answers().is_empty());
    }

    #[test]
    fn a_talk_that_was_kept_goes_on_where_it_was_left() {
        for steps in [
            vec![choose("yes")],
            vec![choose("yes"), Step::Next, choose("no"), Step::Note("by the gate".to_owned())],
            vec![choose("hostile"), Step::Next],
            vec![Step::Next, Step::Next, Step::Back],
        ] {
            let talk = after(&steps);
            let text = serde_json::to_string(&talk.kept()).unwrap();
            assert_eq!(serde_json::from_str::<KeptTalk>(&text).unwrap().resume(), Some(talk));
        }
        assert_eq!(KeptTalk::default().resume(), None);
    }

    #[test]
    fn known_answers_are_shown_unless_the_script_has_dropped_them() {
        let known = BTreeMap::from([(id(1), "yes".to_owned()), (id(2), "perhaps".to_owned())]);
        let talk = Talk::begin(script(), &known);
        assert_eq!((talk.choice(id(1)), talk.choice(id(2))), (Some("yes"), None));
    }

    #[test]
    fn a_script_without_questions_is_at_its_end_at_once() {
        let empty = Rc::new(Script { questions: Vec::new(), ..(*script()).clone() });
        let talk = Talk::begin(empty, &BTreeMap::new());
        assert!(talk.question().is_none() && !talk.can_go_back());
    }
}
