//! A real relay process on a free port, which can be stopped, killed and started again on its data.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A running relay.
#[derive(Debug)]
pub struct Relay {
    child: Child,
    data: PathBuf,
    /// What it was started with beside data and address.
    flags: Vec<String>,
    /// Its address, e.g. `http://127.0.0.1:40123`.
    pub url: String,
}

impl Relay {
    /// Starts a relay over the folder `data`, on any free port.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(data: &Path) -> Result<Self> {
        Self::start_at(data, "127.0.0.1:0", &[])
    }

    /// Starts a relay with more flags.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_with(data: &Path, flags: &[&str]) -> Result<Self> {
        let flags: Vec<String> = flags.iter().map(|flag| (*flag).to_owned()).collect();
        Self::start_at(data, "127.0.0.1:0", &flags)
    }

    fn start_at(data: &Path, listen: &str, flags: &[String]) -> Result<Self> {
        let mut child = Command::new(program()?)
            .args(["--listen", listen, "--data"])
            .arg(data)
            .args(flags)
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .context("starting the relay")?;
        let stdout = child.stdout.take().context("the relay has no output")?;
        let mut lines = BufReader::new(stdout).lines();
        for line in lines.by_ref() {
            let line = line.context("reading what the relay says")?;
            if let Some(url) = line.strip_prefix("listening on ") {
                let url = url.trim().to_owned();
                // What it says later must be read, or it would block.
                std::thread::spawn(move || lines.for_each(drop));
                return Ok(Self { child, data: data.to_owned(), flags: flags.to_vec(), url });
            }
        }
        let status = child.wait()?;
        bail!("the relay ended before it listened: {status}")
    }

    /// A founder's invite link.
    ///
    /// # Errors
    /// When the relay's program fails.
    pub fn founding_link(&self) -> Result<String> {
        let output = Command::new(program()?)
            .args(["invite", "--found", "--url", &self.url, "--data"])
            .arg(&self.data)
            .args(self.flags.iter().filter(|flag| flag.starts_with("--store=")))
            .env("RUST_LOG", "warn")
            .output()
            .context("asking for a founder's invite")?;
        let text = String::from_utf8(output.stdout)?;
        text.lines()
            .flat_map(str::split_whitespace)
            .find(|word| word.contains("/join#"))
            .map(str::to_owned)
            .with_context(|| format!("no link in {text:?}; {}", String::from_utf8_lossy(&output.stderr)))
    }

    /// Where its data are.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Tells the relay's program that its store was put back from a copy.
    ///
    /// # Errors
    /// When the program fails.
    pub fn say_restored(&self) -> Result<()> {
        let status =
            Command::new(program()?).arg("restored").arg("--data").arg(&self.data).env("RUST_LOG", "warn").status()?;
        if status.success() { Ok(()) } else { bail!("the relay's program failed: {status}") }
    }

    /// Starts this relay anew beside a second process over the same data; each tells devices of both.
    ///
    /// # Errors
    /// When one of them does not start.
    pub fn with_a_second_node(&mut self) -> Result<(Self, Self)> {
        self.kill()?;
        let mut second = Self::start_at(&self.data, "127.0.0.1:0", &[])?;
        let relays = format!("--relays={},{}", self.url, second.url);
        let flags: Vec<String> = self.flags.iter().cloned().chain([relays]).collect();
        let listen = |url: &str| url.trim_start_matches("http://").to_owned();
        second.kill()?;
        let second = Self::start_at(&self.data, &listen(&second.url), &flags)?;
        Ok((Self::start_at(&self.data, &listen(&self.url), &flags)?, second))
    }

    /// Kills the process, as a power cut would, and starts it again at the same address.
    ///
    /// # Errors
    /// When it does not start again.
    pub fn kill_and_restart(&mut self) -> Result<()> {
        self.kill()?;
        self.restart()
    }

    /// The process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Stops the process where it is: it holds its connections and answers nothing.
    ///
    /// # Errors
    /// When it cannot be told.
    pub fn pause(&mut self) -> Result<()> {
        self.signal("-STOP")
    }

    /// Lets a stopped process go on.
    ///
    /// # Errors
    /// When it cannot be told.
    pub fn go_on(&mut self) -> Result<()> {
        self.signal("-CONT")
    }

    fn signal(&self, signal: &str) -> Result<()> {
        let status =
            Command::new("kill").args([signal, &self.child.id().to_string()]).status().context("running kill")?;
        if status.success() { Ok(()) } else { bail!("kill {signal}: {status}") }
    }

    /// Kills the process and leaves it dead.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill().context("killing the relay")?;
        self.child.wait().context("waiting for the relay")?;
        Ok(())
    }

    /// Starts a killed relay again at the same address, over the same data.
    ///
    /// # Errors
    /// When it does not start.
    pub fn restart(&mut self) -> Result<()> {
        let listen = self.url.trim_start_matches("http://").to_owned();
        let mut again = Self::start_at(&self.data, &listen, &self.flags)?;
        std::mem::swap(self, &mut again);
        Ok(())
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // Already dead is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The relay's program beside this one, built if it is not there.
///
/// # Errors
/// When it cannot be built.
pub fn program() -> Result<PathBuf> {
    let mut folder = std::env::current_exe()?;
    folder.pop();
    if folder.ends_with("deps") {
        folder.pop();
    }
    let program = folder.join("porchlight-relay");
    if !program.exists() {
        let mut cargo = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
        cargo.args(["build", "--package", "porchlight-relay", "--bin", "porchlight-relay"]);
        if folder.ends_with("release") {
            cargo.arg("--release");
        }
        let status = cargo.status().context("building the relay")?;
        if !status.success() {
            bail!("the relay does not build");
        }
    }
    Ok(program)
}
