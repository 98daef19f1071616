use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use kms_types::AccountId;
use tokio::sync::Notify;

/// Accounts whose RAM, which is not this server's own, has to be read soon, for somebody here
/// has changed something in it or wants to know.
#[derive(Default)]
pub(crate) struct Wanted {
    accounts: Mutex<BTreeSet<AccountId>>,
    added: Notify,
}

// === impl Wanted ===

impl Wanted {
    pub(super) fn add(&self, account: &AccountId) {
        self.lock().insert(account.clone());
        self.added.notify_one();
    }

    pub(super) fn has(&self, account: &AccountId) -> bool {
        self.lock().contains(account)
    }

    pub(super) fn remove(&self, account: &AccountId) {
        self.lock().remove(account);
    }

    /// Waits until one is added.
    pub(super) async fn added(&self) {
        self.added.notified().await;
    }

    /// The set is whole whatever panicked.
    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeSet<AccountId>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
