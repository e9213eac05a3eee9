//! The program itself: its output, signals, full disk, TLS and settings.

use crate::author::{Author, hash, hashes};
use crate::world::{Phone, enrol_ask, fresh, ok, reply};
use porchlight_model::id::{CampaignId, DocId};
use porchlight_model::member::Role;
use porchlight_model::relay::{EnrolAsk, EnrolReply, Founding, InviteAsk, InviteMade, OpenInvite, RelayAbout};
use porchlight_model::wire::{DocStatus, PROTO};
use reqwest::{Client, Method};
use rusqlite::Connection;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use tempfile::TempDir;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_porchlight-relay");

/// A relay process; killed when dropped.
pub(crate) struct Process {
    child: Child,
    pub(crate) url: String,
    /// The address of its metrics, if they are enabled.
    pub(crate) metrics: Option<String>,
    founding_link: String,
    said: Option<BufReader<ChildStdout>>,
}

impl Process {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = lines.next().unwrap().unwrap().strip_prefix("listening on ").unwrap().to_owned();
        let link = lines.next().unwrap().unwrap().split(' ').next_back().unwrap().to_owned();
        Self { child, url, metrics: None, founding_link: link, said: None }
    }

    /// Starts one whose store has a campaign already, or that writes the link elsewhere, so that it prints only its address.
    pub(crate) fn start_quiet(command: &mut Command) -> Self {
        Self::start_logged(command.stderr(Stdio::null()))
    }

    /// As [`Self::start_quiet`]; its log goes where the command says.
    pub(crate) fn start_logged(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").unwrap().to_owned();
        Self { child, url, metrics: None, founding_link: String::new(), said: Some(said) }
    }

    /// Everything that it printed on standard output after its address, once it has ended.
    pub(crate) fn rest(&mut self) -> String {
        let mut rest = String::new();
        self.said.take().unwrap().read_to_string(&mut rest).unwrap();
        rest
    }

    /// Sends it a signal.
    pub(crate) fn send(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Ends it by a signal; returns its exit code, if it has one.
    pub(crate) fn end(&mut self, signal: &str) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }

    fn signal(&mut self, signal: &str) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let status = self.child.wait().unwrap();
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        (status.code(), log)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn serve(data: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(["--listen", "127.0.0.1:0", "--data"]).arg(data).env("PORCHLIGHT_METRICS", "127.0.0.1:0");
    command
}

pub(crate) fn run(args: &[&str], data: &Path) -> Output {
    Command::new(PROGRAM).args(args).arg("--data").arg(data).output().unwrap()
}

pub(crate) fn secret(link: &str) -> String {
    link.trim().split_once("/join#").unwrap().1.to_owned()
}

pub(crate) async fn found(url: &str, link: &str) -> Phone {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = Client::new();
    let (campaign, doc) = (CampaignId::from_bytes(fresh()), DocId::from_bytes(fresh()));
    let founding = Some(Founding { campaign, doc, name: "Library for Lantern Falls".to_owned() });
    let ask = EnrolAsk { founding, ..enrol_ask(&secret(link)) };
    let enrolled: EnrolReply =
        reply(http.post(format!("{url}/v1/enrol")).body(serde_json::to_vec(&ask).unwrap())).await.unwrap();
    Phone { device: ask.device, token: ask.token, enrolled, url: url.to_owned(), http }
}

#[tokio::test]
async fn it_prints_where_it_listens_and_a_link_to_found_a_campaign_with_and_stops_in_order() {
    let folder = TempDir::new().unwrap();
    let mut process = Process::start(serve(folder.path()).args(["--url", "https://relay.example.org/"]));
    let link = process.founding_link.clone();
    assert!(link.starts_with("https://relay.example.org/join#"), "{link}");
    let phone = found(&process.url, &link).await;
    let mut author = Author::new();
    assert_eq!(phone.push(phone.campaign_doc(), &[author.write()]).await.acked.len(), 1);
    let (code, log) = process.signal("-TERM");
    assert_eq!(code, Some(0), "{log}");
    assert!(!folder.path().join("relay.db-wal").exists(), "the write-ahead log is folded in");
    // Logs are JSON lines without anything personal.
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().any(|line| line["route"] == "/v1/sync" && line["status"] == 200));
    let personal =
        [phone.token.clone(), secret(&link), "Ana".to_owned(), "Lantern".to_owned(), phone.device.to_string()];
    assert!(personal.iter().all(|text| !log.contains(text)), "{log}");
}

#[tokio::test]
async fn what_was_acknowledged_survives_kill_9() {
    let folder = TempDir::new().unwrap();
    let mut process = Process::start(&mut serve(folder.path()));
    let phone = found(&process.url, &process.founding_link).await;
    let doc = phone.campaign_doc();
    let mut author = Author::new();
    let mut acked = Vec::new();
    for _ in 0..30 {
        acked.extend(phone.push(doc, &[author.write()]).await.acked);
    }
    process.signal("-KILL");
    let again = Process::start_quiet(&mut serve(folder.path()));
    let phone = Phone { url: again.url.clone(), ..phone };
    let heard = phone.pull(doc, 0).await;
    assert_eq!(heard.changes.iter().map(|bytes| hash(bytes)).collect::<Vec<_>>(), hashes(&acked));
    assert_eq!(heard.heads, author.heads());
}

/// Polls until the answer has this status; returns its body.
async fn becomes(url: &str, path: &str, status: u16) -> String {
    loop {
        let answer = reqwest::get(format!("{url}/{path}")).await.unwrap();
        if answer.status() == status {
            return answer.text().await.unwrap();
        }
    }
}

#[tokio::test]
async fn on_a_full_disk_nothing_is_acknowledged_that_is_not_kept() {
    let folder = TempDir::new().unwrap();
    let first = Process::start(&mut serve(folder.path()));
    let phone = found(&first.url, &first.founding_link).await;
    drop(first);
    // A file of this process may have at most 600 KiB: a write beyond that fails as on a full disk.
    let mut full = Command::new("bash");
    full.args(["-c", "trap '' XFSZ; ulimit -f 600; exec \"$0\" \"$@\"", PROGRAM, "--listen", "127.0.0.1:0"]);
    full.args(["--metrics", "127.0.0.1:0", "--data"]);
    let process = Process::start_quiet(full.arg(folder.path()));
    let (limited, doc) = (Phone { url: process.url.clone(), ..phone.clone() }, phone.campaign_doc());
    assert_eq!(becomes(&process.url, "readyz", 200).await, "well\n");
    let (mut author, mut acked) = (Author::new(), Vec::new());
    let (refusal, last) = loop {
        let last = author.write_long(30_000);
        let mut ask = crate::world::ask(&[doc]);
        ask.docs[0].push.push(last.clone().into());
        match limited.sync(&ask).await {
            Ok(reply) => acked.extend(reply.docs[0].acked.clone()),
            Err(refusal) => break (refusal, last),
        }
        assert!(acked.len() < 100, "the disk never fills");
    };
    assert_eq!(refusal.status, 503);
    assert!(!acked.is_empty());
    // It is not ready while pushes find no space, but alive all the time, because a restart would not help.
    for path in ["readyz", "healthz"] {
        becomes(&process.url, path, 503).await;
    }
    assert_eq!(becomes(&process.url, "livez", 200).await, "alive\n");
    drop(process);
    let process = Process::start_quiet(&mut serve(folder.path()));
    becomes(&process.url, "readyz", 200).await;
    let again = Phone { url: process.url.clone(), ..phone };
    let heard = again.pull(doc, 0).await;
    assert_eq!(heard.changes.iter().map(|bytes| hash(bytes)).collect::<Vec<_>>(), hashes(&acked));
    assert_eq!(hashes(&again.push(doc, std::slice::from_ref(&last)).await.acked), [hash(&last)]);
}

#[tokio::test]
async fn invites_and_revocations_are_made_while_it_serves() {
    let folder = TempDir::new().unwrap();
    let mut early = run(&["invite"], folder.path());
    assert!(!early.status.success());
    assert!(String::from_utf8_lossy(&early.stderr).contains("--data"), "{early:?}");
    early = run(&["invite", "--found"], folder.path());
    assert!(!early.status.success() && !folder.path().join("relay.db").exists(), "a mistyped folder: {early:?}");
    let process = Process::start(&mut serve(folder.path()));
    let link = printed(run(&["invite", "--found", "--url", "https://relay.example.org"], folder.path()));
    assert!(link.starts_with("https://relay.example.org/join#"));
    let ana = found(&process.url, &link).await;
    let link =
        String::from_utf8(run(&["invite", "--role", "captain", "--label", "Gym"], folder.path()).stdout).unwrap();
    let ask = enrol_ask(&secret(&link));
    let request = ana.http.post(format!("{}/v1/enrol", ana.url)).body(serde_json::to_vec(&ask).unwrap());
    let enrolled: EnrolReply = reply(request).await.unwrap();
    assert_eq!(enrolled.campaign, ana.enrolled.campaign);
    let captain = Phone { device: ask.device, token: ask.token, enrolled, ..ana.clone() };
    assert_eq!(captain.pull(ana.campaign_doc(), 0).await.status, DocStatus::Served);
    let epoch = ana.sync(&crate::world::ask(&[])).await.unwrap().epoch;
    assert!(run(&["restored"], folder.path()).status.success());
    assert_ne!(ana.sync(&crate::world::ask(&[])).await.unwrap().epoch, epoch);
    assert!(run(&["revoke", &captain.device.to_string()], folder.path()).status.success());
    assert_eq!(captain.sync(&crate::world::ask(&[])).await.unwrap_err().status, 403);
}

/// Makes an invite with the program, and joins with it under a name.
async fn join(folder: &Path, founder: &Phone, role: &str, name: &str) -> Phone {
    let link = String::from_utf8(run(&["invite", "--role", role, "--label", "Gym"], folder).stdout).unwrap();
    let ask = EnrolAsk { name: name.to_owned(), ..enrol_ask(&secret(&link)) };
    let request = founder.http.post(format!("{}/v1/enrol", founder.url)).body(serde_json::to_vec(&ask).unwrap());
    let enrolled: EnrolReply = reply(request).await.unwrap();
    Phone { device: ask.device, token: ask.token, enrolled, ..founder.clone() }
}

fn printed(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn a_lost_phone_is_found_by_name_and_shut_out_and_its_invites_end() {
    let folder = TempDir::new().unwrap();
    let process = Process::start(&mut serve(folder.path()));
    let olga = found(&process.url, &process.founding_link).await;
    let cleo = join(folder.path(), &olga, "captain", "Cleo Lost").await;
    let ana = join(folder.path(), &olga, "canvasser", "Ana Kept").await;
    let ask = InviteAsk { role: Role::Canvasser, docs: vec![], label: "East 1".to_owned(), uses: 3, minutes: 60 };
    let made = cleo.http.post(format!("{}/v1/invites", cleo.url)).bearer_auth(&cleo.token);
    let made: InviteMade = reply(made.body(serde_json::to_vec(&ask).unwrap())).await.unwrap();

    let listed = printed(run(&["devices", "lost"], folder.path()));
    assert!(listed.contains(&cleo.device.to_string()) && !listed.contains(&ana.device.to_string()), "{listed}");
    let members = printed(run(&["members", "--json"], folder.path()));
    let members: Vec<serde_json::Value> = serde_json::from_str(&members).unwrap();
    assert_eq!(members.len(), 3);
    let captains = printed(run(&["members", "--role", "captain"], folder.path()));
    assert_eq!(captains.lines().count(), 2, "{captains}");
    let invites = printed(run(&["invites"], folder.path()));
    assert!(invites.contains("East 1") && invites.contains("Cleo Lost"), "{invites}");

    // A name that matches nobody, and one that matches several.
    let nobody = run(&["revoke", "Bruno"], folder.path());
    assert!(!nobody.status.success() && String::from_utf8_lossy(&nobody.stderr).contains("members"), "{nobody:?}");
    // With part of a name, or a name that two people have, nobody is shut out.
    let other = join(folder.path(), &olga, "canvasser", "Ana Kept").await;
    for unclear in ["lost", "Ana Kept"] {
        let refused = run(&["revoke", unclear], folder.path());
        let told = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && told.contains("not the whole name of one person"), "{told}");
    }
    for phone in [&cleo, &ana, &other] {
        assert!(phone.sync(&crate::world::ask(&[])).await.is_ok());
    }

    let done = printed(run(&["revoke", "cleo lost"], folder.path()));
    assert!(done.contains(&cleo.device.to_string()) && done.contains("1 of its invites"), "{done}");
    assert_eq!(cleo.sync(&crate::world::ask(&[])).await.unwrap_err().status, 403);
    assert!(ana.sync(&crate::world::ask(&[])).await.is_ok());
    let late = enrol_ask(&made.secret);
    let late = olga.http.post(format!("{}/v1/enrol", olga.url)).body(serde_json::to_vec(&late).unwrap());
    assert!(reply::<EnrolReply>(late).await.is_err(), "the link of a device that was shut out");
    assert!(!printed(run(&["invites"], folder.path())).contains("East 1"));
    assert!(printed(run(&["devices", "--revoked"], folder.path())).contains("revoked"));
    let again = printed(run(&["revoke", "Cleo Lost"], folder.path()));
    assert!(again.contains("Revoked before") && again.contains("by the operator at the relay"), "{again}");
}

#[tokio::test]
async fn the_operator_is_told_who_shut_whom_out_and_when() {
    let folder = TempDir::new().unwrap();
    let process = Process::start(&mut serve(folder.path()));
    let olga = found(&process.url, &process.founding_link).await;
    let ada = join(folder.path(), &olga, "canvasser", "Ada").await;
    let ben = join(folder.path(), &olga, "canvasser", "Ben").await;
    let cleo = join(folder.path(), &olga, "captain", "Cleo").await;
    let dan = join(folder.path(), &olga, "canvasser", "Dan").await;
    // As a program of an older version does it.
    let store = Connection::open(folder.path().join("relay.db")).unwrap();
    store.execute("UPDATE device SET is_revoked = 1 WHERE id = ?1", [dan.device.to_bytes()]).unwrap();
    let post = async |by: &Phone, path: &str, body: serde_json::Value| {
        let request = by.http.post(format!("{}{path}", by.url)).bearer_auth(&by.token);
        let told: serde_json::Value = reply(request.body(serde_json::to_vec(&body).unwrap())).await.unwrap();
        told
    };
    assert_eq!(post(&cleo, "/v1/shut-out", serde_json::json!({ "device": ada.device })).await["is_news"], true);
    post(&ben, "/v1/leave", serde_json::json!({})).await;
    printed(run(&["revoke", &cleo.device.to_string()], folder.path()));

    let table = printed(run(&["devices", "--revoked"], folder.path()));
    let of = |table: &str, id: String| table.lines().find(|line| line.contains(&id)).unwrap().to_owned();
    for (id, words) in [
        (ada.device, "Z by Cleo "),
        (ben.device, "Z, it left "),
        (cleo.device, "Z by the operator at the relay "),
        (dan.device, "when and by whom is not known"),
        (olga.device, " - "),
    ] {
        let line = of(&table, id.to_string());
        assert!(line.contains(words), "{words:?} {line}");
    }
    let table = printed(run(&["members", "--revoked"], folder.path()));
    for (who, words) in [(&ada, "Z by Cleo "), (&dan, "when and by whom is not known")] {
        let line = of(&table, who.enrolled.member.to_string());
        assert!(line.contains(words), "{line}");
    }
    let members = printed(run(&["members", "--revoked", "--json"], folder.path()));
    let members: Vec<serde_json::Value> = serde_json::from_str(&members).unwrap();
    let member = |name: &str| members.iter().find(|member| member["name"] == name).unwrap().clone();
    let last = member("Ada")["last_revoked"].clone();
    assert_eq!(last["by_name"], "Cleo");
    assert_eq!((&last["device"], &last["by"]), (&serde_json::json!(ada.device), &serde_json::json!(cleo.device)));
    assert!(last["at"].as_i64().unwrap() > 0 && member("Cleo")["last_revoked"]["by"].is_null(), "{members:?}");
    assert!(member("Cleo")["last_revoked"]["at"].as_i64() >= last["at"].as_i64());
    assert!(member("Ana")["last_revoked"].is_null());
}

#[tokio::test]
async fn an_invite_is_withdrawn_by_whoever_runs_the_relay() {
    let folder = TempDir::new().unwrap();
    let process = Process::start(&mut serve(folder.path()));
    let olga = found(&process.url, &process.founding_link).await;
    let link = printed(run(&["invite", "--role", "captain", "--label", "Gym"], folder.path()));
    let invites: Vec<OpenInvite> = serde_json::from_str(&printed(run(&["invites", "--json"], folder.path()))).unwrap();
    let gym = invites.iter().find(|invite| invite.label == "Gym").unwrap();
    // Two more, of which each is found by what it is for, by its role, or by its id.
    for (role, label) in [("canvasser", "Hall"), ("coordinator", "Gymnasts")] {
        printed(run(&["invite", "--role", role, "--label", label], folder.path()));
    }
    let labels = |words: &[&str]| {
        let listed = printed(run(&[&["invites", "--json"], words].concat(), folder.path()));
        let listed: Vec<OpenInvite> = serde_json::from_str(&listed).unwrap();
        listed.into_iter().map(|invite| invite.label).collect::<Vec<_>>()
    };
    assert_eq!(labels(&[]), ["Gymnasts", "Hall", "Gym"], "the newest first");
    assert_eq!(labels(&["gym"]), ["Gymnasts", "Gym"]);
    assert_eq!(labels(&["--role", "canvasser"]), ["Hall"]);
    assert_eq!(labels(&["gym", "--role", "captain"]), ["Gym"]);
    assert_eq!(labels(&[&gym.id.to_string()]), ["Gym"]);
    assert_eq!(labels(&["pool"]), Vec::<String>::new());
    let done = printed(run(&["withdraw", "--json", &gym.id.to_string()], folder.path()));
    let done: serde_json::Value = serde_json::from_str(&done).unwrap();
    assert_eq!(done["withdrawn"], gym.id.to_string());
    let again = printed(run(&["withdraw", &gym.id.to_string()], folder.path()));
    assert!(again.contains(&gym.id.to_string()), "it is no error: {again}");
    let late = enrol_ask(&secret(&link));
    let late = olga.http.post(format!("{}/v1/enrol", olga.url)).body(serde_json::to_vec(&late).unwrap());
    assert!(reply::<EnrolReply>(late).await.is_err(), "a withdrawn link");
}

#[tokio::test]
async fn it_speaks_tls_with_files_of_its_own() {
    let folder = TempDir::new().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let mut command = serve(folder.path());
    let process = Process::start(command.arg("--tls-cert").arg(&cert).arg("--tls-key").arg(&key));
    assert!(process.url.starts_with("https://127.0.0.1:"));
    let _ = rustls::crypto::ring::default_provider().install_default();
    let trusted = reqwest::Certificate::from_pem(made.cert.pem().as_bytes()).unwrap();
    let http = Client::builder().tls_certs_only([trusted]).build().unwrap();
    let about: RelayAbout = reply(http.get(format!("{}/v1/about", process.url))).await.unwrap();
    assert_eq!(about.proto, PROTO);
    let plain = Client::new().get(process.url.replace("https", "http")).send().await;
    assert!(plain.is_err() || !plain.unwrap().status().is_success());
}

#[tokio::test]
async fn settings_come_from_flag_then_environment_then_file() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("relay.toml");
    let data = folder.path().join("data");
    std::fs::write(&file, format!("data = {data:?}\nlisten = \"127.0.0.1:0\"\nurl = \"https://file.example\"\n"))
        .unwrap();
    drop(Process::start(&mut serve(&data)));
    for (environment, flag, expected) in [
        (None, None, "https://file.example/join#"),
        (Some("https://environment.example"), None, "https://environment.example/join#"),
        (Some("https://environment.example"), Some("https://flag.example"), "https://flag.example/join#"),
    ] {
        let mut command = Command::new(PROGRAM);
        command.args(["invite", "--found", "--config"]).arg(&file);
        environment.map(|url| command.env("PORCHLIGHT_URL", url));
        flag.map(|url| command.args(["--url", url]));
        let link = String::from_utf8(command.output().unwrap().stdout).unwrap();
        assert!(link.starts_with(expected), "{link}");
    }
}

#[tokio::test]
async fn settings_that_make_no_sense_are_explained() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("relay.toml");
    std::fs::write(&file, "lisen = \"127.0.0.1:0\"\n").unwrap();
    let config = file.to_str().unwrap();
    for (args, expected) in [
        (vec!["--config", config], "lisen"),
        (vec!["--config", "/nowhere.toml"], "/nowhere.toml"),
        (vec!["--tls-cert", "cert.pem"], "--tls-key"),
        (vec!["--url", "relay.example.org"], "https://"),
        (vec!["--url", "https://"], "--url"),
        (vec!["--url", "https://relay.example.org?a=b"], "--url"),
        (vec!["--relays", "https://one.example.org,https://"], "--relays"),
        (vec!["--web", "/nowhere"], "/nowhere"),
        (vec!["--tls-cert", "/nowhere.pem", "--tls-key", "/nowhere.key"], "/nowhere.pem"),
        (vec!["invite", "--role", "captain"], "--data"),
        (vec!["invite", "--found"], "--data"),
        (vec!["revoke", "0192f0c0-0000-7000-8000-000000000000"], "--data"),
    ] {
        let output = run(&args, &folder.path().join("empty"));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(expected), "{args:?}: {said}");
    }
}

#[tokio::test]
async fn the_founding_link_can_go_to_a_file_that_only_its_owner_reads() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("link");
    let mut command = serve(&folder.path().join("data"));
    let process = Process::start_quiet(command.arg("--founding-invite").arg(&file));
    let url = &process.url;
    let _ = rustls::crypto::ring::default_provider().install_default();
    ok(Client::new().request(Method::GET, format!("{url}/healthz")).send().await.unwrap()).await.unwrap();
    found(url, &std::fs::read_to_string(&file).unwrap()).await;
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}
