//! Builds the web app: two wasm modules for the field and two for the office, styles, fonts, the map library, and a service worker that
//! caches all of them.

use crate::run::{command, finish, linted, output, say};
use crate::setup;
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// The output folder of the web app.
pub(crate) const FOLDER: &str = "target/web-app";
/// The messages of the first screen.
const MESSAGES: &str = "assets/locales/en/app.ftl";
/// The fingerprint of the last build's inputs.
const STAMP: &str = "target/web-app.stamp";
/// How the web app is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// For release: optimised for size and compressed.
    Small,
    /// For tests, and for trying a change in a browser: linted, compiled in a fraction of the time, several times as large, not compressed.
    Quick,
}

impl Profile {
    /// The name of the Cargo profile and of its target folder.
    fn name(self) -> &'static str {
        match self {
            Self::Small => "web",
            Self::Quick => "web-quick",
        }
    }

    /// The path of a compiled module.
    fn compiled(self, module: &str) -> String {
        format!("target/web/wasm32-unknown-unknown/{}/{module}.wasm", self.name())
    }
}

/// One of the two downloads: the modules are the same packages with other features.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Download {
    /// What a phone needs.
    Field,
    /// The same with the office's pages and what they ask of the engine.
    Office,
}

impl Download {
    pub(crate) const ALL: [Self; 2] = [Self::Field, Self::Office];

    /// Cargo's words for its features.
    pub(crate) fn features(self) -> &'static [&'static str] {
        match self {
            Self::Field => &["--no-default-features"],
            Self::Office => &[],
        }
    }

    /// Where the app has its modules.
    fn folder(self, app: &Path) -> PathBuf {
        match self {
            Self::Field => app.to_owned(),
            Self::Office => app.join(OFFICE),
        }
    }

    /// Where its compiled modules are put aside: Cargo has one place for both.
    fn compiled(self, profile: Profile, module: &str) -> PathBuf {
        Path::new("target/web").join(profile.name()).join(format!("{self:?}")).join(format!("{module}.wasm"))
    }
}

/// The two modules of each download.
const MODULES: [&str; 2] = ["porchlight-ui", "porchlight_worker"];

/// The folder of the office's modules.
pub(crate) const OFFICE: &str = "office-app";

/// Files that are not cached for offline use.
const NOT_KEPT: [&str; 1] = ["sw.js"];

/// Builds the web app for release unless nothing changed; returns its folder.
pub(crate) fn build() -> Result<PathBuf> {
    build_as(Profile::Small)
}

/// Builds the web app unless nothing changed; returns its folder, which is the same for every profile.
pub(crate) fn build_as(profile: Profile) -> Result<PathBuf> {
    let wasm = setup::web()?;
    say("compiling the web app (the first time takes some minutes)");
    for download in Download::ALL {
        let words = ["build", "--profile", profile.name(), "-p", "porchlight-ui", "-p", "porchlight-worker"];
        let mut cargo = wasm.cargo(&words)?;
        if profile == Profile::Quick && wasm.has_lints() {
            linted(&mut cargo);
        }
        finish(cargo.args(download.features()))?;
        for module in MODULES {
            copy(&profile.compiled(module), &download.compiled(profile, module))?;
        }
    }
    let stamp = stamp(profile)?;
    if std::fs::read_to_string(STAMP).is_ok_and(|last| last == stamp) && Path::new(FOLDER).join("sw.js").exists() {
        return Ok(PathBuf::from(FOLDER));
    }
    let folder = Path::new("target/web-app.new");
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    modules(folder, profile)?;
    page(folder)?;
    libraries(folder)?;
    finish(command("node", ["xtask/js/minify.mjs"]).arg(folder))?;
    service_worker(folder)?;
    if profile == Profile::Small {
        say("compressing it");
        print!("{}", output(command("node", ["xtask/js/compress.mjs"]).arg(folder))?);
    }
    if Path::new(FOLDER).exists() {
        std::fs::remove_dir_all(FOLDER)?;
    }
    std::fs::rename(folder, FOLDER)?;
    std::fs::write(STAMP, stamp)?;
    Ok(PathBuf::from(FOLDER))
}

/// The size of a phone's first download in bytes: modules, scripts, style, page and fonts, compressed where the relay serves them so.
pub(crate) fn n_downloaded(folder: &Path) -> Result<u64> {
    let mut n_bytes = 0;
    for path in files(folder)? {
        let name = path.to_string_lossy().into_owned();
        let is_downloaded = [".wasm", ".js", ".css", ".woff2", ".html"].iter().any(|end| name.ends_with(end));
        if is_downloaded && !path.starts_with(Download::Office.folder(folder)) {
            let packed = PathBuf::from(format!("{name}.br"));
            n_bytes += if packed.exists() { packed.metadata()?.len() } else { path.metadata()?.len() };
        }
    }
    Ok(n_bytes)
}

/// Runs wasm-bindgen on the modules, and optimises them for release.
fn modules(app: &Path, profile: Profile) -> Result<()> {
    say("binding its modules");
    finish(&mut command("cargo", ["build", "-p", "xtask-bindgen"]))?;
    for (download, module) in Download::ALL.iter().flat_map(|download| MODULES.map(|module| (download, module))) {
        let folder = download.folder(app);
        finish(&mut command("target/debug/xtask-bindgen", [download.compiled(profile, module), folder.clone()]))?;
        let script = std::fs::read_to_string(folder.join(format!("{module}.js")))?;
        if let Some(line) = script.lines().find(|line| line.contains("from \"env\"")) {
            bail!("{module} needs a C function that is not there ({line}): see SQLITE_FLAGS in xtask/src/setup.rs");
        }
        if profile == Profile::Quick {
            continue;
        }
        let bound = folder.join(format!("{module}_bg.wasm"));
        // After opt-level "z", -O1 gives the fewest bytes once compressed: -Oz makes the module smaller and its brotli larger.
        shrink(&bound, &["-O1"])?;
        finish(command("node", ["xtask/js/order.mjs"]).args([&bound, &bound]))?;
        shrink(&bound, &["--reorder-functions-by-name", "--strip-debug"])?;
    }
    Ok(())
}

/// Runs wasm-opt passes on a module, with the features that rustc enables.
fn shrink(module: &Path, passes: &[&str]) -> Result<()> {
    finish(
        command("node", ["node_modules/binaryen/bin/wasm-opt"])
            .args(passes)
            .args(["--enable-bulk-memory", "--enable-bulk-memory-opt", "--enable-nontrapping-float-to-int"])
            .args(["--enable-sign-ext", "--enable-mutable-globals", "--enable-reference-types"])
            .args(["--enable-multivalue", "--enable-call-indirect-overlong", "-o"])
            .args([module, module]),
    )
}

/// Writes the page: its HTML, style and scripts.
fn page(folder: &Path) -> Result<()> {
    copy_folder(Path::new("ui/static"), folder)?;
    for download in Download::ALL {
        copy_folder(Path::new("ui/worker/static"), &download.folder(folder))?;
    }
    let messages = std::fs::read_to_string(MESSAGES)?;
    for (from, to) in [("ui/index.html", "index.html"), ("ui/static/manifest.webmanifest", "manifest.webmanifest")] {
        let text = std::fs::read_to_string(from)?;
        std::fs::write(folder.join(to), worded(&text, &messages).with_context(|| format!("wording {from}"))?)?;
    }
    copy("ui/map/porch-map.js", &folder.join("porch-map.js"))?;
    copy_folder(Path::new("assets/icons"), &folder.join("icons"))?;
    let mut sheets: Vec<PathBuf> = files(Path::new("ui/style"))?;
    let first = ["tokens.css", "base.css", "layout.css", "components.css"];
    let rank = |path: &PathBuf| first.iter().position(|name| path.ends_with(name)).unwrap_or(first.len());
    sheets.sort_by_key(|path| (rank(path), path.clone()));
    let mut style = String::new();
    for sheet in sheets {
        style.push_str(&std::fs::read_to_string(&sheet)?);
        style.push('\n');
    }
    std::fs::write(folder.join("style.css"), style)?;
    Ok(())
}

/// Replaces `{{ id }}` in a text with messages, for what is shown before the interface runs.
fn worded(text: &str, messages: &str) -> Result<String> {
    let mut worded = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{ ") {
        let (id, behind) = after.split_once(" }}").context("a message's name is not closed")?;
        let words = messages.lines().find_map(|line| line.strip_prefix(id)?.strip_prefix(" = "));
        let words = words.with_context(|| format!("there is no message {id} of one line in {MESSAGES}"))?;
        if words.contains(['"', '<', '&', '{']) {
            bail!("the message {id} stands in a page as it is: it may have no quote, mark-up or argument");
        }
        worded.push_str(before);
        worded.push_str(words);
        rest = behind;
    }
    worded.push_str(rest);
    Ok(worded)
}

/// Copies the files that come from npm.
fn libraries(folder: &Path) -> Result<()> {
    finish(command("node", ["xtask/js/maplibre.mjs"]).arg(folder))?;
    let fonts = folder.join("fonts");
    std::fs::create_dir_all(&fonts)?;
    finish(command("node", ["xtask/js/fonts.mjs"]).arg(&fonts))?;
    Ok(())
}

/// Writes the service worker with the lists of files that it caches, the field's always and the office's on demand, and a version derived
/// from their contents.
fn service_worker(folder: &Path) -> Result<()> {
    let mut field = BTreeMap::new();
    let mut office = BTreeMap::new();
    for path in files(folder)? {
        let name = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
        if NOT_KEPT.contains(&name.as_str()) {
            continue;
        }
        let bytes = std::fs::read(&path)?;
        let kept = if name.starts_with(OFFICE) { &mut office } else { &mut field };
        kept.insert(format!("/{name}"), (bytes.len(), hex::encode(Sha256::digest(&bytes))));
    }
    let mut version = DefaultHasher::new();
    (&field, &office).hash(&mut version);
    let template = std::fs::read_to_string("xtask/js/sw.template.js")?;
    let text = template
        .replace("\"%VERSION%\"", &format!("\"{:016x}\"", version.finish()))
        .replace("\"%FIELD%\"", &serde_json::to_string_pretty(&field)?)
        .replace("\"%OFFICE%\"", &serde_json::to_string_pretty(&office)?);
    std::fs::write(folder.join("sw.js"), text)?;
    Ok(())
}

/// A fingerprint of this build's inputs: the modules' bytes and the contents of the other files.
fn stamp(profile: Profile) -> Result<String> {
    let mut paths: Vec<PathBuf> =
        vec![PathBuf::from("package-lock.json"), PathBuf::from("ui/index.html"), PathBuf::from(MESSAGES)];
    for folder in ["ui/static", "ui/style", "ui/map", "ui/worker/static", "assets/icons", "xtask/js", "xtask/src"] {
        paths.extend(files(Path::new(folder))?);
    }
    paths.extend(Download::ALL.iter().flat_map(|download| MODULES.map(|module| download.compiled(profile, module))));
    let mut hasher = DefaultHasher::new();
    for path in paths {
        path.hash(&mut hasher);
        std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// All files under a folder, sorted.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !folder.exists() {
        return Ok(found);
    }
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for path in files(from)? {
        let target = to.join(path.strip_prefix(from)?);
        copy(&path.to_string_lossy(), &target)?;
    }
    Ok(())
}

fn copy(from: &str, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::copy(from, to).with_context(|| format!("copying {from}"))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::worded;

    #[test]
    fn messages_named_in_a_page_are_filled_in() -> anyhow::Result<()> {
        let messages = "app-name = Porchlight\nboot = Wait.\nodd = a <b>\n";
        assert_eq!(worded("<p>{{ boot }}</p>{{ app-name }}!", messages)?, "<p>Wait.</p>Porchlight!");
        for wrong in ["{{ app }}", "{{ odd }}", "{{ boot"] {
            assert!(worded(wrong, messages).is_err(), "{wrong}");
        }
        Ok(())
    }
}
