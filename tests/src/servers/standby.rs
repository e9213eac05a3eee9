//! An operator's work with PostgreSQL: administrator's commands, and a standby server.

use super::{Postgres, done, free_port, is_root};
use crate::runbook::{Runbook, said};
use anyhow::Result;
use std::process::Command;
use std::sync::Mutex;
use tempfile::TempDir;

impl Postgres {
    /// Runs commands as the server's administrator, on its machine; returns their output.
    ///
    /// # Errors
    /// When one of them fails.
    pub fn administer(&self, commands: &str) -> Result<String> {
        let path = format!("{}:{}", self.bin.display(), std::env::var("PATH").unwrap_or_default());
        let mut shell = self.run_as_server("bash".as_ref());
        shell.env("PATH", path).env("PGHOST", self.folder.path()).env("PGPORT", self.port.to_string());
        shell.env("PGUSER", self.administrator).env("PGDATA", self.data()).current_dir(self.folder.path());
        said(shell.args(["-euc", commands]), commands)
    }

    /// Starts a standby of this server as `docs/operations/database.md` says. From then on replication is synchronous.
    ///
    /// # Errors
    /// When it cannot be made, or does not start.
    pub fn start_standby(&self) -> Result<Self> {
        let (folder, page) = (TempDir::new()?, Runbook::open("database.md")?);
        if is_root()? {
            done(Command::new("chown").arg("postgres:").arg(folder.path()))?;
        }
        let (user, bin, administrator) = (self.user.clone(), self.bin.clone(), self.administrator);
        let made = Self { folder, bin, user, administrator, disk: None, port: free_port()?, server: Mutex::default() };
        let first = format!("--host={} --port={}", self.folder.path().display(), self.port);
        made.administer(&page.block("pg_basebackup", &[("--host=db1.example.org", &first)])?)?;
        made.resume()?;
        self.administer(&page.block("synchronous_standby_names", &[])?)?;
        Ok(made)
    }
}
