//! The cryptography of a link: DTLS without keys for media, which no link carries.

use hmac::{Hmac, KeyInit, Mac};
use sha1::{Digest, Sha1};
use sha2::Sha256;
use std::sync::Arc;
use std::time::Instant;
use str0m::crypto::dtls::{
    DtlsCert, DtlsImplError, DtlsInstance, DtlsOutput, DtlsProvider, DtlsVersion, ProtocolVersion,
};
use str0m::crypto::{
    AeadAes128GcmCipher, AeadAes256GcmCipher, Aes128CmSha1_80Cipher, CryptoError, CryptoProvider, Sha1HmacProvider,
    Sha1Provider, Sha256Provider, SrtpProvider, SupportedAeadAes128Gcm, SupportedAeadAes256Gcm,
    SupportedAes128CmSha1_80,
};

/// The provider that str0m needs, in pure Rust.
pub(super) fn provider() -> CryptoProvider {
    CryptoProvider {
        srtp_provider: &Crypto,
        sha1_hmac_provider: &Crypto,
        sha1_provider: &Crypto,
        sha256_provider: &Crypto,
        dtls_provider: &Crypto,
    }
}

/// HMAC-SHA-1 over parts, the integrity of STUN (RFC 8489, 14.5).
pub(super) fn sha1_hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 20] {
    // HMAC accepts a key of any length.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key) else { return [0; 20] };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[derive(Debug)]
struct Crypto;

impl Sha1HmacProvider for Crypto {
    fn sha1_hmac(&self, key: &[u8], payloads: &[&[u8]]) -> [u8; 20] {
        sha1_hmac(key, payloads)
    }
}

impl Sha1Provider for Crypto {
    fn sha1(&self, data: &[u8]) -> [u8; 20] {
        Sha1::digest(data).into()
    }
}

impl Sha256Provider for Crypto {
    fn sha256(&self, data: &[u8]) -> [u8; 32] {
        Sha256::digest(data).into()
    }
}

impl DtlsProvider for Crypto {
    fn generate_certificate(&self) -> Option<DtlsCert> {
        None
    }

    fn new_dtls(
        &self,
        cert: &DtlsCert,
        now: Instant,
        dtls_version: DtlsVersion,
        mtu: Option<usize>,
    ) -> Result<Box<dyn DtlsInstance>, CryptoError> {
        // ICE has already verified the peer's address, so that a cookie would prove nothing more.
        let mut config = dimpl::Config::builder().use_server_cookie(false);
        if let Some(mtu) = mtu {
            config = config.mtu(mtu);
        }
        let config = Arc::new(config.build()?);
        let dtls = match dtls_version {
            DtlsVersion::Dtls12 => dimpl::Dtls::new_12(config, cert.clone(), now),
            DtlsVersion::Dtls13 => dimpl::Dtls::new_13(config, cert.clone(), now),
            _ => dimpl::Dtls::new_auto(config, cert.clone(), now),
        };
        Ok(Box::new(WithoutMedia { dtls, began: now }))
    }
}

/// DTLS that discards its keys for media.
struct WithoutMedia {
    dtls: dimpl::Dtls,
    began: Instant,
}

impl std::fmt::Debug for WithoutMedia {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WithoutMedia")
    }
}

impl DtlsInstance for WithoutMedia {
    fn set_active(&mut self, active: bool) {
        self.dtls.set_active(active);
    }

    fn handle_packet(&mut self, packet: &[u8]) -> Result<(), DtlsImplError> {
        self.dtls.handle_packet(packet)
    }

    fn poll_output<'a>(&mut self, buf: &'a mut [u8]) -> DtlsOutput<'a> {
        match self.dtls.poll_output(buf) {
            // A deadline in the past, so that it is polled again at once.
            DtlsOutput::KeyingMaterial(..) => DtlsOutput::Timeout(self.began),
            output => output,
        }
    }

    fn handle_timeout(&mut self, now: Instant) -> Result<(), DtlsImplError> {
        self.dtls.handle_timeout(now)
    }

    fn send_application_data(&mut self, data: &[u8]) -> Result<usize, DtlsImplError> {
        self.dtls.send_application_data(data)
    }

    fn is_active(&self) -> bool {
        self.dtls.is_active()
    }

    fn protocol_version(&self) -> Option<ProtocolVersion> {
        self.dtls.protocol_version()
    }

    fn is_closing(&self) -> bool {
        self.dtls.is_closing()
    }

    fn is_closed(&self) -> bool {
        self.dtls.is_closed()
    }

    fn close(&mut self) -> Result<(), DtlsImplError> {
        self.dtls.close()
    }
}

impl SrtpProvider for Crypto {
    fn aes_128_cm_sha1_80(&self) -> &'static dyn SupportedAes128CmSha1_80 {
        &Self
    }

    fn aead_aes_128_gcm(&self) -> &'static dyn SupportedAeadAes128Gcm {
        &Self
    }

    fn aead_aes_256_gcm(&self) -> &'static dyn SupportedAeadAes256Gcm {
        &Self
    }

    fn srtp_aes_128_ecb_round(&self, _: &[u8], _: &[u8], _: &mut [u8]) {}

    fn srtp_aes_256_ecb_round(&self, _: &[u8], _: &[u8], _: &mut [u8]) {}
}

/// Media ciphers that are never created, because their keys are discarded; every operation fails.
macro_rules! refuses_media {
    ($supported:ident, $cipher:ident, $key:literal, $iv:literal, $aad:ty, $aads:ty, $read:ty) => {
        impl $supported for Crypto {
            fn create_cipher(&self, _: [u8; $key], _: bool) -> Box<dyn $cipher> {
                Box::new(Self)
            }
        }

        impl $cipher for Crypto {
            refuses_media!(@call encrypt, $iv, $aad, ());
            refuses_media!(@call decrypt, $iv, $aads, $read);
        }
    };
    (@call $name:ident, $iv:literal, (), $out:ty) => {
        fn $name(&mut self, _: &[u8; $iv], _: &[u8], _: &mut [u8]) -> Result<$out, CryptoError> {
            Err(CryptoError::Other("no media".to_owned()))
        }
    };
    (@call $name:ident, $iv:literal, $aad:ty, $out:ty) => {
        fn $name(&mut self, _: &[u8; $iv], _: $aad, _: &[u8], _: &mut [u8]) -> Result<$out, CryptoError> {
            Err(CryptoError::Other("no media".to_owned()))
        }
    };
}

refuses_media!(SupportedAeadAes128Gcm, AeadAes128GcmCipher, 16, 12, &[u8], &[&[u8]], usize);
refuses_media!(SupportedAeadAes256Gcm, AeadAes256GcmCipher, 32, 12, &[u8], &[&[u8]], usize);

impl SupportedAes128CmSha1_80 for Crypto {
    fn create_cipher(&self, _: [u8; 16], _: bool) -> Box<dyn Aes128CmSha1_80Cipher> {
        Box::new(Self)
    }
}

impl Aes128CmSha1_80Cipher for Crypto {
    refuses_media!(@call encrypt, 16, (), ());
    refuses_media!(@call decrypt, 16, (), ());
}
