//! Completes requests that change the store, and notifies listeners, even if the client has hung up.

use super::refuse::Refused;
use crate::store::StoreError;
use porchlight_model::relay::RefusalCode;

/// Runs work to completion, whether or not the client still waits for the answer.
pub(super) async fn to_its_end<T: Send + 'static>(
    act: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, Refused> {
    let gone = |_| Refused::new(RefusalCode::Unavailable, "the request was not finished: send it again");
    Ok(tokio::spawn(act).await.map_err(gone)??)
}
