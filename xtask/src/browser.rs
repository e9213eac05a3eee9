//! Opens the demo's links, each role in a window with its own browser profile, because one profile would be one device.

use crate::run::{command, is_there, output, say};
use anyhow::Result;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

/// The program names of browsers that accept a profile folder.
const WITH_PROFILES: [&str; 5] =
    ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "microsoft-edge"];

/// Opens each role's links if there are a screen and a browser. The links are printed in any case.
pub(crate) fn open(port: u16, folder: &Path, links: &BTreeMap<String, String>) -> Result<()> {
    let has_screen = std::env::var_os("DISPLAY").is_some() || std::env::var_os("WAYLAND_DISPLAY").is_some();
    if !has_screen {
        return Ok(());
    }
    let Some(browser) = WITH_PROFILES.into_iter().find(|program| is_there(program)) else {
        if let Some(link) = links.get("coordinator") {
            say(
                "opening the coordinator's link; open the others in other browsers or profiles: one profile is one device",
            );
            start(&mut command("xdg-open", [link]));
        }
        return Ok(());
    };
    say(&format!("opening a window of {browser} for each role, each with a profile of its own"));
    let is_root = output(&mut command("id", ["-u"]))?.trim() == "0";
    for (role, link) in links {
        let profile = std::path::absolute(folder.join("browser").join(role))?;
        // An existing profile has already joined and continues where it was.
        let home = format!("http://127.0.0.1:{port}/");
        let address = if profile.exists() { &home } else { link };
        let mut window = command(browser, ["--no-first-run", "--no-default-browser-check"]);
        window.arg(format!("--user-data-dir={}", profile.display()));
        if is_root {
            // Chromium's sandbox does not work for root.
            window.arg("--no-sandbox");
        }
        match role.as_str() {
            "canvasser" => window.args(["--window-size=390,844", &format!("--app={address}")]),
            _ => window.args(["--new-window", address]),
        };
        start(&mut window);
    }
    Ok(())
}

/// Starts a program that outlives this one. Failure to start is ignored, as the links are printed.
fn start(program: &mut Command) {
    drop(program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn());
}
