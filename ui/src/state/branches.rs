//! The shape of a script: which question is asked only after which answers, and which answers end the talk. Pure.

use porchlight_model::script::{Question, Script, Then};
use std::collections::BTreeSet;

/// Where one question stands in a script. Questions and answers are given by their index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// How many choices before it decide whether it is asked; 0 for what is asked in every talk that does not end before.
    pub level: usize,
    /// What leads to it, where something else leads past it.
    pub when: Option<When>,
    /// Its own answers that end the talk.
    pub ends: Vec<usize>,
}

/// What leads to a question that is not always asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// The question that decides.
    pub of: usize,
    /// Its answers that lead there directly.
    pub answers: Vec<usize>,
    /// Other questions after which it is asked, too. If this and `answers` are empty, only skipping `of` leads there.
    pub after: Vec<usize>,
}

/// Where each question of a script stands, in order. An answer that leads backwards, which no saved script has, counts as leading to the next
/// question.
#[must_use]
pub fn branches(script: &Script) -> Vec<Branch> {
    let ways: Vec<Ways> = (0..script.questions.len()).map(|index| Ways::of(script, index)).collect();
    let mut deciders: Vec<Option<usize>> = Vec::new();
    let mut branches: Vec<Branch> = Vec::new();
    for (index, way) in ways.iter().enumerate() {
        let before: Vec<usize> = (0..index).filter(|earlier| ways[*earlier].targets.contains(&index)).collect();
        let ends = way.ends.clone();
        let Some(last) = index.checked_sub(1) else {
            deciders.push(None);
            branches.push(Branch { level: 0, when: None, ends });
            continue;
        };
        if before.is_empty() {
            let when = When { of: last, answers: Vec::new(), after: Vec::new() };
            deciders.push(Some(last));
            branches.push(Branch { level: branches[last].level + 1, when: Some(when), ends });
            continue;
        }
        let of = before.iter().copied().reduce(|one, other| common(&deciders, one, other)).unwrap_or(last);
        let is_always = !leads_past(&ways, of, index);
        let when = (!is_always).then(|| When {
            of,
            answers: ways[of].answers_to(index),
            after: before.into_iter().filter(|earlier| *earlier != of).collect(),
        });
        let level = branches[of].level + usize::from(!is_always);
        deciders.push(Some(of));
        branches.push(Branch { level, when, ends });
    }
    branches
}

/// Where the answers of a question lead.
struct Ways {
    /// For each answer the index of the next question, or the number of questions for the end of the list; `None` if it ends the talk.
    by_answer: Vec<Option<usize>>,
    targets: BTreeSet<usize>,
    ends: Vec<usize>,
}

impl Ways {
    fn of(script: &Script, index: usize) -> Self {
        let question: &Question = &script.questions[index];
        let to = |then: Then| match then {
            Then::Next | Then::Newer => Some(index + 1),
            Then::Question { id } => {
                let later = script.questions.iter().position(|other| other.id == id).filter(|later| *later > index);
                Some(later.unwrap_or(index + 1))
            }
            // After the last question the talk ends, whatever is answered.
            Then::End if index + 1 == script.questions.len() => Some(index + 1),
            Then::End => None,
        };
        let by_answer: Vec<_> = question.options.iter().map(|option| to(option.then)).collect();
        let mut targets: BTreeSet<usize> = by_answer.iter().flatten().copied().collect();
        if by_answer.is_empty() {
            targets.insert(index + 1);
        }
        let ends = (0..by_answer.len()).filter(|place| by_answer[*place].is_none()).collect();
        Self { by_answer, targets, ends }
    }

    fn answers_to(&self, target: usize) -> Vec<usize> {
        (0..self.by_answer.len()).filter(|place| self.by_answer[*place] == Some(target)).collect()
    }
}

/// The last question that every way to `one` and to `other` passes.
fn common(deciders: &[Option<usize>], mut one: usize, mut other: usize) -> usize {
    while one != other {
        // What decides about a question stands before it.
        let later = if one > other { &mut one } else { &mut other };
        *later = deciders[*later].unwrap_or(0);
    }
    one
}

/// Whether a talk can go from one question to the end of the list without another.
fn leads_past(ways: &[Ways], from: usize, without: usize) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(at) = open.pop() {
        if at == without {
            continue;
        }
        // A question that ends every talk is the end of the list for those who are asked it.
        let Some(way) = ways.get(at).filter(|way| !way.targets.is_empty()) else { return true };
        if seen.insert(at) {
            open.extend(&way.targets);
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use porchlight_model::id::{QuestionId, ScriptId};
    use porchlight_model::script::AnswerOption;

    /// Written as `level`, then what leads to the question: its decider's number, answers, and questions after which it is asked; then the answers
    /// that end the talk.
    fn check(questions: &[&[Then]], expected: &[&str]) {
        let question = |(index, thens): (usize, &&[Then])| Question {
            id: id(index),
            title: String::new(),
            text: String::new(),
            options: thens
                .iter()
                .map(|then| AnswerOption { value: String::new(), label: String::new(), then: *then, is_support: false })
                .collect(),
        };
        let questions = questions.iter().enumerate().map(question).collect();
        let script = Script { id: ScriptId::from_bytes([0; 16]), opening: String::new(), questions };
        let written = |branch: Branch| {
            let when = branch.when.map(|when| format!(" if {}{:?} after {:?}", when.of, when.answers, when.after));
            let ends = Some(branch.ends).filter(|ends| !ends.is_empty()).map(|ends| format!(" ends {ends:?}"));
            format!("{}{}{}", branch.level, when.unwrap_or_default(), ends.unwrap_or_default())
        };
        assert_eq!(branches(&script).into_iter().map(written).collect::<Vec<_>>(), expected);
    }

    fn id(index: usize) -> QuestionId {
        QuestionId::from_bytes([u8::try_from(index).unwrap_or_default(); 16])
    }

    const NEXT: Then = Then::Next;
    const END: Then = Then::End;

    fn to(index: usize) -> Then {
        Then::Question { id: id(index) }
    }

    #[test]
    fn questions_in_a_row_are_asked_in_every_talk() {
        check(&[], &[]);
        check(&[&[NEXT, NEXT], &[NEXT], &[NEXT]], &["0", "0", "0"]);
        check(&[&[NEXT, END], &[END], &[NEXT]], &["0 ends [1]", "0 ends [0]", "1 if 1[] after []"]);
        check(&[&[], &[NEXT]], &["0", "0"]);
        check(&[&[NEXT], &[END, END]], &["0", "0"]);
    }

    #[test]
    fn a_question_that_an_answer_leads_past_stands_below_the_one_that_decides() {
        check(&[&[NEXT, to(2)], &[NEXT], &[NEXT]], &["0", "1 if 0[0] after []", "0"]);
        check(
            &[&[NEXT, to(2), to(3)], &[to(3)], &[NEXT], &[NEXT]],
            &["0", "1 if 0[0] after []", "1 if 0[1] after []", "0"],
        );
        check(
            &[&[NEXT, to(2), to(3)], &[NEXT], &[NEXT], &[NEXT]],
            &["0", "1 if 0[0] after []", "1 if 0[1] after [1]", "0"],
        );
        check(
            &[&[NEXT, to(3)], &[NEXT, to(3)], &[NEXT], &[NEXT]],
            &["0", "1 if 0[0] after []", "2 if 1[0] after []", "0"],
        );
        check(&[&[NEXT, to(2)], &[NEXT, END], &[END, END]], &["0", "1 if 0[0] after [] ends [1]", "0"]);
        check(
            &[&[NEXT, to(2)], &[END], &[NEXT], &[NEXT]],
            &["0", "1 if 0[0] after [] ends [0]", "1 if 0[1] after []", "1"],
        );
    }

    #[test]
    fn what_no_answer_leads_to_is_asked_only_when_the_one_before_is_skipped() {
        check(&[&[to(2), to(2)], &[NEXT], &[NEXT]], &["0", "1 if 0[] after []", "0"]);
    }

    #[test]
    fn an_answer_that_leads_backwards_counts_as_leading_on() {
        check(&[&[NEXT], &[to(0)], &[NEXT]], &["0", "0", "0"]);
    }
}
