//! The end of a shift: every result counted, where it is, and only then the offer to clear this device.

use super::handover::HandOverButton;
use super::hub::HubLine;
use crate::hooks::{forget, use_action, use_call};
use crate::i18n::{number, t, t_args, t_message};
use crate::layout::{Page, use_shape};
use crate::parts::{Go, Sheet, draw};
use crate::route::Route;
use crate::state::sync::device;
use porchlight_model::calls::field::{ShiftReport, ShiftView};
use porchlight_model::calls::session::{CleanUp, SyncNow, SyncStatus};
use porchlight_model::id::TurfId;
use yew::prelude::*;
use yew_router::prelude::*;

/// What [`Shift`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct ShiftProps {
    /// The turf.
    pub(super) turf: TurfId,
}

/// The end of a shift on a turf.
#[component]
pub(super) fn Shift(props: &ShiftProps) -> Html {
    let shift = use_call(ShiftReport { turf: props.turf });
    html! {
        <Page title={t("shift-title")} back={Route::Me.to_path()} class="column">
            { draw(&shift, |shift| html! {
                <>
                    { safe(shift) }
                    { numbers(shift) }
                    if shift.n_safe < shift.n_results { <NotYet /> } else { <Clear /> }
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
            <p class="who">{ &shift.name }</p>
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

/// While something is on this device only: how to get it to the relay, and no way to lose it.
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

/// Once everything is safe: keep the turf, or clear the device.
#[component]
fn Clear() -> Html {
    let is_asking = use_state(|| false);
    let action = use_action();
    let sync = use_call(SyncStatus {});
    let navigator = use_navigator();
    let device = device(use_shape());
    // Other turf may still hold something: clearing takes everything.
    let is_all_safe = sync.value().is_some_and(|sync| sync.n_held == 0);
    let ask = |to: bool| {
        let is_asking = is_asking.clone();
        move || is_asking.set(to)
    };
    let (open, close) = (ask(true), ask(false));
    let clear = Callback::from({
        let action = action.clone();
        move |_: MouseEvent| {
            let navigator = navigator.clone();
            action.run(CleanUp {}, move |()| {
                forget();
                if let Some(navigator) = navigator {
                    navigator.replace(&Route::Join);
                }
            });
        }
    });
    html! {
        <>
            <div class="row pad">
                <Go to={Route::Turf.to_path()} class="btn grow">{ t("shift-keep") }</Go>
                <button type="button" class="btn grow" disabled={!is_all_safe} onclick={Callback::from(move |_: MouseEvent| open())}>
                    { t_args("shift-clear", &[("device", device.into())]) }</button>
            </div>
            <p class="who pad">{ t(if is_all_safe { "shift-clear-hint" } else { "shift-clear-held" }) }</p>
            if *is_asking {
                <Sheet title={t_args("shift-clear", &[("device", device.into())])} onclose={Callback::from({ let close = close.clone(); move |()| close() })}>
                    <p class="sheet-text">{ t("shift-clear-sure") }</p>
                    <div class="row">
                        <button type="button" class="btn grow" onclick={Callback::from(move |_: MouseEvent| close())}>{ t("cancel") }</button>
                        <button type="button" class="btn grave grow" disabled={action.is_busy} onclick={clear}>{ t("shift-clear-yes") }</button>
                    </div>
                </Sheet>
            }
        </>
    }
}
