//! The certificate of a relay that speaks TLS itself: read from its files, read anew while the relay serves, and watched for its end.

use axum_server::tls_rustls::RustlsConfig;
use porchlight_model::time::At;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::watch;
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::time::Validity;

/// How many days before its end a certificate is warned of.
const SOON_DAYS: i64 = 30;

/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The files that a relay needs to speak TLS itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate chain, PEM.
    pub cert: PathBuf,
    /// The private key, PEM.
    pub key: PathBuf,
}

/// The file of TLS that cannot be used, and why.
#[derive(Debug, thiserror::Error)]
#[error("the TLS file {0} cannot be used")]
pub struct TlsError(pub PathBuf, #[source] Box<dyn std::error::Error + Send + Sync>);

/// A certificate with its key, as a relay speaks TLS under it; clones are the same, also after it was read anew.
#[derive(Debug, Clone)]
pub struct Tls {
    config: RustlsConfig,
    valid: watch::Sender<Valid>,
}

/// From when to when a chain of certificates counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Valid {
    from: At,
    until: At,
}

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    /// [`TlsError`] where one cannot be read, or the key is not the certificate's.
    pub fn load(files: &TlsFiles) -> Result<Self, TlsError> {
        let (config, valid) = read(files)?;
        Ok(Self { config: RustlsConfig::from_config(config), valid: watch::Sender::new(valid) })
    }

    /// Reads the files anew: connections that come from then on get what stands there, those that are open stay as they are.
    ///
    /// # Errors
    /// As [`Self::load`]; then all stays as it was.
    pub fn reload(&self, files: &TlsFiles) -> Result<(), TlsError> {
        let (config, valid) = read(files)?;
        self.config.reload_from_config(config);
        self.valid.send_replace(valid);
        Ok(())
    }

    /// How the listener speaks it.
    pub(crate) fn config(&self) -> RustlsConfig {
        self.config.clone()
    }

    /// Tells of each time that the files were read anew.
    pub(crate) fn news(&self) -> watch::Receiver<impl Send + Sync + use<>> {
        self.valid.subscribe()
    }

    /// When the first certificate of the chain ends.
    #[must_use]
    pub fn ends_at(&self) -> At {
        self.valid().until
    }

    /// Says in the log until when it counts: a warning from 30 days before its end, an error after it.
    pub fn say_end(&self, now: At) {
        let Valid { from, until } = self.valid();
        let (at, days) = (until.to_iso(), until.since_ms(now).div_euclid(DAY_MS));
        if now > until {
            tracing::error!(at, "the certificate has expired: devices refuse it until it is renewed and read anew");
        } else if now < from {
            tracing::warn!(from = from.to_iso(), "the certificate is not valid yet: devices refuse it until then");
        } else if days < SOON_DAYS {
            tracing::warn!(at, days, "the certificate expires soon: renew it, and let the relay read it anew");
        } else {
            tracing::info!(at, days, "the certificate counts until then");
        }
    }

    fn valid(&self) -> Valid {
        *self.valid.borrow()
    }
}

fn read(files: &TlsFiles) -> Result<(Arc<rustls::ServerConfig>, Valid), TlsError> {
    fn bad(path: &Path, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> TlsError {
        TlsError(path.to_owned(), error.into())
    }
    let certs = CertificateDer::pem_file_iter(&files.cert).map_err(|error| bad(&files.cert, error))?;
    let certs = certs.collect::<Result<Vec<_>, _>>().map_err(|error| bad(&files.cert, error))?;
    let valid = valid(&certs).map_err(|error| bad(&files.cert, error))?;
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| bad(&files.key, error))?;
    Ok((under(certs, key).map_err(|error| bad(&files.key, error))?, valid))
}

/// While all certificates of a chain count.
fn valid(certs: &[CertificateDer<'static>]) -> Result<Valid, Box<dyn std::error::Error + Send + Sync>> {
    let mut valid: Option<Valid> = None;
    for cert in certs {
        let Validity { not_before, not_after } = Certificate::from_der(cert)?.tbs_certificate.validity;
        let at =
            |time: x509_cert::time::Time| At(i64::try_from(time.to_unix_duration().as_millis()).unwrap_or(i64::MAX));
        let one = Valid { from: at(not_before), until: at(not_after) };
        let all = valid.unwrap_or(one);
        valid = Some(Valid { from: all.from.max(one.from), until: all.until.min(one.until) });
    }
    valid.ok_or_else(|| "it holds no certificate".into())
}

/// How TLS is spoken under a certificate.
///
/// # Errors
/// When the key is not the certificate's.
pub fn under(
    certs: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<rustls::ServerConfig>, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(certs, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
