//! What the operator of a relay sees: its log in the journal, its messages about settings, its certificates, its limits.

use crate::author::Author;
use crate::program::{PROGRAM, Process, found, run, secret, serve};
use porchlight_tests::servers::{Postgres, free_port};
use reqwest::Client;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};
use tempfile::TempDir;

/// Far longer than any of this takes.
const LONG: Duration = Duration::from_secs(60);

/// Redirects a program's log to a file, in the format of the system's journal.
fn to_journal(command: &mut Command, log: &Path) {
    let file = File::options().append(true).create(true).open(log).unwrap();
    let is = file.metadata().unwrap();
    command.env("JOURNAL_STREAM", format!("{}:{}", is.dev(), is.ino())).stderr(file);
}

/// The lines of a log with their priorities.
fn lines(log: &Path) -> Vec<(u8, String)> {
    let text = std::fs::read_to_string(log).unwrap();
    let line = |line: &str| {
        let (priority, line) = line.strip_prefix('<').unwrap_or_else(|| panic!("{line}")).split_once('>').unwrap();
        (priority.parse().unwrap(), line.to_owned())
    };
    text.lines().map(line).collect()
}

/// A certificate for this machine that expires in `days`, and its key: their files, and the certificate as PEM.
fn certificate(folder: &Path, days: i64) -> (PathBuf, PathBuf, String) {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut of = rcgen::CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    let (now, away) = (SystemTime::now(), Duration::from_secs(days.unsigned_abs() * 24 * 60 * 60 + 60));
    of.not_after = (if days < 0 { now - away } else { now + away }).into();
    let pem = of.self_signed(&key).unwrap().pem();
    let (cert_file, key_file) = (folder.join("cert.pem"), folder.join("key.pem"));
    std::fs::write(&cert_file, &pem).unwrap();
    std::fs::write(&key_file, key.serialize_pem()).unwrap();
    (cert_file, key_file, pem)
}

/// Starts a relay with an address for metrics.
fn start_with_metrics(command: &mut Command) -> Process {
    let metrics = format!("127.0.0.1:{}", free_port().unwrap());
    let mut process = Process::start_logged(command.args(["--metrics", &metrics]));
    process.metrics = Some(format!("http://{metrics}/metrics"));
    process
}

/// Polls until the metrics contain something.
async fn tells(process: &Process, part: &str) -> String {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let since = Instant::now();
    loop {
        let text = reqwest::get(process.metrics.as_deref().unwrap()).await.unwrap().text().await.unwrap();
        if text.contains(part) {
            return text;
        }
        assert!(since.elapsed() < LONG, "the metrics do not tell {part:?}:\n{text}");
    }
}

fn log_in(folder: &TempDir) -> PathBuf {
    folder.path().join("log")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_is_told_priorities_and_nothing_that_people_wrote() {
    let (folder, server) = (TempDir::new().unwrap(), Postgres::shared().unwrap());
    let (log, link) = (log_in(&folder), folder.path().join("link"));
    let mut command = serve(folder.path());
    command.args(["--store", &server.database().await.unwrap(), "--founding-invite"]).arg(&link);
    // Libraries would log the parameters of statements.
    command.env("RUST_LOG", "trace,tokio_postgres=trace");
    to_journal(&mut command, &log);
    let mut process = Process::start_logged(&mut command);
    // Once it answers, the link is written.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::get(format!("{}/healthz", process.url)).await.unwrap();
    let link = std::fs::read_to_string(&link).unwrap();
    let phone = found(&process.url, &link).await;
    phone.push(phone.campaign_doc(), &[Author::new().write()]).await;
    assert_eq!(process.end("-TERM"), Some(0));
    let lines = lines(&log);
    let has = |priority: u8, part: &str| lines.iter().any(|(of, line)| *of == priority && line.contains(part));
    assert!(has(4, "no bus") && has(6, "/v1/sync") && !lines.iter().any(|(of, _)| *of < 4), "{lines:?}");
    let personal =
        ["Ana".to_owned(), "Lantern".to_owned(), phone.token.clone(), secret(&link), phone.device.to_string()];
    for (_, line) in &lines {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{line}");
        assert!(!personal.iter().any(|text| line.contains(text.as_str())) && !line.contains("parameters"), "{line}");
    }
}

#[test]
fn why_it_does_not_start_is_an_error_in_the_journal() {
    let folder = TempDir::new().unwrap();
    for args in [["--config", "/nowhere.toml"], ["--lisen", "127.0.0.1:0"]] {
        let log = folder.path().join(args[0]);
        let mut command = Command::new(PROGRAM);
        to_journal(command.args(args), &log);
        assert!(!command.status().unwrap().success());
        let lines = lines(&log);
        assert!(!lines.is_empty() && lines.iter().all(|(priority, _)| *priority == 3), "{lines:?}");
    }
    // Standard error is not the journal's stream: no priority marks.
    let mut command = Command::new(PROGRAM);
    let output = command.env("JOURNAL_STREAM", "1:1").args(["--config", "/nowhere.toml"]).output().unwrap();
    assert!(output.stderr.starts_with(b"porchlight-relay: "), "{output:?}");
}

#[test]
fn a_wrong_line_of_the_configuration_file_is_named_and_not_shown() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("relay.toml");
    for (text, place) in [
        ("url = \"https://a.example\"\nstore = postgres://relay:hunter2@db/porchlight\n", "line 2, column 9, `store`"),
        ("store_connections = \"postgres://relay:hunter2@db/porchlight\"\n", "line 1, column 21, `store_connections`"),
        ("stores = \"postgres://relay:hunter2@db/porchlight\"\n", "line 1, column 1, `stores`"),
        ("store = \"http://relay:hunter2@db/porchlight\"\n", "--store"),
        ("bus = \"relay:hunter2@db\"\n", "--bus"),
    ] {
        std::fs::write(&file, text).unwrap();
        let output = run(&["--config", file.to_str().unwrap()], &folder.path().join("data"));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(place) && !said.contains("hunter2"), "{said}");
    }
}

#[tokio::test]
async fn a_second_relay_on_one_folder_is_refused_and_other_commands_work_beside_the_first() {
    let folder = TempDir::new().unwrap();
    let link = folder.path().join("link");
    let first = Process::start_quiet(serve(folder.path()).arg("--founding-invite").arg(&link));
    let second = serve(folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(!second.status.success() && second.stdout.is_empty(), "{second:?}");
    assert!(said.contains("another relay serves from") && said.contains("--store"), "{said}");
    // Once it answers, the link is written.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::get(format!("{}/healthz", first.url)).await.unwrap();
    found(&first.url, &std::fs::read_to_string(&link).unwrap()).await;
    for command in [["invite", "--found"].as_slice(), &["devices"], &["invites"], &["restored"]] {
        assert!(run(command, folder.path()).status.success(), "{command:?}");
    }
    // The lock ends with the process, even if it is killed.
    let mut first = first;
    first.end("-KILL");
    Process::start_quiet(&mut serve(folder.path()));
}

/// A relay's output from its start until it is stopped.
fn said(command: &mut Command) -> String {
    let mut process = Process::start_logged(command.stderr(Stdio::null()));
    assert_eq!(process.end("-TERM"), Some(0));
    process.rest()
}

#[tokio::test]
async fn however_often_it_is_started_it_makes_one_founding_link() {
    let folder = TempDir::new().unwrap();
    let (printing, writing) = (folder.path().join("printing"), folder.path().join("writing"));
    let first = said(&mut serve(&printing));
    assert!(first.contains("/join#"), "{first}");
    for _ in 0..2 {
        let again = said(&mut serve(&printing));
        assert!(!again.contains("/join#") && again.contains("invite --found"), "{again}");
    }
    let file = folder.path().join("link");
    let start = |url: &str| {
        said(serve(&writing).args(["--url", url, "--founding-invite"]).arg(&file));
        std::fs::read_to_string(&file).unwrap()
    };
    let first = start("https://one.example");
    assert_eq!(start("https://one.example"), first);
    let other = start("https://two.example");
    assert!(other.starts_with("https://two.example/join#") && secret(&other) == secret(&first), "{other}");
    std::fs::remove_file(&file).unwrap();
    assert_ne!(secret(&start("https://one.example")), secret(&first), "a link that is lost is made anew");
}

#[test]
fn a_founding_link_is_closed_to_others_and_stays_as_it_is_until_it_changes() {
    let folder = TempDir::new().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("link"));
    let start = |url: &str| {
        said(serve(&data).args(["--url", url, "--founding-invite"]).arg(&file));
        let is = file.metadata().unwrap();
        let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names.len(), 2, "{names:?}");
        (is.mode() & 0o777, is.ino(), is.modified().unwrap(), std::fs::read_to_string(&file).unwrap())
    };
    let open_to_all = || std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    std::fs::write(&file, "").unwrap();
    open_to_all();
    let first = start("https://one.example");
    assert_eq!(first.0, 0o600, "it was there before, and readable to all");
    open_to_all();
    assert_eq!(start("https://one.example"), first, "written anew, a start that is killed could lose it");
    open_to_all();
    let other = start("https://two.example");
    assert!(other.0 == 0o600 && other.1 != first.1, "another link takes the place of the first in one step");
    assert_eq!(secret(&other.3), secret(&first.3));
}

#[test]
fn a_founding_link_that_cannot_be_written_is_not_made() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let nowhere = folder.path().join("missing").join("link");
    for _ in 0..2 {
        let output = serve(&data).arg("--founding-invite").arg(&nowhere).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains("writing the invite to"), "{said}");
    }
    let first = said(&mut serve(&data));
    assert!(first.contains("/join#"), "a link was made that nobody was told: {first}");
}

#[test]
fn metrics_are_told_where_the_log_says_and_nowhere_when_they_are_off() {
    let folder = TempDir::new().unwrap();
    let (log, data) = (log_in(&folder), folder.path().join("data"));
    let start = |metrics: &str| {
        let mut command = serve(&data);
        command.args(["--metrics", metrics, "--founding-invite"]).arg(folder.path().join("link"));
        to_journal(&mut command, &log);
        let mut process = Process::start_logged(&mut command);
        assert_eq!(process.end("-TERM"), Some(0));
        lines(&log)
    };
    let off = start("off");
    assert!(!off.iter().any(|(_, line)| line.contains("metrics at")), "{off:?}");
    let on = start("127.0.0.1:0");
    assert!(on.iter().any(|(of, line)| *of == 6 && line.contains("metrics at http://127.0.0.1:")), "{on:?}");
}

#[test]
fn a_relay_that_is_told_the_usual_address_for_metrics_does_not_serve_without() {
    let folder = TempDir::new().unwrap();
    // Whether this test or another process holds it, it is taken.
    let _taken = std::net::TcpListener::bind("127.0.0.1:9464");
    let output = run(&["--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:9464"], &folder.path().join("data"));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("--metrics"), "{said}");
}

#[test]
fn a_relay_in_a_terminal_ends_when_its_window_is_closed() {
    let folder = TempDir::new().unwrap();
    let mut line = serve(&folder.path().join("data"));
    line.arg("--founding-invite").arg(folder.path().join("link"));
    let words: Vec<_> = std::iter::once(line.get_program()).chain(line.get_args()).collect();
    let words: Vec<_> = words.iter().map(|word| word.to_str().unwrap()).collect();
    // `script` runs it in a terminal of its own; whoever runs the tests may have switched the signal off, as `nohup` does.
    let words = format!("echo $$; exec env --default-signal=HUP {}", words.join(" "));
    let mut command = Command::new("script");
    command.args(["--quiet", "--return", "--command", &words]).arg("/dev/null");
    command.env("PORCHLIGHT_METRICS", "off").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut terminal = command.spawn().unwrap();
    let mut said = BufReader::new(terminal.stdout.take().unwrap()).lines().map(Result::unwrap);
    let id = said.next().unwrap();
    assert!(said.any(|line| line.contains("listening on")));
    assert!(Command::new("kill").args(["-HUP", id.trim()]).status().unwrap().success());
    let (since, mut has_ended) = (Instant::now(), false);
    while !has_ended && since.elapsed() < LONG {
        has_ended = terminal.try_wait().unwrap().is_some();
        std::thread::yield_now();
    }
    if !has_ended {
        let _ = Command::new("kill").args(["-KILL", id.trim()]).status();
    }
    terminal.wait().unwrap();
    assert!(has_ended, "it goes on without a window");
}

#[tokio::test]
async fn a_certificate_that_has_ended_or_soon_does_is_said_and_shown() {
    for (days, priority, part) in [(-1, 3, "has expired"), (10, 4, "expires soon"), (90, 6, "is valid until")] {
        let folder = TempDir::new().unwrap();
        let (log, (cert, key, _)) = (log_in(&folder), certificate(folder.path(), days));
        let mut command = serve(folder.path());
        command.arg("--tls-cert").arg(cert).arg("--tls-key").arg(key);
        command.arg("--founding-invite").arg(folder.path().join("link"));
        to_journal(&mut command, &log);
        let process = start_with_metrics(&mut command);
        let name = "porchlight_relay_certificate_end_seconds{of=\"relay\"} ";
        let told = tells(&process, name).await;
        let end: u64 = told.lines().find_map(|line| line.strip_prefix(name)).unwrap().parse().unwrap();
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        assert_eq!(end.abs_diff(now) / (24 * 60 * 60), days.unsigned_abs(), "{told}");
        let lines = lines(&log);
        assert!(lines.iter().any(|(of, line)| *of == priority && line.contains(part)), "{lines:?}");
    }
}

#[tokio::test]
async fn a_certificate_behind_its_own_that_has_ended_is_no_error() {
    let folder = TempDir::new().unwrap();
    let (log, others) = (log_in(&folder), folder.path().join("others"));
    std::fs::create_dir(&others).unwrap();
    let (_, _, ended) = certificate(&others, -1);
    let (cert, key, own) = certificate(folder.path(), 90);
    std::fs::write(&cert, format!("{own}{ended}")).unwrap();
    let mut command = serve(folder.path());
    command.arg("--tls-cert").arg(cert).arg("--tls-key").arg(key);
    command.arg("--founding-invite").arg(folder.path().join("link"));
    to_journal(&mut command, &log);
    let process = start_with_metrics(&mut command);
    let name = "porchlight_relay_certificate_end_seconds{of=\"relay\"} ";
    let told = tells(&process, name).await;
    let end: u64 = told.lines().find_map(|line| line.strip_prefix(name)).unwrap().parse().unwrap();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    assert_eq!((end - now) / (24 * 60 * 60), 90, "{told}");
    let lines = lines(&log);
    let has = |priority: u8, part: &str| lines.iter().any(|(of, line)| *of == priority && line.contains(part));
    assert!(has(6, "is valid until") && has(4, "another certificate in the file"), "{lines:?}");
    assert!(!lines.iter().any(|(of, _)| *of < 4), "{lines:?}");
}

#[test]
fn it_says_that_it_listens_only_when_its_certificate_can_be_used() {
    let folder = TempDir::new().unwrap();
    let (cert, key, _) = certificate(folder.path(), 90);
    let other = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let args = ["--tls-cert", cert.to_str().unwrap(), "--tls-key", key.to_str().unwrap(), "--listen", "127.0.0.1:0"];
    for (file, text) in [(&key, other.as_str()), (&key, "no key"), (&cert, "")] {
        std::fs::write(file, text).unwrap();
        let output = run(&args, &folder.path().join("data"));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && output.stdout.is_empty(), "{output:?}");
        assert!(said.contains(file.to_str().unwrap()), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_free_file_descriptors_it_says_so_once_and_goes_on_when_some_are_free() {
    let folder = TempDir::new().unwrap();
    let log = log_in(&folder);
    let mut command = Command::new("bash");
    command.args(["-c", "ulimit -n 64; exec \"$0\" \"$@\"", PROGRAM, "--listen", "127.0.0.1:0", "--metrics"]);
    command.args(["127.0.0.1:0", "--founding-invite"]).arg(folder.path().join("link"));
    command.arg("--data").arg(folder.path().join("data")).stderr(File::create(&log).unwrap());
    let process = Process::start_logged(&mut command);
    let said = || std::fs::read_to_string(&log).unwrap();
    let n_said = |part: &str| said().matches(part).count();
    let address = process.url.trim_start_matches("http://");
    let (mut waiting, since) = (Vec::new(), Instant::now());
    while n_said("all file descriptors") == 0 {
        if waiting.len() < 100 {
            waiting.push(TcpStream::connect(address).unwrap());
        }
        assert!(since.elapsed() < LONG, "{}", said());
    }
    drop(waiting);
    let _ = rustls::crypto::ring::default_provider().install_default();
    let alive = async || {
        let answer = reqwest::get(format!("{}/livez", process.url)).await.unwrap();
        assert_eq!(answer.text().await.unwrap(), "alive\n");
    };
    // One accepted connection does not mean that the next will be: the message comes after a while without a failure.
    while n_said("are taken again") == 0 {
        alive().await;
        assert!(since.elapsed() < LONG, "{}", said());
    }
    alive().await;
    assert_eq!((n_said("all file descriptors"), n_said("are taken again")), (1, 1), "{}", said());
}

/// Waits until a log contains something `n` times.
fn wait_for(log: &Path, part: &str, n: usize) {
    let since = Instant::now();
    loop {
        let said = std::fs::read_to_string(log).unwrap();
        if said.matches(part).count() >= n {
            return;
        }
        assert!(since.elapsed() < LONG, "{part:?} is not said {n} times:\n{said}");
        std::thread::yield_now();
    }
}

fn trusting(pem: &str) -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cert = reqwest::Certificate::from_pem(pem.as_bytes()).unwrap();
    Client::builder().tls_certs_only([cert]).build().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn sighup_reads_settings_and_certificate_anew_and_ends_no_connection() {
    let folder = TempDir::new().unwrap();
    let (log, config, web) = (log_in(&folder), folder.path().join("relay.toml"), folder.path().join("web"));
    let (cert, key, first) = certificate(folder.path(), 10);
    let settings = format!("tls_cert = {cert:?}\ntls_key = {key:?}\n");
    std::fs::write(&config, &settings).unwrap();
    let mut command = serve(&folder.path().join("data"));
    command.arg("--config").arg(&config).arg("--founding-invite").arg(folder.path().join("link"));
    to_journal(&mut command, &log);
    let process = Process::start_logged(&mut command);
    let hang_up = || process.send("-HUP");
    let livez = format!("{}/livez", process.url);
    let old = trusting(&first);
    let ask = async |client: &Client| match client.get(&livez).send().await {
        Ok(answer) => answer.text().await.ok(),
        Err(_) => None,
    };
    assert_eq!(ask(&old).await.as_deref(), Some("alive\n"));

    // Another certificate, and a web app.
    let (_, _, second) = certificate(folder.path(), 90);
    std::fs::create_dir(&web).unwrap();
    std::fs::write(web.join("index.html"), "the app").unwrap();
    std::fs::write(&config, format!("{settings}web = {web:?}\n")).unwrap();
    hang_up();
    wait_for(&log, "were read anew\"", 1);
    // A client that trusts only the first one continues on its open connection, and would get no other.
    assert_eq!(ask(&old).await.as_deref(), Some("alive\n"));
    assert_eq!(ask(&trusting(&first)).await, None);
    let new = trusting(&second);
    assert_eq!(ask(&new).await.as_deref(), Some("alive\n"));
    assert_eq!(new.get(&process.url).send().await.unwrap().text().await.unwrap(), "the app");
    wait_for(&log, "is valid until", 1);

    // Settings that need a restart are named; invalid ones change nothing.
    std::fs::write(&config, format!("{settings}device_queue = 3\nbus = \"nats://127.0.0.1\"\n")).unwrap();
    hang_up();
    wait_for(&log, "nothing was changed", 1);
    assert_eq!(new.get(&process.url).send().await.unwrap().text().await.unwrap(), "the app");
    std::fs::write(&key, "no key").unwrap();
    std::fs::write(&config, &settings).unwrap();
    hang_up();
    wait_for(&log, "nothing was changed", 2);
    assert_eq!(new.get(&process.url).send().await.unwrap().text().await.unwrap(), "the app");
    certificate(folder.path(), 90);
    std::fs::write(&config, format!("{settings}device_queue = 3\n")).unwrap();
    hang_up();
    wait_for(&log, "with a restart only", 1);
    assert!(lines(&log).iter().any(|(of, line)| *of == 4 && line.contains("\"device_queue\"")));
    assert_eq!(new.get(&process.url).send().await.unwrap().status(), 404, "the web app is served no longer");
    assert_eq!(ask(&new).await.as_deref(), Some("alive\n"));
}

#[tokio::test]
async fn alarms_are_about_metrics_that_there_are_and_name_pages_that_exist() {
    let (folder, root) = (TempDir::new().unwrap(), Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap());
    let server = Postgres::shared().unwrap();
    let rules = std::fs::read_to_string(root.join("deploy/prometheus/porchlight.rules.yml")).unwrap();
    let (cert, key, pem) = certificate(folder.path(), 90);
    let mut command = serve(&folder.path().join("data"));
    command.arg("--tls-cert").arg(cert).arg("--tls-key").arg(key);
    // A bus that never answers is reported as unavailable.
    let bus = format!("nats://127.0.0.1:{}", free_port().unwrap());
    command.args(["--store", &server.database().await.unwrap(), "--bus", &bus, "--founding-invite"]);
    let process = start_with_metrics(command.arg(folder.path().join("link")).stderr(Stdio::null()));
    let refused = trusting(&pem).post(format!("{}/v1/sync", process.url)).send().await.unwrap();
    assert_eq!(refused.status(), 401);
    let told = tells(&process, "certificate_end_seconds").await;
    let is_name = |letter: char| letter.is_ascii_lowercase() || letter == '_';
    let names = rules.split(|letter| !is_name(letter)).filter(|word| word.starts_with("porchlight_relay_"));
    assert!(names.clone().count() > 5);
    for name in names {
        let starts = |line: &str| line.starts_with(&format!("{name}{{")) || line.starts_with(&format!("{name} "));
        assert!(told.lines().any(starts), "{name} in\n{told}");
    }
    // Prometheus' own check of both.
    let file = folder.path().join("metrics");
    std::fs::write(&file, &told).unwrap();
    for (check, input) in [
        (["check", "metrics"].as_slice(), Stdio::from(File::open(&file).unwrap())),
        (&["check", "config", "deploy/prometheus/prometheus.yml"], Stdio::null()),
    ] {
        let judged = Command::new("promtool").args(check).current_dir(root).stdin(input).output().unwrap();
        assert!(judged.status.success(), "{judged:?}");
    }
    assert!(told.contains("\nporchlight_relay_bus_connected 0\n"), "{told}");
    let alone = start_with_metrics(
        serve(&folder.path().join("alone"))
            .args(["--founding-invite"])
            .arg(folder.path().join("other"))
            .stderr(Stdio::null()),
    );
    let told = tells(&alone, "bus_dropped").await;
    assert!(!told.contains("bus_connected"), "a relay that has no bus is without none: {told}");
    for page in rules.lines().filter_map(|line| line.trim().strip_prefix("page: ")) {
        assert!(root.join(page).is_file(), "{page}");
    }
}
