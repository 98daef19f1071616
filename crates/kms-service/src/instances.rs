//! KMS instances (reference kms-api §4, accesskey §1 B): those of the server's configuration, which
//! are ready from the start and without limits, and those that accounts buy, connect to networks
//! and give back.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use jiff::Timestamp;
use kms_store::{DocumentKind, Tx};
use kms_types::{AccountId, ErrorCode};
use kms_wire::{ApiError, response::BindVpc};
use serde::{Deserialize, Serialize};

use crate::{
    billing::Purchase,
    documents::{self, Document, Named},
    failure::Failure,
    sharing::{self, Shared, SharedKind},
};

mod authority;
mod bind;
mod change;
mod connect;
mod describe;
mod expiry;
mod quota;
mod release;
mod setup;
mod tags;

pub use authority::InstanceAuthority;
pub(crate) use expiry::check_live;
pub(crate) use quota::{Room, announce, check_key_room, check_secret_room, room};
pub(crate) use release::give_back;
pub(crate) use tags::Bearer;

/// A KMS instance. Its document's name is its id, and its document's account owns it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Instance {
    pub(crate) status: Status,
    /// The CA of its gateway's certificate, PEM; empty if nobody said, or if it is the one of all
    /// instances that are bought.
    #[serde(default)]
    pub(crate) ca: String,
    /// How many networks and accounts may reach it; without limit if it was not bought but
    /// configured.
    #[serde(default)]
    pub(crate) accesses: Option<u32>,
    /// The networks that reach it, its own first; none are needed to reach one that was
    /// configured.
    #[serde(default)]
    pub(crate) networks: Vec<Attachment>,
    /// What was bought; nothing if it was configured.
    #[serde(default)]
    pub(crate) purchase: Option<Purchase>,
    /// What people call it.
    #[serde(default)]
    pub(crate) label: String,
    /// Where it was put when it was connected.
    #[serde(default)]
    pub(crate) place: Option<Place>,
    /// What it was bound to, as it was said: Terraform compares what it reads with what it sent.
    #[serde(default)]
    pub(crate) bound: Vec<BindVpc>,
    /// Why it must not be deleted, if it must not.
    #[serde(default)]
    pub(crate) protection: Option<String>,
    /// The highest share of its access-management quota, in percent, that was told of.
    #[serde(default)]
    pub(crate) announced: u64,
    #[serde(default)]
    pub(crate) tags: BTreeMap<String, String>,
}

/// How far the cloud came with it.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) enum Status {
    /// Bought, and in no network yet.
    Uninitialized,
    /// It is being put into the network. Told, and never stored: what is stored is when that
    /// ends.
    Connecting,
    /// It answers.
    #[default]
    Connected,
    /// It could not be put into the network.
    Error,
}

/// A network that reaches an instance.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Attachment {
    pub(crate) vpc: String,
    pub(crate) vswitch: String,
    pub(crate) region: String,
    /// Whose VPC it is.
    pub(crate) owner: AccountId,
    /// Where the instance answers in it.
    #[serde(default)]
    pub(crate) address: Option<IpAddr>,
}

/// Where an instance was put.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Place {
    vpc: String,
    vswitches: Vec<String>,
    zones: Vec<String>,
    /// Milliseconds since 1970.
    since: i64,
    /// When it answers there, milliseconds since 1970.
    #[serde(default)]
    ready: i64,
}

impl Document for Instance {
    const KIND: DocumentKind = DocumentKind::Instance;
}

// === impl Status ===

impl Status {
    /// As it travels.
    fn as_str(self) -> &'static str {
        match self {
            Self::Uninitialized => "Uninitialized",
            Self::Connecting => "Connecting",
            Self::Connected => "Connected",
            Self::Error => "Error",
        }
    }
}

// === impl Instance ===

impl Instance {
    /// One that was just bought.
    pub(crate) fn bought(accesses: u32, purchase: Purchase) -> Self {
        Self {
            status: Status::Uninitialized,
            accesses: Some(accesses),
            purchase: Some(purchase),
            ..Self::default()
        }
    }

    /// How far it is at that moment.
    pub(crate) fn status(&self, now: Timestamp) -> Status {
        match &self.place {
            Some(place)
                if self.status == Status::Connected && place.ready > now.as_millisecond() =>
            {
                Status::Connecting
            }
            _ => self.status,
        }
    }

    /// That it answers: it is connected, and has not expired.
    ///
    /// # Errors
    /// `Forbidden.DKMSInstanceStateInvalid`.
    pub(crate) fn check_open(&self, now: Timestamp) -> Result<(), ApiError> {
        if self.status(now) != Status::Connected {
            return Err(wrong_state("The KMS instance is not connected."));
        }
        self.check_live(now)
    }

    /// Whether only networks reach it: it was bought, not configured.
    pub(crate) fn is_in_networks(&self) -> bool {
        self.accesses.is_some() || !self.networks.is_empty()
    }
}

/// That what is to live in an instance names one that the account owns or that is shared
/// with it, and that is connected and paid for; the instance, or none for empty text, which names none.
///
/// # Errors
/// `Forbidden.DKMSInstanceNotFound`, `Forbidden.DKMSInstanceStateInvalid`.
pub(crate) async fn check(
    tx: &mut dyn Tx,
    account: &AccountId,
    id: &str,
    now: Timestamp,
) -> Result<Option<Named<Instance>>, Failure> {
    if id.is_empty() {
        return Ok(None);
    }
    let (_owner, instance) = reachable(tx, account, id).await?.ok_or_else(not_found)?;
    instance.body.check_open(now)?;
    Ok(Some(instance))
}

/// The instance, with its owner, if the account owns it or has it shared.
pub(crate) async fn reachable(
    tx: &mut dyn Tx,
    account: &AccountId,
    id: &str,
) -> Result<Option<(AccountId, Named<Instance>)>, Failure> {
    let Some((owner, instance)) = anywhere(tx, id).await? else {
        return Ok(None);
    };
    let reaches = owner == *account
        || principals(tx, &owner, &instance.name)
            .await?
            .contains(account);
    Ok(reaches.then_some((owner, instance)))
}

/// The instance of that id, whoever owns it.
pub(crate) async fn anywhere(
    tx: &mut dyn Tx,
    id: &str,
) -> Result<Option<(AccountId, Named<Instance>)>, Failure> {
    Ok(documents::everywhere::<Instance>(tx, Some(id)).await?.pop())
}

fn not_found() -> ApiError {
    ApiError::new(
        ErrorCode::InstanceNotFound,
        "The specified DKMS instance is not found.",
    )
}

/// Its state does not allow what is asked.
fn wrong_state(why: &str) -> ApiError {
    ApiError::new(ErrorCode::InstanceState, why)
}

/// The accounts that have it shared.
pub(crate) async fn principals(
    tx: &mut dyn Tx,
    owner: &AccountId,
    id: &str,
) -> Result<BTreeSet<AccountId>, Failure> {
    let shared = Shared {
        kind: SharedKind::KmsInstance,
        id: id.to_owned(),
    };
    sharing::principals(tx, owner, &shared).await
}

#[cfg(test)]
pub(crate) mod tests;
