//! Refusals: the status and the body of every unsuccessful reply.

use crate::room::Full;
use crate::store::StoreError;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use porchlight_model::relay::{Refusal, RefusalCode};
use porchlight_model::versions::Versions;

/// A refusal as a response.
#[derive(Debug)]
pub(super) struct Refused {
    code: RefusalCode,
    detail: &'static str,
    retry_after_s: Option<u32>,
    /// The reason as the meters name it, where the code says too little.
    why: Option<&'static str>,
    /// Marks a reply that failed because the store did, for the meters.
    failure: Option<Box<StoreError>>,
}

/// In a reply's extensions: why it is no success, as the meters name it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Why(pub(super) &'static str);

/// A limit that a device or an address currently exceeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    /// Requests of a device.
    DeviceRate,
    /// Bytes that a device sends.
    DeviceBytes,
    /// Bytes that a device receives.
    DeviceTold,
    /// Concurrent requests of a device.
    DeviceAtOnce,
    /// Requests of a device that wait for the store.
    DeviceQueue,
    /// Requests of everyone that wait for the store.
    StoreQueue,
    /// Streams of hints of a device.
    DeviceStreams,
    /// Requests of an address without a token.
    AddressRate,
    /// What all large requests and answers weigh together.
    Memory,
}

impl Limit {
    const fn why(self) -> &'static str {
        match self {
            Self::DeviceRate => "device_rate",
            Self::DeviceBytes => "device_bytes",
            Self::DeviceTold => "device_told",
            Self::DeviceAtOnce => "device_at_once",
            Self::DeviceQueue => "device_queue",
            Self::StoreQueue => "store_queue",
            Self::DeviceStreams => "device_streams",
            Self::AddressRate => "address_rate",
            Self::Memory => "memory",
        }
    }

    const fn detail(self) -> &'static str {
        match self {
            Self::DeviceRate | Self::AddressRate => "too many requests: wait a little",
            Self::DeviceBytes | Self::DeviceTold => "too many bytes in a minute: wait a little",
            Self::DeviceAtOnce => "too many requests of this device at once: wait for their answers",
            Self::DeviceQueue => "too many requests of this device wait for the store",
            Self::StoreQueue => "too many requests wait for the store",
            Self::DeviceStreams => "too many streams of hints of this device",
            Self::Memory => "too many large requests and answers at once",
        }
    }
}

/// In a reply's extensions: the store failed.
#[derive(Debug, Clone, Copy)]
pub(super) struct StoreFailed;

impl Refused {
    /// Refuses for a reason that says what was wrong, never whom it was about.
    pub(super) fn new(code: RefusalCode, detail: &'static str) -> Self {
        Self { code, detail, retry_after_s: None, why: None, failure: None }
    }

    /// The request breaks a rule of the protocol.
    pub(super) fn malformed(detail: &'static str) -> Self {
        Self::new(RefusalCode::Malformed, detail)
    }

    /// Why.
    pub(super) const fn code(&self) -> RefusalCode {
        self.code
    }

    /// Throttled: retry after some seconds.
    pub(super) const fn slow_down(over: Limit, seconds: u32) -> Self {
        Self {
            code: RefusalCode::SlowDown,
            detail: over.detail(),
            retry_after_s: Some(seconds),
            why: Some(over.why()),
            failure: None,
        }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(_, RefusalCode::SlowDown) => Self::slow_down(Limit::DeviceQueue, 1),
            StoreError::Refused(detail, code) => Self::new(code, detail),
            StoreError::Busy => Self::slow_down(Limit::StoreQueue, 1),
            StoreError::Unavailable(_) => Self {
                code: RefusalCode::Unavailable,
                detail: "the relay's store failed: keep everything and try again later",
                retry_after_s: Some(5),
                why: None,
                failure: Some(Box::new(error)),
            },
        }
    }
}

impl From<Full> for Refused {
    fn from(Full: Full) -> Self {
        Self::slow_down(Limit::Memory, 2)
    }
}

/// The status of each reason.
const fn status(code: RefusalCode) -> StatusCode {
    match code {
        RefusalCode::InviteUnknown | RefusalCode::NotFound => StatusCode::NOT_FOUND,
        RefusalCode::InviteExpired | RefusalCode::InviteUsed => StatusCode::GONE,
        RefusalCode::TokenUnknown => StatusCode::UNAUTHORIZED,
        RefusalCode::Revoked | RefusalCode::LeaseEnded | RefusalCode::NotAllowed => StatusCode::FORBIDDEN,
        RefusalCode::WrongVersion => StatusCode::UPGRADE_REQUIRED,
        RefusalCode::Malformed => StatusCode::BAD_REQUEST,
        RefusalCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        RefusalCode::SlowDown => StatusCode::TOO_MANY_REQUESTS,
        // One of another program's: no relay of this version gives it.
        RefusalCode::Unavailable | RefusalCode::Unknown(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// The reason as the meters name it: every series has a name of this program's own.
fn name(code: RefusalCode) -> &'static str {
    RefusalCode::ALL.iter().find(|known| **known == code).map_or("unknown", RefusalCode::as_str)
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let versions = (self.code == RefusalCode::WrongVersion).then_some(Versions::OURS);
        let body = Json(Refusal { code: self.code, detail: self.detail.to_owned(), versions });
        let mut response = (status(self.code), body).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.code == RefusalCode::TokenUnknown {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if self.code == RefusalCode::WrongVersion {
            headers.insert(header::UPGRADE, HeaderValue::from_static("porchlight/1"));
        }
        response.extensions_mut().insert(Why(self.why.unwrap_or(name(self.code))));
        if let Some(failure) = self.failure {
            tracing::error!(error = &*failure as &dyn std::error::Error, "the store failed");
            response.extensions_mut().insert(StoreFailed);
        }
        response
    }
}

/// Nothing lives at that path.
pub(super) async fn unknown_path() -> Refused {
    Refused::new(RefusalCode::NotFound, "there is nothing at this path")
}

/// Something lives there, but not for that method.
pub(super) async fn wrong_method() -> Response {
    let mut response = Refused::malformed("this path does not know that method").into_response();
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response
}
