//! Handing results over by file: saves what only this device holds, and loads what another device handed over.

use crate::files::{hand_to_person, take_chosen};
use crate::hooks::{use_action, use_form_action};
use crate::i18n::{t, t_args};
use crate::parts::Trouble;
use crate::state::notices::use_notices;
use porchlight_model::calls::handover::{HandOver, TakeOver, TakenOver};
use porchlight_model::message::ApiError;
use std::rc::Rc;
use yew::prelude::*;

/// A button that writes what only this device holds to a file.
#[component]
pub(crate) fn HandOverButton() -> Html {
    let action = use_action();
    let notices = use_notices();
    let onclick = {
        let action = action.clone();
        Callback::from(move |_: MouseEvent| {
            let notices = notices.clone();
            action.run(HandOver {}, move |file| {
                hand_to_person(file, notices, |name| t_args("handover-saved", &[("file", name.into())]));
            });
        })
    };
    html! {
        <button type="button" class="btn wide" id="hand-over" disabled={action.is_busy} {onclick}>{ t("handover-give") }</button>
    }
}

/// Loading a file that another device handed over.
#[component]
pub(crate) fn TakeOverCard() -> Html {
    let taken = use_state(|| None::<Rc<TakenOver>>);
    let lost = use_state(|| None::<ApiError>);
    let action = use_form_action();
    let onchange = {
        let (taken, lost, action) = (taken.clone(), lost.clone(), action.clone());
        Callback::from(move |event: Event| {
            taken.set(None);
            lost.set(None);
            let (taken, lost, action) = (taken.clone(), lost.clone(), action.clone());
            take_chosen(&event, move |staged| match staged {
                Ok(file) => action.run(TakeOver { file }, move |found| taken.set(Some(Rc::new(found)))),
                Err(error) => lost.set(Some(error)),
            });
        })
    };
    html! {
        <section class="card stack">
            <h2 class="eyebrow">{ t("handover-title") }</h2>
            <label class="label" for="handover">{ t("handover-choose") }</label>
            <p class="hint" id="handover-hint">{ t("handover-choose-hint") }</p>
            <input id="handover" type="file" accept=".json" aria-describedby="handover-hint" disabled={action.is_busy} {onchange} />
            if let Some(error) = action.failed.as_ref().or(lost.as_ref()) { <Trouble error={error.clone()} is_inline=true /> }
            if let Some(taken) = &*taken {
                <p role="status">{ t_args("handover-taken", &[
                    ("from", taken.from.as_str().into()), ("n", taken.n_results.into()), ("new", taken.n_new.into()),
                ]) }</p>
                if taken.n_ended > 0 { <p>{ t_args("handover-ended", &[("n", taken.n_ended.into())]) }</p> }
            }
        </section>
    }
}
