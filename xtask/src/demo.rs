//! Runs the demo: a relay with an invented town, and a link for each role.

use crate::run::{command, finish, output, say};
use crate::{browser, web};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The demo's default port.
pub(crate) const PORT: u16 = 8787;

/// Builds what is needed, fills a relay with the demo town the first time, and serves until it is stopped.
pub(crate) fn demo(port: u16) -> Result<()> {
    if TcpListener::bind(("127.0.0.1", port)).is_err() {
        bail!(
            "port {port} is in use. Stop what uses it, or start the demo at another: cargo xtask demo --port {}",
            if port == u16::MAX { PORT } else { port + 1 }
        );
    }
    say("building the relay and the demo (the first time takes some minutes)");
    finish(&mut command("cargo", ["build", "-p", "porchlight-relay", "-p", "porchlight-tests", "--bins"]))?;
    let app = web::build()?;
    let folder = PathBuf::from(format!("target/demo/{port}"));
    let is_first = !folder.join("filled").exists();
    if is_first && folder.exists() {
        // An earlier start was interrupted: begin again.
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let mut relay = serve(port, &folder, &app)?;
    let filled = fill(port, &folder, is_first);
    if filled.is_err() {
        relay.kill().ok();
    }
    filled?;
    say(&format!("the relay listens at http://127.0.0.1:{port}. Ctrl-C stops it; the next start takes seconds."));
    relay.wait()?;
    Ok(())
}

fn serve(port: u16, folder: &Path, app: &Path) -> Result<Child> {
    let url = format!("http://127.0.0.1:{port}");
    let mut relay = Command::new("target/debug/porchlight-relay")
        .args(["--listen", &format!("127.0.0.1:{port}"), "--url", &url, "--data"])
        .arg(folder.join("relay"))
        .arg("--web")
        .arg(app)
        .env("RUST_LOG", "warn")
        .stdout(Stdio::piped())
        .spawn()
        .context("starting the relay")?;
    let lines = BufReader::new(relay.stdout.take().context("the relay has no output")?).lines();
    let mut lines = lines.map_while(Result::ok);
    if !lines.any(|line| line.starts_with("listening on")) {
        bail!("the relay did not start: {}", relay.wait()?);
    }
    std::thread::spawn(move || lines.for_each(drop));
    Ok(relay)
}

fn fill(port: u16, folder: &Path, is_first: bool) -> Result<()> {
    let mut demo = Command::new("target/debug/porchlight-demo");
    demo.arg("--folder").arg(folder.join("office"));
    if is_first {
        let url = format!("http://127.0.0.1:{port}");
        let said = output(
            command("target/debug/porchlight-relay", ["invite", "--found", "--url", &url, "--data"])
                .arg(folder.join("relay"))
                .env("RUST_LOG", "warn"),
        )?;
        let link = said.split_whitespace().find(|word| word.contains("/join#")).context("the relay made no invite")?;
        demo.args(["--in-progress", "--found", link]);
    }
    let links = tee(&mut demo)?;
    std::fs::write(folder.join("filled"), "")?;
    browser::open(port, folder, &links)
}

/// Passes the demo's output through, and collects its links by role.
fn tee(demo: &mut Command) -> Result<BTreeMap<String, String>> {
    let mut child = demo.stdout(Stdio::piped()).spawn().context("starting the demo")?;
    let mut links = BTreeMap::new();
    for line in BufReader::new(child.stdout.take().context("the demo has no output")?).lines() {
        let line = line?;
        match line.split_once('\t') {
            Some((role, link)) => {
                println!("  {role:<12} {link}");
                links.insert(role.to_owned(), link.to_owned());
            }
            None => println!("{line}"),
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("the demo could not be filled: {status}");
    }
    Ok(links)
}
