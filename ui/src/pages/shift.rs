//! The end of a shift: a count of all results and where they are, and only then the offer to clear this device.

use super::handover::HandOverButton;
use super::hub::HubLine;
use super::leave::ClearButton;
use crate::hooks::{use_action, use_call};
use crate::i18n::{number, t, t_args, t_message};
use crate::layout::{Page, use_may, use_shape};
use crate::parts::{Go, draw};
use crate::route::Route;
use crate::state::sync::device;
use porchlight_model::calls::sync::{SyncNow, SyncStatus};
use porchlight_model::calls::walk::{ShiftReport, ShiftView};
use porchlight_model::grant::Act;
use yew::prelude::*;
use yew_router::Routable;

/// The end of a shift, over all turf on this device.
#[component]
pub(super) fn Shift() -> Html {
    let shift = use_call(ShiftReport {});
    html! {
        <Page title={t("shift-title")} back={Route::Me.to_path()} class="column">
            { draw(&shift, |shift| html! {
                <>
                    { safe(shift) }
                    { numbers(shift) }
                    if shift.n_safe < shift.n_results { <NotYet /> } else { <Keep /> }
                </>
            }) }
        </Page>
    }
}

fn safe(shift: &ShiftView) -> Html {
    let held = shift.n_results.saturating_sub(shift.n_safe);
    html! {
        <section class="all-safe" id="safe">
            <p class="safe-n">{ number(f64::from(shift.n_safe)) }
                <span>{ " " }{ t_args("shift-of", &[("n", shift.n_results.into())]) }</span></p>
            <h2>{ t("shift-safe") }</h2>
            <p class="who">{ t_args("shift-where", &[("seen", shift.n_seen.into()), ("relay", shift.n_safe.saturating_sub(shift.n_seen).into()), ("held", held.into())]) }</p>
            if shift.turfs.len() > 1 {
                <ul class="list">{ for shift.turfs.iter().map(|turf| html! {
                    <li class="li" key={turf.turf.to_string()}><span class="grow"><bdi>{ &turf.name }</bdi></span>
                        <span class="who">{ t_args("shift-turf-safe", &[("safe", turf.n_safe.into()), ("n", turf.n_results.into())]) }</span></li>
                }) }</ul>
            } else {
                { for shift.turfs.iter().map(|turf| html! { <p class="who"><bdi>{ &turf.name }</bdi></p> }) }
            }
        </section>
    }
}

fn numbers(shift: &ShiftView) -> Html {
    let row = |id: &str, n: u32| html! { <div><dt>{ t(id) }</dt><dd>{ number(f64::from(n)) }</dd></div> };
    html! {
        <dl class="card kv">
            { row("shift-doors", shift.n_doors) }
            { row("shift-talked", shift.n_talked) }
            { row("shift-supporters", shift.n_supporters) }
            { row("shift-added", shift.n_added) }
            <div><dt>{ t("shift-out") }</dt>
                <dd>{ t_args("duration", &[("h", (shift.minutes / 60).into()), ("m", (shift.minutes % 60).into())]) }</dd></div>
        </dl>
    }
}

/// While something is only on this device: how to get it to the relay, and no way to lose it.
#[component]
fn NotYet() -> Html {
    let action = use_action();
    let sync = use_call(SyncStatus {});
    let device = device(use_shape());
    let onclick = {
        let action = action.clone();
        Callback::from(move |_: MouseEvent| action.run(SyncNow {}, |_| ()))
    };
    html! {
        <div class="pad stack">
            <p>{ t_args("shift-not-yet", &[("device", device.into())]) }</p>
            <HubLine />
            if let Some(trouble) = sync.value().and_then(|sync| sync.trouble.as_ref()) {
                <p role="status">{ t_message(trouble) }</p>
            }
            <button type="button" class="btn main wide" disabled={action.is_busy} {onclick}>
                { t(if action.is_busy { "sync-busy" } else { "sync-now" }) }</button>
            <HandOverButton />
            <p class="who">{ t("handover-give-hint") }</p>
        </div>
    }
}

/// Once everything is safe: keep the turf, or clear a canvasser's device. The office's devices hold more than a shift, and are cleared under
/// "Me".
#[component]
fn Keep() -> Html {
    let is_office = use_may(Act::Oversee);
    html! {
        <div class="pad stack">
            <Go to={Route::Turf.to_path()} class="btn wide">{ t("shift-keep") }</Go>
            if !is_office { <ClearButton /> }
        </div>
    }
}
