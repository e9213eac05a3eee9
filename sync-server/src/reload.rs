//! Reload on SIGHUP: the program reads its configuration file and its certificate again and closes no connection. Started in a terminal it
//! keeps the signal's default, because there it means that the window was closed.

use anyhow::bail;
use porchlight_relay::settings::{Given, Settings};
use porchlight_relay::{Relay, Tls, WallClock};
#[cfg(unix)]
use std::io::{IsTerminal, stdin};
use std::sync::Arc;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Listens for SIGHUP, unless started in a terminal; other systems have no such signal.
pub(crate) struct Hangup(#[cfg(unix)] Option<Signal>);

impl Hangup {
    /// From now on the signal no longer ends the program. In a terminal it still ends it, or is ignored under `nohup`: a relay that
    /// outlived its window would hold its folder and its address without anybody seeing it.
    pub(crate) fn listen() -> std::io::Result<Self> {
        #[cfg(unix)]
        return Ok(Self(if stdin().is_terminal() { None } else { Some(signal(SignalKind::hangup())?) }));
        #[cfg(not(unix))]
        Ok(Self())
    }

    async fn heard(&mut self) -> Option<()> {
        #[cfg(unix)]
        if let Some(signal) = &mut self.0 {
            return signal.recv().await;
        }
        std::future::pending().await
    }
}

/// Reloads on each signal while the relay serves. Flags and the environment stay as they were at the start.
pub(crate) async fn on(mut hangup: Hangup, relay: Relay, tls: Option<Tls>, given: Given, started: Settings) {
    let read = match (given.config.is_some(), tls.is_some()) {
        (true, true) => "the configuration file and the certificate were read anew",
        (true, false) => "the configuration file was read anew",
        (false, true) => "the certificate was read anew",
        (false, false) => {
            "nothing was read anew: there is neither a configuration file nor a certificate; flags and the environment change with a restart only"
        }
    };
    while hangup.heard().await.is_some() {
        match reload(&relay, tls.as_ref(), &given, &started) {
            Ok(waiting) if waiting.is_empty() => {
                tracing::info!("SIGHUP: {read}");
            }
            Ok(waiting) => tracing::warn!(
                settings = waiting.join(", "),
                "SIGHUP: {read}; these settings change with a restart only"
            ),
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "SIGHUP: nothing was changed");
            }
        }
    }
}

/// Reloads and returns the changed settings that need a restart. On an error nothing changes.
fn reload(relay: &Relay, tls: Option<&Tls>, given: &Given, started: &Settings) -> anyhow::Result<Vec<&'static str>> {
    let settings = Settings::complete(given.clone())?;
    check_web(&settings)?;
    if let (Some(tls), Some(files)) = (tls, &settings.tls) {
        tls.reload(files)?;
    }
    // The clock and the seed of this configuration are not used.
    relay.change(&settings.config(Arc::new(WallClock), [0; 32]));
    Ok(started.need_restart(&settings))
}

/// The web app's folder holds one.
pub(crate) fn check_web(settings: &Settings) -> anyhow::Result<()> {
    if let Some(web) = settings.web.as_deref().filter(|web| !web.join("index.html").is_file()) {
        bail!("there is no index.html in {}: say the web app's folder with --web", web.display());
    }
    Ok(())
}
