use std::sync::{Mutex, PoisonError};

/// What a connection is busy with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::gateway) enum Phase {
    /// Between two requests.
    Idle,
    /// A head has begun and not yet ended.
    Head,
    /// The body is on its way.
    Body,
    /// The request is complete and being answered.
    Work,
}

/// The phase of one connection, known to its stream and to whoever answers.
#[derive(Debug)]
pub(in crate::gateway) struct Progress(Mutex<Phase>);

impl Default for Progress {
    fn default() -> Self {
        Self(Mutex::new(Phase::Idle))
    }
}

impl Progress {
    pub(in crate::gateway) fn phase(&self) -> Phase {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(in crate::gateway) fn enter(&self, phase: Phase) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = phase;
    }
}
