//! The sync state at the top of every page, in words and a number.

use super::use_shape;
use crate::hooks::use_call;
use crate::i18n::{t, t_message};
use crate::parts::{Go, icon};
use crate::route::Route;
use crate::state::place::Shape;
use crate::state::sync::{Tone, words};
use porchlight_model::calls::sync::{SyncPhase, SyncStatus};
use yew::prelude::*;
use yew_router::Routable;

/// The short sync state, which links to the full one.
#[component]
pub fn SyncChip() -> Html {
    let shape = use_shape();
    let sync = use_call(SyncStatus {});
    // A device without a campaign has nothing to sync.
    let Some(sync) = sync.value().filter(|sync| sync.phase != SyncPhase::Off) else {
        return html! { <span class="sync" /> };
    };
    let (tone, message) = words(sync, shape);
    let is_held = sync.n_held > 0;
    let (class, sign) = match tone {
        Tone::Safe => ("safe", "check-check"),
        Tone::Held if sync.phase == SyncPhase::Busy => ("held", "loader"),
        Tone::Held => ("held", if shape == Shape::Phone { "smartphone" } else { "database" }),
        Tone::Offline => (if is_held { "held" } else { "offline" }, "wifi-off"),
        Tone::Trouble => ("trouble", "circle-alert"),
    };
    html! {
        <Go to={Route::Me.to_path()} class={classes!("sync", class)}>
            { icon(sign) }
            <span class="unseen">{ t("sync-label") }</span>
            <span id="sync-words">{ t_message(&message) }</span>
            if tone == Tone::Offline && is_held { <span class="unseen">{ t("sync-no-signal") }</span> }
        </Go>
    }
}
