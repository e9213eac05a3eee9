//! This device and its member: identity, sync state, storage, and the end of the shift.

use super::handover::HandOverButton;
use crate::clock::use_now;
use crate::hooks::{use_action, use_call};
use crate::i18n::{t, t_args, t_message};
use crate::keep::Keep;
use crate::layout::{Page, use_session, use_shape};
use crate::pages::hub::HubCard;
use crate::pages::leave::Leave;
use crate::parts::{Go, Sheet, draw, of_role};
use crate::route::Route;
use crate::state::sync::{Tone, device, words};
use crate::switch::Switch;
use crate::theme::Theme;
use crate::when;
use porchlight_model::calls::sync::{SyncNow, SyncPhase, SyncStatus, SyncView};
use porchlight_model::calls::walk::MyTurf;
use porchlight_model::calls::wave::RemoveEnded;
use yew::prelude::*;
use yew_router::Routable;

/// The page of this device.
#[component]
pub(super) fn Me() -> Html {
    let session = use_session();
    let name = session.identity.as_ref().map(|identity| identity.name.clone()).unwrap_or_default();
    let role = session.identity.as_ref().map(|identity| of_role(identity.role)).unwrap_or_default();
    html! {
        <Page title={t("place-me")} class="narrow me">
            <section class="card">
                <h2 class="addr"><bdi>{ name }</bdi></h2>
                <p class="who">{ t_args("me-in", &[("role", role.to_string().into()), ("campaign", session.campaign_name.as_str().into())]) }</p>
            </section>
            <Travelled />
            <HubCard />
            <Shifts />
            <Keep is_full=true />
            <Choices />
            <Leave />
            <section class="card">
                <h2 class="eyebrow">{ t("me-about") }</h2>
                <p>{ t_args("me-version", &[("version", env!("CARGO_PKG_VERSION").into())]) }</p>
                <p class="who">{ t_args("me-relay", &[("relay", session.relay.as_str().into())]) }</p>
                <p class="who">{ t("me-licence") }</p>
            </section>
        </Page>
    }
}

/// The full sync state.
#[component]
fn Travelled() -> Html {
    let sync = use_call(SyncStatus {});
    let action = use_action();
    let _ = use_now();
    let onclick = {
        let action = action.clone();
        Callback::from(move |_: MouseEvent| action.run(SyncNow {}, |_| ()))
    };
    let shape = use_shape();
    html! {
        <section class="card">
            <h2 class="eyebrow">{ t("me-sync") }</h2>
            { draw(&sync, |sync| {
                let (tone, short) = words(sync, shape);
                html! {
                    <div role="status" class="stack">
                        <p class={classes!("addr", (tone == Tone::Safe).then_some("is-safe"))}>{ t_message(&short) }</p>
                        if sync.n_ended == 0 || sync.n_held > sync.n_ended {
                            <p>{ t_args(told(sync), &[("n", (sync.n_held - sync.n_ended).into()), ("device", device(shape).into())]) }</p>
                        }
                        <p class="who">{ match sync.last_ok {
                            Some(at) => t_args("me-last-ok", &[("time", when::ago(at).to_string().into())]),
                            None => t("me-never-ok"),
                        } }</p>
                        if let Some(trouble) = &sync.trouble { <p class="trouble is-inline">{ t_message(trouble) }</p> }
                        if sync.n_ended > 0 { <Late n={sync.n_ended} /> }
                    </div>
                }
            }) }
            <button type="button" class="btn wide" disabled={action.is_busy} {onclick}>{ t(if action.is_busy { "sync-busy" } else { "sync-now" }) }</button>
        </section>
    }
}

/// The props of [`Late`].
#[derive(Properties, PartialEq)]
struct LateProps {
    /// The number of results.
    n: u32,
}

/// Results of a wave that has ended: saved as a file, and removed.
#[component]
fn Late(props: &LateProps) -> Html {
    let is_asked = use_state(|| false);
    let action = use_action();
    let ask = |is: bool| {
        let is_asked = is_asked.clone();
        Callback::from(move |_: MouseEvent| is_asked.set(is))
    };
    let onclose = {
        let is_asked = is_asked.clone();
        Callback::from(move |()| is_asked.set(false))
    };
    let remove = {
        let action = action.clone();
        Callback::from(move |_: MouseEvent| action.run(RemoveEnded {}, |()| ()))
    };
    let n = [("n", props.n.into())];
    html! {
        <>
            <HandOverButton />
            <button type="button" class="btn wide" onclick={ask(true)}>{ t_args("late-remove", &n) }</button>
            if *is_asked {
                <Sheet title={t_args("late-remove-title", &n)} {onclose}>
                    <p class="sheet-text">{ t("late-remove-body") }</p>
                    <button type="button" class="btn grave wide" disabled={action.is_busy} onclick={remove}>{ t_args("late-remove", &n) }</button>
                </Sheet>
            }
        </>
    }
}

/// The message id for what sync is doing.
const fn told(sync: &SyncView) -> &'static str {
    match (sync.phase, sync.n_held) {
        (SyncPhase::Off, _) => "me-sync-off",
        (SyncPhase::Refused, _) => "me-sync-refused",
        (SyncPhase::Offline, 0) => "me-sync-offline-safe",
        (SyncPhase::Offline, _) => "me-sync-offline",
        (SyncPhase::NoRoom, _) => "me-sync-no-room",
        (SyncPhase::Failing, _) => "me-sync-failing",
        (SyncPhase::Idle | SyncPhase::Busy, 0) => "me-sync-safe",
        (SyncPhase::Idle | SyncPhase::Busy, _) => "me-sync-held",
    }
}

/// The link to the end of the shift, which covers all turf on this device.
#[component]
fn Shifts() -> Html {
    let turfs = use_call(MyTurf {});
    if turfs.value().is_none_or(|turfs| turfs.is_empty()) {
        return Html::default();
    }
    html! {
        <section class="card stack">
            <h2 class="eyebrow">{ t("shift-title") }</h2>
            <p>{ t("me-shift-body") }</p>
            <Go to={Route::Shift.to_path()} class="btn wide">{ t("me-end-shift") }</Go>
        </section>
    }
}

/// Language, theme and switches.
#[component]
fn Choices() -> Html {
    let theme = use_state(Theme::chosen);
    let choose = |to: Theme| {
        let theme = theme.clone();
        Callback::from(move |_: Event| {
            to.choose();
            theme.set(to);
        })
    };
    html! {
        <section class="card">
            <h2 class="eyebrow">{ t("me-choices") }</h2>
            <label class="label" for="language">{ t("me-language") }</label>
            <select id="language"><option value="en" selected=true lang="en">{ t("language-en") }</option></select>
            <fieldset class="radios">
                <legend class="label">{ t("me-theme") }</legend>
                { for Theme::ALL.map(|one| html! {
                    <label><input type="radio" name="theme" checked={*theme == one} onchange={choose(one)} />{ t(one.label()) }</label>
                }) }
            </fieldset>
            { for Switch::ALL.map(|one| html! { <Toggle switch={one} /> }) }
        </section>
    }
}

/// The props of [`Toggle`].
#[derive(Properties, PartialEq)]
struct ToggleProps {
    switch: Switch,
}

/// One switch of this device.
#[component]
fn Toggle(props: &ToggleProps) -> Html {
    let switch = props.switch;
    let is_on = use_state(|| switch.is_on());
    let onchange = {
        let is_on = is_on.clone();
        Callback::from(move |_: Event| {
            switch.set(!*is_on);
            is_on.set(!*is_on);
        })
    };
    html! { <label class="check"><input type="checkbox" checked={*is_on} {onchange} />{ t(switch.label()) }</label> }
}
