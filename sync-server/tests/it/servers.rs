//! Real servers for tests: PostgreSQL and NATS, each in a folder of its own on a free port, stopped with the last test that uses it and
//! also when the tests are killed. A machine that lacks them fails these tests and says what to do.

use crate::world::fresh;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio_postgres::NoTls;

/// Far longer than a server takes to start.
const LONG: Duration = Duration::from_secs(60);

/// A server that runs until its standard input ends, which the death of the tests ends too.
struct Leashed(Child);

impl Leashed {
    /// Runs a command line in a shell that stops the server with `signal` when nobody holds the leash.
    fn start(user: Option<&str>, line: &str, signal: &str, log: &Path) -> Self {
        let script = format!("{line} & server=$!; cat > /dev/null; kill -{signal} $server; wait $server");
        let mut command = match user {
            Some(_) => Command::new("runuser"),
            None => Command::new("sh"),
        };
        if let Some(user) = user {
            command.args(["-u", user, "--", "sh"]);
        }
        let log = std::fs::File::create(log).unwrap();
        command.args(["-c", &script]).stdin(Stdio::piped()).stdout(log.try_clone().unwrap()).stderr(log);
        Self(command.spawn().unwrap())
    }
}

impl Drop for Leashed {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Waits until somebody listens on a port.
fn wait_for(port: u16, log: &Path) {
    let since = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(since.elapsed() < LONG, "no server on port {port}: {}", std::fs::read_to_string(log).unwrap());
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// Finds a program in the folders given or on the path.
fn program(name: &str, folders: &[PathBuf], package: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<_> = std::env::split_paths(&path).collect();
    let found = folders.iter().chain(&on_path).map(|folder| folder.join(name)).find(|path| path.exists());
    found.unwrap_or_else(|| {
        panic!("{name} is missing, which this test starts: run `cargo xtask setup`, or install the package {package}")
    })
}

fn is_root() -> bool {
    String::from_utf8_lossy(&Command::new("id").arg("-u").output().unwrap().stdout).trim() == "0"
}

/// A PostgreSQL server.
pub(crate) struct Postgres {
    folder: TempDir,
    bin: PathBuf,
    pub(crate) port: u16,
    server: Mutex<Option<Leashed>>,
}

impl Postgres {
    /// The server that all tests share while any runs.
    pub(crate) fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let server = Arc::new(Self::start());
            *shared = Arc::downgrade(&server);
            server
        })
    }

    /// A server of one's own, to be stopped and started.
    pub(crate) fn start() -> Self {
        let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
            .map(|folders| folders.map(|folder| folder.unwrap().path().join("bin")).collect())
            .unwrap_or_default();
        versions.sort();
        versions.reverse();
        let bin = program("initdb", &versions, "postgresql").parent().unwrap().to_owned();
        let folder = TempDir::new().unwrap();
        if is_root() {
            // PostgreSQL does not run as root.
            done(Command::new("chown").arg("postgres:").arg(folder.path()));
        }
        let made = Self { folder, bin, port: free_port(), server: Mutex::default() };
        let mut initdb = made.command("initdb");
        let auth =
            ["--auth=trust", "--username=relay", "--encoding=UTF8", "--no-locale", "--no-instructions", "--pgdata"];
        done(initdb.args(auth).arg(made.data()));
        made.resume();
        made
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, name: &str) -> Command {
        let program = self.bin.join(name);
        if !is_root() {
            return Command::new(program);
        }
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    }

    /// Stops the server: connections break.
    pub(crate) fn stop(&self) {
        drop(self.server.lock().unwrap().take());
    }

    /// Starts the server on its data, and waits until it answers.
    pub(crate) fn resume(&self) {
        let line = format!(
            "{} -D {} -p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c max_connections=200",
            self.bin.join("postgres").display(),
            self.data().display(),
            self.port,
            self.folder.path().display()
        );
        let log = self.folder.path().join("log");
        *self.server.lock().unwrap() = Some(Leashed::start(is_root().then_some("postgres"), &line, "INT", &log));
        wait_for(self.port, &log);
        let since = Instant::now();
        let ask =
            || self.command("pg_isready").args(["-h", "127.0.0.1", "-p", &self.port.to_string()]).output().unwrap();
        while !ask().status.success() {
            assert!(since.elapsed() < LONG, "PostgreSQL does not answer: {}", std::fs::read_to_string(&log).unwrap());
        }
    }

    /// Makes an empty database; its address.
    pub(crate) async fn database(&self) -> String {
        let name = format!("relay_{}", hex::encode(&fresh()[8..]));
        self.sql("postgres", &format!("CREATE DATABASE {name}")).await;
        self.url(&name)
    }

    fn url(&self, name: &str) -> String {
        format!("postgres://relay@127.0.0.1:{}/{name}?sslmode=disable", self.port)
    }

    async fn sql(&self, database: &str, sql: &str) {
        client(&self.url(database)).await.batch_execute(sql).await.unwrap();
    }
}

/// A connection for the test itself.
pub(crate) async fn client(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(async move { drop(connection.await) });
    client
}

fn done(command: &mut Command) {
    let output = command.output().unwrap();
    if !output.status.success() {
        std::io::stderr().write_all(&output.stderr).unwrap();
        panic!("{command:?} failed");
    }
}

/// A NATS server.
pub(crate) struct Nats {
    folder: TempDir,
    port: u16,
    server: Option<Leashed>,
}

impl Nats {
    pub(crate) fn start() -> Self {
        let mut made = Self { folder: TempDir::new().unwrap(), port: free_port(), server: None };
        made.resume();
        made
    }

    pub(crate) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    pub(crate) fn stop(&mut self) {
        self.server = None;
    }

    pub(crate) fn resume(&mut self) {
        let program = program("nats-server", &[PathBuf::from("/usr/sbin")], "nats-server");
        let log = self.folder.path().join("log");
        let line = format!("{} -a 127.0.0.1 -p {}", program.display(), self.port);
        self.server = Some(Leashed::start(None, &line, "TERM", &log));
        wait_for(self.port, &log);
    }
}
