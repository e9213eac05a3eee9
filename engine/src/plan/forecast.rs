//! What there will probably be at the end of a goal's last day: the coming days are as those of the same weekday were. Pure.
//!
//! The range is that of the sum of independent days: their spread around the weekday's mean, and that the mean itself is known from few weeks.
//! Four of five such sums are within 1.2816 standard deviations (normal distribution).

use porchlight_model::calls::plan::Forecast;

/// How many days must be recorded before there is a pattern: two weeks.
pub(crate) const LEAST_DAYS: usize = 14;

/// How many days count at most: eight weeks. What was longer ago was another campaign.
pub(crate) const MOST_DAYS: usize = 56;

/// Four of five: between the tenth and the ninetieth of a hundred.
const SPREADS: f64 = 1.2816;

/// One weekday's past.
#[derive(Debug, Clone, Copy, Default)]
struct Weekday {
    n: f64,
    mean: f64,
    /// How many days of it are to come; part of one for today.
    n_left: f64,
}

/// What is known of the past, and of the time that is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known<'a> {
    /// What was done on each whole day up to yesterday, the first with something first.
    pub(crate) past: &'a [u32],
    /// What was done today so far.
    pub(crate) n_today: u32,
    /// What of the goal is done, today so far included.
    pub(crate) n_done: u32,
    /// Today, in days since 1970.
    pub(crate) today: i64,
    /// The first and the last day of the goal.
    pub(crate) days: (i64, i64),
    /// No more than that is there to be done.
    pub(crate) most: Option<u32>,
}

/// The forecast.
pub(crate) fn forecast(known: &Known<'_>) -> Forecast {
    let (from, to) = known.days;
    if known.today > to {
        return Forecast::Over;
    }
    if known.past.len() < LEAST_DAYS {
        return Forecast::TooEarly;
    }
    let past = &known.past[known.past.len().saturating_sub(MOST_DAYS)..];
    let first = known.today - i64::try_from(past.len()).unwrap_or(i64::MAX);
    let dated = || past.iter().zip(first..).map(|(n, day)| (weekday(day), f64::from(*n)));
    let mut weekdays = [Weekday::default(); 7];
    for (weekday, n) in dated() {
        weekdays[weekday].n += 1.0;
        weekdays[weekday].mean += n;
    }
    for weekday in &mut weekdays {
        weekday.mean /= weekday.n.max(1.0);
    }
    let squares: f64 = dated().map(|(weekday, n)| (n - weekdays[weekday].mean).powi(2)).sum();
    let variance = squares / (f64::from(u32::try_from(past.len()).unwrap_or(u32::MAX)) - 7.0);
    // Today counts as far as it is not done yet.
    let mut left = 0.0;
    if known.today >= from {
        let today = &mut weekdays[weekday(known.today)];
        if today.mean > f64::from(known.n_today) {
            left += today.mean - f64::from(known.n_today);
            today.n_left += 1.0 - f64::from(known.n_today) / today.mean;
        }
    }
    for day in from.max(known.today + 1)..=to {
        let weekday = &mut weekdays[weekday(day)];
        left += weekday.mean;
        weekday.n_left += 1.0;
    }
    let spread: f64 = weekdays.iter().map(|day| variance * (day.n_left + day.n_left.powi(2) / day.n.max(1.0))).sum();
    let (middle, reach) = (f64::from(known.n_done) + left, SPREADS * spread.sqrt());
    let bounded = |n: f64| whole(n).max(known.n_done).min(known.most.unwrap_or(u32::MAX).max(known.n_done));
    Forecast::Between {
        low: bounded((middle - reach).floor()),
        middle: bounded(middle.round()),
        high: bounded((middle + reach).ceil()),
    }
}

/// The place of a day in its week; 1970 began on a Thursday, which is 0.
fn weekday(day: i64) -> usize {
    usize::try_from(day.rem_euclid(7)).unwrap_or_default()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded before")]
fn whole(n: f64) -> u32 {
    n.clamp(0.0, f64::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Thursday.
    const TODAY: i64 = 20_699;

    fn known(past: &[u32], days_left: i64) -> Known<'_> {
        let n_done = past.iter().sum();
        Known { past, n_today: 0, n_done, today: TODAY, days: (TODAY - 100, TODAY + days_left - 1), most: None }
    }

    fn between(low: u32, middle: u32, high: u32) -> Forecast {
        Forecast::Between { low, middle, high }
    }

    #[test]
    fn two_weeks_make_a_pattern_and_less_do_not() {
        assert_eq!(forecast(&known(&[10; 13], 10)), Forecast::TooEarly);
        assert_eq!(forecast(&known(&[10; 14], 10)), between(240, 240, 240));
        assert_eq!(forecast(&known(&[], 10)), Forecast::TooEarly);
        assert_eq!(forecast(&known(&[10; 14], 0)), Forecast::Over);
    }

    #[test]
    fn weekdays_are_as_they_were() {
        // Four weeks of 100 on each Saturday and Sunday, the third and the fourth day from a Thursday on, and nothing else.
        let weekends: Vec<u32> = (0..28).map(|day| if matches!(day % 7, 2 | 3) { 100 } else { 0 }).collect();
        assert_eq!(TODAY % 7, 0, "a Thursday");
        for (days_left, expected) in [(1, 800), (2, 800), (3, 900), (4, 1_000), (9, 1_000), (10, 1_100), (14, 1_200)] {
            assert_eq!(forecast(&known(&weekends, days_left)), between(expected, expected, expected), "{days_left}");
        }
    }

    #[test]
    fn what_is_done_today_is_not_expected_again() {
        let of = |n_today: u32| {
            let past = known(&[10; 28], 2);
            forecast(&Known { n_today, n_done: 280 + n_today, ..past })
        };
        assert_eq!(of(0), between(300, 300, 300));
        assert_eq!(of(4), between(300, 300, 300));
        assert_eq!(of(25), between(315, 315, 315), "more than usual stays more");
    }

    #[test]
    fn uneven_days_make_a_range_that_grows_with_the_time_left() {
        let uneven: Vec<u32> = (0..56).map(|day| if (day / 7) % 2 == 0 { 20 } else { 0 }).collect();
        let width = |days_left: i64| match forecast(&known(&uneven, days_left)) {
            Forecast::Between { low, middle, high } => {
                assert!(low <= middle && middle <= high, "{low} {middle} {high}");
                assert_eq!(i64::from(middle), 560 + 10 * days_left);
                high - low
            }
            other => panic!("{other:?}"),
        };
        // A day's variance is 56 · 10² / (56 - 7); a week of days whose means are of eight weeks: √(7 · 114.3 · (1 + 1/8)) · 1.2816 = 38.4.
        assert_eq!(width(7), 2 * 39);
        assert!(width(7) < width(14) && width(14) < width(28));
    }

    #[test]
    fn it_does_not_exceed_what_is_there_nor_fall_below_what_is_done() {
        let past = [10; 28];
        assert_eq!(forecast(&Known { most: Some(290), ..known(&past, 30) }), between(290, 290, 290));
        assert_eq!(
            forecast(&Known { most: Some(5), ..known(&past, 30) }),
            between(280, 280, 280),
            "more than there is"
        );
        let falling: Vec<u32> = (0..14).map(|day| if day == 0 { 500 } else { 0 }).collect();
        let Forecast::Between { low, .. } = forecast(&known(&falling, 3)) else { panic!("two weeks are there") };
        assert!(low >= 500);
    }

    #[test]
    fn a_goal_that_has_not_begun_counts_its_own_days_alone() {
        let past = [10; 28];
        let later = Known { n_done: 0, days: (TODAY + 5, TODAY + 9), ..known(&past, 1) };
        assert_eq!(forecast(&later), between(50, 50, 50));
    }
}
