//! Groups of an account's resources (ResourceManager 2020-03-31). Each RAM user and each secret
//! is in one: in the account's default group, until it is moved.
//!
//! A group keeps the list of what was moved into it: users by their ids, secrets by their
//! numbers, which are never used again. So what is deleted is in no group, whatever takes its
//! name.

use std::collections::{BTreeSet, HashMap};

use aws_lc_rs::digest;
use jiff::{SignedDuration, Timestamp};
use kms_store::{DocumentKind, SecretId, Tx};
use kms_types::{AccountId, ErrorCode};
use kms_wire::{ApiError, response};
use serde::{Deserialize, Serialize};

use crate::{
    Service,
    authorise::Resource,
    documents::{self, Document, Named},
    failure::Failure,
};

mod groups;
mod members;

/// A group besides the default one. Its document's name is its id, `rg-…`.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Group {
    name: String,
    display_name: String,
    /// What is in it, as [`Key`] writes it.
    resources: BTreeSet<String>,
}

/// A resource as groups keep it.
#[derive(Clone, Copy, Debug)]
enum Key<'a> {
    User(&'a str),
    Secret(SecretId),
}

/// Which group each of an account's resources is in, at one moment.
pub(crate) struct Grouping {
    default: String,
    others: HashMap<String, String>,
}

impl Document for Group {
    const KIND: DocumentKind = DocumentKind::ResourceGroup;
}

// === impl Key ===

impl Key<'_> {
    fn text(self) -> String {
        match self {
            Self::User(id) => format!("user/{id}"),
            Self::Secret(id) => format!("secret/{}", id.0),
        }
    }
}

// === impl Grouping ===

impl Grouping {
    /// As the transaction sees it.
    pub(crate) async fn load(tx: &mut dyn Tx, account: &AccountId) -> Result<Self, Failure> {
        let mut others = HashMap::new();
        for group in documents::all::<Group>(tx, account).await? {
            for resource in group.body.resources {
                others.insert(resource, group.name.clone());
            }
        }
        Ok(Self {
            default: default_id(account),
            others,
        })
    }

    /// The group that the user of that id is in.
    pub(crate) fn of_user(&self, id: &str) -> &str {
        self.of(Key::User(id))
    }

    /// The group that the secret is in.
    pub(crate) fn of_secret(&self, id: SecretId) -> &str {
        self.of(Key::Secret(id))
    }

    fn of(&self, key: Key<'_>) -> &str {
        self.others.get(&key.text()).unwrap_or(&self.default)
    }
}

/// The id of the account's default group. It is nowhere kept: the account has it from its
/// beginning to its end, so it is made of the account's.
fn default_id(account: &AccountId) -> String {
    let bytes = digest::digest(&digest::SHA256, account.as_str().as_bytes());
    let letters = bytes.as_ref().iter().take(11);
    let letters = letters.map(|byte| char::from(b'a' + byte % 26));
    format!("rg-acfm{}", letters.collect::<String>())
}

/// For policies.
fn resource(id: &str) -> Resource<'_> {
    Resource::Of {
        product: "resourcemanager",
        kind: "resourcegroup",
        name: id,
    }
}

/// The account's group of that id, which must exist and not be the default one.
///
/// # Errors
/// `EntityNotExists.ResourceGroup`.
async fn find(tx: &mut dyn Tx, account: &AccountId, id: &str) -> Result<Named<Group>, Failure> {
    documents::look_up(tx, account, id)
        .await?
        .ok_or_else(not_found)
}

fn not_found() -> Failure {
    let message = "The specified resource group does not exist.";
    ApiError::new(ErrorCode::ResourceGroupNotFound, message).into()
}

/// As ResourceManager writes dates: by the clocks of Beijing.
fn date(at: Timestamp) -> String {
    let local = at.checked_add(SignedDuration::from_hours(8)).unwrap_or(at);
    local.strftime("%Y-%m-%dT%H:%M:%S+08:00").to_string()
}

impl Service {
    /// A group of the account as it is answered.
    fn told(&self, account: &AccountId, group: &Named<Group>) -> response::ResourceGroup {
        self.described(
            account,
            (&group.name, &group.body.name, &group.body.display_name),
            group.created,
        )
    }

    fn described(
        &self,
        account: &AccountId,
        (id, name, display_name): (&str, &str, &str),
        created: Timestamp,
    ) -> response::ResourceGroup {
        response::ResourceGroup {
            id: id.to_owned(),
            name: name.to_owned(),
            display_name: display_name.to_owned(),
            account_id: account.to_string(),
            status: OK.to_owned(),
            create_date: date(created),
            region_statuses: Some(response::ResourceGroupRegions {
                region_status: vec![response::ResourceGroupRegion {
                    region_id: self.region().to_string(),
                    status: OK.to_owned(),
                }],
            }),
        }
    }
}

/// The state of groups and of what is in them.
const OK: &str = "OK";
/// What the default group is called.
const DEFAULT: &str = "default";
/// How many groups an account may have besides the default one.
const MOST_GROUPS: usize = 100;

#[cfg(test)]
mod tests;
