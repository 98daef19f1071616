//! One call of KMS for however many requests miss the same key at once.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use thiserror::Error;
use tokio::sync::watch;

/// The call ended without a result: its task panicked.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error("the call ended without a result")]
pub(crate) struct Lost;

/// Calls in progress by key.
pub(crate) struct Flights<K, T>(Arc<Mutex<HashMap<K, Waiting<T>>>>);

type Waiting<T> = watch::Receiver<Option<T>>;

impl<K, T> Flights<K, T>
where
    K: Clone + Eq + Hash + Send + 'static,
    T: Clone + Send + Sync + 'static,
{
    pub(crate) fn new() -> Self {
        Self(Arc::default())
    }

    /// Waits for the call in progress, or begins one. `ready` looks once more whether
    /// the result is there already, for a call may have ended since the caller looked.
    ///
    /// The call runs in a task of its own: whoever stops waiting stops nobody else.
    ///
    /// # Errors
    /// [`Lost`], if the call panicked; the next one begins anew.
    pub(crate) async fn join<F>(
        &self,
        key: &K,
        ready: impl FnOnce() -> Option<T>,
        call: impl FnOnce() -> F,
    ) -> Result<T, Lost>
    where
        F: Future<Output = T> + Send + 'static,
    {
        let mut waiting = {
            let mut flights = lock(&self.0);
            if let Some(waiting) = flights.get(key) {
                waiting.clone()
            } else if let Some(value) = ready() {
                return Ok(value);
            } else {
                let (sender, waiting) = watch::channel(None);
                flights.insert(key.clone(), waiting.clone());
                let landing = Landing {
                    flights: Arc::clone(&self.0),
                    key: key.clone(),
                };
                let call = call();
                tokio::spawn(async move {
                    let value = call.await;
                    // Off the list first: who comes after this sees what the call left
                    // behind, or calls again.
                    drop(landing);
                    sender.send_replace(Some(value));
                });
                waiting
            }
        };
        let value = waiting
            .wait_for(Option::is_some)
            .await
            .map_err(|_closed| Lost)?
            .clone();
        value.ok_or(Lost)
    }
}

/// Takes a call off the list, even if it panics.
struct Landing<K: Eq + Hash, T> {
    flights: Arc<Mutex<HashMap<K, Waiting<T>>>>,
    key: K,
}

impl<K: Eq + Hash, T> Drop for Landing<K, T> {
    fn drop(&mut self) {
        lock(&self.flights).remove(&self.key);
    }
}

fn lock<K, T>(flights: &Mutex<HashMap<K, Waiting<T>>>) -> MutexGuard<'_, HashMap<K, Waiting<T>>> {
    flights.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
