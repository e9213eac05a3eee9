//! The grace period of an ended wave: who ended it, when it is erased, and how to take the end back.

use crate::hooks::{use_action, use_call};
use crate::i18n::{t, t_args};
use crate::layout::use_may;
use crate::office::turf::waves::end::{End, Ending};
use crate::office::turf::waves::goes_on;
use crate::parts::wave_name;
use crate::when;
use porchlight_model::calls::wave::{ReopenWave, WaveView, Waves};
use porchlight_model::grant::Act;
use yew::prelude::*;

/// The props of [`Grace`].
#[derive(Properties, PartialEq)]
pub(super) struct GraceProps {
    /// The wave.
    pub(super) wave: WaveView,
}

/// The line about one wave; nothing unless it is in its grace period.
#[component]
pub(super) fn Grace(props: &GraceProps) -> Html {
    let reopen = use_action();
    let asked = use_state(|| None::<Ending>);
    let waves = use_call(Waves {});
    let wave = &props.wave;
    let Some(end) = wave.end.as_ref().filter(|end| end.is_here) else { return Html::default() };
    let name = wave_name(&wave.name);
    let by = if end.by.is_empty() { t("wave-end-by-nobody") } else { AttrValue::from(end.by.clone()) };
    let time = end.erased_at.map(|at| when::full(at).to_string()).unwrap_or_default();
    let args = [("name", name.as_str().into()), ("by", by.as_str().into()), ("time", time.as_str().into())];
    let id = wave.wave;
    let on_reopen = {
        let reopen = reopen.clone();
        Callback::from(move |_: MouseEvent| reopen.run(ReopenWave { wave: id }, |()| ()))
    };
    let ask = |what: Option<Ending>| {
        let asked = asked.clone();
        move || asked.set(what)
    };
    let (on_erase, on_end, close) = (ask(Some(Ending::Erase)), ask(Some(Ending::End)), ask(None));
    // Once it is erased, no other wave may be left for the wishes and dangers of this one to be carried over to.
    let is_last = waves.value().is_some_and(|all| !all.iter().any(|other| other.wave != id && goes_on(other)));
    html! {
        <div class="stack" role="group" aria-label={t_args("wave-grace-of", &args)}>
            <p>{ t_args(if end.counts { "wave-grace" } else { "wave-grace-void" }, &args) }</p>
            <div class="row">
                <button type="button" class="btn" disabled={reopen.is_busy} onclick={on_reopen}>{ t("wave-reopen") }</button>
                if end.counts {
                    <button type="button" class="btn grave" aria-haspopup="dialog" onclick={move |_: MouseEvent| on_erase()}>{ t("wave-erase") }</button>
                } else {
                    <button type="button" class="btn grave" aria-haspopup="dialog" onclick={move |_: MouseEvent| on_end()}>{ t("wave-end-again") }</button>
                }
            </div>
            if let Some(ending) = *asked { <End wave={wave.clone()} {ending} {is_last} onclose={Callback::from(move |()| close())} /> }
        </div>
    }
}

/// All waves in their grace period, for a coordinator's first page.
#[component]
pub(super) fn Graces() -> Html {
    let waves = use_call(Waves {});
    let may_end = use_may(Act::RunWaves);
    let Some(all) = waves.value().filter(|_| may_end) else { return Html::default() };
    let ended = all.iter().filter(|wave| wave.end.as_ref().is_some_and(|end| end.is_here));
    html! { <>{ for ended.map(|wave| html! { <section class="card"><Grace wave={wave.clone()} /></section> }) }</> }
}
