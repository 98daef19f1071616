use std::time::Duration;

use uuid::Uuid;

/// Where nonces and jitter come from; tests write theirs down.
pub(crate) trait Chance: Send + Sync {
    /// Never the same twice.
    fn nonce(&self) -> String;

    /// Evenly between nothing and `most`, both included.
    fn up_to(&self, most: Duration) -> Duration;
}

/// The operating system's randomness.
pub(crate) struct SystemChance;

impl Chance for SystemChance {
    fn nonce(&self) -> String {
        Uuid::new_v4().to_string()
    }

    fn up_to(&self, most: Duration) -> Duration {
        // The 62 low bits of a version 4 UUID are all random (RFC 9562).
        let (_, low) = Uuid::new_v4().as_u64_pair();
        let random = low & (u64::MAX >> 2);
        let most = u64::try_from(most.as_nanos()).unwrap_or(u64::MAX);
        Duration::from_nanos(random.checked_rem(most.saturating_add(1)).unwrap_or(0))
    }
}
