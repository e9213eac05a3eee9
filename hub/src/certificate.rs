//! The hub's certificate: made by itself, known by its fingerprint, which stands in the QR.

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_ECDSA_P256_SHA256, date_time_ymd};
use sha2::{Digest, Sha256};

/// The name in the certificate; nobody checks it, the fingerprint is what counts.
const NAME: &str = "hub.invalid";

/// A certificate and its key, as they are kept on the captain's disk.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The certificate, X.509 as DER.
    pub der: Vec<u8>,
    /// The secret key, ECDSA P-256, PKCS #8 as DER.
    pub key_pkcs8_der: Vec<u8>,
}

impl Certificate {
    /// Makes a new key and a certificate for it, which is valid for longer than any campaign.
    ///
    /// # Errors
    /// When the system gives no random bytes.
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

    /// The SHA-256 of the certificate's DER: what a phone knows the hub by.
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
