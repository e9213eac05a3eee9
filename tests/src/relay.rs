//! A real relay process on a free port, which can be stopped, killed and restarted on its data.

use crate::field::Field;
use crate::servers::free_port;
use anyhow::{Context, Result, bail};
use porchlight_model::id::DeviceId;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

/// A running relay.
#[derive(Debug)]
pub struct Relay {
    child: Child,
    data: PathBuf,
    /// Its flags besides data and address.
    flags: Vec<String>,
    field: Option<Arc<Field>>,
    /// Its address, e.g. `http://127.0.0.1:40123`.
    pub url: String,
}

impl Relay {
    /// Starts a relay over the folder `data`, on a free port.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(data: &Path) -> Result<Self> {
        Self::start_with(data, &[])
    }

    /// Starts a relay with more flags.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_with(data: &Path, flags: &[&str]) -> Result<Self> {
        let flags: Vec<String> = flags.iter().map(|flag| (*flag).to_owned()).collect();
        Self::start_at(data, &format!("127.0.0.1:{}", free_port()?), &flags, None)
    }

    /// Starts relays over one PostgreSQL database, each of which announces all of them to devices.
    ///
    /// # Errors
    /// When one of them does not start.
    pub fn start_nodes(folder: &Path, database: &str, n: usize) -> Result<Vec<Self>> {
        let ports: Vec<_> = (0..n).map(|_| free_port()).collect::<Result<_>>()?;
        let urls: Vec<_> = ports.iter().map(|port| format!("http://127.0.0.1:{port}")).collect();
        let flags = [format!("--store={database}"), format!("--relays={}", urls.join(","))];
        let nodes = ports.iter().map(|port| {
            Self::start_at(&folder.join(format!("node-{port}")), &format!("127.0.0.1:{port}"), &flags, None)
        });
        nodes.collect()
    }

    fn start_at(data: &Path, listen: &str, flags: &[String], field: Option<Arc<Field>>) -> Result<Self> {
        let program = own_program()?;
        let mut command = field.as_ref().map_or_else(|| Command::new(&program), |field| field.command(&program));
        let mut child = command
            .args(["--listen", listen, "--data"])
            .arg(data)
            .args(flags)
            .env("RUST_LOG", "error")
            .stdout(Stdio::piped())
            .spawn()
            .context("starting the relay")?;
        let stdout = child.stdout.take().context("the relay has no output")?;
        let mut lines = BufReader::new(stdout).lines();
        for line in lines.by_ref() {
            let line = line.context("reading what the relay says")?;
            if let Some(url) = line.strip_prefix("listening on ") {
                let url = url.trim().to_owned();
                // Its further output must be read, or it would block.
                std::thread::spawn(move || lines.for_each(drop));
                return Ok(Self { child, data: data.to_owned(), flags: flags.to_vec(), field, url });
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
        let output = Command::new(own_program()?)
            .args(["invite", "--found", "--url", &self.url, "--data"])
            .arg(&self.data)
            .args(self.flags.iter().filter(|flag| flag.starts_with("--store")))
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

    /// Its data folder.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Tells the relay's program that its store was restored from a backup.
    ///
    /// # Errors
    /// When the program fails.
    pub fn say_restored(&self) -> Result<()> {
        self.tell_program(&["restored"])
    }

    /// Revokes a device, as the operator does.
    ///
    /// # Errors
    /// When the program fails.
    pub fn revoke(&self, device: DeviceId) -> Result<()> {
        self.tell_program(&["revoke", &device.to_string()])
    }

    fn tell_program(&self, words: &[&str]) -> Result<()> {
        self.ask_program(words).map(drop)
    }

    /// Runs a command of the relay's program over the same store; returns its output.
    ///
    /// # Errors
    /// When the program fails.
    pub fn ask_program(&self, words: &[&str]) -> Result<String> {
        let output = Command::new(own_program()?)
            .args(words)
            .arg("--data")
            .arg(&self.data)
            .args(self.flags.iter().filter(|flag| flag.starts_with("--store")))
            .env("RUST_LOG", "warn")
            .output()?;
        if output.status.success() {
            return Ok(String::from_utf8(output.stdout)?);
        }
        bail!("the relay's program failed: {}", String::from_utf8_lossy(&output.stderr))
    }

    /// Restarts it at the same address with other flags, over the same store.
    ///
    /// # Errors
    /// When it does not start again.
    pub fn restart_with(&mut self, flags: &[String]) -> Result<()> {
        self.flags.retain(|flag| flag.starts_with("--store"));
        self.flags.extend_from_slice(flags);
        self.kill_and_restart()
    }

    /// Kills the process, as a power cut would, and restarts it at the same address.
    ///
    /// # Errors
    /// When it does not start again.
    pub fn kill_and_restart(&mut self) -> Result<()> {
        self.kill()?;
        self.restart()
    }

    /// Kills it and restarts it in another field, or in this process's network.
    ///
    /// # Errors
    /// When it does not start again.
    pub fn walk_to(&mut self, field: Option<Arc<Field>>) -> Result<()> {
        self.field = field;
        self.kill_and_restart()
    }

    /// The process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Suspends the process: it keeps its connections and answers nothing.
    ///
    /// # Errors
    /// When it cannot be told.
    pub fn pause(&mut self) -> Result<()> {
        self.signal("-STOP")
    }

    /// Resumes a suspended process.
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

    /// Kills the process without a restart.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill().context("killing the relay")?;
        self.child.wait().context("waiting for the relay")?;
        Ok(())
    }

    /// Restarts a killed relay at the same address, over the same data.
    ///
    /// # Errors
    /// When it does not start.
    pub fn restart(&mut self) -> Result<()> {
        let listen = self.url.trim_start_matches("http://").to_owned();
        let mut again = Self::start_at(&self.data, &listen, &self.flags, self.field.clone())?;
        std::mem::swap(self, &mut again);
        Ok(())
    }
}

/// The relay's program.
fn own_program() -> Result<PathBuf> {
    program("porchlight-relay", "porchlight-relay")
}

impl Drop for Relay {
    fn drop(&mut self) {
        // It may be dead already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A program of the workspace beside this one, built if it is missing.
///
/// # Errors
/// When it cannot be built.
pub fn program(package: &str, name: &str) -> Result<PathBuf> {
    let mut folder = std::env::current_exe()?;
    folder.pop();
    if folder.ends_with("deps") {
        folder.pop();
    }
    let program = folder.join(name);
    if !program.exists() {
        let mut cargo = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
        cargo.args(["build", "--package", package, "--bin", name]);
        if folder.ends_with("release") {
            cargo.arg("--release");
        }
        let status = cargo.status().with_context(|| format!("building {name}"))?;
        if !status.success() {
            bail!("{name} does not build");
        }
    }
    Ok(program)
}

/// Copies the files of a stopped relay's folder, for a backup or a restore.
///
/// # Errors
/// When a file cannot be read or written.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to).with_context(|| format!("making {}", to.display()))?;
    for file in std::fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let file = file?;
        std::fs::copy(file.path(), to.join(file.file_name()))?;
    }
    Ok(())
}
