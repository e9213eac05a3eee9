//! A relay on its machine, as its operator finds it.

use crate::program::Process;

pub(crate) async fn is_ready(relay: &Process) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    while !reqwest::get(format!("{}/readyz", relay.url)).await.is_ok_and(|answer| answer.status().is_success()) {}
}
