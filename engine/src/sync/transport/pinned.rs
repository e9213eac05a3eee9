//! An HTTPS client pinned to one hub: it accepts only the self-signed certificate whose fingerprint the hub's QR code contains.

use porchlight_model::id::Sha256;
use reqwest::Client;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use sha2::Digest;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The cached client of the last hub, as a phone uses one at a time.
static LAST: Mutex<Option<(Sha256, Client)>> = Mutex::new(None);

/// The client for the hub with a fingerprint.
///
/// # Errors
/// When the TLS library refuses to make one.
pub(super) fn client(fingerprint: Sha256) -> Result<Client, reqwest::Error> {
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((known, client)) = &*last
        && *known == fingerprint
    {
        return Ok(client.clone());
    }
    let client = make(fingerprint)?;
    *last = Some((fingerprint, client.clone()));
    Ok(client)
}

fn make(fingerprint: Sha256) -> Result<Client, reqwest::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Arc::new(Pinned { fingerprint, provider: provider.clone() });
    let builder = Client::builder().connect_timeout(Duration::from_secs(5)).read_timeout(Duration::from_secs(20));
    let builder = builder.no_proxy();
    match ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions() {
        Ok(config) => {
            let config = config.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
            builder.tls_backend_preconfigured(config).build()
        }
        // Unreachable, because the provider has both versions. A client that trusts no self-signed certificate is a safe fallback.
        Err(_) => builder.build(),
    }
}

/// A verifier that accepts one certificate.
#[derive(Debug)]
struct Pinned {
    fingerprint: Sha256,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        // The QR code is the authority: name and dates add nothing to the fingerprint, and clocks may be wrong.
        if sha2::Sha256::digest(end_entity)[..] == self.fingerprint.0 {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
