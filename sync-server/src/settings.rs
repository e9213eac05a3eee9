//! Settings of the program: a flag wins over an environment variable, that over the configuration file, that over the default.

mod command;
mod file;
mod metrics;
#[cfg(test)]
mod tests;

use crate::bus::BusUrl;
use crate::clock::Clock;
use crate::limits::{DEVICE_AT_ONCE, DEVICE_QUEUE, LARGE_BYTES, MIN_LARGE_MIB};
use crate::proxies::Proxies;
use crate::rates::Rate;
use crate::relay::Config;
use crate::store::postgres::{Address, N_CONNECTIONS};
use crate::tls::TlsFiles;
use axum::http::Uri;
use clap::{Arg, Args, CommandFactory, FromArgMatches, Parser};
pub use command::{Command, InviteFlags, InvitesFlags, ListFlags};
pub use file::Unclear;
pub use metrics::{Metrics, USUAL_METRICS};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// What `porchlight-relay` was asked to do.
#[derive(Debug, Parser)]
#[command(name = "porchlight-relay", version, about = ABOUT, after_help = AFTER_HELP, args_conflicts_with_subcommands = false)]
pub struct Asked {
    /// What to do; without a command: serve.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The settings given by flag or environment.
    #[command(flatten)]
    pub given: Given,
}

impl Asked {
    /// Reads the command line and the environment. A variable without a value counts as not set; that of a list empties it.
    ///
    /// # Errors
    /// What to tell the person who asked: help, the version, or what is not understood.
    pub fn read() -> Result<Self, clap::Error> {
        let is_nothing = |arg: &Arg| {
            let value = arg.get_env().and_then(std::env::var_os);
            arg.get_value_delimiter().is_none() && value.is_some_and(|value| value.is_empty())
        };
        let unset = |arg: Arg| if is_nothing(&arg) { arg.env(None::<&str>) } else { arg };
        let mut command = Self::command().mut_args(unset);
        let matches = command.try_get_matches_from_mut(std::env::args_os())?;
        Self::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
    }
}

/// The entries of a list: what is empty between commas, or the whole list, is none.
fn entries(list: Vec<String>) -> Vec<String> {
    let entries = list.into_iter().map(|entry| entry.trim().to_owned());
    entries.filter(|entry| !entry.is_empty()).collect()
}

const ABOUT: &str = "The Porchlight relay: phones and laptops sync through it; it can serve the web app too.";

const AFTER_HELP: &str = "\
To try it on this machine:
    porchlight-relay --data ./relay --web ./web-app
It prints a link to found a campaign with; open it in a browser.

For others to reach it, behind a proxy that speaks TLS:
    porchlight-relay --data /var/lib/porchlight --web /usr/share/porchlight/web --url https://relay.example.org
or with certificate files of its own:
    porchlight-relay --listen 0.0.0.0:443 --tls-cert fullchain.pem --tls-key privkey.pem --url https://relay.example.org ...

For a fleet, several relays over one PostgreSQL database, with NATS between them:
    porchlight-relay --store postgres://relay@db.example.org/porchlight?sslmode=require --bus nats://bus.example.org ...

Without --store, all it keeps is in the data folder, in one SQLite file. Copy it with `sqlite3 relay.db '.backup copy.db'`, and run
`porchlight-relay restored` once after you put a copy back. Logs are JSON lines on standard error; RUST_LOG sets how much.
It stops in order on SIGTERM and SIGINT. docs/relay.md tells more.";

/// Whether a text is an address that a browser can open: a scheme and a host, no query.
fn is_address(text: &str) -> bool {
    let uri: Option<Uri> = text.parse().ok();
    uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("https" | "http"))
            && uri.host().is_some_and(|host| !host.is_empty())
            && uri.query().is_none()
    })
}

/// Settings as given by flag or environment, all optional.
#[derive(Debug, Clone, Default, Args)]
pub struct Given {
    /// A configuration file in TOML; sync-server/relay.example.toml shows all settings.
    #[arg(long, global = true, env = "PORCHLIGHT_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The folder that holds all data of the relay [default: ./porchlight-data].
    #[arg(long, global = true, env = "PORCHLIGHT_DATA", value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// The PostgreSQL database that holds the store, `postgres://user:password@host/database`; several relays may share it
    /// [default: SQLite in the data folder].
    #[arg(long, global = true, env = "PORCHLIGHT_STORE", value_name = "URL", hide_env_values = true)]
    pub store: Option<String>,
    /// The certificates (PEM) to trust when the database is reached over TLS [default: the system's].
    #[arg(long, global = true, env = "PORCHLIGHT_STORE_CA", value_name = "FILE")]
    pub store_ca: Option<PathBuf>,
    /// The most connections to the database at once [default: 16].
    #[arg(long, global = true, env = "PORCHLIGHT_STORE_CONNECTIONS", value_name = "N")]
    pub store_connections: Option<usize>,
    /// The NATS servers over which relays that share a store notify each other of changes, `nats://host:4222,…` [default: none].
    #[arg(long, env = "PORCHLIGHT_BUS", value_name = "URL", hide_env_values = true)]
    pub bus: Option<String>,
    /// The public address, used in links [default: the listening address].
    #[arg(long, global = true, env = "PORCHLIGHT_URL", value_name = "URL")]
    pub url: Option<String>,
    /// The public addresses of all relays over the same store, this one included, with commas between. Devices move between them.
    #[arg(long, env = "PORCHLIGHT_RELAYS", value_name = "URL", value_delimiter = ',')]
    pub relays: Option<Vec<String>>,
    /// The addresses (or networks, `10.0.0.0/8`) of trusted reverse proxies, with commas between: their `X-Forwarded-For` gives the
    /// client's address [default: none is trusted].
    #[arg(long, env = "PORCHLIGHT_PROXIES", value_name = "ADDRESS", value_delimiter = ',')]
    pub proxies: Option<Vec<String>>,
    /// The address and port to listen on; port 0 takes a free one [default: 127.0.0.1:8480].
    #[arg(long, env = "PORCHLIGHT_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// The address and port where `/metrics` is served, without TLS, or `off` [default: 127.0.0.1:9464].
    #[arg(long, env = "PORCHLIGHT_METRICS", value_name = "ADDRESS")]
    pub metrics: Option<Metrics>,
    /// The folder of the web app to serve.
    #[arg(long, env = "PORCHLIGHT_WEB", value_name = "FOLDER")]
    pub web: Option<PathBuf>,
    /// The certificate chain (PEM), to speak TLS without a proxy.
    #[arg(long, env = "PORCHLIGHT_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// The private key (PEM) of the certificate.
    #[arg(long, env = "PORCHLIGHT_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Where to write the link that founds the first campaign, instead of printing it.
    #[arg(long, env = "PORCHLIGHT_FOUNDING_INVITE", value_name = "FILE")]
    pub founding_invite: Option<PathBuf>,
    /// How many requests one device may send at once [default: 300].
    #[arg(long, env = "PORCHLIGHT_DEVICE_BURST", value_name = "N")]
    pub device_burst: Option<u32>,
    /// How many more requests one device may send each second [default: 20].
    #[arg(long, env = "PORCHLIGHT_DEVICE_RATE", value_name = "N")]
    pub device_rate: Option<u32>,
    /// How many mebibytes of requests one device may send in a minute [default: 32].
    #[arg(long, env = "PORCHLIGHT_DEVICE_MIB", value_name = "N")]
    pub device_mib: Option<u32>,
    /// How many mebibytes of answers one device may receive in a minute [default: 256].
    #[arg(long, env = "PORCHLIGHT_DEVICE_TOLD_MIB", value_name = "N")]
    pub device_told_mib: Option<u32>,
    /// How many requests of one device are served at the same time [default: 6].
    #[arg(long, env = "PORCHLIGHT_DEVICE_AT_ONCE", value_name = "N")]
    pub device_at_once: Option<u32>,
    /// How many requests of one device may wait for the store [default: 16].
    #[arg(long, env = "PORCHLIGHT_DEVICE_QUEUE", value_name = "N")]
    pub device_queue: Option<u32>,
    /// How many mebibytes of memory the large requests and answers of all devices may take together [default: 256, at least 32].
    #[arg(long, env = "PORCHLIGHT_LARGE_MIB", value_name = "N")]
    pub large_mib: Option<u32>,
    /// How many requests without a token one network address may send at once [default: 400].
    #[arg(long, env = "PORCHLIGHT_ADDRESS_BURST", value_name = "N")]
    pub address_burst: Option<u32>,
    /// How many more requests without a token one network address may send each second [default: 20].
    #[arg(long, env = "PORCHLIGHT_ADDRESS_RATE", value_name = "N")]
    pub address_rate: Option<u32>,
}

/// Settings, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The folder that holds the store, unless the store is a database.
    pub data: PathBuf,
    /// The database that holds the store.
    pub store: Option<Address>,
    /// The bus over which relays that share a store notify each other of changes.
    pub bus: Option<BusUrl>,
    /// The public address, where one is set.
    pub url: Option<String>,
    /// The public addresses of all relays over the same store.
    pub relays: Vec<String>,
    /// The trusted reverse proxies.
    pub proxies: Proxies,
    /// What to listen on.
    pub listen: SocketAddr,
    /// Where metrics are served, where that is set.
    pub metrics: Option<Metrics>,
    /// The folder of the web app.
    pub web: Option<PathBuf>,
    /// Certificate and key.
    pub tls: Option<TlsFiles>,
    /// The file that receives the founding link.
    pub founding_invite: Option<PathBuf>,
    /// How often one device may ask.
    pub device_rate: Rate,
    /// How many bytes one device may send.
    pub device_bytes: Rate,
    /// How many bytes one device may receive.
    pub device_told: Rate,
    /// How many requests of one device are served at the same time.
    pub device_at_once: u32,
    /// How many requests of one device may wait for the store.
    pub device_queue: u32,
    /// How many bytes large requests and answers may take at once.
    pub large_bytes: usize,
    /// How often one address may ask without a token.
    pub address_rate: Rate,
}

/// Why settings are invalid.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The configuration file cannot be read.
    #[error("the configuration file {0} cannot be read")]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// The configuration file cannot be parsed.
    #[error("the configuration file {0} is not understood at {1}")]
    NotUnderstood(PathBuf, Unclear),
    /// Settings that contradict each other.
    #[error("{0}")]
    Contradiction(&'static str),
}

/// The fewest database connections with which other requests make progress beside the lanes of pushes.
const MIN_CONNECTIONS: usize = 4;

/// Where the relay listens by default.
const USUAL_LISTEN: SocketAddr = SocketAddr::V4(std::net::SocketAddrV4::new(std::net::Ipv4Addr::LOCALHOST, 8480));

impl Settings {
    /// The configuration with which a relay is started.
    #[must_use]
    pub fn config(&self, clock: Arc<dyn Clock>, seed: [u8; 32]) -> Config {
        Config {
            web: self.web.clone(),
            relays: self.relays.clone(),
            proxies: self.proxies.clone(),
            bus: self.bus.clone(),
            device_rate: self.device_rate,
            device_bytes: self.device_bytes,
            device_told: self.device_told,
            device_at_once: self.device_at_once,
            device_queue: self.device_queue,
            large_bytes: self.large_bytes,
            address_rate: self.address_rate,
            ..Config::new(&self.data, clock, seed)
        }
    }

    /// The settings that differ in `others` and that a relay reads only at its start.
    #[must_use]
    pub fn need_restart(&self, others: &Self) -> Vec<&'static str> {
        let differ = [
            ("data", self.data != others.data),
            ("store", self.store != others.store),
            ("bus", self.bus != others.bus),
            ("listen", self.listen != others.listen),
            ("metrics", self.metrics != others.metrics),
            ("device_queue", self.device_queue != others.device_queue),
            ("tls_cert", self.tls.is_some() != others.tls.is_some()),
        ];
        differ.into_iter().filter(|(_, is_other)| *is_other).map(|(name, _)| name).collect()
    }

    /// Completes the settings given by flag or environment from the configuration file and the defaults.
    ///
    /// # Errors
    /// [`SettingsError`] where the file cannot be used, or settings contradict each other.
    pub fn complete(given: Given) -> Result<Self, SettingsError> {
        let file = given.config.as_deref().map(file::read).transpose()?.unwrap_or_default();
        let tls = match (given.tls_cert.or(file.tls_cert), given.tls_key.or(file.tls_key)) {
            (Some(cert), Some(key)) => Some(TlsFiles { cert, key }),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => {
                return Err(SettingsError::Contradiction(
                    "TLS needs both the certificate (--tls-cert) and the key (--tls-key)",
                ));
            }
        };
        let url = given.url.or(file.url);
        if url.as_deref().is_some_and(|url| !is_address(url)) {
            return Err(SettingsError::Contradiction(
                "the public address (--url) is https:// or http:// with a name after it: https://relay.example.org",
            ));
        }
        let relays = entries(given.relays.unwrap_or(file.relays));
        if !relays.iter().all(|url| is_address(url)) {
            return Err(SettingsError::Contradiction(
                "each relay's address (--relays) is https:// or http:// with a name after it: https://relay.example.org",
            ));
        }
        let proxies = entries(given.proxies.unwrap_or(file.proxies));
        let proxies = Proxies::parse(&proxies).ok_or(SettingsError::Contradiction(
            "each proxy (--proxies) is an address or a network: 127.0.0.1, ::1, 10.0.0.0/8",
        ))?;
        let store = given.store.or(file.store).map(|url| Address {
            url,
            ca: given.store_ca.or(file.store_ca),
            n_connections: given.store_connections.or(file.store_connections).unwrap_or(N_CONNECTIONS),
        });
        if store
            .as_ref()
            .is_some_and(|store| !store.url.starts_with("postgres://") && !store.url.starts_with("postgresql://"))
        {
            return Err(SettingsError::Contradiction("the store's address (--store) begins with postgres://"));
        }
        if store.as_ref().is_some_and(|store| store.n_connections < MIN_CONNECTIONS) {
            return Err(SettingsError::Contradiction("a relay needs at least 4 connections (--store-connections)"));
        }
        let bus = given.bus.or(file.bus).map(|text| BusUrl::parse(&text)).transpose();
        let bus = bus.map_err(|_| {
            SettingsError::Contradiction(
                "the bus's address (--bus) begins with nats:// or tls://, several with commas between",
            )
        })?;
        if bus.is_some() && store.is_none() {
            return Err(SettingsError::Contradiction(
                "a bus (--bus) connects relays that share a database: give --store too",
            ));
        }
        let rate = |burst: Option<u32>, per_second: Option<u32>, usual: Rate| Rate {
            burst: burst.unwrap_or(usual.burst).max(1),
            per_second: per_second.unwrap_or(usual.per_second).max(1),
        };
        let (device_burst, device_rate) =
            (given.device_burst.or(file.device_burst), given.device_rate.or(file.device_rate));
        let (address_burst, address_rate) =
            (given.address_burst.or(file.address_burst), given.address_rate.or(file.address_rate));
        let a_minute = |mib: Option<u32>, usual: Rate| {
            mib.map_or(usual, |mib| Rate::per_minute(mib.clamp(1, 4_095) * 1024 * 1024))
        };
        let large_mib = given.large_mib.or(file.large_mib);
        if large_mib.is_some_and(|mib| mib < MIN_LARGE_MIB) {
            return Err(SettingsError::Contradiction(
                "room for large requests and answers (--large-mib) is at least 32: any one of them fits then",
            ));
        }
        let bytes = |mib| usize::try_from(mib).unwrap_or(usize::MAX).saturating_mul(1024 * 1024);
        let large_bytes = large_mib.map_or(LARGE_BYTES, bytes);
        Ok(Self {
            data: given.data.or(file.data).unwrap_or_else(|| PathBuf::from("porchlight-data")),
            store,
            bus,
            url,
            relays: relays.into_iter().map(|url| url.trim_end_matches('/').to_owned()).collect(),
            proxies,
            listen: given.listen.or(file.listen).unwrap_or(USUAL_LISTEN),
            metrics: given.metrics.or(file.metrics),
            web: given.web.or(file.web),
            tls,
            founding_invite: given.founding_invite.or(file.founding_invite),
            device_rate: rate(device_burst, device_rate, Rate::DEVICE),
            device_bytes: a_minute(given.device_mib.or(file.device_mib), Rate::DEVICE_BYTES),
            device_told: a_minute(given.device_told_mib.or(file.device_told_mib), Rate::DEVICE_TOLD),
            device_at_once: given.device_at_once.or(file.device_at_once).unwrap_or(DEVICE_AT_ONCE).max(1),
            device_queue: given.device_queue.or(file.device_queue).unwrap_or(DEVICE_QUEUE).max(1),
            large_bytes,
            address_rate: rate(address_burst, address_rate, Rate::ADDRESS),
        })
    }
}
