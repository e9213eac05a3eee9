//! Third-party notices: the dependencies that are shipped, and their licences.

use crate::run::{command, output};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const FILE: &str = "docs/THIRD-PARTY.md";
/// npm packages that are part of the web app.
const FROM_NPM: [&str; 2] = ["maplibre-gl", "@fontsource-variable/atkinson-hyperlegible-next"];

/// Third-party material that is copied into our own files, by licence.
const COPIED: [(&str, &str); 1] = [("ISC", "lucide 1.62.0 (icons in ui/index.html; assets/icons/LUCIDE-LICENSE.txt)")];

/// Writes the notices.
pub(crate) fn write() -> Result<()> {
    std::fs::write(FILE, text()?).with_context(|| format!("writing {FILE}"))
}

/// Checks that the notices are up to date.
pub(crate) fn check() -> Result<()> {
    if std::fs::read_to_string(FILE).is_ok_and(|present| text().is_ok_and(|text| text == present)) {
        return Ok(());
    }
    bail!("{FILE} does not fit what is built in; write it anew: cargo xtask notices")
}

fn text() -> Result<String> {
    let metadata: Value = serde_json::from_str(&output(&mut command(
        "cargo",
        ["metadata", "--format-version", "1", "--locked", "--filter-platform", "x86_64-unknown-linux-gnu"],
    ))?)?;
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let own: BTreeSet<String> = list(&metadata["workspace_members"]).iter().map(Value::to_string).collect();
    let mut by_licence: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in list(&metadata["packages"]) {
        if own.contains(&package["id"].to_string()) {
            continue;
        }
        let licence = package["license"].as_str().unwrap_or("see its repository").replace('/', " OR ");
        let name = format!(
            "{} {}",
            package["name"].as_str().unwrap_or_default(),
            package["version"].as_str().unwrap_or_default()
        );
        by_licence.entry(licence).or_default().insert(name);
    }
    let lock: Value = serde_json::from_str(&std::fs::read_to_string("package-lock.json")?)?;
    for name in FROM_NPM {
        let package = &lock["packages"][format!("node_modules/{name}")];
        let licence = package["license"].as_str().unwrap_or("see its repository").to_owned();
        by_licence
            .entry(licence)
            .or_default()
            .insert(format!("{name} {} (npm)", package["version"].as_str().unwrap_or_default()));
    }
    for (licence, name) in COPIED {
        by_licence.entry(licence.to_owned()).or_default().insert(name.to_owned());
    }
    let mut text =
        "# Third-party notices\n\nWhat Porchlight is built with, by licence. Written by `cargo xtask notices`.\n"
            .to_owned();
    for (licence, names) in by_licence {
        text.push_str(&format!("\n## {licence}\n\n"));
        for name in names {
            text.push_str(&format!("- {name}\n"));
        }
    }
    Ok(text)
}
