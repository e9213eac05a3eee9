//! Parses the address of the database: the settings of each session, and the encryption of its connection.

use super::fault::unavailable;
use super::hosts;
use crate::store::StoreError;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use tokio_postgres_rustls::MakeRustlsConnect;

/// The settings of each session. Every query here finds its rows by an index: statistics that lag behind a night of pushes must not make the
/// planner choose sequential scans. A vanished node releases its locks soon. The last setting is a marker that shows that they arrived.
const SESSION: &str = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off \
    -c statement_timeout=25s -c lock_timeout=10s -c idle_in_transaction_session_timeout=15s \
    -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c synchronous_commit=on -c porchlight.session=on";

/// Parses `postgres://…`: how to connect to each server that it names, and how to encrypt; `None` for an unencrypted connection.
pub(super) fn read(
    text: &str,
    ca: Option<&Path>,
    connect_wait: Duration,
) -> Result<(Vec<Config>, Option<MakeRustlsConnect>), StoreError> {
    let mut all = parse(text, connect_wait)?;
    let tls = encryption(&mut all, ca)?;
    let mut each = hosts::each(text).iter().map(|text| parse(text, connect_wait)).collect::<Result<Vec<_>, _>>()?;
    for config in &mut each {
        config.ssl_mode(all.get_ssl_mode());
    }
    Ok((each, tls))
}

fn parse(text: &str, connect_wait: Duration) -> Result<Config, StoreError> {
    // The cause is left out: it could repeat the password.
    let mut config: Config = text.parse().map_err(|_| {
        unavailable("the store's address is not understood: it looks like postgres://user:password@host:5432/database")
    })?;
    let options = format!("{SESSION} {}", config.get_options().unwrap_or_default());
    config.options(options).connect_timeout(connect_wait).keepalives_idle(Duration::from_secs(10));
    // Whatever the address says: what a standby tells lags behind what was acknowledged.
    config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    if config.get_application_name().is_none() {
        config.application_name("porchlight-relay");
    }
    #[cfg(target_os = "linux")]
    config.tcp_user_timeout(Duration::from_secs(20));
    Ok(config)
}

/// How connections to these servers are encrypted.
fn encryption(config: &mut Config, ca: Option<&Path>) -> Result<Option<MakeRustlsConnect>, StoreError> {
    Ok(match config.get_ssl_mode() {
        SslMode::Disable => None,
        SslMode::Prefer if ca.is_none() && config.get_hosts().iter().all(is_here) => None,
        SslMode::Prefer if ca.is_none() => {
            return Err(unavailable(
                "the store's address must say how the database is reached: add ?sslmode=require, or ?sslmode=disable in a network of your own",
            ));
        }
        _ => {
            config.ssl_mode(SslMode::Require);
            Some(tls(ca)?)
        }
    })
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback()),
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// Trusts the certificates of a file, or else the system's.
fn tls(ca: Option<&Path>) -> Result<MakeRustlsConnect, StoreError> {
    let Some(ca) = ca else {
        // The library needs a default crypto provider for the process; one that was set before is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        return MakeRustlsConnect::with_native_certs().map(|(connect, _unreadable)| connect).map_err(|_| {
            unavailable("this machine trusts no certificates: install ca-certificates or give --store-ca")
        });
    };
    let bad = |why: String| StoreError::Unavailable(format!("the file {} (--store-ca): {why}", ca.display()).into());
    let mut roots = rustls::RootCertStore::empty();
    for cert in CertificateDer::pem_file_iter(ca).map_err(|error| bad(error.to_string()))? {
        let cert = cert.map_err(|error| bad(error.to_string()))?;
        roots.add(cert).map_err(|error| bad(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(bad("holds no certificate".to_owned()));
    }
    let builder = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(|error| bad(error.to_string()))?;
    Ok(MakeRustlsConnect::new(builder.with_root_certificates(roots).with_no_client_auth()))
}
