//! The script: questions in order, with branching.

use crate::id::{QuestionId, ScriptId};
use crate::message::Message;
use serde::{Deserialize, Serialize};

/// The most questions a script may have.
pub const MAX_QUESTIONS: usize = 50;

/// The most options a question may have.
pub const MAX_OPTIONS: usize = 20;

/// One version of the campaign's script; a change makes a new version, so that a visit tells which was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Script {
    /// This version.
    pub id: ScriptId,
    /// What the canvasser says first.
    pub opening: String,
    /// The questions, asked in this order unless an option branches.
    pub questions: Vec<Question>,
}

/// One question with its options.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Stays the same from version to version.
    pub id: QuestionId,
    /// A few words for tables and exports, e.g. `Library measure`.
    pub title: String,
    /// What is asked.
    pub text: String,
    /// What can be answered.
    pub options: Vec<AnswerOption>,
}

/// One possible answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerOption {
    /// What is stored and exported: short, stable, e.g. `strong_yes`.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// Where the script goes after this answer.
    pub then: Then,
    /// Whether a voter who answers this counts as a supporter.
    pub is_support: bool,
}

/// Where a script goes after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "go", rename_all = "snake_case")]
pub enum Then {
    /// The next question in order, or the end after the last.
    #[default]
    Next,
    /// A later question.
    Question {
        /// Which.
        id: QuestionId,
    },
    /// The end of the talk.
    End,
    /// Where only a newer program knows: here, the next question in order.
    #[serde(other)]
    Newer,
}

impl Script {
    /// The question to ask after `question` was answered with `value`; skipping (`None`) goes to the next in order.
    #[must_use]
    pub fn after(&self, question: QuestionId, value: Option<&str>) -> Option<&Question> {
        let index = self.questions.iter().position(|q| q.id == question)?;
        let then = value
            .and_then(|value| self.questions[index].options.iter().find(|option| option.value == value))
            .map_or(Then::Next, |option| option.then);
        match then {
            Then::Next | Then::Newer => self.questions.get(index + 1),
            Then::Question { id } => self.questions.iter().find(|q| q.id == id),
            Then::End => None,
        }
    }

    /// The question with this id.
    #[must_use]
    pub fn question(&self, id: QuestionId) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// Whether `value` is an answer to `question` that counts as support.
    #[must_use]
    pub fn is_support(&self, question: QuestionId, value: &str) -> bool {
        self.question(question).is_some_and(|q| q.options.iter().any(|o| o.value == value && o.is_support))
    }

    /// Checks the rules of a script and says the first that is broken.
    ///
    /// # Errors
    /// A message naming the question as `n` and, where one is meant, the answer as `place`, both counted from 1: too many, empty, unnamed,
    /// there twice, or branching backwards.
    pub fn check(&self) -> Result<(), Message> {
        if self.questions.is_empty() {
            return Err(Message::new("script-empty"));
        }
        if self.questions.len() > MAX_QUESTIONS {
            return Err(Message::new("script-too-many-questions").with("max", MAX_QUESTIONS));
        }
        for (index, question) in self.questions.iter().enumerate() {
            self.check_question(index, question)?;
        }
        Ok(())
    }

    fn check_question(&self, index: usize, question: &Question) -> Result<(), Message> {
        let told = |id: &str| Message::new(id).with("n", index + 1);
        if question.text.trim().is_empty() || question.title.trim().is_empty() {
            return Err(told("script-question-empty"));
        }
        let earlier = self.questions[..index].iter().position(|earlier| is_same(&earlier.title, &question.title));
        if let Some(earlier) = earlier {
            return Err(told("script-title-doubled").with("title", question.title.trim()).with("earlier", earlier + 1));
        }
        if question.options.is_empty() {
            return Err(told("script-question-without-options"));
        }
        if question.options.len() > MAX_OPTIONS {
            return Err(told("script-too-many-options").with("max", MAX_OPTIONS));
        }
        if self.questions[..index].iter().any(|earlier| earlier.id == question.id) {
            return Err(told("script-question-doubled"));
        }
        for (place, option) in question.options.iter().enumerate() {
            let told = |id: &str| told(id).with("place", place + 1);
            if option.label.trim().is_empty() || option.value.trim().is_empty() {
                return Err(told("script-option-empty"));
            }
            let is_twice = |other: &AnswerOption| other.value == option.value || is_same(&other.label, &option.label);
            if let Some(earlier) = question.options[..place].iter().position(is_twice) {
                return Err(told("script-option-doubled")
                    .with("option", option.label.trim())
                    .with("earlier", earlier + 1));
            }
            if option.then == Then::Newer {
                return Err(told("script-branch-newer").with("option", &option.label));
            }
            if let Then::Question { id } = option.then
                && !self.questions[index + 1..].iter().any(|later| later.id == id)
            {
                return Err(told("script-branch-not-later").with("option", &option.label));
            }
        }
        Ok(())
    }
}

/// Whether two titles or answers read the same: letters' case and the spaces around and between words do not tell them apart.
fn is_same(one: &str, other: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    plain(one) == plain(other)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A question's title, and its answers as value and label.
    type QuestionSpec<'a> = (&'a str, &'a [(&'a str, &'a str)]);

    fn script(questions: &[QuestionSpec<'_>]) -> Script {
        let option = |(value, label): &(&str, &str)| AnswerOption {
            value: (*value).to_owned(),
            label: (*label).to_owned(),
            then: Then::Next,
            is_support: false,
        };
        let question = |(n, (title, options)): (u8, &QuestionSpec<'_>)| Question {
            id: QuestionId::from_bytes([n; 16]),
            title: (*title).to_owned(),
            text: "What do you think?".to_owned(),
            options: options.iter().map(option).collect(),
        };
        let questions = (1..).zip(questions).map(question).collect();
        Script { id: ScriptId::from_bytes([0; 16]), opening: String::new(), questions }
    }

    #[test]
    fn titles_and_answers_that_are_there_twice_are_refused_with_the_place() {
        fn check(questions: &[(&str, &[(&str, &str)])], told: Option<(&str, &[(&str, &str)])>) {
            let refused = script(questions).check().err();
            let told =
                told.map(|(id, args)| args.iter().fold(Message::new(id), |told, (name, of)| told.with(name, of)));
            assert_eq!(refused, told, "{questions:?}");
        }
        const TWO: &[(&str, &str)] = &[("yes", "Yes"), ("no", "No")];
        check(&[("Library", TWO), ("Sign", TWO), ("Bond", TWO)], None);
        for twice in ["Library", "library", " Library ", "LIBRARY"] {
            let args: &[_] = &[("n", "3"), ("title", twice.trim()), ("earlier", "1")];
            check(&[("Library", TWO), ("Sign", TWO), (twice, TWO)], Some(("script-title-doubled", args)));
        }
        check(
            &[("Way to vote", TWO), ("way  to\u{a0}vote", TWO)],
            Some(("script-title-doubled", &[("n", "2"), ("title", "way  to\u{a0}vote"), ("earlier", "1")])),
        );
        check(
            &[("École", TWO), ("école", TWO)],
            Some(("script-title-doubled", &[("n", "2"), ("title", "école"), ("earlier", "1")])),
        );
        for (value, label) in [("b", "Yes"), ("c", "YES"), ("d", " yes "), ("a", "Maybe")] {
            let args: &[_] = &[("n", "2"), ("place", "3"), ("option", label.trim()), ("earlier", "1")];
            let options = [("a", "Yes"), ("z", "No"), (value, label)];
            check(&[("Library", TWO), ("Sign", &options)], Some(("script-option-doubled", args)));
        }
        check(&[("Library", &[("a", "Yes"), ("b", "Yes!")])], None);
        check(
            &[("Library", &[("a", "Yes"), ("b", " ")])],
            Some(("script-option-empty", &[("n", "1"), ("place", "2")])),
        );
    }
}
