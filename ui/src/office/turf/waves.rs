//! Waves: all of them with what came of each, starting one, and ending one with all that it means said first.

use crate::hooks::{use_action, use_call, use_form_action};
use crate::i18n::{t, t_args};
use crate::layout::use_may;
use crate::office::files::Exports;
use crate::office::grace::Grace;
use crate::parts::{Sheet, TextField, Trouble, draw};
use crate::state::notices::{Notice, use_notices};
use crate::when;
use porchlight_model::calls::wave::{EndWave, StartWave, WaveHolder, WaveView, Waves as AllWaves};
use porchlight_model::grant::Act;
use porchlight_model::id::WaveId;
use yew::prelude::*;

/// All waves.
#[component]
pub(super) fn Waves() -> Html {
    let may_run = use_may(Act::RunWaves);
    let waves = use_call(AllWaves {});
    let asked = use_state(|| None::<WaveId>);
    let onclose = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    html! {
        <section class="stack">
            <h2 class="eyebrow">{ t("wave-title") }</h2>
            { draw(&waves, |waves| if waves.is_empty() {
                html! { <p class="who">{ t("wave-none-yet") }</p> }
            } else {
                let is_last = waves.iter().filter(|wave| wave.ended_at.is_none()).count() == 1;
                html! {
                    <>
                        <ul class="list">{ for waves.iter().map(|wave| line(wave, may_run, &asked)) }</ul>
                        // As it is now, also while the sheet is open: who holds turf may come with a sync.
                        { for waves.iter().filter(|wave| *asked == Some(wave.wave)).map(|wave| html! {
                            <End wave={wave.clone()} {is_last} onclose={onclose.clone()} />
                        }) }
                    </>
                }
            }) }
            if may_run { <Start /> }
        </section>
    }
}

/// A wave's name; the first has none of its own.
pub(crate) fn wave_name(name: &str) -> AttrValue {
    if name.is_empty() { t("wave-first") } else { AttrValue::from(name.to_owned()) }
}

fn line(wave: &WaveView, may_run: bool, asked: &UseStateHandle<Option<WaveId>>) -> Html {
    let name = wave_name(&wave.name);
    let state = match (wave.ended_at, wave.is_current) {
        (Some(at), _) => Some(t_args("wave-ended", &[("time", when::day_of(at).to_string().into())])),
        (None, true) => Some(t("wave-current")),
        (None, false) => None,
    };
    let mut under = Vec::new();
    under.extend(wave.at.map(|at| t_args("wave-began", &[("time", when::day_of(at).to_string().into())]).to_string()));
    if wave.ended_at.is_none() {
        under.push(counts("wave-counts", wave).to_string());
    }
    let onclick = {
        let (asked, wave) = (asked.clone(), wave.wave);
        Callback::from(move |_: MouseEvent| asked.set(Some(wave)))
    };
    html! {
        <li class="li"><span class="grow">
            <span class="li-title">{ &name }if let Some(state) = state { { " " }<span class="chip">{ state }</span> }</span>
            <span class="who">{ under.join(" · ") }</span>
        </span>
        if may_run && wave.ended_at.is_none() {
            <button type="button" class="btn quiet" {onclick} aria-label={t_args("wave-end-of", &[("name", name.as_str().into())])}>{ t("wave-end") }</button>
        }
        if is_coordinator { <Grace wave={wave.clone()} /> }</li>
    }
}

fn counts(id: &str, wave: &WaveView) -> AttrValue {
    let counts = [("turf", wave.n_turf.into()), ("visits", wave.n_visits.into()), ("doors", wave.n_doors.into())];
    t_args(id, &counts)
}

/// Starting a wave.
#[component]
fn Start() -> Html {
    let name = use_state(String::new);
    let action = use_form_action();
    let notices = use_notices();
    let oninput = {
        let name = name.clone();
        Callback::from(move |text: String| name.set(text))
    };
    let onsubmit = {
        let (name, action) = (name.clone(), action.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (name, notices) = (name.clone(), notices.clone());
            let call = StartWave { name: name.trim().to_owned() };
            action.run(call, move |()| {
                let text = t_args("wave-started", &[("name", name.as_str().into())]);
                notices.dispatch(Notice::Done { text, undo: None });
                name.set(String::new());
            });
        })
    };
    html! {
        <form class="stack" {onsubmit} novalidate=true>
            <TextField id="wave-name" label={t("wave-name-label")} hint={Some(t("wave-start-hint"))} value={(*name).clone()} {oninput} max_chars={Some(60)} />
            if let Some(error) = &action.failed { <Trouble error={error.clone()} is_inline=true /> }
            <button type="submit" class="btn" disabled={action.is_busy}>{ t("wave-start") }</button>
        </form>
    }
}

/// What [`End`] takes.
#[derive(Properties, PartialEq)]
struct EndProps {
    wave: WaveView,
    is_last: bool,
    onclose: Callback<()>,
}

/// What ending a wave does, and the button that does it.
#[component]
fn End(props: &EndProps) -> Html {
    let EndProps { wave, is_last, onclose } = props;
    let action = use_action();
    let notices = use_notices();
    let name = wave_name(&wave.name);
    let onclick = {
        let (action, wave, name, onclose) = (action.clone(), wave.wave, name.clone(), onclose.clone());
        Callback::from(move |_: MouseEvent| {
            let (notices, name, onclose) = (notices.clone(), name.clone(), onclose.clone());
            action.run(EndWave { wave }, move |()| {
                let text = t_args("wave-ended-now", &[("name", name.as_str().into())]);
                notices.dispatch(Notice::Done { text, undo: None });
                onclose.emit(());
            });
        })
    };
    html! {
        <Sheet title={t_args("wave-end-title", &[("name", name.as_str().into())])} onclose={onclose.clone()}>
            <div class="stack">
            <p>{ counts("wave-end-body", wave) }</p>
            <p>{ t(if *is_last { "wave-end-last" } else { "wave-end-goes-on" }) }</p>
            if !wave.holders.is_empty() {
                <h3 class="eyebrow">{ t("wave-end-holders") }</h3>
                <ul class="list">{ for wave.holders.iter().map(holder) }</ul>
                <p class="who">{ t("wave-end-late") }</p>
            }
            <h3 class="eyebrow">{ t("wave-end-export") }</h3>
            <Exports />
            <button type="button" class="btn grave wide" disabled={action.is_busy} {onclick}>{ t("wave-end-now") }</button>
            </div>
        </Sheet>
    }
}

fn holder(one: &WaveHolder) -> Html {
    let heard = one.last_heard.map_or_else(
        || t("team-never-heard"),
        |at| t_args("team-heard", &[("time", when::ago(at).to_string().into())]),
    );
    html! { <li class="li"><span class="grow"><span class="li-title">{ &one.name }</span><span class="who">{ t_args("wave-holder-turf", &[("n", one.n_turf.into())]) }{ " · " }{ heard }</span></span></li> }
}
