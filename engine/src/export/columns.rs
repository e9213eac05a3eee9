//! The columns of questions: one for each title under which a question was asked.

use super::{Exporting, Table};
use crate::script::words::Versions;
use porchlight_model::id::QuestionId;
use std::collections::{BTreeMap, BTreeSet};

/// A question under one of its titles. A question with a new title gets a new column, so that no answer appears under a title that the canvasser did
/// not see.
type Column = (QuestionId, String);

/// The answers in words, by column.
pub(super) type AnswerCells = BTreeMap<Column, String>;

impl Exporting<'_> {
    /// Builds a table with the `fixed` columns followed by those of questions: first the script in force in its order, then others that have answers.
    pub(super) fn with_questions(&self, fixed: Vec<String>, rows: Vec<(Vec<String>, AnswerCells)>) -> Table {
        let used: BTreeSet<Column> = rows.iter().flat_map(|(_, said)| said.keys().cloned()).collect();
        let columns = columns(&self.versions, used);
        let mut header = fixed;
        for (question, title) in &columns {
            let title = if title.is_empty() { question.to_string() } else { title.clone() };
            header.push(unlike(&header, &title));
        }
        let rows = rows.into_iter().map(|(mut cells, mut said)| {
            cells.extend(columns.iter().map(|column| said.remove(column).unwrap_or_default()));
            cells
        });
        Table { header, rows: rows.collect() }
    }
}

fn columns(versions: &Versions, mut used: BTreeSet<Column>) -> Vec<Column> {
    let mut columns = Vec::new();
    for (n, script) in versions.newest_first().enumerate() {
        let is_newest = n == 0;
        for question in &script.questions {
            let column = (question.id, question.title.clone());
            if used.remove(&column) || (is_newest && !columns.contains(&column)) {
                columns.push(column);
            }
        }
    }
    columns.extend(used);
    columns
}

/// Makes a title unique, because two columns with the same name could not be told apart.
fn unlike(header: &[String], title: &str) -> String {
    let is_taken = |name: &String| header.contains(name);
    let mut numbered = (1..).map(|n| if n == 1 { title.to_owned() } else { format!("{title} ({n})") });
    numbered.find(|name| !is_taken(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_columns_have_one_name() {
        let header = ["result", "Sign", "Sign (2)"].map(str::to_owned);
        for (title, expected) in [("Sign", "Sign (3)"), ("result", "result (2)"), ("Bond", "Bond")] {
            assert_eq!(unlike(&header, title), expected);
        }
    }
}
