//! What conditions can be about.

use super::ready;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::office::dashboard::in_order;
use crate::script::words::Versions;
use crate::store::universe::choices as rows;
use porchlight_model::calls::universe::{ChoicesView, FilterChoices, QuestionChoice};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The values that there are, and the questions of all versions of the script.
pub(crate) fn choices(engine: &mut Engine, _: &FilterChoices) -> Result<ChoicesView, EngineError> {
    ready::ready(engine)?;
    let campaign = engine.member()?.campaign_doc;
    let values = rows::values(engine.conn())?;
    let mut parties: Vec<(String, u64)> = values.parties.into_iter().collect();
    parties.sort_by_key(|(_, n)| Reverse(*n));
    let mut precincts: Vec<(String, u64)> = values.precincts.into_iter().collect();
    precincts.sort_by_cached_key(|(name, _)| in_order(name));
    let versions = Versions::all(engine.conn(), campaign)?;
    let mut questions: Vec<QuestionChoice> = Vec::new();
    let mut places = BTreeMap::new();
    for question in versions.newest_first().flat_map(|script| &script.questions) {
        let place = *places.entry(question.id).or_insert_with(|| {
            let (title, options) = (question.title.clone(), Vec::new());
            questions.push(QuestionChoice { question: question.id, title, options });
            questions.len() - 1
        });
        let Some(choice) = questions.get_mut(place) else { continue };
        for option in &question.options {
            if choice.options.iter().all(|(value, _)| *value != option.value) {
                choice.options.push((option.value.clone(), option.label.clone()));
            }
        }
    }
    Ok(ChoicesView {
        parties,
        precincts,
        towns: values.towns.into_iter().collect(),
        zips: values.zips.into_iter().collect(),
        ages: values.ages.into_iter().collect(),
        questions,
    })
}
