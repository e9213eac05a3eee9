//! Installs the tools that are missing, each with the reason why it is needed.

use crate::run::{command, finish, is_there, output, run, say};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::{Command, Stdio};

/// Debian packages that the web app's build needs.
const FOR_WEB: [(&str, &str); 1] = [("clang", "compiles SQLite to wasm")];
/// Debian packages that the browser tests need.
const FOR_BROWSER: [(&str, &str); 5] = [
    ("chromium", "the browser that the tests drive"),
    ("firefox-esr", "another browser that the tests drive"),
    ("xvfb", "the screen on which the tests open Firefox"),
    ("xauth", "lets Firefox onto that screen"),
    ("libgl1-mesa-dri", "draws Firefox's map without a graphics card"),
];

/// Debian packages that the relay's tests need.
const FOR_RELAY_TESTS: [(&str, &str); 12] = [
    ("postgresql", "the database that the tests start, for relays that share a store"),
    ("nats-server", "the bus that the tests start, over which relays tell each other of changes"),
    ("openssl", "makes the certificate of the tests' database"),
    ("iproute2", "makes the tests' network slow"),
    ("nftables", "makes the tests' network lose packets"),
    ("nginx", "a proxy that the tests start in front of relays, with the example of deploy/nginx"),
    ("caddy", "another one, with deploy/Caddyfile"),
    ("pgbouncer", "what the tests start in front of the database, to be refused"),
    ("sqlite3", "copies a relay's file while it serves, as docs/operations/restore.md says"),
    ("age", "encrypts backups, as docs/operations/backups.md says"),
    ("prometheus", "checks what relays tell of themselves, and the alarms"),
    ("systemd", "checks the units of deploy/systemd"),
];

/// Debian packages that the native window's build needs.
const FOR_WINDOW: [(&str, &str); 2] =
    [("libwebkit2gtk-4.1-dev", "draws the native window"), ("pkg-config", "finds the window's libraries")];
/// Programs that the window's tests need, with their packages.
const FOR_WINDOW_TESTS: [(&str, &str); 5] = [
    ("webkit2gtk-driver", "drives the native window in its tests"),
    ("xvfb", "the screen on which the tests open the window"),
    ("xauth", "lets the tests onto that screen"),
    ("dbus", "a session bus for the window under test"),
    ("libgl1-mesa-dri", "draws the map without a graphics card"),
];

/// Compile-time options of the web app's SQLite. They omit features that no query of the engine uses, because phones download it.
const SQLITE_FLAGS: &str = "\
    -USQLITE_ENABLE_API_ARMOR -USQLITE_ENABLE_BYTECODE_VTAB -USQLITE_ENABLE_COLUMN_METADATA -USQLITE_ENABLE_DBPAGE_VTAB \
    -USQLITE_ENABLE_DBSTAT_VTAB -USQLITE_ENABLE_MATH_FUNCTIONS -USQLITE_ENABLE_OFFSET_SQL_FUNC \
    -USQLITE_ENABLE_PREUPDATE_HOOK -USQLITE_ENABLE_RTREE -USQLITE_ENABLE_SESSION -USQLITE_ENABLE_STMTVTAB \
    -USQLITE_ENABLE_UNKNOWN_SQL_FUNCTION -USQLITE_ENABLE_UNLOCK_NOTIFY -DSQLITE_ENABLE_QPSG -DSQLITE_OMIT_AUTHORIZATION \
    -DSQLITE_OMIT_AUTOVACUUM -DSQLITE_OMIT_COMPILEOPTION_DIAGS -DSQLITE_OMIT_WAL -DSQLITE_OMIT_COMPLETE \
    -DSQLITE_OMIT_DESERIALIZE -DSQLITE_OMIT_EXPLAIN \
    -DSQLITE_OMIT_GET_TABLE -DSQLITE_OMIT_INTEGRITY_CHECK -DSQLITE_OMIT_INTROSPECTION_PRAGMAS -DSQLITE_OMIT_JSON \
    -DSQLITE_OMIT_PROGRESS_CALLBACK -DSQLITE_OMIT_TCL_VARIABLE -DSQLITE_OMIT_TRACE -DSQLITE_OMIT_UTF16 -DSQLITE_UNTESTABLE \
    -DSQLITE_LIKE_DOESNT_MATCH_BLOBS -DSQLITE_OMIT_LIKE_OPTIMIZATION \
    -DSQLITE_OMIT_XFER_OPT";

/// The toolchain that compiles Rust to wasm. Each builds the standard library for small size, see `docs/decisions`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wasm {
    /// The compiler from rustup and its sources of the standard library.
    Rustup,
    /// The compiler and sources from Debian, where rustup cannot fetch them.
    Debian,
}

/// Installs everything that demo and test need.
pub(crate) fn everything() -> Result<()> {
    web()?;
    browser()?;
    relay_tests()?;
    window()?;
    window_tests()
}

/// Installs what the web app's build needs, and chooses the toolchain.
pub(crate) fn web() -> Result<Wasm> {
    packages(&FOR_WEB)?;
    node()?;
    node_modules()?;
    wasm()
}

/// Installs what the browser tests need.
pub(crate) fn browser() -> Result<()> {
    packages(&FOR_BROWSER)?;
    driver("geckodriver", "^0.37", "lets the tests drive Firefox")
}

/// Installs the servers that the relay's tests start and stop.
pub(crate) fn relay_tests() -> Result<()> {
    packages(&FOR_RELAY_TESTS)
}

/// Installs what the native window's build needs.
pub(crate) fn window() -> Result<()> {
    packages(&FOR_WINDOW)
}

/// Installs what the window's tests need.
pub(crate) fn window_tests() -> Result<()> {
    packages(&FOR_WINDOW_TESTS)?;
    driver("tauri-driver", "^2", "lets the tests drive the native window")
}

/// Installs a program with `cargo install` unless some version of it is installed.
fn driver(name: &str, version: &str, why: &str) -> Result<()> {
    if is_there(name) || std::env::home_dir().is_some_and(|home| home.join(".cargo/bin").join(name).exists()) {
        return Ok(());
    }
    say(&format!("installing {name}: {why}"));
    run(&format!("cargo install {name} --version {version} --locked --quiet"))
}

/// Installs the Debian packages that are missing.
fn packages(wanted: &[(&str, &str)]) -> Result<()> {
    let missing: Vec<_> = wanted.iter().filter(|(package, _)| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for (package, why) in &missing {
        say(&format!("installing {package}: {why}"));
    }
    if !is_there("apt-get") {
        let names: Vec<_> = missing.iter().map(|(package, _)| *package).collect();
        bail!(
            "this needs Debian or Ubuntu; elsewhere install what matches these packages by hand: {}",
            names.join(" ")
        );
    }
    apt(["update", "-qq"].as_slice())?;
    let mut words = vec!["install", "-y", "-qq", "--no-install-recommends"];
    words.extend(missing.iter().map(|(package, _)| *package));
    apt(&words)
}

fn apt(words: &[&str]) -> Result<()> {
    let is_root = output(&mut command("id", ["-u"]))?.trim() == "0";
    let mut apt = if is_root { Command::new("apt-get") } else { command("sudo", ["apt-get"]) };
    finish(apt.args(words).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null()))
        .context("installing packages; run it again with a connection, as root or with sudo")
}

fn is_installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["-W", "-f", "${Status}", package])
        .stderr(Stdio::null())
        .output()
        .is_ok_and(|output| output.stdout.ends_with(b"install ok installed"))
}

fn node() -> Result<()> {
    // Starting npm takes a second, and it is not needed once everything is fetched.
    if is_there("node") && (is_fetched() || is_there("npm")) {
        return Ok(());
    }
    packages(&[("nodejs", "runs the build's and the tests' scripts"), ("npm", "fetches the map library and the fonts")])
}

/// Fetches the front end's libraries as `package-lock.json` pins them.
pub(crate) fn node_modules() -> Result<()> {
    if is_fetched() {
        return Ok(());
    }
    say("fetching the map library, the fonts and the test drivers from npm");
    run("npm ci --no-audit --no-fund --loglevel=error")
}

/// Whether the libraries are those that `package-lock.json` pins.
fn is_fetched() -> bool {
    let at = |path: &str| Path::new(path).metadata().and_then(|meta| meta.modified()).ok();
    at("node_modules/.package-lock.json") >= at("package-lock.json")
}

/// Installs the peer that `bench sync` compares with.
pub(crate) fn peer() -> Result<()> {
    node()?;
    if Path::new("tests/peer/node_modules/@automerge/automerge-repo").exists() {
        return Ok(());
    }
    say("fetching automerge-repo from npm: the peer that sync is compared with");
    // Not `npm ci`, which refuses a lock file without the binaries for other systems, and not every registry has those. No
    // scripts are run either: what they compile only makes the peer decode CBOR faster.
    run("npm install --no-save --ignore-scripts --prefix tests/peer --no-audit --no-fund --loglevel=error")
}

/// Finds or installs a way to compile to wasm.
fn wasm() -> Result<Wasm> {
    let sysroot = output(&mut command("rustc", ["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/std").exists() {
        return Ok(Wasm::Rustup);
    }
    say("adding the sources of Rust's standard library: the web app compiles its own, for small size");
    if is_there("rustup") && run("rustup component add rust-src").is_ok() {
        return Ok(Wasm::Rustup);
    }
    say("rustup cannot fetch them here; Debian's compiler and its sources do as well");
    packages(&[
        ("rustc-web", "a second Rust compiler that knows wasm"),
        ("rust-web-src", "the standard library's sources, compiled once for wasm"),
    ])?;
    Ok(Wasm::Debian)
}

impl Wasm {
    /// Whether Clippy is of the same version as the compiler, which it takes the place of.
    pub(crate) const fn has_lints(self) -> bool {
        matches!(self, Self::Rustup)
    }

    /// A cargo command that compiles for wasm, in its own target folder.
    pub(crate) fn cargo(self, words: &[&str]) -> Result<Command> {
        let mut cargo = command("cargo", words);
        cargo
            .args(["--target", "wasm32-unknown-unknown"])
            .env("CARGO_TARGET_DIR", "target/web")
            .env("SQLITE_WASM_RS_FLAGS", SQLITE_FLAGS)
            .env("RUSTC_BOOTSTRAP", "1")
            // Omits source locations of panics and the contents of `Debug` output, which are not worth their bytes on
            // a phone; panic messages are kept.
            .env("RUSTFLAGS", "-Zlocation-detail=none -Zfmt-debug=shallow")
            .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
            .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size");
        if self == Self::Debian {
            let sysroot = output(&mut command("rustc", ["--print", "sysroot"]))?;
            let host = "x86_64-unknown-linux-gnu";
            cargo.env("RUSTC", "/usr/bin/rustc").env(
                "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER",
                format!("{}/lib/rustlib/{host}/bin/rust-lld", sysroot.trim()),
            );
        }
        Ok(cargo)
    }
}
