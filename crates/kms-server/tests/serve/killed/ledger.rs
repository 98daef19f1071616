//! What clients know of their writes.

use std::{
    collections::BTreeSet,
    sync::{Condvar, Mutex, MutexGuard},
    time::Duration,
};

use kms_wire::sign::SigningKey;

/// What was acknowledged, and what was asked for without an answer.
#[derive(Default)]
pub(super) struct Ledger {
    pages: Mutex<Pages>,
    has_grown: Condvar,
}

/// What a client was told.
#[derive(Clone)]
pub(super) enum Fact {
    /// A version of a secret, with the value of [`value_of`].
    Version { secret: String, version: String },
    /// A key of KMS.
    Key { id: String },
    /// A ciphertext under one of them.
    Ciphertext { blob: String, plain: String },
    /// A RAM user.
    User { name: String },
    /// The user's AccessKey.
    AccessKey { user: String, key: SigningKey },
}

/// What a client was told nothing about.
#[derive(Clone)]
pub(super) enum Doubt {
    Version { secret: String, version: String },
    Key,
    Ciphertext,
    User { name: String },
    AccessKey { user: String },
}

#[derive(Default)]
struct Pages {
    facts: Vec<Fact>,
    doubts: Vec<Doubt>,
    /// Who answered, and the answer's RequestId.
    answers: Vec<(usize, String)>,
    /// Secrets that take more versions, and how many.
    open: Vec<(String, usize)>,
}

/// Versions beyond the first: together they are no more than a secret keeps.
const VERSIONS: usize = 8;

/// How long a machine may take that has other things to do.
const PATIENCE: Duration = Duration::from_secs(50);

/// What a version holds: everything that has to be escaped somewhere.
pub(super) fn value_of(secret: &str, version: &str) -> String {
    format!("{{\"of\": \"{secret}\", \"at\": \"{version}\", \"is\": \"<密码 & 100%+'\\n'>\"}}")
}

// === impl Ledger ===

impl Ledger {
    pub(super) fn acknowledge(&self, server: usize, request_id: &str, fact: Fact) {
        let mut pages = self.pages();
        pages.answers.push((server, request_id.to_owned()));
        pages.facts.push(fact);
        drop(pages);
        self.has_grown.notify_all();
    }

    pub(super) fn doubt(&self, doubt: Doubt) {
        self.pages().doubts.push(doubt);
    }

    /// Lets others put versions into it.
    pub(super) fn open(&self, secret: &str) {
        self.pages().open.push((secret.to_owned(), VERSIONS));
    }

    /// A secret that takes one more version; which of them is chosen by `lot`.
    pub(super) fn take(&self, lot: usize) -> Option<String> {
        let mut pages = self.pages();
        let place = lot.checked_rem(pages.open.len())?;
        let (secret, left) = &mut pages.open[place];
        let secret = secret.clone();
        *left -= 1;
        if *left == 0 {
            pages.open.remove(place);
        }
        Some(secret)
    }

    pub(super) fn count(&self) -> usize {
        self.pages().facts.len()
    }

    /// Until that many are acknowledged.
    pub(super) fn wait_for(&self, count: usize) {
        let (pages, waited) = self
            .has_grown
            .wait_timeout_while(self.pages(), PATIENCE, |pages| pages.facts.len() < count)
            .unwrap();
        let there = pages.facts.len();
        drop(pages);
        assert!(!waited.timed_out(), "{there} of {count} are acknowledged");
    }

    pub(super) fn facts(&self) -> Vec<Fact> {
        self.pages().facts.clone()
    }

    /// One of them, chosen by `lot`.
    pub(super) fn fact(&self, lot: usize) -> Option<Fact> {
        let pages = self.pages();
        let place = lot.checked_rem(pages.facts.len())?;
        pages.facts.get(place).cloned()
    }

    pub(super) fn doubts(&self) -> Vec<Doubt> {
        self.pages().doubts.clone()
    }

    /// The secrets that there certainly are.
    pub(super) fn secrets(&self) -> BTreeSet<String> {
        let pages = self.pages();
        let secrets = pages.facts.iter().filter_map(|fact| match fact {
            Fact::Version { secret, .. } => Some(secret.clone()),
            _ => None,
        });
        secrets.collect()
    }

    /// How many keys there are, at least and at most.
    pub(super) fn keys(&self) -> (usize, usize) {
        let pages = self.pages();
        let is_key = |fact: &&Fact| matches!(fact, Fact::Key { .. });
        let least = pages.facts.iter().filter(is_key).count();
        let is_doubtful = |doubt: &&Doubt| matches!(doubt, Doubt::Key);
        (
            least,
            least + pages.doubts.iter().filter(is_doubtful).count(),
        )
    }

    /// RequestIds of what that server acknowledged.
    pub(super) fn request_ids(&self, server: usize) -> BTreeSet<String> {
        let pages = self.pages();
        let own = pages.answers.iter().filter(|(by, _)| *by == server);
        own.map(|(_, id)| id.clone()).collect()
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap()
    }
}
