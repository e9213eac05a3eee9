//! Reads address points in the OpenAddresses layouts: a CSV table, or one GeoJSON feature per line.

use super::At;
use super::address::{Address, town_key, zip_key};
use super::layout::Columns;
use super::staged::Staged;
use super::table::{Rows, is_shifted};
use porchlight_model::calls::files::ChosenFile;
use porchlight_model::message::{ApiError, Message};
use porchlight_model::place::LonLat;
use serde_json::Value;

/// Points further from the file's median than this are treated as mistakes, in degrees.
const FAR_DEGREES: f64 = 10.0;

/// Reads rows of one table.
pub(crate) struct OpenAddresses {
    columns: Columns,
    pub(crate) rows: Rows,
}

impl OpenAddresses {
    pub(crate) fn new(columns: Columns) -> Self {
        let rows = Rows::new(&columns);
        Self { columns, rows }
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
        if let Some(column) =
            (0..self.rows.n_cells()).find(|index| std::str::from_utf8(self.rows.cell(*index)).is_err())
        {
            let header = self.columns.headers.get(column).map(String::as_str).unwrap_or_default();
            return staged.problem(file, number, (column as u64 + 1, header), Message::new("import-not-utf-8"), true);
        }
        let (lon, lat) = (self.number("lon"), self.number("lat"));
        let at = |meaning: &str| {
            let index = self.columns.index(meaning).unwrap_or_default();
            (index as u64 + 1, self.columns.headers.get(index).map(String::as_str).unwrap_or_default())
        };
        let (Some(lon), Some(lat)) = (lon, lat) else {
            let meaning = if lon.is_none() { "lon" } else { "lat" };
            return staged.problem(file, number, at(meaning), Message::new("import-point-missing"), true);
        };
        if let Some(what) = wrong_point(lon, lat) {
            return staged.problem(file, number, at("lat"), what, true);
        }
        let address = Address::of_parts(self.text("number"), self.text("street"), "");
        if address.number.is_empty() || address.street.is_empty() {
            let meaning = if address.number.is_empty() { "number" } else { "street" };
            return staged.problem(file, number, at(meaning), Message::new("import-address-parts"), true);
        }
        staged.points.push((
            key(&address, self.text("zip"), self.text("city")),
            LonLat { lon, lat },
            (number, at("lon").0),
        ));
    }

    /// Whether the cells of a row with too many or too few are in the right columns, as far as that can be checked: house numbers and
    /// postal codes have digits, whatever the country.
    fn is_in_place(&self) -> bool {
        let has_digit = |meaning| self.text(meaning).bytes().any(|byte| byte.is_ascii_digit());
        has_digit("number") && (has_digit("zip") || self.text("zip").is_empty())
    }

    fn text(&self, meaning: &str) -> &str {
        self.columns
            .index(meaning)
            .and_then(|index| std::str::from_utf8(self.rows.cell(index)).ok())
            .map(str::trim)
            .unwrap_or_default()
    }

    fn number(&self, meaning: &str) -> Option<f64> {
        self.text(meaning).parse().ok().filter(|number: &f64| number.is_finite())
    }
}

/// The key of a point: the place's key, the postal code, the town.
pub(crate) fn key(address: &Address, zip: &str, town: &str) -> String {
    // The slash of a fraction would divide the key.
    format!("{}/{}/{}", address.key().replace('/', "|"), zip_key(zip), town_key(town))
}

/// Checks one point by itself; returns what is wrong with it.
pub(crate) fn wrong_point(lon: f64, lat: f64) -> Option<Message> {
    if lon == 0.0 && lat == 0.0 {
        Some(Message::new("import-point-zero"))
    } else if lat.abs() > 90.0 && lon.abs() <= 90.0 {
        Some(Message::new("import-point-swapped"))
    } else if lat.abs() > 90.0 || lon.abs() > 180.0 {
        Some(Message::new("import-point-off-earth"))
    } else {
        None
    }
}

/// Reads a feature with a point into `staged`.
pub(crate) fn read_feature(file: &ChosenFile, at: At, feature: &Value, staged: &mut Staged) {
    let text = |name: &str| match &feature["properties"][name] {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let (line, column) = at;
    let point = &feature["geometry"]["coordinates"];
    let (Some(lon), Some(lat)) = (point[0].as_f64(), point[1].as_f64()) else {
        return staged.problem(file, line, (column, "geometry"), Message::new("import-point-missing"), true);
    };
    if let Some(what) = wrong_point(lon, lat) {
        return staged.problem(file, line, (column, "geometry"), what, true);
    }
    let address = Address::of_parts(&text("number"), &text("street"), "");
    if address.number.is_empty() || address.street.is_empty() {
        return staged.problem(file, line, (column, "properties"), Message::new("import-address-parts"), true);
    }
    staged.points.push((key(&address, &text("postcode"), &text("city")), LonLat { lon, lat }, at));
}

/// Checks all points together: drops those that are far from the rest, and detects swapped columns.
///
/// # Errors
/// When the whole file is swapped.
pub(crate) fn check_together(file: &ChosenFile, staged: &mut Staged) -> Result<(), ApiError> {
    let median = |of: fn(&LonLat) -> f64| {
        let mut values: Vec<f64> = staged.points.iter().map(|(_, at, _)| of(at)).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    };
    let middle = LonLat { lon: median(|at| at.lon), lat: median(|at| at.lat) };
    // There are no campaigns in Antarctica: such a latitude is really a longitude.
    if middle.lat < -60.0 {
        return Err(super::refuse(super::place(file, 1, 1, "LON, LAT"), Message::new("import-points-swapped-all")));
    }
    let is_near = |at: LonLat| (at.lon - middle.lon).abs() < FAR_DEGREES && (at.lat - middle.lat).abs() < FAR_DEGREES;
    let (near, far): (Vec<_>, Vec<_>) =
        std::mem::take(&mut staged.points).into_iter().partition(|(_, at, _)| is_near(*at));
    staged.points = near;
    for (_, at, (line, column)) in far {
        let is_swapped = is_near(LonLat { lon: at.lat, lat: at.lon });
        let id = if is_swapped { "import-point-swapped" } else { "import-point-far" };
        staged.problem(file, line, (column, "LON, LAT"), Message::new(id), true);
    }
    Ok(())
}
