//! Both keys sign: the new one is read, the old one is still in somebody's hands.

use jiff::{SignedDuration, Timestamp};
use kms_store::KeyStatus;

use super::{Next, RamError, Step, Why, Work};
use crate::{Service, Windows, failure::Failure};

/// Whoever comes later than this to a window's end, and was not there when it ended, gives
/// readers [`GRACE`]; so does who comes later than that in any case.
const LATE: SignedDuration = SignedDuration::from_mins(1);
/// While no server was there, readers could not fetch the new key (reference accesskey §4.2).
const GRACE: SignedDuration = SignedDuration::from_mins(15);
/// How often it is looked whether the new key is still there.
const PROBE: SignedDuration = SignedDuration::from_hours(1);
/// How often it is looked whether all readers have moved, where a window may end by that.
const LOOK: SignedDuration = SignedDuration::from_mins(5);
/// The longest that a key which signs no more is kept, to be told to again by hand.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

impl Service {
    pub(super) async fn drain(&self, work: &mut Work) -> Result<Next, Failure> {
        let now = self.window_now();
        let end = work.row.window_end.unwrap_or(now);
        let windows = self.rotation().windows;
        let is_early = now < end;
        if is_early && !(windows.follows_readers && self.may_end(work, now).await?) {
            if self.is_dead(work).await {
                return self.replace_dead_key(work).await;
            }
            let next = now.checked_add(look(windows)).unwrap_or(end);
            return Ok(self.wait_until(now, end.min(next), Step::Drain));
        }
        let late = now.duration_since(end);
        let was_away = self.is_up_since() > end;
        if !work.body.grace_given && late > LATE && (was_away || late > GRACE) {
            work.body.grace_given = true;
            return Ok(self.prolong(work, now, now.checked_add(GRACE).unwrap_or(now)));
        }
        let last = self.last_used(work).await;
        work.body.old_key_used = last;
        if !is_early && windows.follows_readers && work.body.why != Why::Emergency {
            let is_in_use = last.is_some_and(|last| work.body.promoted.is_some_and(|at| last > at));
            if let Some(end) = later_end(work, now).filter(|_| is_in_use)
                && !self.readers_moved(work).await?
            {
                return Ok(self.prolong(work, now, end));
            }
        }
        if self.readers_moved(work).await? {
            return Ok(self.stop_old_key(work, now).await);
        }
        // Official plug-ins come for the new key when the old one is unknown, not when it is
        // inactive (reference accesskey §3.5).
        Ok(Next::Step(Step::Delete))
    }

    /// The old key signs no more; for a while it can be told to again, at RAM.
    async fn stop_old_key(&self, work: &mut Work, now: Timestamp) -> Next {
        let Some(id) = work.body.old_key.clone() else {
            return Next::Step(Step::Delete);
        };
        let stopped = (work.ram).set_status(&work.user, &id, KeyStatus::Inactive);
        match stopped.await {
            Ok(()) => {}
            Err(error) if error.is_transient() => return Next::Later(error.to_string()),
            // It is gone, or may only be deleted.
            Err(_) => return Next::Step(Step::Delete),
        }
        work.body.deactivated = Some(now);
        self.wait_until(
            now,
            now.checked_add(kept(work)).unwrap_or(now),
            Step::Deactivate,
        )
    }

    /// The old key signs no more; its time is over when that was long enough.
    pub(super) fn wait_for_end(&self, work: &Work) -> Next {
        let now = self.window_now();
        let end = work
            .body
            .deactivated
            .and_then(|since| since.checked_add(kept(work)).ok());
        match end {
            Some(end) if now < end => self.wait_until(now, end, Step::Deactivate),
            _ => Next::Step(Step::Delete),
        }
    }

    async fn may_end(&self, work: &Work, now: Timestamp) -> Result<bool, Failure> {
        let least = self.rotation().windows.least;
        let is_long = (work.body.promoted).is_some_and(|at| now.duration_since(at) >= least);
        Ok(is_long && self.readers_moved(work).await?)
    }

    async fn readers_moved(&self, work: &Work) -> Result<bool, Failure> {
        let Some(old) = &work.body.old_version else {
            return Ok(false);
        };
        let id = work.row.secret;
        self.have_moved(id, old, &work.row.version).await
    }

    /// Whether RAM has no such key as the current one, or it was disabled, and room for another.
    /// That RAM cannot be asked says nothing.
    async fn is_dead(&self, work: &Work) -> bool {
        let Ok(keys) = work.ram.keys(&work.user).await else {
            return false;
        };
        let is_good = |key: &super::RamKey| {
            Some(&key.id) == work.body.new_key.as_ref() && key.status == KeyStatus::Active
        };
        keys.len() < 2 && !keys.iter().any(is_good)
    }

    fn prolong(&self, work: &mut Work, now: Timestamp, end: Timestamp) -> Next {
        work.row.window_end = Some(end);
        self.wait_until(now, end, Step::Drain)
    }

    /// Waits until the windows' clock shows that time, by the clock that workers go by.
    fn wait_until(&self, now: Timestamp, then: Timestamp, step: Step) -> Next {
        let wait = then.duration_since(now);
        let then = self.now().checked_add(wait).unwrap_or(then);
        Next::Until(then, step)
    }

    /// When the old key signed last, if that can be known.
    async fn last_used(&self, work: &Work) -> Option<Timestamp> {
        let id = work.body.old_key.as_ref()?;
        match work.ram.last_used(&work.user, id).await {
            Ok(last) => last,
            Err(RamError::Denied(_)) => None,
            Err(error) => {
                tracing::warn!(key = %id, %error, "when an AccessKey was used last is not known");
                None
            }
        }
    }
}

/// How long it is at most until the next look at how a window goes.
pub(super) fn look(windows: Windows) -> SignedDuration {
    if windows.follows_readers { LOOK } else { PROBE }
}

/// A later end of the window, as long as it is not twice as long.
fn later_end(work: &Work, now: Timestamp) -> Option<Timestamp> {
    let window = SignedDuration::from_secs(work.body.window_seconds);
    let latest = work.body.promoted?.checked_add(window).ok()?;
    let latest = latest.checked_add(window).ok()?;
    let next = now.checked_add(window / 4).ok()?;
    (now < latest).then_some(next.min(latest))
}

fn kept(work: &Work) -> SignedDuration {
    KEPT.min(SignedDuration::from_secs(work.body.window_seconds) / 4)
}
