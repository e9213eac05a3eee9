//! The certificate of a relay that terminates TLS itself: read from its files, reloaded while the relay serves, and watched for its expiry.

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

/// How many days before a certificate expires the log warns of it.
const SOON_DAYS: i64 = 30;

/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The files that a relay needs to terminate TLS itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate chain, PEM.
    pub cert: PathBuf,
    /// The private key, PEM.
    pub key: PathBuf,
}

/// A certificate or key file that cannot be used, and why.
#[derive(Debug, thiserror::Error)]
#[error("the TLS file {0} cannot be used")]
pub struct TlsError(pub PathBuf, #[source] Box<dyn std::error::Error + Send + Sync>);

/// A certificate with its key, under which a relay terminates TLS; clones share it, also after a reload.
#[derive(Debug, Clone)]
pub struct Tls {
    config: RustlsConfig,
    chain: watch::Sender<Chain>,
}

/// The validity period of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Valid {
    from: At,
    until: At,
}

/// The validity of a file's certificates, as far as they can be parsed; one that cannot be parsed here is used all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Chain {
    /// That of the relay's own certificate, the first.
    own: Option<Valid>,
    /// The period in which all intermediates are valid. Which of them a device needs depends on the roots that it trusts.
    rest: Option<Valid>,
    n_unread: usize,
}

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    /// [`TlsError`] where one cannot be read, or the key is not the certificate's.
    pub fn load(files: &TlsFiles) -> Result<Self, TlsError> {
        let (config, chain) = read(files)?;
        Ok(Self { config: RustlsConfig::from_config(config), chain: watch::Sender::new(chain) })
    }

    /// Reloads the files: later connections get the new certificate, open ones stay as they are.
    ///
    /// # Errors
    /// As [`Self::load`]; then nothing changes.
    pub fn reload(&self, files: &TlsFiles) -> Result<(), TlsError> {
        let (config, chain) = read(files)?;
        self.config.reload_from_config(config);
        self.chain.send_replace(chain);
        Ok(())
    }

    /// The TLS configuration of the listener.
    pub(crate) fn config(&self) -> RustlsConfig {
        self.config.clone()
    }

    /// Notifies of each reload.
    pub(crate) fn news(&self) -> watch::Receiver<impl Send + Sync + use<>> {
        self.chain.subscribe()
    }

    /// When the relay's own certificate expires, where that can be read.
    #[must_use]
    pub fn ends_at(&self) -> Option<At> {
        self.chain.borrow().own.map(|own| own.until)
    }

    /// Logs until when it is valid: a warning from 30 days before it expires, an error after that. Of the intermediates, the log
    /// only warns.
    pub fn say_end(&self, now: At) {
        let Chain { own, rest, n_unread } = *self.chain.borrow();
        if let Some(Valid { from, until }) = own {
            let (at, days) = (until.to_iso(), until.since_ms(now).div_euclid(DAY_MS));
            if now > until {
                tracing::error!(at, "the certificate has expired: devices refuse it until it is renewed and read anew");
            } else if now < from {
                tracing::warn!(from = from.to_iso(), "the certificate is not valid yet: devices refuse it until then");
            } else if days < SOON_DAYS {
                tracing::warn!(at, days, "the certificate expires soon: renew it, and let the relay read it anew");
            } else {
                tracing::info!(at, days, "the certificate is valid until then");
            }
        }
        if let Some(Valid { until, .. }) = rest.filter(|rest| now > rest.until || now < rest.from) {
            let at = until.to_iso();
            tracing::warn!(
                at,
                "another certificate in the file, behind the relay's own, is not valid now: devices that need it to trust the relay refuse it"
            );
        }
        if n_unread > 0 {
            tracing::warn!(n_unread, "certificates are used whose end cannot be read: watch it elsewhere");
        }
    }
}

fn read(files: &TlsFiles) -> Result<(Arc<rustls::ServerConfig>, Chain), TlsError> {
    fn bad(path: &Path, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> TlsError {
        TlsError(path.to_owned(), error.into())
    }
    let certs = CertificateDer::pem_file_iter(&files.cert).map_err(|error| bad(&files.cert, error))?;
    let certs = certs.collect::<Result<Vec<_>, _>>().map_err(|error| bad(&files.cert, error))?;
    if certs.is_empty() {
        return Err(bad(&files.cert, "it holds no certificate"));
    }
    let chain = chain(&certs);
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| bad(&files.key, error))?;
    Ok((under(certs, key).map_err(|error| bad(&files.key, error))?, chain))
}

/// The validity of the certificates of a file.
fn chain(certs: &[CertificateDer<'static>]) -> Chain {
    let read: Vec<Option<Valid>> = certs.iter().map(valid).collect();
    let all = |all: Valid, one: Valid| Valid { from: all.from.max(one.from), until: all.until.min(one.until) };
    Chain {
        own: read.first().copied().flatten(),
        rest: read.iter().skip(1).flatten().copied().reduce(all),
        n_unread: read.iter().filter(|valid| valid.is_none()).count(),
    }
}

fn valid(cert: &CertificateDer<'static>) -> Option<Valid> {
    let Validity { not_before, not_after } = Certificate::from_der(cert).ok()?.tbs_certificate.validity;
    let at = |time: x509_cert::time::Time| At(i64::try_from(time.to_unix_duration().as_millis()).unwrap_or(i64::MAX));
    Some(Valid { from: at(not_before), until: at(not_after) })
}

/// Makes the TLS configuration for a certificate.
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Chain, chain, valid};
    use rustls::pki_types::CertificateDer;

    #[test]
    fn the_relays_own_certificate_is_judged_apart_from_those_behind_it_and_from_what_cannot_be_read() {
        let make = || rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap().cert.der().clone();
        let (own, other, unread) = (make(), make(), CertificateDer::from(vec![1, 2, 3]));
        let (own_valid, other_valid) = (valid(&own), valid(&other));
        assert!(own_valid.is_some() && other_valid.is_some());
        assert_eq!(chain(std::slice::from_ref(&own)), Chain { own: own_valid, rest: None, n_unread: 0 });
        assert_eq!(
            chain(&[own.clone(), unread.clone(), other]),
            Chain { own: own_valid, rest: other_valid, n_unread: 1 }
        );
        assert_eq!(chain(&[unread, own]), Chain { own: None, rest: own_valid, n_unread: 1 });
    }
}
