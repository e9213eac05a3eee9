//! Writes a table as CSV without any cell that a spreadsheet would run as a formula.

use super::Table;
use crate::error::EngineError;
use std::borrow::Cow;

/// The characters at which spreadsheets recognise a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

pub(super) fn write(table: &Table) -> Result<String, EngineError> {
    let failed = |error: String| EngineError::Corrupt { what: error };
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in std::iter::once(&table.header).chain(&table.rows) {
        csv.write_record(row.iter().map(|cell| guarded(cell).into_owned()))
            .map_err(|error| failed(error.to_string()))?;
    }
    let bytes = csv.into_inner().map_err(|error| failed(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| failed(error.to_string()))
}

/// Prefixes an apostrophe to a cell that would be a formula.
fn guarded(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(FORMULA) { format!("'{cell}").into() } else { cell.into() }
}

/// Removes the apostrophe that [`guarded`] added.
pub(crate) fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::super::cells;
    use super::*;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        let rows = vec![cells(&["=SUM(A1)", "Ruiz, \"Ana\""]), cells(&["-1", "@x"]), cells(&["'t", "a=b"])];
        let table = Table { header: cells(&["a", "b"]), rows };
        let written = "a,b\r\n'=SUM(A1),\"Ruiz, \"\"Ana\"\"\"\r\n'-1,'@x\r\n't,a=b\r\n";
        assert_eq!(write(&table).unwrap_or_default(), written);
        for cell in table.rows.iter().flatten() {
            assert_eq!(unguarded(&guarded(cell)), cell);
        }
    }
}
