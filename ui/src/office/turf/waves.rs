//! Waves: a list with the results of each; starting one, undoing the start, and ending one, each with an explanation of its effects first.

pub(in crate::office) mod end;
mod start;

use crate::hooks::{use_action, use_call};
use crate::i18n::{t, t_args};
use crate::layout::use_may;
use crate::office::grace::Grace;
use crate::parts::{Sheet, draw, wave_name};
use crate::state::notices::{Notice, use_notices};
use crate::when;
use end::{End, Ending};
use porchlight_model::calls::wave::{UndoStart, WaveHolder, WaveView, Waves as AllWaves};
use porchlight_model::grant::Act;
use porchlight_model::id::WaveId;
use start::Start;
use yew::prelude::*;

/// The open confirmation about a wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WaveConfirmation {
    Undo(WaveId),
    End(WaveId),
}

/// All waves.
#[component]
pub(super) fn Waves() -> Html {
    let may_run = use_may(Act::RunWaves);
    let waves = use_call(AllWaves {});
    let confirmation = use_state(|| None::<WaveConfirmation>);
    let onclose = {
        let confirmation = confirmation.clone();
        Callback::from(move |()| confirmation.set(None))
    };
    html! {
        <section class="stack">
            <h2 class="eyebrow">{ t("wave-title") }</h2>
            { draw(&waves, |waves| if waves.is_empty() {
                html! { <p class="who">{ t("wave-none-yet") }</p> }
            } else {
                let is_last = waves.iter().filter(|wave| goes_on(wave)).count() == 1;
                let n_turf = waves.iter().map(|wave| wave.n_turf).max().unwrap_or_default();
                html! {
                    <>
                        <ul class="list">{ for waves.iter().map(|wave| line(wave, may_run, &confirmation)) }</ul>
                        // The current wave, also while the sheet is open, because a sync may change who holds turf.
                        { for waves.iter().filter_map(|wave| match *confirmation {
                            Some(WaveConfirmation::End(id)) if id == wave.wave => Some(html! {
                                <End wave={wave.clone()} ending={Ending::End} is_last={is_last && goes_on(wave)} onclose={onclose.clone()} />
                            }),
                            Some(WaveConfirmation::Undo(id)) if id == wave.wave => Some(html! {
                                <Undo wave={wave.clone()} onclose={onclose.clone()} />
                            }),
                            _ => None,
                        }) }
                        if may_run { <Start {n_turf} /> }
                    </>
                }
            }) }
        </section>
    }
}

/// Whether a wave is in progress.
pub(in crate::office) fn goes_on(wave: &WaveView) -> bool {
    wave.ended_at.is_none() && wave.undone_at.is_none()
}

fn line(wave: &WaveView, may_run: bool, confirmation: &UseStateHandle<Option<WaveConfirmation>>) -> Html {
    let name = wave_name(&wave.name);
    let day = |id: &str, at| Some(t_args(id, &[("time", when::day_of(at).to_string().into())]));
    let state = match (wave.ended_at, wave.undone_at, wave.is_current) {
        (Some(at), ..) => day("wave-ended", at),
        (None, Some(at), _) => day("wave-undone", at),
        (None, None, true) => Some(t("wave-current")),
        (None, None, false) => None,
    };
    let mut under = Vec::new();
    under.extend(wave.at.map(|at| t_args("wave-began", &[("time", when::day_of(at).to_string().into())]).to_string()));
    if wave.ended_at.is_none() {
        under.push(counts("wave-counts", wave).to_string());
    }
    let ask = |what: WaveConfirmation| {
        let confirmation = confirmation.clone();
        Callback::from(move |_: MouseEvent| confirmation.set(Some(what)))
    };
    let of = |id: &str| t_args(id, &[("name", name.as_str().into())]);
    html! {
        <li class="li"><span class="grow">
            <span class="li-title"><bdi>{ &name }</bdi>if let Some(state) = state { { " " }<span class="chip">{ state }</span> }</span>
            <span class="who">{ under.join(" · ") }</span>
        </span>
        if may_run && wave.may_undo {
            <button type="button" class="btn quiet" onclick={ask(WaveConfirmation::Undo(wave.wave))} aria-label={of("wave-undo-of")}>{ t("wave-undo") }</button>
        }
        if may_run && wave.ended_at.is_none() {
            <button type="button" class="btn quiet" onclick={ask(WaveConfirmation::End(wave.wave))} aria-label={of("wave-end-of")}>{ t("wave-end") }</button>
        }
        if may_run { <Grace wave={wave.clone()} /> }</li>
    }
}

fn counts(id: &str, wave: &WaveView) -> AttrValue {
    let counts = [("turf", wave.n_turf.into()), ("visits", wave.n_visits.into()), ("doors", wave.n_doors.into())];
    t_args(id, &counts)
}

/// The props of [`Undo`].
#[derive(Properties, PartialEq)]
struct UndoProps {
    wave: WaveView,
    onclose: Callback<()>,
}

/// Explains and confirms undoing a start.
#[component]
fn Undo(props: &UndoProps) -> Html {
    let UndoProps { wave, onclose } = props;
    let action = use_action();
    let notices = use_notices();
    let name = wave_name(&wave.name);
    let onclick = {
        let (action, wave, name, onclose) = (action.clone(), wave.wave, name.clone(), onclose.clone());
        Callback::from(move |_: MouseEvent| {
            let (notices, name, onclose) = (notices.clone(), name.clone(), onclose.clone());
            action.run(UndoStart { wave }, move |()| {
                let text = t_args("wave-undone-now", &[("name", name.as_str().into())]);
                notices.dispatch(Notice::Done { text, undo: None });
                onclose.emit(());
            });
        })
    };
    html! {
        <Sheet title={t_args("wave-undo-title", &[("name", name.as_str().into())])} onclose={onclose.clone()}>
            <div class="stack">
            <p>{ t("wave-undo-body") }</p>
            { holders(wave) }
            if !wave.holders.is_empty() { <p class="who">{ t("wave-undo-late") }</p> }
            <button type="button" class="btn main wide" disabled={action.is_busy} {onclick}>{ t("wave-undo-now") }</button>
            </div>
        </Sheet>
    }
}

/// The devices that hold turf of a wave; nothing if there are none.
fn holders(wave: &WaveView) -> Html {
    if wave.holders.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <h3 class="eyebrow">{ t("wave-end-holders") }</h3>
            <ul class="list">{ for wave.holders.iter().map(holder) }</ul>
        </>
    }
}

fn holder(one: &WaveHolder) -> Html {
    let heard = one.last_heard.map_or_else(
        || t("team-never-heard"),
        |at| t_args("team-heard", &[("time", when::ago(at).to_string().into())]),
    );
    html! { <li class="li"><span class="grow"><span class="li-title"><bdi>{ &one.name }</bdi></span><span class="who">{ t_args("wave-holder-turf", &[("n", one.n_turf.into())]) }{ " · " }{ heard }</span></span></li> }
}
