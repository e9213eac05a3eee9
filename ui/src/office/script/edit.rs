//! A script while it is edited: its changes one by one, what a new question is, the stored values of new answers, and where a fault is. Pure but for
//! new ids.

use crate::fresh;
use porchlight_model::id::{QuestionId, ScriptId};
use porchlight_model::message::Message;
use porchlight_model::script::{AnswerOption, Question, Script as Sheet, Then};
use serde::{Deserialize, Serialize};

/// The unsaved edit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Edited {
    /// The version on which it is based.
    pub(super) of: Option<ScriptId>,
    /// The edited script; `None` before the first change.
    pub(super) sheet: Option<Sheet>,
}

/// One change. Questions and answers are given by their index; what is not there is left alone.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Edit {
    /// What the canvasser says first.
    Opening(String),
    /// A question's title.
    Title(usize, String),
    /// What is asked.
    Text(usize, String),
    /// Puts a question at this place.
    PutQuestion(usize, Question),
    /// Moves a question from one place to another.
    MoveQuestion(usize, usize),
    /// Removes a question.
    RemoveQuestion(usize),
    /// The words of an answer.
    Label([usize; 2], String),
    /// Where the talk goes after an answer.
    Leads([usize; 2], Then),
    /// Whether an answer counts as support.
    Support([usize; 2], bool),
    /// Puts an answer at this place of a question.
    PutAnswer([usize; 2], AnswerOption),
    /// Moves an answer of a question to another place in it.
    MoveAnswer([usize; 2], usize),
    /// Removes an answer.
    RemoveAnswer([usize; 2]),
}

impl Edit {
    /// Carries out the change.
    pub(super) fn apply(self, sheet: &mut Sheet) {
        let questions = &mut sheet.questions;
        match self {
            Self::Opening(text) => sheet.opening = text,
            Self::Title(index, text) => at(questions, index, |question| question.title = text),
            Self::Text(index, text) => at(questions, index, |question| question.text = text),
            Self::PutQuestion(index, question) => questions.insert(index.min(questions.len()), question),
            Self::MoveQuestion(from, to) => move_to(questions, from, to),
            Self::RemoveQuestion(index) => remove(questions, index),
            Self::Label([index, place], text) => {
                at(questions, index, |question| at(&mut question.options, place, |option| option.label = text));
            }
            Self::Leads([index, place], then) => {
                at(questions, index, |question| at(&mut question.options, place, |option| option.then = then));
            }
            Self::Support([index, place], counts) => {
                at(questions, index, |question| at(&mut question.options, place, |option| option.is_support = counts));
            }
            Self::PutAnswer([index, place], option) => {
                at(questions, index, |question| {
                    let place = place.min(question.options.len());
                    question.options.insert(place, option);
                });
            }
            Self::MoveAnswer([index, from], to) => {
                at(questions, index, |question| move_to(&mut question.options, from, to));
            }
            Self::RemoveAnswer([index, place]) => at(questions, index, |question| remove(&mut question.options, place)),
        }
    }

    /// The change that takes this one back, for what removes something from `sheet`.
    pub(super) fn undone(&self, sheet: &Sheet) -> Option<Self> {
        match self {
            Self::RemoveQuestion(index) => {
                sheet.questions.get(*index).map(|question| Self::PutQuestion(*index, question.clone()))
            }
            Self::RemoveAnswer([index, place]) => {
                let option = sheet.questions.get(*index)?.options.get(*place)?;
                Some(Self::PutAnswer([*index, *place], option.clone()))
            }
            Self::Opening(_)
            | Self::Title(..)
            | Self::Text(..)
            | Self::PutQuestion(..)
            | Self::MoveQuestion(..)
            | Self::Label(..)
            | Self::Leads(..)
            | Self::Support(..)
            | Self::PutAnswer(..)
            | Self::MoveAnswer(..) => None,
        }
    }

    /// Whether other controls come to stand where some were.
    pub(super) const fn moves_others(&self) -> bool {
        matches!(self, Self::MoveQuestion(..) | Self::RemoveQuestion(_) | Self::MoveAnswer(..) | Self::RemoveAnswer(_))
    }
}

fn at<T>(all: &mut [T], index: usize, act: impl FnOnce(&mut T)) {
    if let Some(one) = all.get_mut(index) {
        act(one);
    }
}

fn move_to<T>(all: &mut Vec<T>, from: usize, to: usize) {
    if from < all.len() && to < all.len() {
        let one = all.remove(from);
        all.insert(to, one);
    }
}

fn remove<T>(all: &mut Vec<T>, index: usize) {
    if index < all.len() {
        all.remove(index);
    }
}

/// An initial script: one question with two answers, all empty.
pub(super) fn first() -> Sheet {
    Sheet { id: fresh::script(), opening: String::new(), questions: vec![question()] }
}

/// A new question.
pub(super) fn question() -> Question {
    Question { id: fresh::question(), title: String::new(), text: String::new(), options: vec![option(), option()] }
}

/// A new answer.
pub(super) const fn option() -> AnswerOption {
    AnswerOption { value: String::new(), label: String::new(), then: Then::Next, is_support: false }
}

/// Gives new answers their stored value: the label in plain letters, unique in its question. An answer whose label differs from the sheet `before` is
/// a new answer, because people did not say what it says now.
pub(super) fn named(sheet: &mut Sheet, before: Option<&Sheet>) {
    for question in &mut sheet.questions {
        let known = before.and_then(|before| before.question(question.id)).map_or(&[][..], |known| &known.options);
        for option in &mut question.options {
            let is_reworded = |was: &AnswerOption| was.value == option.value && was.label.trim() != option.label.trim();
            if known.iter().any(is_reworded) {
                option.value.clear();
            }
        }
        for index in 0..question.options.len() {
            if !question.options[index].value.is_empty() || question.options[index].label.trim().is_empty() {
                continue;
            }
            let plain: String = question.options[index]
                .label
                .to_lowercase()
                .chars()
                .map(|letter| if letter.is_alphanumeric() { letter } else { '_' })
                .collect();
            let plain = plain.trim_matches('_').to_owned();
            let is_taken = |value: &str| {
                value.is_empty() || question.options.iter().chain(known).any(|other| other.value == value)
            };
            let value =
                (1..).map(|n| if n == 1 { plain.clone() } else { format!("{plain}_{n}") }).find(|v| !is_taken(v));
            question.options[index].value = value.unwrap_or_default();
        }
    }
}

/// Where in a script a fault is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FaultPlace {
    /// The script as a whole.
    Script,
    /// A question as a whole.
    Question(QuestionId),
    /// A question's title.
    Title(QuestionId),
    /// What a question asks.
    Text(QuestionId),
    /// An answer of a question, by its index.
    Answer(QuestionId, usize),
}

impl FaultPlace {
    /// The place of what [`Sheet::check`] said of this script.
    pub(super) fn of(sheet: &Sheet, fault: &Message) -> Self {
        let index = |name: &str| fault.args.get(name)?.parse::<usize>().ok()?.checked_sub(1);
        let Some(question) = index("n").and_then(|index| sheet.questions.get(index)) else { return Self::Script };
        match (fault.id.as_str(), index("place")) {
            (_, Some(place)) => Self::Answer(question.id, place),
            ("script-title-doubled", None) => Self::Title(question.id),
            ("script-question-empty", None) if question.title.trim().is_empty() => Self::Title(question.id),
            ("script-question-empty", None) => Self::Text(question.id),
            (_, None) => Self::Question(question.id),
        }
    }

    /// The question in which it is.
    pub(super) const fn question(self) -> Option<QuestionId> {
        match self {
            Self::Script => None,
            Self::Question(id) | Self::Title(id) | Self::Text(id) | Self::Answer(id, _) => Some(id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_answers_get_values_unlike_each_other() {
        let mut sheet = sheet(&[("Yes!", "yes"), ("Yes", ""), ("Strongly no", ""), ("👍", ""), (" ", "")]);
        named(&mut sheet, None);
        assert_eq!(values(&sheet), ["yes", "yes_2", "strongly_no", "_2", ""]);
    }

    #[test]
    fn an_answer_that_is_reworded_is_another_answer() {
        let before = sheet(&[("Lean yes", "lean_yes"), ("No", "no"), ("Undecided", "undecided")]);
        let mut after = sheet(&[("Strong yes", "lean_yes"), ("No ", "no"), ("Lean yes", "")]);
        named(&mut after, Some(&before));
        assert_eq!(values(&after), ["strong_yes", "no", "lean_yes_2"]);
        // Two answers that swap places keep their stored values.
        let mut swapped = sheet(&[("No", "lean_yes"), ("Lean yes", "no"), ("Undecided", "undecided")]);
        named(&mut swapped, Some(&before));
        assert_eq!(values(&swapped), ["no_2", "lean_yes_2", "undecided"]);
    }

    #[test]
    fn what_is_removed_comes_back_to_its_place() {
        let before = sheet(&[("Yes", "yes"), ("No", "no"), ("Undecided", "undecided")]);
        for edit in [Edit::RemoveAnswer([0, 1]), Edit::RemoveQuestion(0)] {
            let (mut after, undone) = (before.clone(), edit.undone(&before));
            edit.apply(&mut after);
            assert_ne!(after, before);
            if let Some(undone) = undone {
                undone.apply(&mut after);
            }
            assert_eq!(after, before);
        }
        // What is not there is left alone.
        for edit in [Edit::RemoveAnswer([0, 3]), Edit::RemoveQuestion(1), Edit::MoveAnswer([0, 2], 3)] {
            let mut after = before.clone();
            edit.apply(&mut after);
            assert_eq!(after, before);
        }
        let mut after = before;
        Edit::MoveAnswer([0, 2], 0).apply(&mut after);
        assert_eq!(values(&after), ["undecided", "yes", "no"]);
    }

    #[test]
    fn a_fault_is_shown_where_it_is() {
        fn check(sheet: &Sheet, expected: impl Fn(QuestionId) -> FaultPlace) {
            let mut ready = sheet.clone();
            named(&mut ready, None);
            let place = ready.check().err().map(|fault| FaultPlace::of(&ready, &fault));
            assert_eq!(place, Some(expected(QuestionId::from_bytes([1; 16]))));
        }
        let mut sheet = sheet(&[("Yes", ""), ("No", ""), ("yes", "")]);
        check(&sheet, FaultPlace::Title);
        sheet.questions[0].title = "Library".to_owned();
        check(&sheet, FaultPlace::Text);
        sheet.questions[0].text = "Would you support it?".to_owned();
        check(&sheet, |id| FaultPlace::Answer(id, 2));
        sheet.questions[0].options.clear();
        check(&sheet, FaultPlace::Question);
        sheet.questions.clear();
        check(&sheet, |_| FaultPlace::Script);
    }

    fn values(sheet: &Sheet) -> Vec<&str> {
        sheet.questions[0].options.iter().map(|option| option.value.as_str()).collect()
    }

    fn sheet(answers: &[(&str, &str)]) -> Sheet {
        let answer = |(label, value): &(&str, &str)| AnswerOption {
            label: (*label).to_owned(),
            value: (*value).to_owned(),
            ..option()
        };
        let question = Question {
            id: QuestionId::from_bytes([1; 16]),
            title: String::new(),
            text: String::new(),
            options: answers.iter().map(answer).collect(),
        };
        Sheet { id: ScriptId::from_bytes([1; 16]), opening: String::new(), questions: vec![question] }
    }
}
