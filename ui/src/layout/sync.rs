//! How far results have travelled, in words and a number, at the top of every page.

use super::use_shape;
use crate::hooks::use_call;
use crate::i18n::{t, t_message};
use crate::parts::Go;
use crate::route::Route;
use crate::state::sync::{Tone, words};
use porchlight_model::calls::session::{SyncPhase, SyncStatus};
use yew::prelude::*;
use yew_router::Routable;

/// The sync state, short; leads to the whole of it.
#[component]
pub fn SyncChip() -> Html {
    let shape = use_shape();
    let sync = use_call(SyncStatus {});
    // A device that belongs to no campaign has nothing to be safe.
    let Some(sync) = sync.value().filter(|sync| sync.phase != SyncPhase::Off) else {
        return html! { <span class="sync" /> };
    };
    let (tone, message) = words(sync, shape);
    let tone = match tone {
        Tone::Safe => "safe",
        Tone::Held => "held",
        Tone::Offline => "offline",
        Tone::Trouble => "trouble",
    };
    html! {
        <Go to={Route::Me.to_path()} class={classes!("sync", tone)}>
            <span class="unseen">{ t("sync-label") }</span>
            <span id="sync-words">{ t_message(&message) }</span>
        </Go>
    }
}
