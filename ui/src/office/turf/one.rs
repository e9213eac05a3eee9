//! One turf: who holds it and how far they have come, handing it out, taking it back.

use super::super::link::Link;
use super::super::links::Links;
use crate::hooks::{use_action, use_call, use_form_action};
use crate::i18n::{number, t, t_args};
use crate::parts::{Go, Sheet, StateBar, Trouble, draw, icon, mark, sign};
use crate::route::OfficeRoute;
use crate::state::notices::{Notice, use_notices};
use crate::when;
use porchlight_model::calls::invite::{HandOut, InviteLink, TakeBack};
use porchlight_model::calls::office::{Holder, OpenTurf, TurfRow};
use porchlight_model::calls::script::GetScript;
use porchlight_model::id::TurfId;
use porchlight_model::visit::DoorState;
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;
use yew_router::Routable;

/// The lifetime of a hand-out link, in minutes.
const MINUTES: u32 = 3 * 24 * 60;
/// For how many phones it works: a pair, and a spare for a phone whose battery dies.
const USES: u32 = 3;

/// The props of [`One`].
#[derive(Properties, PartialEq)]
pub(super) struct OneProps {
    /// The turf.
    pub(super) turf: TurfId,
    /// Whether the table beside it shows an earlier wave.
    pub(super) is_earlier: bool,
}

/// One turf in the side panel.
#[component]
pub(super) fn One(props: &OneProps) -> Html {
    let turf = props.turf;
    let view = use_call(OpenTurf { turf });
    let script = use_call(GetScript {});
    let has_no_script = script.value().is_some_and(|script| script.is_none());
    let handing = use_form_action();
    let taking = use_action();
    let notices = use_notices();
    let link = use_state(|| None::<Rc<InviteLink>>);
    let asked = use_state(|| None::<Holder>);
    // The code comes into sight, also on a phone, where it is below the edge.
    let code = use_node_ref();
    {
        let code = code.clone();
        use_effect_with((*link).clone(), move |_| {
            if let Some(code) = code.cast::<Element>() {
                code.scroll_into_view();
            }
        });
    }
    let hand_out = {
        let (handing, link) = (handing.clone(), link.clone());
        Callback::from(move |_: MouseEvent| {
            let link = link.clone();
            handing.run(HandOut { turf, uses: USES, minutes: MINUTES }, move |made| link.set(Some(Rc::new(made))));
        })
    };
    let take_back = {
        let (taking, asked) = (taking.clone(), asked.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(holder) = (*asked).clone() else { return };
            let (notices, asked) = (notices.clone(), asked.clone());
            taking.run(TakeBack { turf, device: holder.device }, move |()| {
                let text = t_args("turf-taken-from", &[("name", holder.name.as_str().into())]);
                notices.dispatch(Notice::Done { text, undo: None });
                asked.set(None);
            });
        })
    };
    let onclose = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    html! {
        <>
            { draw(&view, |view| html! {
                <section class="stack">
                    <div class="row"><h2 class="addr grow"><bdi>{ &view.row.name }</bdi></h2><Go to={OfficeRoute::Turf.to_path()} class="btn icon quiet" label={t("turf-close")}>{ icon("x") }</Go></div>
                    <p class="who">{ t_args("turf-numbers", &[("n", view.row.tally.n_doors.into()), ("minutes", view.row.minutes.into())]) }</p>
                    if props.is_earlier { <p class="note-box info">{ t("turf-panel-now") }</p> }
                    <StateBar by_state={view.row.by_state.clone()} n_doors={view.row.tally.n_doors} />
                    if !view.row.is_here { <p role="status">{ t("turf-not-here") }</p> } else {
                        <p>{ t_args("walk-done", &[("done", view.row.tally.n_done.into()), ("n", view.row.tally.n_doors.into())]) }</p>
                        { by_state(&view.row) }
                    }
                </section>
            }) }
            if view.value().is_some() {
                <section class="act-foot stack">
                    if has_no_script {
                        <p class="note-box warn" id="no-script">{ icon("triangle-alert") }<span>{ t("turf-no-script") }</span></p>
                    }
                    <button type="button" class="btn main" disabled={handing.is_busy} onclick={hand_out}>{ t("turf-hand-out") }</button>
                    <p class="who">{ t_args("turf-hand-out-hint", &[("n", USES.into())]) }</p>
                </section>
            }
            if let Some(error) = &handing.failed { <Trouble error={error.clone()} is_inline=true /> }
            if let Some(link) = &*link { <div ref={code}><Link link={link.clone()} /></div> }
            if let Some(view) = view.value() {
                <section class="stack">
                    <h3 class="eyebrow">{ t("turf-holders") }</h3>
                    if view.holders.is_empty() { <p class="who">{ t("turf-nobody-yet") }</p> } else {
                        <ul class="list">{ for view.holders.iter().map(|one| holder(one, &asked)) }</ul>
                    }
                </section>
            }
            <Links turf={Some(turf)} />
            if let Some(holder) = &*asked {
                <Sheet title={t_args("turf-take-back-title", &[("name", holder.name.as_str().into())])} {onclose}>
                    <p>{ t("turf-take-back-body") }</p>
                    <button type="button" class="btn main wide" disabled={taking.is_busy} onclick={take_back}>{ t("turf-take-back") }</button>
                </Sheet>
            }
        </>
    }
}

/// Doors by state, those that occur.
fn by_state(row: &TurfRow) -> Html {
    let counts = DoorState::ALL.into_iter().filter_map(|state| row.by_state.get(&state).map(|n| (state, *n)));
    html! {
        <ul class="plain counts">{ for counts.filter(|(_, n)| *n > 0).map(|(state, n)| html! {
            <li>{ sign(state) }<span class="grow">{ t(mark::state_label(state)) }</span><b>{ number(f64::from(n)) }</b></li>
        }) }</ul>
    }
}

fn holder(one: &Holder, asked: &UseStateHandle<Option<Holder>>) -> Html {
    let onclick = {
        let (one, asked) = (one.clone(), asked.clone());
        Callback::from(move |_: MouseEvent| asked.set(Some(one.clone())))
    };
    let heard = one.last_heard.map_or_else(
        || t("team-never-heard"),
        |at| t_args("team-heard", &[("time", when::ago(at).to_string().into())]),
    );
    html! {
        <li class="li"><span class="grow"><span class="li-title"><bdi>{ &one.name }</bdi></span>
            <span class="who">{ t_args("turf-holder-doors", &[("n", one.n_doors.into())]) }{ " · " }{ heard }</span>
            if let Some(at) = one.last_visit_at { <span class="who cut">{ t_args("turf-last-at", &[("address", one.last_address.as_str().into()), ("time", when::ago(at).to_string().into())]) }</span> }
        </span>
        <button type="button" class="btn quiet" {onclick} aria-label={t_args("turf-take-back-from", &[("name", one.name.as_str().into())])}>{ t("turf-take-back") }</button></li>
    }
}
