//! What either store does, stated once and run on both, by what it is for. Each case has an empty store of its own.

/// Generates a test of each case for each store.
macro_rules! on_both_stores {
    ($($case:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $case() {
                let kept = crate::stores::sqlite().await;
                super::$case(&*kept.store).await;
                crate::conformance::ends_well(kept).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $case() {
                let kept = crate::stores::postgres().await;
                super::$case(&*kept.store).await;
                crate::conformance::ends_well(kept).await;
            })*
        }
    };
}

mod budgets;
mod documents;
mod enrolment;
mod members;
mod office;
mod packs;
mod upkeep;

use crate::stores::{NOW, TestStore};
use porchlight_model::id::DeviceId;
use porchlight_model::relay::RefusalCode;
use porchlight_model::wire::RejectReason;
use porchlight_relay::store::{DocPushed, Push, StoreError};

async fn ends_well(kept: TestStore) {
    kept.store.check().await.unwrap();
    for _ in 0..2 {
        kept.store.check_writing().await.unwrap();
        kept.store.check_room().await.unwrap();
    }
    kept.store.close().await.unwrap();
    assert!(matches!(kept.store.check().await, Err(StoreError::Unavailable(_))), "a closed store is unavailable");
    assert!(matches!(
        kept.store.push(Push { device: DeviceId::from_bytes([0; 16]), docs: Vec::new(), now: NOW }).await,
        Err(StoreError::Unavailable(_))
    ));
}

/// Why a store refused.
pub(crate) fn code<T>(result: Result<T, StoreError>) -> RefusalCode {
    match result {
        Err(StoreError::Refused(_, code)) => code,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it was not refused"),
    }
}

pub(crate) fn why(pushed: &DocPushed) -> Vec<RejectReason> {
    pushed.rejected.iter().map(|rejected| rejected.why).collect()
}

pub(crate) fn numbers(pushed: &DocPushed) -> Vec<u64> {
    pushed.acked.iter().map(|acked| acked.n).collect()
}
