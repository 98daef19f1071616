//! Remote secrets, each looked at once per interval however many ExternalSecrets name it, and all of
//! these told at once when it changed.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use tokio::{sync::watch, task::AbortHandle};

use crate::{
    backend::Reader,
    metrics::Metrics,
    plan::{Answer, Remote, Store},
    settings::Share,
    triggers::{Dependant, ObjectName, Triggers},
};

mod pace;
mod slot;

pub(crate) use pace::Pace;
use slot::{Known, Orders, Slot};

/// All that are named. Clones share them.
#[derive(Clone)]
pub(crate) struct Remotes(Arc<Shared>);

struct Shared {
    looks: Looks,
    readers: Arc<dyn Readers>,
    triggers: Triggers,
    slots: Mutex<HashMap<Remote, Entry>>,
}

/// Who reads as a store says.
#[async_trait]
pub(crate) trait Readers: Send + Sync {
    /// Who does.
    ///
    /// # Errors
    /// In a sentence: the store is not there, or of no use.
    async fn reader(&self, store: &Store) -> Result<Arc<dyn Reader>, String>;
}

/// How remote secrets are looked at.
#[derive(Clone)]
pub(crate) struct Looks {
    /// Whether they are looked at again and again.
    pub polling: bool,
    /// By how much of its interval the second look comes earlier, so that not all come at once.
    pub spread: Share,
    /// How fast KMS is asked.
    pub kms: Arc<Pace>,
    /// How fast OOS is asked.
    pub oos: Arc<Pace>,
    /// Counts.
    pub metrics: Arc<Metrics>,
}

struct Entry {
    known: watch::Receiver<Known>,
    orders: watch::Sender<Orders>,
    dependants: BTreeMap<ObjectName, Duration>,
    following: AbortHandle,
}

// === impl Remotes ===

impl Remotes {
    /// None yet.
    pub(crate) fn new(looks: Looks, readers: Arc<dyn Readers>, triggers: Triggers) -> Self {
        Self(Arc::new(Shared {
            looks,
            readers,
            triggers,
            slots: Mutex::default(),
        }))
    }

    /// What is known of them, or nothing before each was looked at: `who` is told when it was. From
    /// now on it depends on these and on no others, and is told when one changed; each is looked at
    /// as often as the most impatient asks.
    ///
    /// Nobody waits here: thousands that begin at once would each hold what they have so far.
    pub(crate) fn answers(
        &self,
        who: &ObjectName,
        remotes: BTreeSet<Remote>,
        interval: Duration,
    ) -> Option<BTreeMap<Remote, Answer>> {
        let mut slots = lock(&self.0.slots);
        leave(&mut slots, who, &remotes);
        let mut answers = Some(BTreeMap::new());
        for remote in remotes {
            let entry = slots
                .entry(remote.clone())
                .or_insert_with(|| self.start(&remote, interval));
            entry.dependants.insert(who.clone(), interval);
            entry.hurry();
            let answer = entry.known.borrow().answer();
            answers = answers.zip(answer).map(|(mut answers, answer)| {
                answers.insert(remote, answer);
                answers
            });
        }
        self.0.looks.metrics.remotes(slots.len());
        answers
    }

    /// `who` depends on none any more.
    pub(crate) fn forget(&self, who: &ObjectName) {
        leave(&mut lock(&self.0.slots), who, &BTreeSet::new());
    }

    /// Looks at once at those that are read as this store says.
    pub(crate) fn look_again(&self, store: &Store) {
        for (remote, entry) in lock(&self.0.slots).iter() {
            if remote.store == *store {
                entry.orders.send_modify(Orders::again);
            }
        }
    }

    /// Who depends on any.
    pub(crate) fn dependants(&self) -> BTreeSet<ObjectName> {
        let slots = lock(&self.0.slots);
        let all = slots.values().flat_map(|entry| entry.dependants.keys());
        all.cloned().collect()
    }

    fn start(&self, remote: &Remote, interval: Duration) -> Entry {
        let (told, known) = watch::channel(Known::default());
        let (orders, ordered) = watch::channel(Orders::new(interval));
        let slot = Slot {
            remote: remote.clone(),
            looks: self.0.looks.clone(),
            readers: Arc::clone(&self.0.readers),
        };
        let shared = Arc::downgrade(&self.0);
        let about = remote.clone();
        let changed = move || {
            if let Some(shared) = shared.upgrade() {
                shared.tell(&about);
            }
        };
        let task = tokio::spawn(slot.follow(told, ordered, changed));
        Entry {
            known,
            orders,
            dependants: BTreeMap::new(),
            following: task.abort_handle(),
        }
    }
}

// === impl Shared ===

impl Shared {
    /// Has everybody looked at who depends on it.
    fn tell(&self, remote: &Remote) {
        let dependants: Vec<ObjectName> = match lock(&self.slots).get(remote) {
            Some(entry) => entry.dependants.keys().cloned().collect(),
            None => return,
        };
        for name in dependants {
            self.triggers.touch(&Dependant::ExternalSecret(name));
        }
    }
}

// === impl Entry ===

impl Entry {
    /// As often as the most impatient asks.
    fn hurry(&self) {
        if let Some(interval) = self.dependants.values().min() {
            self.orders
                .send_if_modified(|orders| orders.every(*interval));
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.following.abort();
    }
}

fn leave(slots: &mut HashMap<Remote, Entry>, who: &ObjectName, but: &BTreeSet<Remote>) {
    slots.retain(|remote, entry| {
        if !but.contains(remote) && entry.dependants.remove(who).is_some() {
            entry.hurry();
        }
        !entry.dependants.is_empty() || but.contains(remote)
    });
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
