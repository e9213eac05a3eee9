//! Builds the native window: the interface without the worker's engine, embedded in a native program.

use crate::run::{command, finish, run, say};
use crate::test::{NODE_TEST, programs};
use crate::web::Profile;
use crate::{setup, web};
use anyhow::Result;
use std::collections::BTreeMap;
use std::path::Path;

/// The files that are embedded in the window's program.
const FOLDER: &str = "target/window-app";
/// Name prefixes of files that only browsers need: the window links the engine natively, and downloads nothing.
const ONLY_BROWSERS: [&str; 5] = ["sw.js", "hub.js", "worker.js", "porchlight_worker", "manifest.webmanifest"];

/// Prepares the files that are embedded in the window's program.
pub(crate) fn prepare(profile: Profile) -> Result<()> {
    setup::window()?;
    interface(&web::build_as(profile)?)
}

/// Builds the window and opens it.
pub(crate) fn open() -> Result<()> {
    prepare(Profile::Small)?;
    say("compiling the native window (the first time takes some minutes)");
    run("cargo build -p porchlight")?;
    finish(&mut command("target/debug/porchlight", [""; 0]))
}

/// Tests the window on a virtual screen.
pub(crate) fn test() -> Result<()> {
    setup::window_tests()?;
    programs()?;
    let mut on_screen = command("dbus-run-session", ["--", "xvfb-run", "-a", "-s", "-screen 0 1280x1024x24"]);
    // One file at a time: they share the screen.
    on_screen.arg("node").args(NODE_TEST).arg("--test-concurrency=1");
    finish(on_screen.args(["tests/window/shift.test.mjs", "tests/window/hub.test.mjs"]))
}

/// Copies the web app without what only browsers need. Unchanged files are not touched, so that nothing is recompiled. The window has
/// the office's interface, under the names that the page starts.
fn interface(app: &Path) -> Result<()> {
    let folder = Path::new(FOLDER);
    let is_wanted = |name: &str| !name.ends_with(".br") && !ONLY_BROWSERS.iter().any(|only| name.starts_with(only));
    let mut wanted = BTreeMap::new();
    for path in web::files(app)? {
        let name = path.strip_prefix(app)?.to_owned();
        let name = name.strip_prefix(web::OFFICE).map(Path::to_owned).unwrap_or(name);
        // In the order of the names, the office's files come before those of the same name that only a phone's download has.
        if is_wanted(&name.to_string_lossy()) {
            wanted.entry(name).or_insert(path);
        }
    }
    for path in web::files(folder)? {
        if !wanted.contains_key(path.strip_prefix(folder)?) {
            std::fs::remove_file(path)?;
        }
    }
    for (name, path) in wanted {
        let to = folder.join(name);
        if std::fs::read(&to).ok() == Some(std::fs::read(&path)?) {
            continue;
        }
        if let Some(parent) = to.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::copy(&path, &to)?;
    }
    Ok(())
}
