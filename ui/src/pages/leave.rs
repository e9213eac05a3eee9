//! Clears a device, after a list of what is removed and what of it nobody else has.

use crate::hooks::{forget, use_call, use_form_action};
use crate::i18n::{t, t_args, t_message};
use crate::layout::{use_may, use_shape};
use crate::parts::{Sheet, TextField, Trouble, draw};
use crate::route::Route;
use crate::state::sync::device;
use crate::when;
use porchlight_model::calls::join::{CleanUp, Goes, WhatGoes};
use porchlight_model::grant::Act;
use std::rc::Rc;
use yew::prelude::*;
use yew_router::prelude::use_navigator;

/// The section about clearing the device, last on the page. For the office this is not the end of a shift.
#[component]
pub(super) fn Leave() -> Html {
    let is_office = use_may(Act::Oversee);
    html! {
        <section class="card stack">
            <h2 class="eyebrow">{ t("leave-title") }</h2>
            <p>{ t(if is_office { "leave-body-office" } else { "leave-body" }) }</p>
            <ClearButton />
        </section>
    }
}

/// The button that shows what is removed, and then asks for confirmation.
#[component]
pub(super) fn ClearButton() -> Html {
    let is_asking = use_state(|| false);
    let device = device(use_shape());
    let ask = |to: bool| {
        let is_asking = is_asking.clone();
        move || is_asking.set(to)
    };
    let (open, close) = (ask(true), ask(false));
    let label = t_args("shift-clear", &[("device", device.into())]);
    html! {
        <>
            <button type="button" class="btn wide" onclick={Callback::from(move |_: MouseEvent| open())}>{ label.clone() }</button>
            if *is_asking {
                <Sheet title={label} onclose={Callback::from(move |()| close())}><Asked /></Sheet>
            }
        </>
    }
}

/// What is removed, and the confirmation: "I have read this", and on a coordinator's device also the campaign's name.
#[component]
fn Asked() -> Html {
    let goes = use_call(WhatGoes {});
    html! { <div class="stack clearing">{ draw(&goes, |goes| html! { <Confirmation goes={goes.clone()} /> }) }</div> }
}

/// The props of [`Confirmation`].
#[derive(Properties, PartialEq)]
struct ConfirmationProps {
    goes: Rc<Goes>,
}

#[component]
fn Confirmation(props: &ConfirmationProps) -> Html {
    let goes = &props.goes;
    let is_read = use_state(|| false);
    let typed = use_state(String::new);
    let action = use_form_action();
    let navigator = use_navigator();
    let device = device(use_shape());
    if let Some(refusal) = &goes.refusal {
        return html! { <>{ told(goes) }<p role="alert" class="trouble is-inline">{ t_message(refusal) }</p></> };
    }
    // The button is not at the position of the checkbox: repeated taps on one spot never clear a device.
    let read = {
        let is_read = is_read.clone();
        Callback::from(move |_: Event| is_read.set(!*is_read))
    };
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |text: String| typed.set(text))
    };
    let onsubmit = {
        let (action, typed) = (action.clone(), (*typed).clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let navigator = navigator.clone();
            action.run(CleanUp { typed: typed.clone() }, move |()| {
                forget();
                if let Some(navigator) = navigator {
                    navigator.replace(&Route::Join);
                }
            });
        })
    };
    let is_typed = goes.to_type.as_ref().is_none_or(|name| name.trim().to_lowercase() == typed.trim().to_lowercase());
    html! {
        <>
            { told(goes) }
            <form class="stack" {onsubmit} novalidate=true>
                <label class="check"><input type="checkbox" id="clear-read" checked={*is_read} onchange={read} />{ t("leave-read") }</label>
                if let Some(name) = &goes.to_type {
                    <TextField id="clear-typed" label={t_args("leave-type", &[("name", name.as_str().into())])} value={(*typed).clone()} {oninput} />
                }
                if let Some(error) = &action.failed { <Trouble error={error.clone()} is_inline=true /> }
                <button type="submit" class="btn grave wide" disabled={action.is_busy || !*is_read || !is_typed}>{ t_args("shift-clear-yes", &[("device", device.into())]) }</button>
            </form>
        </>
    }
}

/// What is removed, in sentences.
fn told(goes: &Goes) -> Html {
    let mut lines = vec![t("leave-goes")];
    if !goes.files.is_empty() {
        let counts = [
            ("files", goes.files.len().into()),
            ("voters", goes.n_free_voters.into()),
            ("doors", goes.n_free_doors.into()),
            ("points", goes.n_points.into()),
            ("streets", goes.n_streets.into()),
        ];
        lines.push(t_args("leave-only-here", &counts));
    }
    if goes.to_type.is_some() {
        let turf = [("n", goes.n_turf.into()), ("nobody", goes.n_turf_with_nobody.into())];
        lines.push(t_args("leave-turf", &turf));
        if let Some(at) = goes.taken_out_at {
            lines.push(t_args("leave-taken-out", &[("time", when::ago(at).to_string().into())]));
        } else if goes.lacks_campaign {
            lines.push(t("leave-set-up-not-taken-out"));
        } else if goes.n_not_taken_out > 0 {
            lines.push(t_args("leave-not-taken-out", &[("n", goes.n_not_taken_out.into())]));
        }
    }
    if goes.n_drafts > 0 {
        lines.push(t_args("leave-drafts", &[("n", goes.n_drafts.into())]));
    }
    let others = goes.others.iter().map(|other| {
        let heard = other.last_heard.map_or_else(
            || t("team-never-heard"),
            |at| t_args("team-heard", &[("time", when::ago(at).to_string().into())]),
        );
        let has = t(if other.has_all { "leave-other-has-all" } else { "leave-other-lacks" });
        html! { <li class="li"><span class="grow"><bdi class="li-title">{ &other.name }</bdi><span class="who">{ heard }{ " · " }{ has }</span></span></li> }
    });
    html! {
        <>
            { for lines.into_iter().map(|line| html! { <p class="sheet-text">{ line }</p> }) }
            if goes.to_type.is_some() {
                if goes.others.is_empty() {
                    <p class="sheet-text">{ t("leave-no-others") }</p>
                } else {
                    <h3 class="eyebrow">{ t("leave-others") }</h3>
                    <ul class="list">{ for others }</ul>
                }
            }
        </>
    }
}
