//! How long a step that failed waits.

use jiff::SignedDuration;

/// Tries of one step before the rotation is given up. With the waits between them, about
/// ten hours: an outage of a night is outlived.
pub(super) const MOST_TRIES: i64 = 16;

const FIRST: i64 = 10;
const LONGEST: i64 = 3600;

/// The wait after so many tries.
pub(super) fn after(tries: i64) -> SignedDuration {
    let doublings = u32::try_from(tries.clamp(1, 32) - 1).unwrap_or(u32::MAX);
    let seconds = FIRST.checked_shl(doublings).unwrap_or(LONGEST);
    SignedDuration::from_secs(seconds.min(LONGEST))
}
