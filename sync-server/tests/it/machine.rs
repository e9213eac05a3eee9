//! A relay on its machine, as its operator finds it: the store, the folder of its settings, and a terminal in which the pages' commands run.

use crate::author::hash;
use crate::program::{Process, found, secret, serve};
use crate::world::{Phone, enrol_ask, reply};
use porchlight_model::id::Sha256;
use porchlight_model::relay::{EnrolAsk, EnrolReply};
use porchlight_tests::runbook::{self, Runbook};
use porchlight_tests::servers::Postgres;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use tempfile::TempDir;

/// The public address in the settings of each.
pub(crate) const URL: &str = "https://relay.example.org";

/// A relay on its machine, over a file or a database, with a campaign.
pub(crate) struct Machine {
    pub(crate) folder: TempDir,
    /// The database with its server.
    pub(crate) postgres: Option<(Arc<Postgres>, String)>,
    pub(crate) relay: Option<Process>,
}

impl Machine {
    pub(crate) async fn sqlite() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("relay.toml"), format!("url = \"{URL}\"\n")).unwrap();
        Self::on(folder, None)
    }

    pub(crate) async fn postgres() -> Self {
        let server = Postgres::shared().unwrap();
        let database = server.database().await.unwrap();
        let folder = TempDir::new().unwrap();
        let settings = format!("# All share this.\nPORCHLIGHT_STORE={database}\nPORCHLIGHT_URL={URL}\nRUST_LOG=warn\n");
        std::fs::write(folder.path().join("fleet.env"), settings).unwrap();
        Self::on(folder, Some((server, database)))
    }

    fn on(folder: TempDir, postgres: Option<(Arc<Postgres>, String)>) -> Self {
        let machine = Self { folder, postgres, relay: None };
        std::fs::create_dir(machine.temporary()).unwrap();
        machine
    }

    /// The folder for the relay's data; that of the machine itself is `/etc/porchlight` of the pages.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The folder for temporary files.
    pub(crate) fn temporary(&self) -> PathBuf {
        self.folder.path().join("tmp")
    }

    /// Starts the relay as its unit does.
    pub(crate) async fn start(&mut self) {
        let mut command = serve(&self.data());
        command.arg("--founding-invite").arg(self.folder.path().join("link"));
        match &self.postgres {
            Some(_) => set_by(&mut command, &self.folder.path().join("fleet.env")),
            None => drop(command.arg("--config").arg(self.folder.path().join("relay.toml"))),
        }
        let relay = Process::start_quiet(&mut command);
        is_ready(&relay).await;
        self.relay = Some(relay);
    }

    pub(crate) fn stop(&mut self) {
        assert_eq!(self.relay.take().unwrap().end("-TERM"), Some(0));
    }

    /// Founds a campaign by a link that the program makes.
    pub(crate) async fn found(&self) -> Phone {
        let link = self.run("porchlight-relay invite --found\n").unwrap();
        found(&self.relay.as_ref().unwrap().url, &link).await
    }

    /// The same device at the restarted relay.
    pub(crate) fn at(&self, phone: &Phone) -> Phone {
        Phone { url: self.relay.as_ref().unwrap().url.clone(), ..phone.clone() }
    }

    /// Runs a page's commands in a new terminal where the relay runs, after those with which the README begins.
    pub(crate) fn run(&self, commands: &str) -> anyhow::Result<String> {
        let store = if self.postgres.is_some() { "PORCHLIGHT_STORE" } else { "PORCHLIGHT_DATA" };
        let commands = format!("{}{commands}", self.block("README.md", store));
        let temporary = self.temporary().display().to_string();
        runbook::run(&commands, self.folder.path(), &[("TMPDIR", &temporary), ("RUST_LOG", "warn")])
    }

    /// The commands of a page's block, with this machine's folders.
    pub(crate) fn block(&self, page: &str, words: &str) -> String {
        let (own, data) = (self.folder.path().display().to_string(), self.data().display().to_string());
        let block = Runbook::open(page).unwrap().block(words, &[]).unwrap();
        block.replace("/var/lib/porchlight-relay", &data).replace("/etc/porchlight", &own)
    }

    /// As [`Self::block`], for the database's administrator.
    pub(crate) fn administer(&self, page: &str, words: &str, with: &[(&str, &str)]) -> String {
        let (server, _) = self.postgres.as_ref().unwrap();
        server.administer(&Runbook::open(page).unwrap().block(words, with).unwrap()).unwrap()
    }
}

/// Gives a program the settings of a `fleet.env`, as systemd does.
pub(crate) fn set_by(command: &mut Command, fleet: &std::path::Path) {
    let text = std::fs::read_to_string(fleet).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    command.envs(lines.filter_map(|line| line.split_once('=')));
}

pub(crate) async fn is_ready(relay: &Process) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    while !reqwest::get(format!("{}/readyz", relay.url)).await.is_ok_and(|answer| answer.status().is_success()) {}
}

pub(crate) async fn log_of(phone: &Phone) -> Vec<Sha256> {
    phone.pull(phone.campaign_doc(), 0).await.changes.iter().map(|bytes| hash(bytes)).collect()
}

/// A new device of a person, which asks a relay to let it in by a link; `None` where that is refused.
pub(crate) async fn enrol(at: &Phone, link: &str, name: &str) -> Option<Phone> {
    let ask = EnrolAsk { name: name.to_owned(), ..enrol_ask(&secret(link)) };
    let request = at.http.post(format!("{}/v1/enrol", at.url)).body(serde_json::to_vec(&ask).unwrap());
    let enrolled: EnrolReply = reply(request).await.ok()?;
    Some(Phone { device: ask.device, token: ask.token, enrolled, ..at.clone() })
}
