//! Both keys sign: the new one is read, the old one is still in somebody's hands.

use jiff::{SignedDuration, Timestamp};

use super::{Next, Step, Work};
use crate::Service;

/// Whoever comes later than this to a window's end was away.
const LATE: SignedDuration = SignedDuration::from_mins(1);
/// What readers get then: while no server was there, they could not fetch the new key
/// (reference accesskey §4.2).
const GRACE: SignedDuration = SignedDuration::from_mins(15);

impl Service {
    pub(super) fn drain(&self, work: &mut Work) -> Next {
        let now = self.window_now();
        let end = work.row.window_end.unwrap_or(now);
        if now < end {
            return self.wait_until(now, end, Step::Drain);
        }
        if !work.body.grace_given && now.duration_since(end) > LATE {
            work.body.grace_given = true;
            let end = now.checked_add(GRACE).unwrap_or(now);
            work.row.window_end = Some(end);
            return self.wait_until(now, end, Step::Drain);
        }
        Next::Step(Step::Delete)
    }

    /// Waits until the windows' clock shows that time, by the clock that workers go by.
    fn wait_until(&self, now: Timestamp, then: Timestamp, step: Step) -> Next {
        let wait = then.duration_since(now);
        let then = self.now().checked_add(wait).unwrap_or(then);
        Next::Until(then, step)
    }
}
