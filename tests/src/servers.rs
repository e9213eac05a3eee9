//! Real servers for tests and benchmarks: PostgreSQL and NATS, each in its own folder on a free port, stopped with the last test that
//! uses it and also when that is killed. If they are not installed, the error says what to do.

mod front;
mod nats;
mod small_disk;
mod standby;

pub use self::front::{Front, example};
pub use self::nats::Nats;
pub use self::small_disk::SmallDisk;
use anyhow::{Context, Result, bail, ensure};
use std::net::TcpListener;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio_postgres::NoTls;

/// Far longer than a server takes to start.
const LONG: Duration = Duration::from_secs(60);

/// A server that runs until its standard input is closed, which also happens when the tests die.
#[derive(Debug)]
struct Leashed(Child);

impl Leashed {
    /// Runs a command line in a shell that stops the server with `signal` when nobody holds the leash; `command` runs the shell.
    fn start(mut command: Command, line: &str, signal: &str, log: &Path) -> Result<Self> {
        let script = format!("{line} & server=$!; cat > /dev/null; kill -{signal} $server; wait $server");
        let log = std::fs::File::create(log)?;
        command.args(["-c", &script]).stdin(Stdio::piped()).stdout(log.try_clone()?).stderr(log);
        Ok(Self(command.spawn().with_context(|| format!("starting {line}"))?))
    }
}

impl Drop for Leashed {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// The ports to allocate: below the ephemeral range, so that a server that restarts finds its own still free.
const PORTS: Range<u32> = 20_000..32_000;

/// A free port, allocated once.
///
/// # Errors
/// When there is none.
pub fn free_port() -> Result<u16> {
    static N_ASKED: AtomicU32 = AtomicU32::new(0);
    // Concurrent processes begin at different ports.
    let begin = std::process::id().wrapping_mul(61);
    for _ in PORTS {
        let at = begin.wrapping_add(N_ASKED.fetch_add(1, Ordering::SeqCst)) % (PORTS.end - PORTS.start);
        let port = u16::try_from(PORTS.start + at)?;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port from {} to {} is free", PORTS.start, PORTS.end)
}

/// Waits until somebody listens on a port.
fn wait_for(port: u16, log: &Path) -> Result<()> {
    let since = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        ensure!(since.elapsed() < LONG, "no server on port {port}: {}", std::fs::read_to_string(log)?);
        std::thread::park_timeout(Duration::from_millis(20));
    }
    Ok(())
}

/// Finds a program in the folders given or on the path.
fn program(name: &str, folders: &[PathBuf], package: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<_> = std::env::split_paths(&path).collect();
    let found = folders.iter().chain(&on_path).map(|folder| folder.join(name)).find(|path| path.exists());
    found.with_context(|| format!("{name} is missing: run `cargo xtask setup`, or install the package {package}"))
}

fn id(which: &str) -> Result<String> {
    Ok(String::from_utf8_lossy(&Command::new("id").arg(which).output()?.stdout).trim().to_owned())
}

fn is_root() -> Result<bool> {
    Ok(id("-u")? == "0")
}

/// Makes a certificate for a server, and permits unencrypted connections only on its own socket.
const ENCRYPT: &str = "cd \"$0\"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=relay-test \
    -addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE -keyout server.key -out server.crt
sed -i 's/^host /hostssl /' pg_hba.conf
echo 'ssl = on' >> postgresql.conf";

/// The options of a server.
#[derive(Debug, Default)]
struct How {
    /// The size of its disk.
    mib: Option<u32>,
    is_encrypted: bool,
    asks_passwords: bool,
}

/// A PostgreSQL server.
#[derive(Debug)]
pub struct Postgres {
    folder: TempDir,
    bin: PathBuf,
    /// The user as whom it runs, if it is another.
    user: Option<String>,
    disk: Option<SmallDisk>,
    /// The superuser role.
    administrator: &'static str,
    /// Its port.
    pub port: u16,
    server: Mutex<Option<Leashed>>,
}

impl Postgres {
    /// The server that all concurrent tests of a process share.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn shared() -> Result<Arc<Self>> {
        static SHARED: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = shared.upgrade() {
            return Ok(server);
        }
        let server = Arc::new(Self::start()?);
        *shared = Arc::downgrade(&server);
        Ok(server)
    }

    /// An exclusive server, which may be stopped and started.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start() -> Result<Self> {
        Self::start_over(&How::default())
    }

    /// An exclusive server that accepts only encrypted connections, with a certificate that no machine trusts by default:
    /// [`Self::certificate`].
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start_encrypted() -> Result<Self> {
        Self::start_over(&How { is_encrypted: true, ..How::default() })
    }

    /// An exclusive server whose data is on a disk of `mib` MiB, which can be filled.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start_on_small_disk(mib: u32) -> Result<Self> {
        Self::start_over(&How { mib: Some(mib), ..How::default() })
    }

    /// An exclusive server as it is after installation and with encryption enabled: its administrator is `postgres`, and
    /// network connections need a password.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start_new() -> Result<Self> {
        Self::start_over(&How { is_encrypted: true, asks_passwords: true, ..How::default() })
    }

    fn start_over(how: &How) -> Result<Self> {
        let mut versions = Vec::new();
        for version in std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten() {
            versions.push(version?.path().join("bin"));
        }
        versions.sort();
        versions.reverse();
        let initdb = program("initdb", &versions, "postgresql")?;
        let bin = initdb.parent().context("a program without a folder")?.to_owned();
        let (folder, is_root) = (TempDir::new()?, is_root()?);
        if is_root {
            // PostgreSQL does not run as root.
            done(Command::new("chown").arg("postgres:").arg(folder.path()))?;
        }
        let disk = how.mib.map(|mib| SmallDisk::mount(&folder.path().join("data"), mib)).transpose()?;
        let user = match (is_root, &disk) {
            (true, _) => Some("postgres".to_owned()),
            (false, Some(_)) => Some(id("-un")?),
            (false, None) => None,
        };
        let (administrator, auth) = if how.asks_passwords { ("postgres", "scram-sha-256") } else { ("relay", "trust") };
        let made = Self { folder, bin, user, disk, administrator, port: free_port()?, server: Mutex::default() };
        let mut initdb = made.command("initdb");
        initdb.arg(format!("--auth-host={auth}")).arg(format!("--username={administrator}"));
        let auth = ["--auth-local=trust", "--encoding=UTF8", "--no-locale", "--no-instructions", "--pgdata"];
        // Small segments of its write-ahead log on a small disk.
        let pieces = made.disk.as_ref().map(|_| "--wal-segsize=1");
        done(initdb.args(auth).arg(made.data()).args(pieces))?;
        if how.is_encrypted {
            done(made.run_as_server(Path::new("sh")).args(["-ec", ENCRYPT]).arg(made.data()))?;
        }
        made.resume()?;
        Ok(made)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The certificate of a server that was started encrypted.
    #[must_use]
    pub fn certificate(&self) -> PathBuf {
        self.data().join("server.crt")
    }

    fn command(&self, name: &str) -> Command {
        self.run_as_server(&self.bin.join(name))
    }

    /// Runs a program as the server's user, with access to the server's disk.
    fn run_as_server(&self, program: &Path) -> Command {
        let mut words: Vec<_> = self.disk.iter().flat_map(SmallDisk::entry).collect();
        if let Some(user) = &self.user {
            words.extend(["runuser", "-u", user, "--"].map(str::to_owned));
        }
        words.push(program.display().to_string());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]);
        command
    }

    /// Fills the small disk to its last page, or frees that space again.
    ///
    /// # Errors
    /// When it has no small disk, or that cannot be reached.
    pub fn fill_disk(&self, is_full: bool) -> Result<()> {
        self.disk.as_ref().context("this server has no small disk")?.fill(&self.data(), is_full)
    }

    /// Stops the server: connections break.
    pub fn stop(&self) {
        drop(self.server.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// Starts the server on its data, and waits until it answers.
    ///
    /// # Errors
    /// When it does not.
    pub fn resume(&self) -> Result<()> {
        let line = format!(
            "{} -D {} -p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c max_connections=200{}",
            self.bin.join("postgres").display(),
            self.data().display(),
            self.port,
            self.folder.path().display(),
            if self.disk.is_some() { " -c min_wal_size=2MB -c max_wal_size=4MB" } else { "" }
        );
        let log = self.folder.path().join("log");
        let server = Leashed::start(self.run_as_server(Path::new("sh")), &line, "INT", &log)?;
        *self.server.lock().unwrap_or_else(PoisonError::into_inner) = Some(server);
        wait_for(self.port, &log)?;
        let since = Instant::now();
        let port = self.port.to_string();
        while !self.command("pg_isready").args(["-h", "127.0.0.1", "-p", &port]).output()?.status.success() {
            ensure!(since.elapsed() < LONG, "PostgreSQL does not answer: {}", std::fs::read_to_string(&log)?);
        }
        Ok(())
    }

    /// Creates an empty database; returns its address.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn database(&self) -> Result<String> {
        static N_MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("relay_{}", N_MADE.fetch_add(1, Ordering::Relaxed));
        client(&self.url("postgres")).await?.batch_execute(&format!("CREATE DATABASE {name}")).await?;
        Ok(self.url(&name))
    }

    /// The same database by its socket in the file system, which every network namespace reaches.
    #[must_use]
    pub fn by_socket(&self, database: &str) -> String {
        let folder = self.folder.path().display().to_string().replace('/', "%2F");
        database.replace("127.0.0.1", &folder)
    }

    fn url(&self, name: &str) -> String {
        format!("postgres://relay@127.0.0.1:{}/{name}?sslmode=disable", self.port)
    }
}

/// A connection for tests.
///
/// # Errors
/// When the server refuses.
pub async fn client(url: &str) -> Result<tokio_postgres::Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    // The next request notices that the connection has ended.
    tokio::spawn(async move { drop(connection.await) });
    Ok(client)
}

fn done(command: &mut Command) -> Result<()> {
    let output = command.output()?;
    if !output.status.success() {
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
