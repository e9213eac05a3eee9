//! Joining by invite: what it offers, the form for the name, and what to know before a turf is on this device.

use crate::hooks::{Action, use_call, use_form_action};
use crate::i18n::{t, t_args};
use crate::keep::{Keep, ask_to_keep};
use crate::layout::{Page, use_identity};
use crate::link;
use crate::parts::{TextField, Trouble, of_role};
use crate::route::Route;
use crate::turf;
use crate::when;
use porchlight_model::calls::join::{Join as JoinCall, LookAtInvite};
use porchlight_model::calls::walk::MyTurf;
use porchlight_model::relay::InviteLook;
use porchlight_model::visit::MAX_NAME_CHARS;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

/// The join page: with the invite from the address, or a field to paste one.
#[component]
pub fn Join() -> Html {
    let fragment = use_location().map(|location| location.hash().to_owned());
    let link = use_state_eq(|| None::<String>);
    let navigator = use_navigator();
    // Scanning another code while this page is open changes only the address, without a reload.
    use_effect_with(fragment, {
        let link = link.clone();
        move |_| {
            if let Some(found) = link::take("/join") {
                link.set(Some(found));
                if let Some(navigator) = navigator {
                    navigator.replace(&Route::Join);
                }
            }
        }
    });
    let look = use_state(|| None::<Rc<InviteLook>>);
    let action = use_form_action();
    use_effect_with((*link).clone(), {
        let (look, action) = (look.clone(), action.clone());
        move |link| {
            look.set(None);
            if let Some(link) = link.clone() {
                action.run(LookAtInvite { link }, move |found| look.set(Some(Rc::new(found))));
            }
        }
    });
    let set_link = Callback::from({
        let link = link.clone();
        move |pasted: Option<String>| link.set(pasted)
    });
    let again = {
        let (link, look, action) = (link.clone(), look.clone(), action.clone());
        Callback::from(move |_: MouseEvent| {
            let (look, link) = (look.clone(), (*link).clone());
            if let Some(link) = link {
                action.run(LookAtInvite { link }, move |found| look.set(Some(Rc::new(found))));
            }
        })
    };
    let body = match (&*link, &*look, &action.failed) {
        (None, _, _) => html! { <Paste on_link={set_link} /> },
        (Some(link), Some(look), _) => html! { <Accept link={link.clone()} look={look.clone()} /> },
        (Some(_), None, Some(error)) => {
            let other = set_link.reform(|_: MouseEvent| None);
            html! {
                <>
                    <Trouble error={error.clone()} is_inline=true />
                    <div class="row">
                        <button type="button" class="btn grow" onclick={other}>{ t("join-other-link") }</button>
                        <button type="button" class="btn main grow" onclick={again}>{ t("try-again") }</button>
                    </div>
                </>
            }
        }
        (Some(_), None, None) => html! { <p class="loading" role="status">{ t("join-looking") }</p> },
    };
    html! { <Page title={t("join-title")} class="narrow">{ body }</Page> }
}

/// The props of [`Paste`].
#[derive(Properties, PartialEq)]
struct PasteProps {
    on_link: Callback<Option<String>>,
}

/// Without an invite in the address: says where to get one, and accepts a link.
#[component]
fn Paste(props: &PasteProps) -> Html {
    let text = use_state(String::new);
    let wrong = use_state(|| false);
    let onsubmit = {
        let (text, wrong, on_link) = (text.clone(), wrong.clone(), props.on_link.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let link = text.trim().to_owned();
            let is_link = link.starts_with("http") && link.contains("/join#");
            wrong.set(!is_link);
            if is_link {
                on_link.emit(Some(link));
            }
        })
    };
    let oninput = {
        let text = text.clone();
        Callback::from(move |typed| text.set(typed))
    };
    html! {
        <>
            <p class="lead">{ t("join-welcome") }</p>
            <p>{ t("join-how") }</p>
            <form {onsubmit} novalidate=true>
                <TextField id="join-link" label={t("join-link")} hint={t("join-link-hint")} kind="url" value={(*text).clone()}
                    {oninput} error={wrong.then(|| t("join-link-wrong"))} is_required=true />
                <button type="submit" class="btn main wide">{ t("join-look") }</button>
            </form>
        </>
    }
}

/// The props of [`Accept`].
#[derive(Properties, PartialEq)]
struct AcceptProps {
    link: String,
    look: Rc<InviteLook>,
}

/// What an invite offers, and the form that accepts it.
#[component]
fn Accept(props: &AcceptProps) -> Html {
    let identity = use_identity();
    let name = use_state(|| identity.as_ref().map(|identity| identity.name.clone()).unwrap_or_default());
    let campaign = use_state(String::new);
    let is_tried = use_state(|| false);
    let action = use_form_action();
    let navigator = use_navigator();
    let turfs = use_call(MyTurf {});
    let founds = props.look.campaign.is_none();
    let onsubmit = {
        let (name, campaign, is_tried, action) = (name.clone(), campaign.clone(), is_tried.clone(), action.clone());
        let link = props.link.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            is_tried.set(true);
            if name.trim().is_empty() || (founds && campaign.trim().is_empty()) {
                return;
            }
            spawn_local(async {
                ask_to_keep().await;
            });
            let navigator = navigator.clone();
            let before = turfs.value().map(|turfs| turfs.iter().map(|card| card.turf).collect::<Vec<_>>());
            let join = JoinCall {
                link: link.clone(),
                name: name.trim().to_owned(),
                campaign: founds.then(|| campaign.trim().to_owned()),
            };
            action.run(join, move |_| {
                turf::joined(&before.unwrap_or_default());
                if let Some(navigator) = navigator {
                    navigator.replace(&Route::Home);
                }
            });
        })
    };
    let missing = |value: &str, id: &str| (*is_tried && value.trim().is_empty()).then(|| t(id));
    let typed = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |text| state.set(text))
    };
    html! {
        <>
            { offer(&props.look) }
            <form {onsubmit} novalidate=true>
                if founds {
                    <TextField id="join-campaign" label={t("join-campaign")} hint={t("join-campaign-hint")} value={(*campaign).clone()}
                        oninput={typed(&campaign)} error={missing(&campaign, "join-campaign-missing")} max_chars={MAX_NAME_CHARS}
                        is_required=true />
                }
                <TextField id="join-name" label={t("join-name")} hint={t("join-name-hint")} value={(*name).clone()}
                    oninput={typed(&name)} error={missing(&name, "join-name-missing")} max_chars={MAX_NAME_CHARS}
                    autocomplete="name" is_required=true />
                if let Some(error) = &action.failed { <Trouble error={error.clone()} is_inline=true /> }
                { submit(&action, founds) }
            </form>
            <Keep />
        </>
    }
}

fn offer(look: &InviteLook) -> Html {
    let role = of_role(look.role);
    let campaign = match &look.campaign {
        Some(campaign) => campaign.clone().into(),
        None => t("join-founds"),
    };
    let ends = t_args("join-until", &[("time", when::full(look.expires_at).to_string().into())]);
    html! {
        <section class="card offer">
            <p class="eyebrow">{ t("join-offer") }</p>
            <p class="addr"><bdi>{ campaign }</bdi></p>
            if !look.label.is_empty() { <p><bdi>{ &look.label }</bdi></p> }
            <p class="who">{ t_args("join-as", &[("role", role.to_string().into())]) }{ " · " }{ ends }</p>
        </section>
    }
}

fn submit(action: &Action, founds: bool) -> Html {
    let words = match (action.is_busy, founds) {
        (true, _) => "join-joining",
        (false, true) => "join-found",
        (false, false) => "join-join",
    };
    html! { <button type="submit" class="btn main wide" disabled={action.is_busy}>{ t(words) }</button> }
}
