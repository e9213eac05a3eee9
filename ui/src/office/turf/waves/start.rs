//! Starts a wave: its name, and an explanation before the confirmation.

use crate::drafts::use_draft;
use crate::hooks::use_form_action;
use crate::i18n::{t, t_args};
use crate::parts::{Sheet, TextField, Trouble, wave_name};
use crate::state::notices::{Notice, use_notices};
use porchlight_model::calls::wave::{MAX_WAVE_NAME_CHARS, StartWave};
use yew::prelude::*;

/// The key of the name's draft.
const DRAFT: &str = "wave-name";

/// The props of [`Start`].
#[derive(Properties, PartialEq)]
pub(super) struct StartProps {
    /// The number of turf that get a new document.
    pub(super) n_turf: u32,
}

/// The form; the sheet that it opens starts the wave.
#[component]
pub(super) fn Start(props: &StartProps) -> Html {
    let drafted = use_draft::<String>(DRAFT.to_owned(), None);
    let name = drafted.value().unwrap_or_default();
    let is_asked = use_state(|| false);
    let is_tried = use_state(|| false);
    let action = use_form_action();
    let notices = use_notices();
    let is_right = (1..=MAX_WAVE_NAME_CHARS).contains(&name.trim().chars().count());
    let error = (*is_tried && !is_right).then(|| t_args("wave-name", &[("max", MAX_WAVE_NAME_CHARS.into())]));
    let oninput = {
        let drafted = drafted.clone();
        Callback::from(move |text: String| drafted.set(text))
    };
    let onsubmit = {
        let (is_asked, is_tried) = (is_asked.clone(), is_tried.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            is_tried.set(true);
            is_asked.set(is_right);
        })
    };
    let onclose = {
        let is_asked = is_asked.clone();
        Callback::from(move |()| is_asked.set(false))
    };
    let onclick = {
        let (name, action, is_asked, is_tried) = (name.clone(), action.clone(), is_asked.clone(), is_tried);
        Callback::from(move |_: MouseEvent| {
            let (name, drafted, notices) = (name.clone(), drafted.clone(), notices.clone());
            let (is_asked, is_tried) = (is_asked.clone(), is_tried.clone());
            let call = StartWave { name: name.trim().to_owned() };
            action.run(call, move |()| {
                let text = t_args("wave-started", &[("name", name.trim().into())]);
                notices.dispatch(Notice::Done { text, undo: None });
                drafted.set(String::new());
                is_asked.set(false);
                is_tried.set(false);
            });
        })
    };
    html! {
        <>
            <form class="stack" {onsubmit} novalidate=true>
                <TextField id="wave-name" label={t("wave-name-label")} hint={Some(t("wave-start-hint"))} value={(*name).clone()} {oninput} max_chars={Some(MAX_WAVE_NAME_CHARS)} {error} />
                <button type="submit" class="btn" disabled={action.is_busy}>{ t("wave-start") }</button>
            </form>
            if *is_asked {
                <Sheet title={t_args("wave-start-title", &[("name", wave_name(name.trim()).as_str().into())])} {onclose}>
                    <div class="stack">
                    <p>{ t_args("wave-start-body", &[("n", props.n_turf.into())]) }</p>
                    <p>{ t("wave-start-phones") }</p>
                    <p>{ t("wave-start-undo") }</p>
                    if let Some(error) = &action.failed { <Trouble error={error.clone()} is_inline=true /> }
                    <button type="button" class="btn main wide" disabled={action.is_busy} {onclick}>{ t("wave-start-now") }</button>
                    </div>
                </Sheet>
            }
        </>
    }
}
