//! Refusals: the status and the body of every reply that is no success.

use crate::store::StoreError;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use porchlight_model::relay::{Refusal, RefusalCode};

/// A refusal on its way out.
#[derive(Debug)]
pub(super) struct Refused {
    code: RefusalCode,
    detail: &'static str,
    retry_after_s: Option<u32>,
    /// Marks a reply that failed because the store did, for the meters.
    failure: Option<StoreError>,
}

/// In a reply's extensions: the store failed.
#[derive(Debug, Clone, Copy)]
pub(super) struct StoreFailed;

impl Refused {
    /// Refuses for a reason that says what was wrong, never whom it was about.
    pub(super) fn new(code: RefusalCode, detail: &'static str) -> Self {
        Self { code, detail, retry_after_s: None, failure: None }
    }

    /// The request breaks a rule of the protocol.
    pub(super) fn malformed(detail: &'static str) -> Self {
        Self::new(RefusalCode::Malformed, detail)
    }

    /// Too many requests: come again after some seconds.
    pub(super) fn slow_down(seconds: u32) -> Self {
        let retry_after_s = Some(seconds);
        Self { code: RefusalCode::SlowDown, detail: "too many requests: wait a little", retry_after_s, failure: None }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(detail, code) => Self::new(code, detail),
            StoreError::Busy => Self::slow_down(1),
            StoreError::Unavailable(_) => Self {
                code: RefusalCode::Unavailable,
                detail: "the relay's store failed: keep everything and try again later",
                retry_after_s: Some(5),
                failure: Some(error),
            },
        }
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
        RefusalCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let body = Json(Refusal { code: self.code, detail: self.detail.to_owned() });
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
        if let Some(failure) = self.failure {
            tracing::error!(error = &failure as &dyn std::error::Error, "the store failed");
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
