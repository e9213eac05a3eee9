//! The turf that this person walks: the last one opened, stored on this device by its id only.

use crate::app::GoTo;
use crate::hooks::use_call;
use crate::i18n::{t, t_args};
use crate::layout::Page;
use crate::parts::{Empty, Go, draw, use_has_no_room};
use crate::route::Route;
use porchlight_model::calls::walk::{MyTurf, TurfCard};
use porchlight_model::id::TurfId;
use yew::prelude::*;
use yew_router::Routable;

const KEY: &str = "porchlight.turf";
/// The local storage key for the turf from before a link was used, separated by spaces, until a turf of that link is opened.
const BEFORE: &str = "porchlight.turf.before";

/// Records the turf that a device has when a link is used, so that the turf of that link is opened next.
pub fn joined(turfs: &[TurfId]) {
    let ids: Vec<String> = turfs.iter().map(TurfId::to_string).collect();
    if let Some(storage) = storage().filter(|_| !ids.is_empty()) {
        // Without storage, the previous turf is opened next time.
        let _ = storage.set_item(BEFORE, &ids.join(" "));
    }
}

/// Remembers the turf that was opened last.
pub fn remember(turf: TurfId) {
    if let Some(storage) = storage() {
        if !before().contains(&turf) {
            let _ = storage.remove_item(BEFORE);
        }
        // Without storage, the first turf is opened next time.
        let _ = storage.set_item(KEY, &turf.to_string());
    }
}

/// The turf to open: one that came with the last link, if others were here `before`; else the last one that was opened, if it is still here
/// and ready, else the first that is ready, else the first.
#[must_use]
pub fn choose(turfs: &[TurfCard], last: Option<TurfId>, before: &[TurfId]) -> Option<TurfId> {
    if let Some(new) = turfs.iter().find(|card| !before.is_empty() && card.is_ready && !before.contains(&card.turf)) {
        return Some(new.turf);
    }
    let remembered = turfs.iter().find(|card| Some(card.turf) == last && card.is_ready);
    remembered.or_else(|| turfs.iter().find(|card| card.is_ready)).or_else(|| turfs.first()).map(|card| card.turf)
}

/// The props of [`LastTurf`].
#[derive(Properties, PartialEq)]
pub struct LastTurfProps {
    /// The heading while there is nothing to show.
    pub title: AttrValue,
    /// Whether the turf is shown as a map, not as a list.
    #[prop_or_default]
    pub is_map: bool,
}

/// Redirects to the turf that was opened last, or says that there is none.
#[component]
pub fn LastTurf(props: &LastTurfProps) -> Html {
    let turfs = use_call(MyTurf {});
    match turfs.value().map(|turfs| choose(turfs, last(), &before())) {
        Some(Some(turf)) => {
            let to = if props.is_map { Route::Map { turf } } else { Route::Walk { turf } };
            html! { <GoTo path={to.to_path()} /> }
        }
        _ => html! { <Page title={props.title.clone()}>{ draw(&turfs, |_| html! { <NoTurf /> }) }</Page> },
    }
}

/// Says that no turf is on this device, and how to get one: without room for it nobody needs to be asked.
#[component]
pub fn NoTurf() -> Html {
    let what_next = t(if use_has_no_room() { "no-turf-no-room" } else { "no-turf-body" });
    html! {
        <Empty title={t("no-turf-title")} {what_next}>
            <Go to={Route::Me.to_path()} class="btn">{ t("no-turf-sync") }</Go>
        </Empty>
    }
}

/// Says that a new wave has begun for a turf which this device still has from an earlier one, and how to get it.
pub fn new_wave(name: &str) -> Html {
    html! {
        <section class="card" id="new-wave">
            <h2 class="eyebrow">{ t_args("new-wave-title", &[("name", name.into())]) }</h2>
            <p>{ t("new-wave-body") }</p>
            <Go to={Route::Join.to_path()} class="btn wide">{ t("new-wave-link") }</Go>
        </section>
    }
}

fn last() -> Option<TurfId> {
    storage()?.get_item(KEY).ok()??.parse().ok()
}

fn before() -> Vec<TurfId> {
    let kept = storage().and_then(|storage| storage.get_item(BEFORE).ok().flatten()).unwrap_or_default();
    kept.split(' ').filter_map(|id| id.parse().ok()).collect()
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(n: u8, is_ready: bool) -> TurfCard {
        let turf = TurfId::from_bytes([n; 16]);
        TurfCard { turf, name: String::new(), n_doors: 1, n_done: 0, minutes: 1, is_ready, new_wave: None }
    }

    #[test]
    fn the_last_turf_opens_again_unless_it_is_gone_or_not_ready() {
        fn check(turfs: &[TurfCard], last: Option<u8>, expected: Option<u8>) {
            let id = |n: u8| TurfId::from_bytes([n; 16]);
            assert_eq!(choose(turfs, last.map(id), &[]), expected.map(id));
        }
        check(&[card(1, true), card(2, true)], Some(2), Some(2));
        check(&[card(1, true), card(2, true)], Some(9), Some(1));
        check(&[card(1, false), card(2, true)], Some(1), Some(2));
        check(&[card(1, false)], None, Some(1));
        check(&[], Some(1), None);
    }

    #[test]
    fn the_turf_that_a_link_brought_opens_first_once_it_is_ready() {
        let before = [TurfId::from_bytes([1; 16])];
        let chosen = |turfs: &[TurfCard]| choose(turfs, Some(before[0]), &before);
        assert_eq!(chosen(&[card(1, true)]), Some(before[0]), "it is on its way");
        assert_eq!(chosen(&[card(1, true), card(2, false)]), Some(before[0]), "it cannot be walked yet");
        assert_eq!(chosen(&[card(1, true), card(2, true)]), Some(TurfId::from_bytes([2; 16])));
    }
}
