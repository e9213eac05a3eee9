//! Rows of a North Carolina voter file.

use super::address::{Address, title_case};
use super::layout::Columns;
use super::staged::Staged;
use super::table::{Splitter, text};
use porchlight_model::calls::files::ChosenFile;
use porchlight_model::id::{CampaignId, DoorId, VoterId};
use porchlight_model::message::Message;
use porchlight_model::place::Side;
use porchlight_model::voter::{Door, Voter};
use std::collections::HashMap;

/// Reads rows of one file.
pub(crate) struct NorthCarolina {
    campaign: CampaignId,
    columns: Columns,
    splitter: Splitter,
    lines_by_id: HashMap<String, u64>,
}

impl NorthCarolina {
    pub(crate) fn new(campaign: CampaignId, columns: Columns) -> Self {
        let splitter = Splitter::new(columns.separator);
        Self { campaign, columns, splitter, lines_by_id: HashMap::new() }
    }

    pub(crate) const fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Whether a line has fewer cells than the header.
    pub(crate) fn is_short(&mut self, line: &[u8]) -> bool {
        self.splitter.split(line);
        self.splitter.n_cells() < self.columns.headers.len()
    }

    /// Reads one row into `staged`.
    pub(crate) fn read(&mut self, file: &ChosenFile, number: u64, line: &[u8], staged: &mut Staged) {
        let is_closed = self.splitter.split(line);
        let (n_cells, n_headers) = (self.splitter.n_cells(), self.columns.headers.len());
        if !is_closed {
            let header = self.columns.headers.get(n_cells).map(String::as_str).unwrap_or_default();
            let at = (n_cells as u64 + 1, header);
            return staged.problem(file, number, at, Message::new("import-quote-open"), true);
        }
        if n_cells != n_headers {
            let what = Message::new("import-cells").with("found", n_cells).with("expected", n_headers);
            return staged.problem(file, number, (n_cells as u64, ""), what, true);
        }
        if self.text("confidential").eq_ignore_ascii_case("Y") {
            staged.n_confidential += 1;
            let source_id = self.text("source_id");
            if !source_id.is_empty() {
                // An older file may have named them openly.
                staged.confidential.push(VoterId::derive(self.campaign, "north_carolina", &source_id));
            }
            return;
        }
        if !matches!(self.text("status").as_str(), "A" | "I" | "S") {
            staged.n_not_registered += 1;
            return;
        }
        let source_id = self.text("source_id");
        if source_id.is_empty() {
            return self.complain(file, number, "source_id", Message::new("import-id-missing"), true, staged);
        }
        if let Some(first) = self.lines_by_id.insert(source_id.clone(), number) {
            self.lines_by_id.insert(source_id, first);
            let what = Message::new("import-id-doubled").with("first", first);
            return self.complain(file, number, "source_id", what, true, staged);
        }
        let address = Address::parse(&self.text("address"));
        if address.street.is_empty() {
            return self.complain(file, number, "address", Message::new("import-address-missing"), true, staged);
        }
        if address.number.is_empty() {
            self.complain(file, number, "address", Message::new("import-number-missing"), false, staged);
        }
        let age = self.text("age");
        let age_years = age.parse::<u8>().ok().filter(|years| *years > 0);
        if age_years.is_none() && !age.is_empty() {
            self.complain(file, number, "age", Message::new("import-age-wrong"), false, staged);
        }
        let door = self.door(address);
        let suffix = self.text("suffix");
        let last = self.name("last");
        staged.voters.push(Voter {
            id: VoterId::derive(self.campaign, "north_carolina", &source_id),
            door: door.id,
            first: self.name("first"),
            last: if suffix.is_empty() { last } else { format!("{last} {}", title_case(&suffix)) },
            age: age_years,
            party: self.text("party"),
            phone: self.text("phone"),
            source_id,
        });
        staged.doors.entry(door.id.to_bytes()).or_insert(door);
    }

    fn door(&self, address: Address) -> Door {
        let zip: String = self.text("zip").chars().take(5).collect();
        let side = match super::address::leading_number(&address.number) {
            Some(number) if number % 2 == 0 => Side::Even,
            Some(_) => Side::Odd,
            None => Side::Unknown,
        };
        Door {
            id: DoorId::derive(self.campaign, "address", &format!("{}/{}/{zip}", address.key(), address.unit)),
            number: address.number,
            street: address.street,
            unit: address.unit,
            city: self.name("city"),
            zip,
            precinct: self.text("precinct"),
            at: None,
            is_at_guessed: false,
            side,
            building: None,
        }
    }

    fn text(&self, meaning: &str) -> String {
        self.columns.index(meaning).map(|index| text(self.splitter.cell(index))).unwrap_or_default()
    }

    fn name(&self, meaning: &str) -> String {
        self.text(meaning).split_whitespace().map(title_case).collect::<Vec<_>>().join(" ")
    }

    fn complain(
        &self,
        file: &ChosenFile,
        number: u64,
        meaning: &str,
        what: Message,
        is_left_out: bool,
        staged: &mut Staged,
    ) {
        let index = self.columns.index(meaning).unwrap_or_default();
        let header = self.columns.headers.get(index).map(String::as_str).unwrap_or_default();
        staged.problem(file, number, (index as u64 + 1, header), what, is_left_out);
    }
}
