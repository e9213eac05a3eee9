//! The bus between relays.

use super::{Leashed, free_port, program, wait_for};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// A NATS server.
#[derive(Debug)]
pub struct Nats {
    folder: TempDir,
    port: u16,
    server: Option<Leashed>,
}

impl Nats {
    /// Starts one.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start() -> Result<Self> {
        let mut made = Self { folder: TempDir::new()?, port: free_port()?, server: None };
        made.resume()?;
        Ok(made)
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Stops it: connections break.
    pub fn stop(&mut self) {
        self.server = None;
    }

    /// Restarts it, and waits until it listens.
    ///
    /// # Errors
    /// When it does not.
    pub fn resume(&mut self) -> Result<()> {
        let program = program("nats-server", &[PathBuf::from("/usr/sbin")], "nats-server")?;
        let log = self.folder.path().join("log");
        let line = format!("{} -a 127.0.0.1 -p {}", program.display(), self.port);
        self.server = Some(Leashed::start(Command::new("sh"), &line, "TERM", &log)?);
        wait_for(self.port, &log)
    }
}
