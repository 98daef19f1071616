//! How a RAM that is not this server's own is read: one call after the other, not too fast, and
//! from the first page to the last. What is not complete is no reading.

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use kms_store::KeyStatus;
use kms_types::AccountId;
use tokio::time::sleep;

use super::reading::{Needs, ReadKey, ReadUser, Reading};
use crate::{ListedUser, Ram, RamError, RamUser};

/// How fast a RAM is asked that is not this server's own. The cloud's limits on calls are for
/// the whole account: what this server asks, others cannot.
#[derive(Clone, Debug)]
pub struct Pace {
    /// The pause between two calls.
    pub between: Duration,
    /// The pauses before a call is made again that was refused as one too many; when they are
    /// over, the reading is given up and tried again later.
    pub throttled: Vec<Duration>,
}

/// Asks one RAM at that pace.
pub(super) struct Reader<'a> {
    pub(super) ram: &'a dyn Ram,
    pub(super) account: &'a AccountId,
    pub(super) pace: &'a Pace,
}

/// Users whose tags are asked for at once (Ims, ListTagResources).
const MOST_AT_ONCE: usize = 50;
/// Pages of users at most: more than an account has users. RAM that never comes to an end is
/// no reason not to.
const MOST_PAGES: usize = 5_000;

// === impl Pace ===

impl Default for Pace {
    /// Ten calls a second, and half a minute in all where they are too many.
    fn default() -> Self {
        Self {
            between: Duration::from_millis(100),
            throttled: [1, 2, 4, 8, 16].map(Duration::from_secs).to_vec(),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// The reading after that one. What cannot be read is as it was.
    pub(super) async fn read(&self, former: Reading, needs: Needs, now: Timestamp) -> Reading {
        let mut reading = Reading {
            tried: now.as_millisecond(),
            ..former
        };
        let people = self.people().await;
        match people {
            Err(why) => {
                reading.people.fail(now, &why.to_string());
                // Nobody asks further: it is the same RAM.
                for (needed, part) in [
                    (needs.uses, &mut reading.uses),
                    (needs.tags, &mut reading.tags),
                ] {
                    if needed {
                        part.fail(now, &why.to_string());
                    }
                }
                reading.failures = reading.failures.saturating_add(1);
                return reading;
            }
            Ok(mut users) => {
                carry_over(&reading.users, &mut users);
                reading.users = users;
                reading.people.succeed(now);
            }
        }
        let mut has_failed = false;
        if needs.uses {
            match self.uses(&reading.users).await {
                Ok(users) => {
                    reading.users = users;
                    reading.uses.succeed(now);
                }
                Err(why) => {
                    reading.uses.fail(now, &why.to_string());
                    has_failed = true;
                }
            }
        }
        if needs.tags {
            match self.tags(&reading.users).await {
                Ok(users) => {
                    reading.users = users;
                    reading.tags.succeed(now);
                }
                Err(why) => {
                    reading.tags.fail(now, &why.to_string());
                    has_failed = true;
                }
            }
        }
        reading.failures = if has_failed {
            reading.failures.saturating_add(1)
        } else {
            0
        };
        reading
    }

    /// All users with their AccessKeys, by id.
    async fn people(&self) -> Result<Vec<ReadUser>, RamError> {
        let mut users = Vec::new();
        for user in self.users().await? {
            let of = self.of(&user);
            let keys = match self.ask(|| self.ram.keys(&of)).await {
                Ok(keys) => keys,
                // It was deleted since it was listed.
                Err(RamError::NoUser) => continue,
                Err(other) => return Err(other),
            };
            let mut keys: Vec<ReadKey> = keys
                .into_iter()
                .map(|key| ReadKey {
                    id: key.id,
                    is_active: key.status == KeyStatus::Active,
                    created: key.created.as_millisecond(),
                    last_used: None,
                })
                .collect();
            keys.sort_by(|one, other| (one.created, &one.id).cmp(&(other.created, &other.id)));
            users.push(ReadUser {
                id: user.id,
                name: user.name,
                keys,
                tags: BTreeMap::new(),
            });
        }
        users.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(users)
    }

    /// From the first page to the last.
    async fn users(&self) -> Result<Vec<ListedUser>, RamError> {
        let mut users = Vec::new();
        let mut after = None;
        for _ in 0..MOST_PAGES {
            let page = self
                .ask(|| self.ram.users(self.account, after.clone()))
                .await?;
            users.extend(page.users);
            match page.next {
                None => return Ok(users),
                next if next == after => break,
                next => after = next,
            }
        }
        Err(RamError::Answer("its list of users has no end"))
    }

    /// These users with when their AccessKeys were used.
    async fn uses(&self, users: &[ReadUser]) -> Result<Vec<ReadUser>, RamError> {
        let mut users = users.to_vec();
        for user in &mut users {
            let of = RamUser {
                account: self.account.clone(),
                name: user.name.clone(),
            };
            for key in &mut user.keys {
                key.last_used = match self.ask(|| self.ram.last_used(&of, &key.id)).await {
                    Ok(last) => last.map(Timestamp::as_millisecond),
                    // It was deleted since it was listed; the next reading has it no more.
                    Err(RamError::NoUser | RamError::NoKey) => key.last_used,
                    Err(other) => return Err(other),
                };
            }
        }
        Ok(users)
    }

    /// These users with their tags.
    async fn tags(&self, users: &[ReadUser]) -> Result<Vec<ReadUser>, RamError> {
        let ids: Vec<String> = users.iter().map(|user| user.id.clone()).collect();
        let mut tags: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for some in ids.chunks(MOST_AT_ONCE) {
            for tag in self.ask(|| self.ram.user_tags(self.account, some)).await? {
                let own = tags.entry(tag.user_id).or_default();
                own.insert(tag.key, tag.value);
            }
        }
        let mut users = users.to_vec();
        for user in &mut users {
            user.tags = tags.remove(&user.id).unwrap_or_default();
        }
        Ok(users)
    }

    /// Makes the call, and again if RAM says that it was one too many.
    async fn ask<T, F: Future<Output = Result<T, RamError>>>(
        &self,
        call: impl Fn() -> F,
    ) -> Result<T, RamError> {
        let mut pauses = self.pace.throttled.iter();
        loop {
            let answer = call().await;
            let (Err(RamError::Throttled), Some(pause)) = (&answer, pauses.next()) else {
                sleep(self.pace.between).await;
                return answer;
            };
            sleep(*pause).await;
        }
    }

    fn of(&self, user: &ListedUser) -> RamUser {
        RamUser {
            account: self.account.clone(),
            name: user.name.clone(),
        }
    }
}

/// What is read in other parts stays until it is read again.
fn carry_over(former: &[ReadUser], users: &mut [ReadUser]) {
    for user in users {
        let Some(before) = former.iter().find(|before| before.id == user.id) else {
            continue;
        };
        user.tags.clone_from(&before.tags);
        for key in &mut user.keys {
            let known = before.keys.iter().find(|known| known.id == key.id);
            key.last_used = known.and_then(|known| known.last_used);
        }
    }
}
