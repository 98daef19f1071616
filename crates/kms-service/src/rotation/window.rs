//! How long a hosted AccessKey that was replaced stays good.

use jiff::SignedDuration;

/// The windows of rotations of RAM credentials.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Windows {
    /// After a scheduled rotation, and one that a call asked for without saying. Never more
    /// than half of the interval, so that the next rotation finds room.
    pub usual: SignedDuration,
    /// The shortest that a call may ask for.
    pub least: SignedDuration,
    /// The longest.
    pub most: SignedDuration,
    /// Whether a window ends as soon as everybody who read the old value has read the new
    /// one, and is prolonged (up to twice its length) while the old key is still used.
    pub follows_readers: bool,
}

// === impl Windows ===

impl Windows {
    /// The usual one of a secret that is rotated that often: what was replaced has to be gone
    /// before the next time.
    pub(super) fn usual_for(&self, interval_seconds: Option<i64>) -> SignedDuration {
        match interval_seconds {
            Some(seconds) => self.usual.min(SignedDuration::from_secs(seconds / 2)),
            None => self.usual,
        }
    }
}

impl Default for Windows {
    /// The cloud's: 48 hours, 10 minutes to 2 days (reference accesskey §1, rows 23 and 24).
    fn default() -> Self {
        Self {
            usual: SignedDuration::from_hours(48),
            least: SignedDuration::from_mins(10),
            most: SignedDuration::from_hours(48),
            follows_readers: false,
        }
    }
}
