//! Answers of the database that are still true, so that asking again costs nothing.

use std::{
    any::Any,
    borrow::Cow,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use hashlink::LruCache;

use super::{Statement, Value};
use crate::{Area, Moment};

mod weight;

pub(super) use weight::Weight;

/// Answers kept at most, and about how many bytes of them: enough for some thousand secrets and
/// keys in use. When it is full, the one goes that was asked for longest ago.
const MOST: usize = 16_384;
const MOST_BYTES: usize = 8 << 20;

/// What lies around an answer, about.
const FRAME: usize = 160;

/// Answers by what was asked. Sealed values stay sealed in it.
pub(crate) struct Memory(Mutex<Kept>);

struct Kept {
    answers: LruCache<Ask, Answer>,
    bytes: usize,
}

/// A statement and its values.
#[derive(Debug, Eq, Hash, PartialEq)]
pub(super) struct Ask {
    text: Cow<'static, str>,
    values: Box<[u8]>,
}

struct Answer {
    area: Area,
    number: u64,
    bytes: usize,
    found: Arc<dyn Any + Send + Sync>,
}

// === impl Memory ===

impl Memory {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Kept {
            answers: LruCache::new_unbounded(),
            bytes: 0,
        }))
    }

    /// What was found at that moment.
    pub(super) fn get<T: Clone + 'static>(
        &self,
        ask: &Ask,
        area: Area,
        moment: &Moment,
    ) -> Option<T> {
        let mut kept = self.kept();
        let answer = kept.answers.get(ask)?;
        if answer.area != area || answer.number != moment.number(area) {
            return None;
        }
        let found = Arc::clone(&answer.found);
        drop(kept);
        found.downcast_ref::<T>().cloned()
    }

    /// Keeps what was found at that moment.
    pub(super) fn put<T>(&self, ask: Ask, area: Area, moment: &Moment, found: T)
    where
        T: Weight + Send + Sync + 'static,
    {
        let bytes = FRAME + ask.weight() + found.weight();
        if bytes > MOST_BYTES / 16 {
            return;
        }
        let answer = Answer {
            area,
            number: moment.number(area),
            bytes,
            found: Arc::new(found),
        };
        let mut kept = self.kept();
        kept.bytes += bytes;
        if let Some(before) = kept.answers.insert(ask, answer) {
            kept.bytes -= before.bytes;
        }
        while (kept.bytes > MOST_BYTES || kept.answers.len() > MOST)
            && let Some((_ask, gone)) = kept.answers.remove_lru()
        {
            kept.bytes -= gone.bytes;
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        let mut kept = self.kept();
        kept.answers.clear();
        kept.bytes = 0;
    }

    /// Nothing in here is half done when a thread dies.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// === impl Ask ===

impl Ask {
    /// None where a value is absent: nothing is found by that.
    pub(super) fn of(statement: &Statement<'_>) -> Option<Self> {
        let (text, values) = statement.parts();
        let mut bytes = Vec::with_capacity(64);
        for value in values {
            let value: &[u8] = match value {
                Value::Int(Some(number)) => {
                    bytes.push(1);
                    bytes.extend(number.to_be_bytes());
                    continue;
                }
                Value::Text(Some(text)) => text.as_bytes(),
                Value::Bytes(Some(value)) => value,
                Value::Int(None) | Value::Text(None) | Value::Bytes(None) => return None,
            };
            // Which of the two it is the statement says.
            bytes.push(2);
            bytes.extend(value.len().to_be_bytes());
            bytes.extend(value);
        }
        Some(Self {
            text: text.clone(),
            values: bytes.into(),
        })
    }

    fn weight(&self) -> usize {
        let text = match &self.text {
            Cow::Borrowed(_everybodys) => 0,
            Cow::Owned(text) => text.len(),
        };
        text + self.values.len()
    }
}

#[cfg(test)]
mod tests;
