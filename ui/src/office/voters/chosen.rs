//! What is chosen on the page of voters: conditions in three groups, and what is typed. Pure.

mod kind;

pub(super) use kind::Kind;

use porchlight_model::universe::{Condition, Filter, Mark};
use porchlight_model::visit::ResultCode;

/// How a condition joins the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Joins {
    /// It has to be met.
    And,
    /// At least one of these has to be met.
    AnyOf,
    /// It must not be met.
    ButNot,
}

impl Joins {
    /// All, in the order in which they are shown.
    pub(super) const ALL: [Self; 3] = [Self::And, Self::AnyOf, Self::ButNot];

    /// The id of its word.
    #[must_use]
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::And => "filter-and",
            Self::AnyOf => "filter-any-of",
            Self::ButNot => "filter-but-not",
        }
    }
}

/// What is chosen.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Chosen {
    /// What was typed: name, address, telephone, id.
    pub(super) text: String,
    /// The conditions, in the order in which they were added.
    pub(super) parts: Vec<(Joins, Condition)>,
}

impl Chosen {
    /// A second pass: those at whose doors nobody came and with whom nobody has talked. As [`Filter::not_homes`], so that each condition can be changed.
    #[must_use]
    pub(super) fn not_homes() -> Self {
        let knocked = Condition::LastResult { any: vec![ResultCode::NotHome], or_none: false };
        let reached = Condition::ContactedSince { at: porchlight_model::time::At(0) };
        let out = Condition::Marked { any: vec![Mark::DoNotContact, Mark::Moved, Mark::Deceased] };
        let parts = vec![(Joins::And, knocked), (Joins::ButNot, reached), (Joins::ButNot, out)];
        Self { text: String::new(), parts }
    }

    /// The conditions that join so, each with its place.
    pub(super) fn of(&self, joins: Joins) -> impl Iterator<Item = (usize, &Condition)> {
        self.parts.iter().enumerate().filter(move |(_, (other, _))| *other == joins).map(|(n, (_, part))| (n, part))
    }

    /// Whether nothing narrows the list.
    #[must_use]
    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.text.trim().is_empty()
    }

    /// The filter: conditions for which nothing is chosen yet are left out.
    #[must_use]
    pub(super) fn filter(&self) -> Filter {
        let of = |joins: Joins| -> Vec<Filter> {
            self.of(joins).filter(|(_, part)| is_complete(part)).map(|(_, part)| part.clone().into()).collect()
        };
        let mut all = of(Joins::And);
        let any = of(Joins::AnyOf);
        if !any.is_empty() {
            all.push(Filter::Any(any));
        }
        let not = of(Joins::ButNot);
        if !not.is_empty() {
            all.push(Filter::Not(Box::new(Filter::Any(not))));
        }
        let text = self.text.trim();
        if !text.is_empty() {
            all.push(Condition::Text { text: text.to_owned() }.into());
        }
        Filter::All(all)
    }
}

/// Whether something is chosen in a condition.
#[must_use]
pub(super) fn is_complete(condition: &Condition) -> bool {
    match condition {
        Condition::Party { any } | Condition::Precinct { any } | Condition::Town { any } | Condition::Zip { any } => {
            !any.is_empty()
        }
        Condition::LastResult { any, or_none } => !any.is_empty() || *or_none,
        Condition::Marked { any } => !any.is_empty(),
        Condition::InTurf { any } => !any.is_empty(),
        Condition::Age { from, to } => from.is_some() || to.is_some(),
        Condition::Attempts { from, to } => from.is_some() || to.is_some(),
        Condition::LivesWith { with } => match with.as_ref() {
            Filter::Is(condition) => is_complete(condition),
            Filter::All(_) | Filter::Any(_) | Filter::Not(_) | Filter::Newer(_) => true,
        },
        Condition::AgeUnknown {}
        | Condition::HasPhone {}
        | Condition::ContactedSince { .. }
        | Condition::NotReachedSince { .. }
        | Condition::Answered { .. }
        | Condition::Turf { .. }
        | Condition::Near { .. }
        | Condition::Text { .. } => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(name: &str) -> Condition {
        Condition::Party { any: vec![name.to_owned()] }
    }

    #[test]
    fn groups_are_joined_as_they_read() {
        let chosen = Chosen {
            text: " ana ".to_owned(),
            parts: vec![
                (Joins::And, Condition::HasPhone {}),
                (Joins::ButNot, party("A")),
                (Joins::AnyOf, party("B")),
                (Joins::ButNot, Condition::AgeUnknown {}),
                (Joins::AnyOf, party("C")),
                (Joins::And, Condition::Party { any: Vec::new() }),
            ],
        };
        let any = Filter::Any(vec![party("B").into(), party("C").into()]);
        let not = Filter::Any(vec![party("A").into(), Condition::AgeUnknown {}.into()]);
        let text = Condition::Text { text: "ana".to_owned() };
        let expected = vec![Condition::HasPhone {}.into(), any, Filter::Not(Box::new(not)), text.into()];
        assert_eq!(chosen.filter(), Filter::All(expected));
        assert!(Chosen::default().filter().is_empty());
    }

    #[test]
    fn the_second_pass_is_the_one_that_the_model_has() {
        assert_eq!(Chosen::not_homes().filter(), Filter::not_homes());
    }
}
