//! Reads the rows of a North Carolina voter file.

use super::address::{Address, first_keys, number, zip_key};
use super::homes::Keys;
use super::layout::Columns;
use super::staged::Staged;
use super::table::{Rows, is_shifted, text};
use super::{homes, names};
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
    pub(crate) rows: Rows,
    seen: HashMap<String, BestRow>,
    homes: HashMap<String, Home>,
    keys: Keys,
}

/// The door of an address that was read before.
#[derive(Debug, Clone, Copy)]
struct Home {
    door: DoorId,
    has_number: bool,
}

/// The best row so far of a registration number.
struct BestRow {
    line: u64,
    /// Its index among the staged voters.
    index: usize,
    registered: Option<Day>,
}

/// Year, month, day.
type Day = (u16, u8, u8);

impl NorthCarolina {
    pub(crate) fn new(campaign: CampaignId, columns: Columns) -> Self {
        let rows = Rows::new(&columns);
        Self { campaign, columns, rows, seen: HashMap::new(), homes: HashMap::new(), keys: Keys::default() }
    }

    pub(crate) const fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Reads one row into `staged`.
    pub(crate) fn read(&mut self, file: &ChosenFile, number: u64, line: &[u8], staged: &mut Staged) {
        let repairs = match self.rows.read(line) {
            Ok(repairs) if !is_shifted(&repairs) || self.is_in_place() => repairs,
            Ok(_) => {
                let (n, what) = self.rows.wrong();
                return staged.problem(file, number, (n as u64, ""), what, true);
            }
            Err((column, what)) => {
                let header = self.columns.headers.get(column - 1).map(String::as_str).unwrap_or_default();
                let header = if what.id == "import-cells" { "" } else { header };
                return staged.problem(file, number, (column as u64, header), what, true);
            }
        };
        repairs.into_iter().for_each(|repair| staged.repaired(repair));
        if self.text("confidential").eq_ignore_ascii_case("Y") {
            staged.n_confidential += 1;
            let source_id = self.source_id();
            if !source_id.is_empty() {
                // An older file may have named this voter without the mark.
                staged.confidential.push(VoterId::derive(self.campaign, "north_carolina", &source_id));
            }
            return;
        }
        let source_id = self.source_id();
        let status = self.text("status").to_uppercase();
        if !matches!(status.as_str(), "A" | "I" | "S") {
            staged.n_not_registered += 1;
            let id = (!source_id.is_empty()).then(|| VoterId::derive(self.campaign, "north_carolina", &source_id));
            if matches!(status.as_str(), "R" | "D") {
                staged.off_roll.extend(id);
            } else {
                staged.unclear.extend(id);
                self.complain(file, number, "status", Message::new("import-status-unknown"), true, staged);
            }
            return;
        }
        if source_id.is_empty() {
            return self.complain(file, number, "source_id", Message::new("import-id-missing"), true, staged);
        }
        let id = VoterId::derive(self.campaign, "north_carolina", &source_id);
        let Some(home) = self.home(staged) else {
            staged.unclear.push(id);
            return self.complain(file, number, "address", Message::new("import-address-missing"), true, staged);
        };
        let registered = day(&self.text("registered"));
        let before = self.seen.get(&source_id).map(|seen| (seen.line, seen.index, seen.registered));
        if let Some((first, _, at)) = before {
            if registered <= at {
                let what = Message::new("import-id-doubled").with("first", first);
                return self.complain(file, number, "source_id", what, true, staged);
            }
            let what = Message::new("import-id-doubled-later").with("later", number);
            self.complain(file, first, "source_id", what, true, staged);
        }
        if !home.has_number {
            self.complain(file, number, "address", Message::new("import-number-missing"), false, staged);
        }
        let age = self.text("age");
        let age_years = age.parse::<u8>().ok().filter(|years| *years > 0);
        if age_years.is_none() && !age.is_empty() {
            self.complain(file, number, "age", Message::new("import-age-wrong"), false, staged);
        }
        let (last, suffix) = (self.name("last"), names::suffix(&self.text("suffix")));
        let voter = Voter {
            id,
            door: home.door,
            first: self.name("first"),
            last: format!("{last} {suffix}").trim().to_owned(),
            age: age_years,
            party: self.text("party"),
            phone: self.text("phone"),
            source_id: source_id.clone(),
        };
        let index = staged.put_voter(before.map(|(_, index, _)| index), voter);
        self.seen.insert(source_id, BestRow { line: number, index, registered });
    }

    /// The door of a row's address; `None` if it has no street.
    fn home(&mut self, staged: &mut Staged) -> Option<Home> {
        let (address, city, zip) = (self.text("address"), self.text("city"), zip_key(&self.text("zip")));
        let read = format!("{address}\t{city}\t{zip}");
        if let Some(home) = self.homes.get(&read) {
            return Some(*home);
        }
        let parsed = Address::parse(&address);
        if parsed.street.is_empty() {
            return None;
        }
        let first_id: DoorId = DoorId::derive(self.campaign, "address", &first_keys::door(&address, &zip));
        let mut door = self.door(parsed, zip);
        door.id = homes::derive(self.campaign, &self.keys.place(&door), &door.unit);
        let home = Home { door: door.id, has_number: !door.number.is_empty() };
        staged.first_ids.entry(door.id.to_bytes()).or_default().insert(first_id.to_bytes());
        staged.doors.entry(door.id.to_bytes()).or_insert(door);
        self.homes.insert(read, home);
        Some(home)
    }

    fn door(&self, address: Address, zip: String) -> Door {
        let side = match number::leading(&address.number) {
            Some(number) if number % 2 == 0 => Side::Even,
            Some(_) => Side::Odd,
            None => Side::Unknown,
        };
        Door {
            id: DoorId::from_bytes([0; 16]),
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

    /// Whether the cells of a row with too many or too few are in the right columns, as far as that can be checked: a cell that was lost or
    /// added in the middle shifts all after it, and the mark of confidential voters would be read from another cell.
    fn is_in_place(&self) -> bool {
        let status = self.text("status").to_uppercase();
        let zip = self.text("zip");
        let is_zip = zip.len() >= 5 && zip.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let (age, registered) = (self.text("age"), self.text("registered"));
        matches!(self.text("confidential").to_uppercase().as_str(), "Y" | "N")
            // Voters who are off the roll may have no address.
            && match status.as_str() {
                "A" | "I" | "S" => is_zip,
                "D" | "R" => is_zip || zip.is_empty(),
                _ => false,
            }
            && age.bytes().all(|byte| byte.is_ascii_digit())
            && (registered.is_empty() || day(&registered).is_some())
    }

    /// The registration number, without quotation marks, which never belong to it.
    fn source_id(&self) -> String {
        self.text("source_id").trim_matches('"').trim().to_owned()
    }

    fn text(&self, meaning: &str) -> String {
        self.columns.index(meaning).map(|index| text(self.rows.cell(index))).unwrap_or_default()
    }

    fn name(&self, meaning: &str) -> String {
        names::name(&self.text(meaning))
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

/// Parses a date as the state writes it, `03/04/2016`, or as `2016-03-04`.
fn day(text: &str) -> Option<Day> {
    let parts: Vec<u16> =
        text.split(['/', '-']).map_while(|part| part.trim().get(..4.min(part.trim().len()))?.parse().ok()).collect();
    let small = |n: u16| u8::try_from(n).ok();
    match parts.as_slice() {
        [year, month, day] if *year > 31 => Some((*year, small(*month)?, small(*day)?)),
        [month, day, year] => Some((*year, small(*month)?, small(*day)?)),
        _ => None,
    }
}
