//! Proxies in front of relays or a database, as operators run them: nginx, Caddy and `PgBouncer`, each with a configuration file.

use super::{Leashed, is_root, program, wait_for};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A proxy, which ends when this is dropped.
#[derive(Debug)]
pub struct Front {
    _server: Leashed,
    _folder: TempDir,
}

/// The `nginx.conf` around a site.
const NGINX: &str = "daemon off; pid nginx.pid; error_log stderr; worker_processes 1;\n\
    events { worker_connections 512; }\n\
    http { client_body_temp_path body; proxy_temp_path proxy; include site.conf; }\n";

impl Front {
    /// Starts nginx with one site, which listens on `port`.
    ///
    /// # Errors
    /// When it does not start.
    pub fn nginx(site: &str, port: u16) -> Result<Self> {
        let folder = TempDir::new()?;
        // Otherwise its workers run as another user without access to this folder.
        let user = if is_root()? { "user root;\n" } else { "" };
        std::fs::write(folder.path().join("nginx.conf"), format!("{user}{NGINX}"))?;
        std::fs::write(folder.path().join("site.conf"), site)?;
        let words = ["-p", ".", "-c", "nginx.conf", "-e", "stderr"].map(str::to_owned);
        Self::start("nginx", "nginx", &words, None, folder, port)
    }

    /// Starts Caddy with a Caddyfile, which listens on `port`.
    ///
    /// # Errors
    /// When it does not start.
    pub fn caddy(file: &str, port: u16) -> Result<Self> {
        let folder = TempDir::new()?;
        std::fs::write(folder.path().join("Caddyfile"), format!("{{\n\tadmin off\n}}\n{file}"))?;
        let words = ["run", "--adapter", "caddyfile", "--config", "Caddyfile"].map(str::to_owned);
        Self::start("caddy", "caddy", &words, None, folder, port)
    }

    /// Starts `PgBouncer` with its file of settings, which listens on `port`.
    ///
    /// # Errors
    /// When it does not start.
    pub fn pgbouncer(settings: &str, port: u16) -> Result<Self> {
        let folder = TempDir::new()?;
        std::fs::write(folder.path().join("pgbouncer.ini"), settings)?;
        // It does not run as root.
        let user = if is_root()? { Some("postgres") } else { None };
        if user.is_some() {
            let done = Command::new("chown").args(["-R", "postgres:"]).arg(folder.path()).status()?;
            ensure!(done.success(), "chown: {done}");
        }
        Self::start("pgbouncer", "pgbouncer", &["pgbouncer.ini".to_owned()], user, folder, port)
    }

    fn start(
        name: &str,
        package: &str,
        words: &[String],
        user: Option<&str>,
        folder: TempDir,
        port: u16,
    ) -> Result<Self> {
        let found = program(name, &[PathBuf::from("/usr/sbin")], package)?;
        let line = format!("{} {}", found.display(), words.join(" "));
        let mut command = match user {
            Some(user) => {
                let mut command = Command::new("runuser");
                command.args(["-u", user, "--", "sh"]);
                command
            }
            None => Command::new("sh"),
        };
        // The folder for Caddy's state.
        command.current_dir(folder.path()).env("HOME", folder.path());
        command.env("XDG_DATA_HOME", folder.path()).env("XDG_CONFIG_HOME", folder.path());
        let log = folder.path().join("log");
        let server = Leashed::start(command, &line, "TERM", &log)?;
        wait_for(port, &log).with_context(|| format!("starting {name}"))?;
        Ok(Self { _server: server, _folder: folder })
    }
}

/// Replaces words in an example file; each must occur.
///
/// # Errors
/// When the file cannot be read, or one of the words is not in it.
pub fn example(file: &Path, with: &[(&str, &str)]) -> Result<String> {
    let mut text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    for (word, other) in with {
        ensure!(text.contains(word), "{word:?} does not stand in {}", file.display());
        text = text.replace(word, other);
    }
    Ok(text)
}
