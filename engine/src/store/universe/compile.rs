//! A filter as one condition in SQL, with everything that a person chose or typed as parameters.

use super::{bit, words};
use crate::error::EngineError;
use crate::findable;
use crate::store::{office, reference};
use porchlight_model::id::{TurfId, VoterId};
use porchlight_model::place::LonLat;
use porchlight_model::universe::{Condition, Filter, TurfPlace};
use porchlight_model::visit::ResultCode;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::fmt::Write as _;

/// Values that are written one by one; more are one parameter.
const FEW: usize = 8;

/// Digits from which on a text may be the end of a telephone number.
const MIN_DIGITS: usize = 4;

/// Letters and digits from which on a text may be the beginning of an id in the file.
const MIN_ID: usize = 3;

/// A condition in SQL over the row `f0` of `universe_voter`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Compiled {
    pub(crate) sql: String,
    pub(crate) params: Vec<Value>,
}

impl Compiled {
    /// Adds a parameter; returns its place in the statement.
    pub(crate) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.params.push(value.into());
        format!("?{}", self.params.len())
    }
}

/// Compiles a filter that was checked. `out` are the turf that canvassers' devices hold.
pub(crate) fn compile(conn: &Connection, filter: &Filter, out: &[TurfId]) -> Result<Compiled, EngineError> {
    let mut compiler = Compiler { conn, out, done: Compiled::default() };
    let sql = compiler.filter(filter, 0)?;
    Ok(Compiled { sql, ..compiler.done })
}

struct Compiler<'a> {
    conn: &'a Connection,
    out: &'a [TurfId],
    done: Compiled,
}

impl Compiler<'_> {
    fn filter(&mut self, filter: &Filter, row: usize) -> Result<String, EngineError> {
        match filter {
            Filter::All(parts) if parts.is_empty() => Ok("1".to_owned()),
            Filter::Any(parts) if parts.is_empty() => Ok("0".to_owned()),
            Filter::All(parts) => self.joined(parts, " AND ", row),
            Filter::Any(parts) => self.joined(parts, " OR ", row),
            Filter::Not(part) => Ok(format!("NOT ({})", self.filter(part, row)?)),
            Filter::Is(condition) => self.condition(condition, row),
            Filter::Newer(_) => Ok("0".to_owned()),
        }
    }

    fn joined(&mut self, parts: &[Filter], by: &str, row: usize) -> Result<String, EngineError> {
        let parts: Vec<String> = parts.iter().map(|part| self.filter(part, row)).collect::<Result<_, _>>()?;
        Ok(format!("({})", parts.join(by)))
    }

    /// Every condition is either true or false: nothing in a row is NULL but a door's place.
    fn condition(&mut self, condition: &Condition, row: usize) -> Result<String, EngineError> {
        Ok(match condition {
            Condition::Party { any } => self.is_word(row, "party", any)?,
            Condition::Precinct { any } => self.is_word(row, "precinct", any)?,
            Condition::Town { any } => self.is_word(row, "town", any)?,
            Condition::Zip { any } => self.is_word(row, "zip", any)?,
            Condition::Age { from, to } => {
                let known = from.unwrap_or_default().max(1);
                let (from, to) = (self.done.bind(i64::from(known)), self.done.bind(i64::from(to.unwrap_or(u8::MAX))));
                format!("f{row}.age BETWEEN {from} AND {to}")
            }
            Condition::AgeUnknown {} => format!("f{row}.age = 0"),
            Condition::HasPhone {} => format!("f{row}.marks & {} <> 0", super::HAS_PHONE),
            Condition::LastResult { any, or_none } => {
                let none = or_none.then(String::new);
                let names: Vec<String> = any.iter().map(ResultCode::as_str).map(str::to_owned).chain(none).collect();
                self.is_word(row, "result", &names)?
            }
            Condition::Attempts { from, to } => {
                let from = self.done.bind(i64::from(from.unwrap_or_default()));
                let to = self.done.bind(i64::from(to.unwrap_or(u32::MAX)));
                format!("f{row}.attempts BETWEEN {from} AND {to}")
            }
            Condition::ContactedSince { at } => {
                let at = self.done.bind(at.0.max(1));
                format!("f{row}.met_at >= {at}")
            }
            Condition::NotReachedSince { at } => {
                let at = self.done.bind(at.0.max(1));
                format!("f{row}.met_at < {at}")
            }
            Condition::Answered { question, any } => {
                let Some(question) = words::known(self.conn, &hex::encode(question.to_bytes()))? else {
                    return Ok("0".to_owned());
                };
                let question = self.done.bind(question);
                let value =
                    if any.is_empty() { String::new() } else { format!(" AND {}", self.is_one_of("a.value", any)?) };
                format!(
                    "EXISTS (SELECT 1 FROM universe_answer a WHERE a.home = f{row}.home AND a.n = f{row}.n AND a.question = {question}{value})"
                )
            }
            Condition::Marked { any } => {
                let bits = self.done.bind(any.iter().fold(0, |bits, mark| bits | bit(*mark)));
                format!("f{row}.marks & {bits} <> 0")
            }
            Condition::Turf { place } => match place {
                TurfPlace::In => format!("f{row}.turf <> 0"),
                TurfPlace::Free => format!("f{row}.turf = 0"),
                TurfPlace::Out => self.is_turf(row, self.out)?,
                TurfPlace::Unknown(_) => "0".to_owned(),
            },
            Condition::InTurf { any } => self.is_turf(row, any)?,
            Condition::LivesWith { with } => {
                let other = row + 1;
                let with = self.filter(with, other)?;
                format!(
                    "EXISTS (SELECT 1 FROM universe_voter f{other} WHERE f{other}.home = f{row}.home AND f{other}.n <> f{row}.n AND {with})"
                )
            }
            Condition::Near { at, within_m } => self.is_near(row, *at, *within_m),
            Condition::Text { text } => self.is_found(row, text)?,
        })
    }

    fn is_turf(&mut self, row: usize, any: &[TurfId]) -> Result<String, EngineError> {
        let names: Vec<String> = any.iter().map(|turf| hex::encode(turf.to_bytes())).collect();
        self.is_word(row, "turf", &names)
    }

    fn is_word(&mut self, row: usize, column: &str, any: &[String]) -> Result<String, EngineError> {
        self.is_one_of(&format!("f{row}.{column}"), any)
    }

    /// Whether a column has one of these words; no row has those that have no number.
    fn is_one_of(&mut self, column: &str, any: &[String]) -> Result<String, EngineError> {
        let mut numbers = Vec::new();
        for word in any {
            numbers.extend(words::known(self.conn, word)?);
        }
        numbers.sort_unstable();
        numbers.dedup();
        Ok(match numbers.as_slice() {
            [] => "0".to_owned(),
            [one] => format!("{column} = {}", self.done.bind(*one)),
            few if few.len() <= FEW => {
                let places: Vec<String> = few.iter().map(|number| self.done.bind(*number)).collect();
                format!("{column} IN ({})", places.join(", "))
            }
            many => format!("{column} IN (SELECT value FROM json_each({}))", self.done.bind(as_json(many))),
        })
    }

    /// On a flat earth around the middle (error below 0.1 % within 10 km, below 1 % within 100 km at 45° of latitude). The box comes first, which is
    /// fast.
    fn is_near(&mut self, row: usize, at: LonLat, within_m: f64) -> String {
        let flat = Flat::around(at, within_m);
        let mut sql = format!("(f{row}.lat IS NOT NULL AND f{row}.lon IS NOT NULL");
        for (column, low, high) in [
            ("lat", at.lat - flat.radius, at.lat + flat.radius),
            ("lon", at.lon - flat.radius / flat.shrink, at.lon + flat.radius / flat.shrink),
        ] {
            let (low, high) = (self.done.bind(low), self.done.bind(high));
            let _ = write!(sql, " AND f{row}.{column} BETWEEN {low} AND {high}");
        }
        let [lon, lat, shrink, square] =
            [at.lon, at.lat, flat.shrink, flat.radius * flat.radius].map(|value| self.done.bind(value));
        let east = format!("(f{row}.lon - {lon}) * {shrink}");
        let north = format!("(f{row}.lat - {lat})");
        let _ = write!(sql, " AND ({east}) * ({east}) + {north} * {north} <= {square})");
        sql
    }

    fn is_found(&mut self, row: usize, text: &str) -> Result<String, EngineError> {
        if text.trim().is_empty() {
            return Ok("1".to_owned());
        }
        let mut found = Vec::new();
        let readings = findable::readings(text);
        if !readings.is_empty() {
            let query = self.done.bind(query(&readings, BEGUN));
            found.push(format!("SELECT rowid FROM search WHERE search MATCH {query}"));
            let added = office::added(self.conn)?.into_iter().filter(|(_, words)| findable::is_hit(words, &readings));
            let rows: Vec<i64> = added.map(|(voter, _)| reference::search_row(voter)).collect();
            if !rows.is_empty() {
                found.push(format!("SELECT value FROM json_each({})", self.done.bind(as_json(&rows))));
            }
        }
        found.extend(self.by_number(text));
        if found.is_empty() {
            return Ok("0".to_owned());
        }
        Ok(format!(
            "(f{row}.home, f{row}.n) IN (SELECT home, n FROM universe_name WHERE n IN ({}))",
            found.join(" UNION ")
        ))
    }
}

impl Compiler<'_> {
    /// Statements that give the rows of people with such a telephone number or id.
    fn by_number(&mut self, text: &str) -> Vec<String> {
        let ends = phone_ends(text).into_iter().map(|end| ("phone", format!("{end}:"), end));
        let ids = id_start(text).into_iter().map(|id| ("source", format!("{id}\u{10ffff}"), id));
        let among = |(column, to, from): (&str, String, String)| {
            let (from, to) = (self.done.bind(from), self.done.bind(to));
            format!("SELECT n FROM universe_name WHERE {column} <> '' AND {column} >= {from} AND {column} < {to}")
        };
        ends.chain(ids).map(among).collect()
    }
}

/// Whether a text may be a telephone number or an id in the file.
pub(crate) fn is_number(text: &str) -> bool {
    !phone_ends(text).is_empty() || id_start(text).is_some()
}

/// At most `limit` people with such a telephone number or id.
pub(crate) fn by_number(conn: &Connection, text: &str, limit: u32) -> Result<Vec<VoterId>, EngineError> {
    let mut compiler = Compiler { conn, out: &[], done: Compiled::default() };
    let found = compiler.by_number(text);
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let limit = compiler.done.bind(i64::from(limit));
    let sql = format!(
        "SELECT voter FROM universe_name WHERE n IN ({}) ORDER BY name, n LIMIT {limit}",
        found.join(" UNION ")
    );
    let mut select = conn.prepare_cached(&sql)?;
    let rows = select.query_map(params_from_iter(&compiler.done.params), |row| row.get(0).map(VoterId::from_bytes))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The ending of a word in a full-text query that finds it whole.
pub(crate) const WHOLE: &str = "\"";
/// The ending of a word in a full-text query that finds what begins so.
pub(crate) const BEGUN: &str = "\"*";

/// A full-text query for any of these readings.
pub(crate) fn query(readings: &[Vec<findable::Spellings>], ending: &str) -> String {
    let each: Vec<String> = readings.iter().map(|words| all_of(words, ending)).collect();
    each.join(" OR ")
}

/// A circle on a flat earth, in degrees of latitude.
pub(crate) struct Flat {
    pub(crate) radius: f64,
    /// How much shorter a degree of longitude is than one of latitude.
    pub(crate) shrink: f64,
}

impl Flat {
    pub(crate) fn around(at: LonLat, within_m: f64) -> Self {
        const M_PER_DEGREE: f64 = 111_195.0;
        Self { radius: within_m / M_PER_DEGREE, shrink: at.lat.to_radians().cos().max(1e-6) }
    }
}

fn as_json(numbers: &[i64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
    format!("[{}]", numbers.join(","))
}

/// A full-text query that requires all words. Words have only letters and digits, so that typed text cannot inject query syntax.
fn all_of(words: &[findable::Spellings], ending: &str) -> String {
    let one_of = |word: &findable::Spellings| {
        let spellings: Vec<String> = word.iter().map(|word| format!("\"{word}{ending}")).collect();
        format!("({})", spellings.join(" OR "))
    };
    format!("({})", words.iter().map(one_of).collect::<Vec<_>>().join(" AND "))
}

/// What a text is as the end of a telephone number, from its last digit: with a country's `1` in front also without it. Nothing where it has letters.
fn phone_ends(text: &str) -> Vec<String> {
    if text.chars().any(char::is_alphabetic) {
        return Vec::new();
    }
    let digits: String = text.chars().rev().filter(char::is_ascii_digit).collect();
    if digits.len() < MIN_DIGITS {
        return Vec::new();
    }
    let without = digits.strip_suffix('1').filter(|rest| rest.len() == 10).map(str::to_owned);
    std::iter::once(digits).chain(without).collect()
}

/// What a text is as the beginning of an id in the file: one word with a digit.
fn id_start(text: &str) -> Option<String> {
    let text = text.trim();
    let is_id = text.len() >= MIN_ID
        && text.chars().all(|letter| letter.is_alphanumeric() || letter == '-')
        && text.chars().any(|letter| letter.is_ascii_digit());
    is_id.then(|| text.to_lowercase())
}
