//! The user interface: pages, components, hooks and pure state.
//!
//! Built twice for browsers, by the feature `office`: without it for phones, and with the office's pages (`docs/ui.md`, "Two downloads").
//!
//! Reading order: [`app`] is the root and [`route`] the map of pages; [`backend`] is the only part that knows the shell;
//! [`hooks`] and [`load`] bring its replies to pages; [`state`] has the pure logic, which needs no window.

pub mod app;
pub mod backend;
pub mod clock;
pub mod drafts;
pub mod files;
pub mod fresh;
pub mod guard;
pub mod hooks;
pub mod i18n;
pub mod keep;
pub mod layout;
pub mod link;
pub mod load;
pub mod map;
#[cfg(feature = "office")]
pub mod office;
#[cfg(not(feature = "office"))]
pub mod office_download;
pub mod pages;
pub mod paint;
pub mod parts;
pub mod route;
pub mod state;
pub mod switch;
pub mod theme;
pub mod turf;
pub mod update;
pub mod when;

#[cfg(test)]
mod tests;

/// Starts the shell and renders the interface into `#app`.
pub fn start() {
    theme::Theme::chosen().apply();
    switch::Switch::ALL.into_iter().for_each(switch::Switch::apply);
    keep::start();
    guard::start();
    parts::arrows::start();
    parts::sheet::leave_old_entry();
    update::start();
    backend::start();
    let root = web_sys::window().and_then(|window| window.document()).and_then(|page| page.get_element_by_id("app"));
    if let Some(root) = root {
        root.set_inner_html("");
        yew::Renderer::<app::App>::with_root(root).render();
    }
}
