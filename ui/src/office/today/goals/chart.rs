//! The chart of one goal: what was done up to each day, the even way to the goal, and the range of the forecast; with the numbers as a table.

use super::{date, name};
use crate::i18n::{number, t, t_args};
use porchlight_model::calls::plan::{Forecast, GoalView};
use std::rc::Rc;
use yew::prelude::*;

/// The height of the drawing in pixels, and the room above and below it.
const HEIGHT: f64 = 168.0;
const ABOVE: f64 = 14.0;
const BELOW: f64 = 26.0;
/// Where the drawing begins and ends, in hundredths of the width: numbers of lines stand before it, those of the forecast behind it.
const LEFT: f64 = 9.0;
const RIGHT: f64 = 84.0;
/// How far from either end, in hundredths of the width, today's word must stand for the end's date to have room.
const WORDS: f64 = 22.0;

/// The props of [`Chart`].
#[derive(Properties, PartialEq)]
pub(super) struct ChartProps {
    /// The goal.
    pub(super) view: Rc<GoalView>,
}

/// The chart with its title and its table.
#[component]
pub(super) fn Chart(props: &ChartProps) -> Html {
    let view = &*props.view;
    let title = t_args("goal-chart", &[("what", name(view).into()), ("day", date(view.named.goal.to).as_str().into())]);
    html! {
        <figure class="goal-chart" aria-labelledby="goal-chart">
            <figcaption class="card-head" id="goal-chart">{ title }</figcaption>
            { drawing(view) }
            { table(view) }
        </figure>
    }
}

/// Where things stand in the drawing.
struct Frame {
    from: i64,
    n_days: f64,
    top: f64,
}

impl Frame {
    fn of(view: &GoalView) -> Self {
        let goal = &view.named.goal;
        let high = match view.forecast {
            Forecast::Between { high, .. } => high,
            Forecast::TooEarly | Forecast::Over => 0,
        };
        let top = f64::from(goal.target.max(high).max(view.n_done).max(1)) * 1.05;
        Self { from: goal.from, n_days: small(goal.to - goal.from + 1).max(1.0), top }
    }

    /// The end of a day, in hundredths of the width.
    fn x(&self, day: i64) -> f64 {
        LEFT + (small(day - self.from + 1) / self.n_days).clamp(0.0, 1.0) * (RIGHT - LEFT)
    }

    /// A number, in pixels from above.
    fn y(&self, n: u32) -> f64 {
        ABOVE + HEIGHT - f64::from(n) / self.top * HEIGHT
    }
}

/// A number of days, of which there are never so many that it matters.
fn small(days: i64) -> f64 {
    f64::from(i32::try_from(days).unwrap_or(i32::MAX))
}

/// What was done up to the end of each day.
fn sums(view: &GoalView) -> Vec<(i64, u32)> {
    let mut sum: u32 = 0;
    let add = |(day, n): (i64, &u32)| {
        sum = sum.saturating_add(*n);
        (day, sum)
    };
    (view.named.goal.from..).zip(&view.days).map(add).collect()
}

fn drawing(view: &GoalView) -> Html {
    let (frame, goal) = (Frame::of(view), view.named.goal);
    let sums = sums(view);
    let points: Vec<String> = std::iter::once((goal.from - 1, 0))
        .chain(sums.iter().copied())
        .map(|(day, n)| format!("{:.2},{:.1}", frame.x(day), frame.y(n)))
        .collect();
    let (now, reached) = (view.today.clamp(goal.from - 1, goal.to), view.n_done);
    let band = match view.forecast {
        Forecast::Between { low, high, .. } => Some((low, high)),
        Forecast::TooEarly | Forecast::Over => None,
    };
    let place = |day: i64| format!("{:.2}%", frame.x(day));
    let text = |n: u32| number(f64::from(n));
    let is_running = (goal.from..goal.to).contains(&view.today);
    html! {
        <svg class="chart goal" role="img" aria-label={told(view)} width="100%" height={(ABOVE + HEIGHT + BELOW).to_string()}>
            <line x1="0" x2={format!("{RIGHT}%")} y1={frame.y(0).to_string()} y2={frame.y(0).to_string()} />
            <text x="0" y={(frame.y(0) - 3.0).to_string()}>{ "0" }</text>
            <line x1="0" x2={format!("{RIGHT}%")} y1={frame.y(goal.target).to_string()} y2={frame.y(goal.target).to_string()} />
            <text x="0" y={(frame.y(goal.target) - 3.0).to_string()}>{ text(goal.target) }</text>
            <svg x="0" y="0" width="100%" height={(ABOVE + HEIGHT).to_string()} viewBox={format!("0 0 100 {}", ABOVE + HEIGHT)} preserveAspectRatio="none">
                if let Some((low, high)) = band {
                    <polygon class="band" points={format!("{:.2},{:.1} {:.2},{:.1} {:.2},{:.1}", frame.x(now), frame.y(reached), frame.x(goal.to), frame.y(high), frame.x(goal.to), frame.y(low))} />
                }
                <polyline class="even" points={format!("{:.2},{:.1} {:.2},{:.1}", frame.x(goal.from - 1), frame.y(0), frame.x(goal.to), frame.y(goal.target))} />
                <polyline class="done" points={points.join(" ")} />
            </svg>
            if is_running {
                <line class="now" x1={place(now)} x2={place(now)} y1={ABOVE.to_string()} y2={frame.y(0).to_string()} />
                <text class="day" x={place(now)} y={(ABOVE + HEIGHT + 18.0).to_string()}>{ t("goal-today") }</text>
            }
            if !is_running || frame.x(now) - LEFT > WORDS {
                <text x={format!("{LEFT}%")} y={(ABOVE + HEIGHT + 18.0).to_string()}>{ date(goal.from) }</text>
            }
            if !is_running || RIGHT - frame.x(now) > WORDS {
                <text class="end" x={format!("{RIGHT}%")} y={(ABOVE + HEIGHT + 18.0).to_string()}>{ date(goal.to) }</text>
            }
            if let Some((low, high)) = band {
                <text x={format!("{}%", RIGHT + 1.0)} y={(frame.y(high) + 4.0).to_string()}>{ text(high) }</text>
                if frame.y(low) - frame.y(high) > 14.0 { <text x={format!("{}%", RIGHT + 1.0)} y={(frame.y(low) + 4.0).to_string()}>{ text(low) }</text> }
            }
        </svg>
    }
}

/// What the drawing shows, in a sentence.
fn told(view: &GoalView) -> AttrValue {
    let goal = &view.named.goal;
    let day = date(goal.to);
    let args = [
        ("what", name(view).into()),
        ("done", view.n_done.into()),
        ("target", goal.target.into()),
        ("now", view.n_by_now.into()),
        ("day", day.as_str().into()),
    ];
    let told = t_args("goal-chart-told", &args);
    AttrValue::from(format!("{told} {}", super::forecast(view)))
}

fn table(view: &GoalView) -> Html {
    html! {
        <details class="pad"><summary>{ t("today-days-numbers") }</summary>
            <div class="table-box"><table>
                <thead><tr><th scope="col">{ t("today-day") }</th><th scope="col">{ t("goal-on-day") }</th><th scope="col">{ t("goal-by-then") }</th></tr></thead>
                <tbody>{ for sums(view).iter().zip(&view.days).rev().map(|((day, sum), n)| html! {
                    <tr><th scope="row">{ date(*day) }</th><td>{ number(f64::from(*n)) }</td><td>{ number(f64::from(*sum)) }</td></tr>
                }) }</tbody>
            </table></div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use porchlight_model::id::GoalId;
    use porchlight_model::plan::{Goal, GoalScope, Measure, NamedGoal};

    fn view(days: Vec<u32>) -> GoalView {
        let goal = Goal { measure: Measure::Doors, scope: GoalScope::Campaign, from: 100, to: 109, target: 100 };
        let n_done = days.iter().sum();
        let named = NamedGoal { id: GoalId::from_bytes([1; 16]), goal };
        let today = 99 + days.iter().map(|_| 1_i64).sum::<i64>();
        GoalView {
            named,
            turf: String::new(),
            today,
            n_done,
            days,
            n_per_day: Some(1),
            n_by_now: 0,
            forecast: Forecast::TooEarly,
        }
    }

    #[test]
    fn the_line_begins_at_zero_and_adds_up() {
        let view = view(vec![3, 0, 4]);
        assert_eq!(sums(&view), [(100, 3), (101, 3), (102, 7)]);
        let frame = Frame::of(&view);
        assert!((frame.x(99) - LEFT).abs() < 1e-9 && (frame.x(109) - RIGHT).abs() < 1e-9);
        assert!((frame.x(500) - RIGHT).abs() < 1e-9, "nothing is drawn behind the end");
        assert!((frame.y(0) - (ABOVE + HEIGHT)).abs() < 1e-9 && frame.y(100) > ABOVE);
    }

    #[test]
    fn a_forecast_above_the_goal_has_room() {
        let high = GoalView { forecast: Forecast::Between { low: 90, middle: 150, high: 200 }, ..view(vec![50]) };
        assert!(Frame::of(&high).y(200) > ABOVE);
    }
}
