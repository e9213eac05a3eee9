//! Universes: whom a campaign wants to talk to, as conditions over the voters that it knows. What a saved list keeps of one is a
//! [`SavedFilter`](crate::plan::SavedFilter), for which it is written as JSON.

mod condition;
#[cfg(test)]
mod tests;

pub use condition::{Condition, MAX_ATTEMPTS, MAX_DISTANCE_M, MAX_TEXT_CHARS, MAX_VALUES, Mark, TurfPlace};

use crate::message::Message;
use serde::{Deserialize, Serialize};

/// The most conditions and groups that a filter may have.
pub const MAX_PARTS: usize = 200;

/// The most groups that may stand in each other.
pub const MAX_DEPTH: usize = 8;

/// Whom a filter takes: a condition, or a group of filters. What only a newer program knows is kept as it is written, and nobody is looked for by
/// a filter that has such a part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// Whoever meets each of these; everybody where there are none.
    All(Vec<Filter>),
    /// Whoever meets at least one of these; nobody where there are none.
    Any(Vec<Filter>),
    /// Whoever does not meet this.
    Not(Box<Filter>),
    /// Whoever meets this condition.
    Is(Condition),
    /// A part of a newer program, as it is written.
    #[serde(untagged)]
    Newer(serde_json::Value),
}

impl Default for Filter {
    /// Everybody.
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

impl From<Condition> for Filter {
    fn from(condition: Condition) -> Self {
        Self::Is(condition)
    }
}

impl Filter {
    /// A ready-made filter for a second pass: those at whose doors nobody came, whom nobody has talked to, and who may be asked for.
    #[must_use]
    pub fn not_homes() -> Self {
        let knocked = Condition::LastResult { any: vec![crate::visit::ResultCode::NotHome], or_none: false };
        let reached = Condition::ContactedSince { at: crate::time::At(0) };
        let marks = vec![Mark::DoNotContact, Mark::Moved, Mark::Deceased];
        let out = Self::Any(vec![reached.into(), Condition::Marked { any: marks }.into()]);
        Self::All(vec![knocked.into(), Self::Not(Box::new(out))])
    }

    /// Whether it takes everybody because it has no condition.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::All(parts) if parts.is_empty())
    }

    /// Whether it has a part, or a name in one, that only a newer program knows.
    #[must_use]
    pub fn needs_newer(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::needs_newer),
            Self::Not(part) => part.needs_newer(),
            Self::Is(condition) => condition.needs_newer(),
            Self::Newer(_) => true,
        }
    }

    /// Checks that somebody can be looked for by it.
    ///
    /// # Errors
    /// A message for the person: it needs a newer program, is too large, or a condition makes no sense (which, and why).
    pub fn check(&self) -> Result<(), Message> {
        if self.needs_newer() {
            return Err(Message::new("filter-needs-newer"));
        }
        let mut n_parts = 0;
        self.check_part(0, &mut n_parts)
    }

    fn check_part(&self, depth: usize, n_parts: &mut usize) -> Result<(), Message> {
        *n_parts += 1;
        if *n_parts > MAX_PARTS || depth > MAX_DEPTH {
            return Err(Message::new("filter-too-large").with("max", MAX_PARTS).with("depth", MAX_DEPTH));
        }
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().try_for_each(|part| part.check_part(depth + 1, n_parts))
            }
            Self::Not(part) | Self::Is(Condition::LivesWith { with: part }) => part.check_part(depth + 1, n_parts),
            Self::Is(condition) => condition.check(),
            Self::Newer(_) => Err(Message::new("filter-needs-newer")),
        }
    }
}
