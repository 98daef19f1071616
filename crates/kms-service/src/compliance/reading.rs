//! What a RAM that is not this server's own said of an account's users, kept: rules are asked
//! in transactions, and that RAM answers over a network, slowly or not at all.
//!
//! It is read in parts, and of each part it is known when it was read and since when it cannot
//! be. While a part that a rule needs cannot be read, the rule says of that RAM's users what it
//! said before.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kms_store::{DocumentKind, Tx};
use kms_types::{AccessKeyId, AccountId, UserName};
use kms_wire::request::RuleScope;
use serde::{Deserialize, Serialize};

use super::kind::Kind;
use crate::{
    documents::{self, Document, Named},
    failure::Failure,
};

/// The reading of an account's RAM. There is one; its document's name is [`NAME`].
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Reading {
    /// By id.
    pub(super) users: Vec<ReadUser>,
    /// Users with their AccessKeys.
    pub(super) people: Part,
    /// When AccessKeys were used last.
    pub(super) uses: Part,
    /// The users' tags.
    pub(super) tags: Part,
    /// When it was tried last, in milliseconds since 1970.
    pub(super) tried: i64,
    /// How often in a row something could not be read.
    pub(super) failures: u32,
}

/// How it stands with one part of it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub(super) struct Part {
    /// When it was read last, in milliseconds since 1970.
    pub(super) read: Option<i64>,
    /// That it cannot be read.
    pub(super) failing: Option<Unread>,
}

/// Since when something cannot be read, and why.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Unread {
    /// Milliseconds since 1970.
    pub(super) since: i64,
    pub(super) why: String,
}

/// A user of that RAM.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct ReadUser {
    pub(super) id: String,
    pub(super) name: UserName,
    pub(super) keys: Vec<ReadKey>,
    #[serde(default)]
    pub(super) tags: BTreeMap<String, String>,
}

/// An AccessKey of one.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct ReadKey {
    pub(super) id: AccessKeyId,
    pub(super) is_active: bool,
    /// Milliseconds since 1970.
    pub(super) created: i64,
    #[serde(default)]
    pub(super) last_used: Option<i64>,
}

/// Which parts a rule needs besides users and their AccessKeys.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Needs {
    pub(super) uses: bool,
    pub(super) tags: bool,
}

/// The name of every account's reading.
const NAME: &str = "ram";

impl Document for Reading {
    const KIND: DocumentKind = DocumentKind::RamReading;
}

// === impl Needs ===

impl Needs {
    /// Of a rule that says this about these.
    pub(super) fn of(kind: Kind, scope: &RuleScope) -> Self {
        let has_tags =
            scope.tag_key.is_some() || !scope.tags.is_empty() || !scope.exclude_tags.is_empty();
        Self {
            uses: matches!(kind, Kind::Used(_)),
            tags: has_tags,
        }
    }

    /// Of either.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            uses: self.uses || other.uses,
            tags: self.tags || other.tags,
        }
    }
}

// === impl Part ===

impl Part {
    /// It was read.
    pub(super) fn succeed(&mut self, now: Timestamp) {
        self.read = Some(now.as_millisecond());
        self.failing = None;
    }

    /// It could not be; since when stays.
    pub(super) fn fail(&mut self, now: Timestamp, why: &str) {
        let since = self.failing.as_ref().map(|failing| failing.since);
        self.failing = Some(Unread {
            since: since.unwrap_or_else(|| now.as_millisecond()),
            why: why.to_owned(),
        });
    }
}

// === impl Reading ===

impl Reading {
    /// The account's, if its RAM was ever asked.
    pub(super) async fn look_up(
        tx: &mut dyn Tx,
        account: &AccountId,
    ) -> Result<Option<Self>, Failure> {
        let found = documents::look_up::<Self>(tx, account, NAME).await?;
        Ok(found.map(|found| found.body))
    }

    /// Keeps it, unless a later one is kept.
    pub(super) async fn keep(
        &self,
        tx: &mut dyn Tx,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<bool, Failure> {
        let former = documents::look_up::<Self>(tx, account, NAME).await?;
        if former.is_some_and(|former| former.body.tried > self.tried) {
            return Ok(false);
        }
        let kept = Named {
            name: NAME.to_owned(),
            body: self.clone(),
            created: now,
        };
        documents::put(tx, account, &kept).await.map(|()| true)
    }

    /// Why a rule with these needs cannot be asked about that RAM's users, if it cannot.
    pub(super) fn unread(&self, needs: Needs) -> Option<Unread> {
        let parts = self.parts(needs);
        let failing = parts.iter().filter_map(|part| part.failing.as_ref());
        let earliest = failing.min_by_key(|failing| failing.since);
        earliest.cloned().or_else(|| {
            let is_there = parts.iter().all(|part| part.read.is_some());
            (!is_there).then(Unread::not_yet)
        })
    }

    /// Whether something that is needed was never read.
    pub(super) fn is_unknown(&self, needs: Needs) -> bool {
        let mut parts = self.parts(needs).into_iter();
        parts.any(|part| part.read.is_none())
    }

    /// Whether something that is needed was neither read nor tried.
    pub(super) fn lacks(&self, needs: Needs) -> bool {
        let mut parts = self.parts(needs).into_iter();
        parts.any(|part| part.read.is_none() && part.failing.is_none())
    }

    fn parts(&self, needs: Needs) -> Vec<&Part> {
        let mut parts = vec![&self.people];
        parts.extend(needs.uses.then_some(&self.uses));
        parts.extend(needs.tags.then_some(&self.tags));
        parts
    }
}

// === impl Unread ===

impl Unread {
    /// Nobody has asked yet.
    pub(super) fn not_yet() -> Self {
        Self {
            since: 0,
            why: "it has not been asked yet".to_owned(),
        }
    }

    /// As annotations say it; when what is kept was found.
    pub(super) fn note(&self, found: Option<i64>) -> String {
        let at = |moment| {
            let at = Timestamp::from_millisecond(moment).unwrap_or_default();
            kms_wire::write_timestamp(at)
        };
        let since = if self.since == 0 {
            String::new()
        } else {
            format!(" since {}", at(self.since))
        };
        let rest = match found {
            Some(found) => format!("this was found at {}", at(found)),
            None => "nothing is known of the user".to_owned(),
        };
        format!(
            "the account's RAM cannot be read{since} ({}); {rest}",
            self.why
        )
    }
}
