//! An operator's work with PostgreSQL: administrator's commands, and a standby server.

use super::{Postgres, done, free_port, is_root};
use crate::runbook::{Runbook, said};
use anyhow::{Context, Result};
use std::process::Command;
use std::sync::Mutex;
use tempfile::TempDir;

impl Postgres {
    /// Runs commands as the server's administrator, on its machine and as at a terminal; returns their output.
    ///
    /// # Errors
    /// When the last of them fails.
    pub fn administer(&self, commands: &str) -> Result<String> {
        let path = format!("{}:{}", self.bin.display(), std::env::var("PATH").unwrap_or_default());
        let mut shell = self.run_as_server("bash".as_ref());
        shell.env("PATH", path).env("PGHOST", self.folder.path()).env("PGPORT", self.port.to_string());
        shell.env("PGUSER", self.administrator).env("PGDATA", self.data()).current_dir(self.folder.path());
        said(shell.args(["-c", commands]), commands)
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
        // A promoted standby has the role already.
        let roles = self.administer("psql --no-psqlrc --dbname=postgres -Atc 'SELECT rolname FROM pg_roles'")?;
        let password = if roles.lines().any(|role| role == "standby") {
            String::new()
        } else {
            let said = self.administer(&page.block("CREATE ROLE standby", &[])?)?;
            said.lines().last().context("no password is printed")?.to_owned()
        };
        let first = format!("--host=127.0.0.1 --port={}", self.port);
        let with =
            [("--host=db1.example.org", first.as_str()), ("PGPASSWORD=PASSWORD", &format!("PGPASSWORD={password}"))];
        made.administer(&page.block("pg_basebackup", &with)?)?;
        made.resume()?;
        self.administer(&page.block("synchronous_standby_names = '*'", &[])?)?;
        Ok(made)
    }
}
