//! The hub's self-signed certificate. Phones identify it by its fingerprint, which is in the QR code.

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_ECDSA_P256_SHA256, date_time_ymd};
use sha2::{Digest, Sha256};

/// The name in the certificate. Nobody checks it: phones compare the fingerprint.
const NAME: &str = "hub.invalid";

/// A certificate and its private key, as stored on the captain's device.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The certificate, X.509 as DER.
    pub der: Vec<u8>,
    /// The private key, ECDSA P-256, PKCS #8 as DER.
    pub key_pkcs8_der: Vec<u8>,
}

impl Certificate {
    /// Generates a key and a certificate for it that outlasts any campaign.
    ///
    /// # Errors
    /// When the system provides no random bytes.
    pub fn generate() -> Result<Self, rcgen::Error> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut params = CertificateParams::new(vec![NAME.to_owned()])?;
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, NAME);
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2099, 12, 31);
        let certificate = params.self_signed(&key)?;
        Ok(Self { der: certificate.der().to_vec(), key_pkcs8_der: key.serialize_der() })
    }

    /// The SHA-256 of the certificate's DER, by which a phone identifies the hub.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(&self.der).into()
    }
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate({})", hex::encode(self.fingerprint()))
    }
}
