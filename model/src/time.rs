//! Time as the campaign records it: milliseconds since 1970 in UTC, always passed in, never read from a clock here.

use serde::{Deserialize, Serialize};

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct At(pub i64);

impl At {
    /// The instant `ms` milliseconds later (earlier, when negative); saturates.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this instant; negative when this one is the earlier.
    #[must_use]
    pub const fn since_ms(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Milliseconds since 1970 for making ids; instants before 1970 count as 1970.
    #[must_use]
    pub fn unsigned_ms(self) -> u64 {
        u64::try_from(self.0).unwrap_or(0)
    }

    /// The civil date and time in UTC, as ISO 8601 with seconds: `2026-10-31T17:20:05Z`.
    #[must_use]
    pub fn to_iso(self) -> String {
        let seconds = self.0.div_euclid(1000);
        let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let (year, month, day) = civil_from_days(days);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

/// The civil date of a day, in days since 1970, as ISO 8601: `2026-10-31`.
#[must_use]
pub fn iso_day(day: i64) -> String {
    let (year, month, day) = civil_from_days(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Reads what [`iso_day`] gave, and a form's date field gives; `None` for anything else, and for a date that no calendar has.
#[must_use]
pub fn day_of_iso(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // The same source as of `civil_from_days`; the year begins in March.
    let year_from_march = if month <= 2 { year - 1 } else { year };
    let year_of_era = year_from_march.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = year_from_march.div_euclid(400) * 146_097 + day_of_era - 719_468;
    (iso_day(days) == format!("{year:04}-{month:02}-{day:02}")).then_some(days)
}

/// Days since 1970 to (year, month, day) in the Gregorian calendar; source: H. Hinnant, "chrono-compatible low-level date algorithms".
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_as_it_is_written_and_what_no_calendar_has_is_none() {
        for day in (-1_000..60_000).step_by(13).chain([0, 20_029, 20_699]) {
            assert_eq!(day_of_iso(&iso_day(day)), Some(day));
        }
        assert_eq!((iso_day(20_699), day_of_iso("2026-09-03")), ("2026-09-03".to_owned(), Some(20_699)));
        for wrong in ["", "2026-9", "2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "soon", "0000-01-01"] {
            assert_eq!(day_of_iso(wrong), None, "{wrong}");
        }
        assert_eq!(day_of_iso("2024-02-29").map(iso_day).as_deref(), Some("2024-02-29"));
    }
}
