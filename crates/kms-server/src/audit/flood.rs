//! Calls that nobody has signed cost their sender nothing: beyond a number of them in a
//! second they are counted, not written, so that nobody can fill the disk from outside.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// How many of them there were.
#[derive(Default)]
pub(super) struct Flood(Mutex<Second>);

#[derive(Default)]
struct Second {
    began: Duration,
    count: u32,
    over: Option<Over>,
}

/// Calls that were not written one by one.
#[derive(Default)]
pub(super) struct Over {
    codes: BTreeMap<&'static str, u64>,
    /// Some of those that sent them.
    sources: BTreeSet<IpAddr>,
}

/// What becomes of one more.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Counted {
    /// It is written.
    Alone,
    /// It is the first that is counted; it is written, too.
    First,
    /// It is counted.
    Among,
}

/// How many are written in a second.
const MOST: u32 = 100;

/// How long they are counted together.
const SECOND: Duration = Duration::from_secs(1);

const MOST_SOURCES: usize = 16;

// === impl Flood ===

impl Flood {
    pub(super) fn count(&self, now: Duration, source: IpAddr, code: &'static str) -> Counted {
        let mut second = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_sub(second.began) >= SECOND {
            (second.began, second.count) = (now, 0);
        }
        second.count = second.count.saturating_add(1);
        if second.count <= MOST {
            return Counted::Alone;
        }
        let is_first = second.over.is_none();
        let over = second.over.get_or_insert_default();
        if is_first {
            return Counted::First;
        }
        *over.codes.entry(code).or_default() += 1;
        if over.sources.len() < MOST_SOURCES {
            over.sources.insert(source);
        }
        Counted::Among
    }

    /// What has gathered, once its second is over.
    pub(super) fn take_over(&self, now: Duration) -> Option<Over> {
        let mut second = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if second.over.is_none() || now.saturating_sub(second.began) < SECOND {
            return None;
        }
        second.over.take()
    }

    /// What has gathered so far.
    pub(super) fn end(&self) -> Option<Over> {
        let mut second = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        second.over.take()
    }
}

// === impl Over ===

impl Over {
    /// For the event's line.
    pub(super) fn to_text(&self) -> [(&'static str, String); 3] {
        let calls: u64 = self.codes.values().sum();
        let codes: Vec<_> = self
            .codes
            .iter()
            .map(|(code, count)| format!("{code} {count}"))
            .collect();
        let sources: Vec<_> = self.sources.iter().map(ToString::to_string).collect();
        [
            ("calls", calls.to_string()),
            ("codes", codes.join(", ")),
            ("sources", sources.join(", ")),
        ]
    }
}

#[cfg(test)]
mod tests;
