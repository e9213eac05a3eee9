//! By how much the number of a campaign's grants rises with a change of them.

use super::StoreError;

/// The most that it rises at once. Numbers stay far below the times to which restoring raises them, however often grants change.
const MOST: u32 = 1 << 20;

/// A step of random length, at least 1. A device with the number that the store has is told no grants. A store that went back unnoticed (a standby
/// that lacked the last commits, a file put back without `restored`) goes on from an earlier number: step by step of 1 it would come
/// to numbers again that devices hold for other grants.
pub(super) fn step() -> Result<i64, StoreError> {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Unavailable(error.into()))?;
    Ok(1 + i64::from(u32::from_le_bytes(bytes) % MOST))
}
