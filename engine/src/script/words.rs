//! The words that were on the canvasser's screen: questions and answers in the script version that was used, whatever the script says
//! today.

use crate::error::EngineError;
use crate::store::field::scripts;
use porchlight_model::id::{DocId, QuestionId, ScriptId};
use porchlight_model::script::{AnswerOption, Question, Script};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// The versions of a campaign's script.
pub(crate) struct Versions {
    in_force: Option<ScriptId>,
    by_id: BTreeMap<ScriptId, Script>,
}

/// An answer in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words {
    /// The question's index in its script; the highest number for a question that no version has.
    pub(crate) place: usize,
    /// The question's title; empty if no version has the question.
    pub(crate) title: String,
    /// The question's text.
    pub(crate) text: String,
    /// The answer's label; the stored value if its version is not on this device.
    pub(crate) label: String,
}

impl Versions {
    /// All versions.
    pub(crate) fn all(conn: &Connection, campaign: DocId) -> Result<Self, EngineError> {
        let used = scripts::versions(conn, campaign)?.into_iter().collect();
        Self::of(conn, campaign, &used)
    }

    /// The version in force and those that were `used`, as far as this device has them.
    pub(crate) fn of(conn: &Connection, campaign: DocId, used: &BTreeSet<ScriptId>) -> Result<Self, EngineError> {
        let in_force = scripts::in_force(conn, campaign)?;
        let mut versions = Self { in_force: in_force.as_ref().map(|script| script.id), by_id: BTreeMap::new() };
        for id in used {
            if let Some(script) = scripts::version(conn, campaign, *id)? {
                versions.by_id.insert(*id, script);
            }
        }
        versions.by_id.extend(in_force.map(|script| (script.id, script)));
        Ok(versions)
    }

    /// The version in force, then the others, newest first.
    pub(crate) fn newest_first(&self) -> impl Iterator<Item = &Script> {
        let in_force = self.in_force.and_then(|id| self.by_id.get(&id));
        in_force.into_iter().chain(self.by_id.values().rev().filter(|script| Some(script.id) != self.in_force))
    }

    /// A question from the version that was used, or from the newest that has it if the used one is not on this device.
    pub(crate) fn question(&self, used: Option<ScriptId>, question: QuestionId) -> Option<(&Script, &Question)> {
        let used = used.and_then(|id| self.by_id.get(&id));
        let found = |script: &'_ Script| script.questions.iter().any(|other| other.id == question);
        let script =
            used.filter(|script| found(script)).or_else(|| self.newest_first().find(|script| found(script)))?;
        Some((script, script.question(question)?))
    }

    /// An answer in the words of the version that was used. If that version is not on this device, no other is substituted: the answer is returned
    /// as stored.
    pub(crate) fn words(&self, used: Option<ScriptId>, question: QuestionId, value: &str) -> Words {
        let label = option(used.and_then(|id| self.by_id.get(&id)), question, value).map(|option| option.label.clone());
        let (place, title, text) = self.question(used, question).map_or_else(
            || (usize::MAX, String::new(), String::new()),
            |(script, asked)| {
                let place = script.questions.iter().position(|other| other.id == question);
                (place.unwrap_or(usize::MAX), asked.title.clone(), asked.text.clone())
            },
        );
        Words { place, title, text, label: label.unwrap_or_else(|| value.to_owned()) }
    }

    /// Which answers count as support.
    pub(crate) fn support(&self) -> Support<'_> {
        let mut rule: BTreeMap<(QuestionId, &str), (bool, &str, bool)> = BTreeMap::new();
        for question in self.newest_first().flat_map(|script| &script.questions) {
            for option in &question.options {
                rule.entry((question.id, option.value.as_str()))
                    .and_modify(|(_, label, is_reworded)| *is_reworded |= *label != option.label)
                    .or_insert((option.is_support, &option.label, false));
            }
        }
        let rule = rule.into_iter().map(|(key, (counts, _, is_reworded))| (key, (!is_reworded).then_some(counts)));
        Support { versions: self, rule: rule.collect() }
    }
}

/// The rule for which answers count as support: the newest version that has an answer decides, so that the office can correct it; but an answer
/// that was reworded counts by the version in whose words it was given.
pub(crate) struct Support<'a> {
    versions: &'a Versions,
    /// `None` if it depends on the version.
    rule: BTreeMap<(QuestionId, &'a str), Option<bool>>,
}

impl Support<'_> {
    /// Whether an answer counts. `used` finds the version in whose words it was given, and is called only if that matters.
    pub(crate) fn counts(
        &self,
        question: QuestionId,
        value: &str,
        used: impl FnOnce() -> Result<Option<ScriptId>, EngineError>,
    ) -> Result<bool, EngineError> {
        match self.rule.get(&(question, value)) {
            None => Ok(false),
            Some(Some(counts)) => Ok(*counts),
            Some(None) => {
                let version = used()?.and_then(|id| self.versions.by_id.get(&id));
                Ok(option(version, question, value).is_some_and(|option| option.is_support))
            }
        }
    }
}

fn option<'a>(script: Option<&'a Script>, question: QuestionId, value: &str) -> Option<&'a AnswerOption> {
    script?.question(question)?.options.iter().find(|option| option.value == value)
}
