//! How many people have which age, with those chosen filled.

use crate::i18n::t_args;
use yew::prelude::*;

/// Years in one bar.
const YEARS: usize = 5;
/// The first year of the first bar, and how many bars there are.
const FIRST: usize = 15;
const N_BARS: usize = 17;
/// The height of the highest bar, and the width of each with the gap after it.
const HEIGHT: f64 = 56.0;
const WIDTH: f64 = 15.0;

/// The props of [`Ages`].
#[derive(Properties, PartialEq)]
pub(super) struct AgesProps {
    /// People by age.
    pub(super) ages: Vec<(u8, u64)>,
    /// The least age chosen.
    pub(super) from: Option<u8>,
    /// The most.
    pub(super) to: Option<u8>,
}

/// The bars.
#[component]
pub(super) fn Ages(props: &AgesProps) -> Html {
    let mut bars = [0_u64; N_BARS];
    for (age, n) in &props.ages {
        let place = (usize::from(*age).saturating_sub(FIRST) / YEARS).min(N_BARS - 1);
        if let Some(bar) = bars.get_mut(place) {
            *bar += n;
        }
    }
    let most = bars.iter().copied().max().unwrap_or_default().max(1);
    let (from, to) = (props.from.unwrap_or_default(), props.to.unwrap_or(u8::MAX));
    let bar = |(place, n): (usize, u64)| {
        #[expect(clippy::cast_precision_loss, reason = "pixels")]
        let (x, height) = (place as f64 * WIDTH, (n as f64 / most as f64 * HEIGHT).max(1.0));
        let first = FIRST + place * YEARS;
        // The last one has all who are older.
        let last = if place + 1 == N_BARS { usize::from(u8::MAX) } else { first + YEARS - 1 };
        let is_in = last >= usize::from(from) && first <= usize::from(to);
        html! { <rect class={if is_in { "met" } else { "all" }} x={x.to_string()} y={(HEIGHT - height).to_string()} width={(WIDTH - 3.0).to_string()} height={height.to_string()} rx="1.5" /> }
    };
    let n_chosen: u64 = props.ages.iter().filter(|(age, _)| (from..=to).contains(age)).map(|(_, n)| n).sum();
    #[expect(clippy::cast_precision_loss, reason = "shown to people")]
    let told = t_args("filter-ages-told", &[("n", (n_chosen as f64).into())]);
    #[expect(clippy::cast_precision_loss, reason = "pixels")]
    let view = format!("0 0 {} {HEIGHT}", N_BARS as f64 * WIDTH);
    html! {
        <>
            <svg class="chart ages" viewBox={view} role="img" aria-label={told.clone()}>{ for bars.into_iter().enumerate().map(bar) }</svg>
            <p class="who">{ told }</p>
        </>
    }
}
