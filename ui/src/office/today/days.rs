//! Attempts by day as bars, the contacts among them filled, with the numbers as a table.

use crate::hooks::use_call;
use crate::i18n::{number, t, t_args};
use crate::when;
use porchlight_model::calls::office::{Day, Days};
use porchlight_model::id::WaveId;
use porchlight_model::time::At;
use yew::prelude::*;

/// The most days in the chart: four weeks.
const MAX_DAYS: usize = 28;
/// The height of the bars' area in pixels.
const HEIGHT: f64 = 168.0;
/// The room above it, for the highest line's number, and below it, for the days.
const ABOVE: f64 = 12.0;
const DAY_MS: i64 = 86_400_000;

/// The props of [`DaysCard`].
#[derive(Properties, PartialEq)]
pub(super) struct DaysCardProps {
    /// The wave; `None` for the current one.
    pub(super) wave: Option<WaveId>,
}

/// The card; it says what it will show while nothing is recorded.
#[component]
pub(super) fn DaysCard(props: &DaysCardProps) -> Html {
    let offset_ms = when::offset_ms(crate::clock::now());
    let days = use_call(Days { wave: props.wave, offset_ms });
    let Some(found) = days.value() else {
        return html! { <section class="card board-days" aria-busy="true"><h2 class="card-head">{ t("today-days") }</h2></section> };
    };
    let today = (crate::clock::now().0 + offset_ms).div_euclid(DAY_MS);
    let days = shown(found, today);
    html! {
        <section class="card board-days" aria-labelledby="days">
            <h2 class="card-head" id="days">{ t("today-days") }<span class="key"><i class="key-all" />{ t("today-attempts") }<i class="key-met" />{ t("today-met") }</span></h2>
            if days.is_empty() { <p class="who pad">{ t("today-days-none") }</p> } else { { chart(&days) }{ table(&days) } }
        </section>
    }
}

/// The days in the chart: from the first with an attempt, at most [`MAX_DAYS`] before it ends, to today or the last one recorded; those in between
/// without any are there, with zero.
fn shown(found: &[Day], today: i64) -> Vec<Day> {
    let Some((first, last)) = found.first().zip(found.last()) else { return Vec::new() };
    // A clock that is ahead must not stretch the chart over years.
    let last = if last.day > today + 1 { today } else { last.day.max(today) };
    let from = first.day.max(last - i64::try_from(MAX_DAYS).unwrap_or(28) + 1);
    let of = |day: i64| found.iter().find(|one| one.day == day).copied();
    (from..=last).map(|day| of(day).unwrap_or(Day { day, n_attempts: 0, n_contacts: 0 })).collect()
}

/// The distance of the lines: 1, 2 or 5 times a power of ten, so that there are at most four.
fn step(highest: u32) -> u32 {
    let mut power = 1_u32;
    loop {
        for step in [1, 2, 5].map(|n| power.saturating_mul(n)) {
            if highest.div_ceil(step) <= 4 || step == u32::MAX {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

fn date(day: i64) -> AttrValue {
    // Noon: no shift of a clock moves it to another day.
    let noon = At(day * DAY_MS + DAY_MS / 2);
    when::day_of(At(noon.0 - when::offset_ms(noon)))
}

fn chart(days: &[Day]) -> Html {
    let highest = days.iter().map(|day| day.n_attempts).max().unwrap_or(0).max(1);
    let step = step(highest);
    let top = highest.div_ceil(step).saturating_mul(step);
    let y = |n: u32| ABOVE + HEIGHT - f64::from(n) / f64::from(top) * HEIGHT;
    let lines = (0..=top / step).map(|line| {
        let n = line * step;
        html! { <><line x1="0" x2="100%" y1={y(n).to_string()} y2={y(n).to_string()} /><text x="0" y={(y(n) - 3.0).to_string()}>{ number(f64::from(n)) }</text></> }
    });
    let n_days = f64::from(u32::try_from(days.len()).unwrap_or(1));
    // Bars begin right of the numbers of the lines: 9 % of the width.
    let width = 91.0 / n_days;
    let wide = (width * 0.7).min(6.0);
    let middle = |place: usize| 9.0 + (f64::from(u32::try_from(place).unwrap_or(0)) + 0.5) * width;
    let bar = |place: usize, n: u32, class: &'static str| {
        let x = middle(place) - wide / 2.0;
        html! { <rect {class} x={format!("{x:.2}%")} width={format!("{wide:.2}%")} y={format!("{:.1}", y(n))} height={format!("{:.1}", f64::from(n) / f64::from(top) * HEIGHT)} /> }
    };
    // Every day's date has room for up to a week, then every fourth's.
    let every = if days.len() <= 7 { 1 } else { 4 };
    let dates = days.iter().enumerate().rev().step_by(every).map(|(place, day)| {
        html! { <text class="day" x={format!("{:.2}%", middle(place))} y={(ABOVE + HEIGHT + 18.0).to_string()}>{ date(day.day) }</text> }
    });
    let sum = |of: fn(&Day) -> u32| days.iter().map(of).fold(0, u32::saturating_add);
    let label = t_args(
        "today-days-told",
        &[
            ("attempts", sum(|day| day.n_attempts).into()),
            ("contacts", sum(|day| day.n_contacts).into()),
            ("days", days.len().into()),
        ],
    );
    html! {
        <svg class="chart" role="img" aria-label={label} height={(ABOVE + HEIGHT + 26.0).to_string()} width="100%">
            { for lines }
            { for days.iter().enumerate().map(|(place, day)| html! { <>{ bar(place, day.n_attempts, "all") }{ bar(place, day.n_contacts, "met") }</> }) }
            { for dates }
        </svg>
    }
}

fn table(days: &[Day]) -> Html {
    html! {
        <details class="pad"><summary>{ t("today-days-numbers") }</summary>
            <div class="table-box"><table>
                <thead><tr><th scope="col">{ t("today-day") }</th><th scope="col">{ t("today-attempts") }</th><th scope="col">{ t("today-met") }</th></tr></thead>
                <tbody>{ for days.iter().rev().map(|day| html! {
                    <tr><th scope="row">{ date(day.day) }</th><td>{ number(f64::from(day.n_attempts)) }</td><td>{ number(f64::from(day.n_contacts)) }</td></tr>
                }) }</tbody>
            </table></div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: i64, n_attempts: u32) -> Day {
        Day { day, n_attempts, n_contacts: 0 }
    }

    #[test]
    fn days_without_any_are_there_and_four_weeks_at_most() {
        let told = |found: &[Day], today: i64| {
            shown(found, today).iter().map(|day| (day.day, day.n_attempts)).collect::<Vec<_>>()
        };
        assert_eq!(told(&[], 100), []);
        assert_eq!(told(&[day(97, 5), day(99, 2)], 100), [(97, 5), (98, 0), (99, 2), (100, 0)]);
        assert_eq!(told(&[day(1, 5), day(100, 1)], 100).len(), MAX_DAYS);
        // A phone whose clock was years ahead.
        assert_eq!(told(&[day(99, 5), day(9_999, 1)], 100), [(99, 5), (100, 0)]);
        // And one whose clock was years behind, alone.
        assert_eq!(told(&[day(3, 5)], 100).last(), Some(&(100, 0)));
    }

    #[test]
    fn lines_are_at_round_numbers_and_at_most_four() {
        let steps = [1, 4, 5, 8, 9, 40, 41, 1_500, u32::MAX].map(step);
        assert_eq!(steps, [1, 1, 2, 2, 5, 10, 20, 500, 2_000_000_000]);
    }
}
