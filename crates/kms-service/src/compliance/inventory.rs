//! What rules are about, as it is at one moment.

use std::collections::HashMap;

use aws_lc_rs::digest;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use kms_store::{KeyStatus, Page, RotationState, SecretId, SecretRecord, Tx};
use kms_types::{AccessKeyId, AccountId, SecretName};

use super::{
    kind::ResourceType,
    reading::{Needs, ReadKey, Reading, Unread},
};
use crate::{
    documents::Document, failure::Failure, ram::Profile, resource_groups::Grouping, rotation,
};

/// Users or secrets of an account.
#[derive(Clone, Debug, Default)]
pub(super) struct Inventory {
    pub(super) resources: Vec<Resource>,
    /// Why nothing new can be said of those that are elsewhere, if so.
    pub(super) unread: Option<Unread>,
    /// Whether there may be some elsewhere that nobody knows of.
    pub(super) is_unknown: bool,
}

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish<'a> {
    pub(super) of: ResourceType,
    pub(super) needs: Needs,
    /// Whether the account's users are those of another RAM, too.
    pub(super) has_other_ram: bool,
    /// Where the server is.
    pub(super) region: &'a str,
}

/// A user or a secret.
#[derive(Clone, Debug)]
pub(super) struct Resource {
    /// A user's id; a secret's ARN, as TagResources names it.
    pub(super) id: String,
    pub(super) name: String,
    /// `acs:…`.
    pub(super) arn: String,
    /// `global` for RAM's.
    pub(super) region: String,
    pub(super) tags: Vec<(String, String)>,
    /// The resource group that it is in; empty if in none.
    pub(super) group: String,
    /// Whether it is of another RAM than this server's.
    pub(super) is_elsewhere: bool,
    pub(super) is: Is,
}

/// What there is to know of it.
#[derive(Clone, Debug)]
pub(super) enum Is {
    User {
        keys: Vec<Key>,
    },
    Secret {
        can_rotate: bool,
        state: RotationState,
    },
}

/// An AccessKey.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) id: AccessKeyId,
    pub(super) is_active: bool,
    pub(super) created: Timestamp,
    pub(super) last_used: Option<Timestamp>,
    /// A rotation has put another key in its place and deletes it when its window is over.
    pub(super) is_leaving: bool,
}

/// Where RAM's are.
const GLOBAL: &str = "global";
/// Secrets that are read at once.
const PAGE: u32 = 1_000;

// === impl Inventory ===

impl Inventory {
    /// What the account has of that type.
    pub(super) async fn load(
        tx: &mut dyn Tx,
        account: &AccountId,
        wish: Wish<'_>,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let mut inventory = Self::default();
        match wish.of {
            ResourceType::Secret => {
                inventory.resources = secrets(tx, account, wish.region, now).await?;
            }
            ResourceType::User => {
                inventory.resources = users(tx, account).await?;
                if wish.has_other_ram {
                    inventory.add_others(tx, account, wish.needs).await?;
                }
            }
        }
        Ok(inventory)
    }

    /// The users of the account's other RAM, as it was read last.
    async fn add_others(
        &mut self,
        tx: &mut dyn Tx,
        account: &AccountId,
        needs: Needs,
    ) -> Result<(), Failure> {
        let Some(reading) = Reading::look_up(tx, account).await? else {
            self.unread = Some(Unread::not_yet());
            self.is_unknown = true;
            return Ok(());
        };
        self.unread = reading.unread(needs);
        self.is_unknown = reading.is_unknown(needs);
        for user in reading.users {
            let name = user.name.to_string();
            let keys: Result<Vec<Key>, Failure> = user.keys.into_iter().map(key).collect();
            let mut keys = keys?;
            mark_leaving(tx, account, &name, &mut keys).await?;
            self.resources.push(Resource {
                arn: format!("acs:ram::{account}:user/{name}"),
                id: user.id,
                name,
                region: GLOBAL.to_owned(),
                tags: user.tags.into_iter().collect(),
                group: String::new(),
                is_elsewhere: true,
                is: Is::User { keys },
            });
        }
        Ok(())
    }

    /// Tells it from any other. That a key is used once more is no change; that it is for the
    /// first time is one.
    pub(super) fn digest(&self) -> String {
        let mut context = digest::Context::new(&digest::SHA256);
        let mut line = |parts: &[&str]| {
            for part in parts {
                context.update(part.as_bytes());
                context.update(b"\n");
            }
        };
        if let Some(unread) = &self.unread {
            line(&["unread", &unread.since.to_string()]);
        }
        for resource in &self.resources {
            line(&["resource", &resource.id, &resource.name, &resource.group]);
            for (key, value) in &resource.tags {
                line(&["tag", key, value]);
            }
            match &resource.is {
                Is::User { keys } => {
                    for key in keys {
                        let flags = [key.is_active, key.last_used.is_some(), key.is_leaving];
                        line(&[
                            key.id.as_str(),
                            &key.created.as_millisecond().to_string(),
                            &format!("{flags:?}"),
                        ]);
                    }
                }
                Is::Secret { can_rotate, state } => {
                    line(&[state.as_str(), if *can_rotate { "can" } else { "cannot" }]);
                }
            }
        }
        BASE64_URL_SAFE_NO_PAD.encode(context.finish())
    }
}

/// An AccessKey as it was read.
fn key(read: ReadKey) -> Result<Key, Failure> {
    let moment = |millis| {
        Timestamp::from_millisecond(millis)
            .map_err(|_no_moment| Failure::Document(Reading::KIND.as_str()))
    };
    Ok(Key {
        id: read.id,
        is_active: read.is_active,
        created: moment(read.created)?,
        last_used: read.last_used.map(moment).transpose()?,
        is_leaving: false,
    })
}

async fn users(tx: &mut dyn Tx, account: &AccountId) -> Result<Vec<Resource>, Failure> {
    let mut keys: HashMap<String, Vec<Key>> = HashMap::new();
    for key in tx.access_keys().of_account(account).await? {
        keys.entry(key.user_id).or_default().push(Key {
            id: key.id,
            is_active: key.status == KeyStatus::Active,
            created: key.created,
            last_used: key.last_used,
            is_leaving: false,
        });
    }
    let mut resources = Vec::new();
    let groups = Grouping::load(tx, account).await?;
    for (user, profile) in Profile::all(tx, account).await? {
        let mut own = keys.remove(&user.id).unwrap_or_default();
        mark_leaving(tx, account, &user.name, &mut own).await?;
        resources.push(Resource {
            arn: format!("acs:ram::{account}:user/{}", user.name),
            group: groups.of_user(&user.id).to_owned(),
            id: user.id,
            name: user.name,
            region: GLOBAL.to_owned(),
            is_elsewhere: false,
            tags: profile.body.tags.into_iter().collect(),
            is: Is::User { keys: own },
        });
    }
    Ok(resources)
}

/// Of a rotation there are two keys, or one that is disabled already is left.
async fn mark_leaving(
    tx: &mut dyn Tx,
    account: &AccountId,
    user: &str,
    keys: &mut [Key],
) -> Result<(), Failure> {
    if keys.len() < 2 {
        return Ok(());
    }
    let Ok(name) = format!("acs/ram/user/{user}").parse::<SecretName>() else {
        return Ok(());
    };
    let Some(secret) = tx.secrets().find(account, &name).await? else {
        return Ok(());
    };
    let rotations = tx.rotations().of_secret(secret.id, 1).await?;
    let leaving = rotations.first().map(rotation::leaving).transpose()?;
    for key in keys {
        key.is_leaving = leaving.as_ref().is_some_and(|ids| ids.contains(&key.id));
    }
    Ok(())
}

async fn secrets(
    tx: &mut dyn Tx,
    account: &AccountId,
    region: &str,
    now: Timestamp,
) -> Result<Vec<Resource>, Failure> {
    let groups = Grouping::load(tx, account).await?;
    let mut resources = Vec::new();
    let mut page = Page {
        number: 1,
        size: PAGE,
    };
    loop {
        let (secrets, total) = tx.secrets().list(account, &[], page, now).await?;
        let secrets: Vec<SecretRecord> = secrets
            .into_iter()
            .filter(|secret| secret.planned_delete.is_none())
            .collect();
        let ids: Vec<SecretId> = secrets.iter().map(|secret| secret.id).collect();
        let mut tags: HashMap<SecretId, Vec<(String, String)>> = HashMap::new();
        for (id, tag) in tx.tags().of_secrets(&ids).await? {
            tags.entry(id).or_default().push((tag.key, tag.value));
        }
        for secret in secrets {
            let own = tags.remove(&secret.id).unwrap_or_default();
            let group = groups.of_secret(secret.id).to_owned();
            resources.push(of_secret(&secret, region, own, group));
        }
        page.number += 1;
        if u64::try_from(page.offset()).unwrap_or(u64::MAX) >= total {
            return Ok(resources);
        }
    }
}

fn of_secret(
    secret: &SecretRecord,
    region: &str,
    tags: Vec<(String, String)>,
    group: String,
) -> Resource {
    let arn = format!("acs:kms:{region}:{}:secret/{}", secret.account, secret.name);
    Resource {
        id: arn.clone(),
        name: secret.name.to_string(),
        arn,
        region: region.to_owned(),
        tags,
        group,
        is_elsewhere: false,
        is: Is::Secret {
            can_rotate: secret.secret_type != "Generic",
            state: secret.rotation.state,
        },
    }
}
