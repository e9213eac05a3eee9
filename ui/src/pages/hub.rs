//! The hub, a captain's device that collects results without internet: the one that this device uses, and its state.

use crate::hooks::{use_action, use_call, use_form_action};
use crate::i18n::{t, t_args, t_message};
use crate::layout::Page;
use crate::link;
use crate::parts::{Go, TextField, Trouble, draw};
use crate::route::Route;
use crate::when;
use porchlight_model::calls::hub::{HubInUse, HubLook, HubView, LeaveHub, LookAtHub, UseHub};
use porchlight_model::calls::sync::SyncNow;
use porchlight_model::message::ErrorCode;
use yew::prelude::*;
use yew_router::Routable;
use yew_router::prelude::{use_location, use_navigator};

/// The page of the hub: with the link from the address, or a field to paste one. Nothing is sent to a hub before the person agrees.
#[component]
pub(super) fn Hub() -> Html {
    let in_use = use_call(HubInUse {});
    let action = use_form_action();
    let tried = use_state(|| None::<String>);
    let asked = use_state(|| None::<String>);
    let look = use_form_action();
    let looked = use_state(|| None::<HubLook>);
    let ask = {
        let (asked, look, looked) = (asked.clone(), look.clone(), looked.clone());
        Callback::from(move |link: String| {
            let looked = looked.clone();
            asked.set(Some(link.clone()));
            looked.set(None);
            look.run(LookAtHub { link }, move |found| looked.set(Some(found)));
        })
    };
    let connect = {
        let (action, tried, asked) = (action.clone(), tried.clone(), asked.clone());
        Callback::from(move |link: String| {
            tried.set(Some(link.clone()));
            asked.set(None);
            action.run(UseHub { link }, |_| ());
        })
    };
    // Scanning a code while this page is open changes only the fragment.
    let fragment = use_location().map(|location| location.hash().to_owned()).unwrap_or_default();
    let navigator = use_navigator();
    use_effect_with(fragment, {
        let ask = ask.clone();
        move |_| {
            if let Some(link) = link::take("/hub") {
                ask.emit(link);
                if let Some(navigator) = navigator {
                    navigator.replace(&Route::Hub);
                }
            }
        }
    });
    let again = {
        let (connect, tried) = (connect.clone(), (*tried).clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(link) = tried.clone() {
                connect.emit(link);
            }
        })
    };
    let no = {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(None))
    };
    let question = match (&*asked, &*looked) {
        (Some(link), Some(found)) => Some((
            found.clone(),
            connect.reform({
                let link = link.clone();
                move |_: MouseEvent| link.clone()
            }),
        )),
        _ => None,
    };
    html! {
        <Page title={t("hub-title")} back={Some(AttrValue::from(Route::Me.to_path()))} class="narrow">
            if action.is_busy {
                <p class="loading" role="status">{ t("hub-looking") }</p>
            }
            if let Some(error) = &look.failed { <Trouble error={error.clone()} is_inline=true /> }
            if let Some(error) = &action.failed {
                <Trouble error={error.clone()} is_inline=true />
                if error.code == ErrorCode::Offline {
                    <button type="button" class="btn main wide" onclick={again}>{ t("try-again") }</button>
                }
            }
            if let Some((found, yes)) = question {
                { ask_first(&found, yes, no) }
            } else {
                { draw(&in_use, |view| match &**view {
                    Some(view) => html! { <InUse view={view.clone()} /> },
                    None if action.is_busy => Html::default(),
                    None => html! { <Paste on_link={ask.clone()} /> },
                }) }
            }
        </Page>
    }
}

/// Asks whether this device's results may go to the hub of a link.
fn ask_first(found: &HubLook, yes: Callback<MouseEvent>, no: Callback<MouseEvent>) -> Html {
    let args = [("name", found.name.as_str().into()), ("campaign", found.campaign.as_str().into())];
    html! {
        <section class="card stack">
            <h2 class="addr">{ t_args("hub-ask", &args) }</h2>
            <p>{ t_args("hub-ask-what", &args) }</p>
            <p class="who">{ t("hub-ask-how") }</p>
            <button type="button" class="btn main wide" onclick={yes}>{ t("hub-ask-yes") }</button>
            <button type="button" class="btn wide" onclick={no}>{ t("cancel") }</button>
        </section>
    }
}

/// The props of [`InUse`].
#[derive(Properties, PartialEq)]
struct InUseProps {
    view: HubView,
}

/// The hub that this device uses.
#[component]
fn InUse(props: &InUseProps) -> Html {
    let (sync, leave) = (use_action(), use_action());
    let HubView { name, last_ok, trouble, .. } = &props.view;
    let on_sync = {
        let sync = sync.clone();
        Callback::from(move |_: MouseEvent| sync.run(SyncNow {}, |_| ()))
    };
    let on_leave = {
        let leave = leave.clone();
        Callback::from(move |_: MouseEvent| leave.run(LeaveHub {}, |()| ()))
    };
    html! {
        <section class="card stack">
            <h2 class="addr">{ t_args("hub-of", &[("name", name.as_str().into())]) }</h2>
            <div role="status" class="stack">
                <p>{ there(&props.view) }</p>
                if let Some(at) = last_ok { <p class="who">{ t_args("hub-last-ok", &[("time", when::ago(*at).to_string().into())]) }</p> }
                if let Some(trouble) = trouble { <p class="trouble is-inline">{ t_message(trouble) }</p> }
            </div>
            <button type="button" class="btn main wide" disabled={sync.is_busy} onclick={on_sync}>{ t(if sync.is_busy { "sync-busy" } else { "sync-now" }) }</button>
            <button type="button" class="btn wide" disabled={leave.is_busy} onclick={on_leave}>{ t("hub-leave") }</button>
            <p class="who">{ t("hub-leave-hint") }</p>
        </section>
    }
}

/// A sentence that says where this device's results are.
fn there(view: &HubView) -> AttrValue {
    let args = [("n", view.n_held.into()), ("there", view.n_at_hub.into()), ("name", view.name.as_str().into())];
    t_args(if view.n_held == 0 { "hub-nothing-held" } else { "hub-there" }, &args)
}

/// The props of [`Paste`].
#[derive(Properties, PartialEq)]
struct PasteProps {
    on_link: Callback<String>,
}

/// Without a link in the address: says where to get one, and accepts it.
#[component]
fn Paste(props: &PasteProps) -> Html {
    let text = use_state(String::new);
    let onsubmit = {
        let (text, on_link) = (text.clone(), props.on_link.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            on_link.emit(text.trim().to_owned());
        })
    };
    let oninput = {
        let text = text.clone();
        Callback::from(move |typed| text.set(typed))
    };
    html! {
        <>
            <p>{ t("hub-how") }</p>
            <form {onsubmit} novalidate=true>
                <TextField id="hub-link" label={t("hub-link")} hint={t("hub-link-hint")} kind="url" value={(*text).clone()} {oninput} />
                <button type="submit" class="btn main wide">{ t("hub-use") }</button>
            </form>
        </>
    }
}

/// A line about the hub on the page of this device.
#[component]
pub(super) fn HubCard() -> Html {
    let in_use = use_call(HubInUse {});
    let (body, label) = match in_use.value().and_then(|view| (**view).as_ref()) {
        Some(view) => (there(view), t_args("hub-of", &[("name", view.name.as_str().into())])),
        None => (t("hub-short"), t("hub-open-page")),
    };
    html! {
        <section class="card stack">
            <h2 class="eyebrow">{ t("hub-title") }</h2>
            <p>{ body }</p>
            <Go to={Route::Hub.to_path()} class="btn wide">{ label }</Go>
        </section>
    }
}

/// At the end of a shift: what the hub has, while the relay is missing something.
#[component]
pub(super) fn HubLine() -> Html {
    let in_use = use_call(HubInUse {});
    let view = in_use.value().and_then(|view| (**view).as_ref()).filter(|view| view.n_held > 0);
    view.map_or_else(Html::default, |view| html! { <p role="status">{ there(view) }</p> })
}
