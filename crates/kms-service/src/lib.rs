//! Use cases: identity, authorisation, secrets, keys. Knows no HTTP and no concrete store.
//!
//! A call passes [`Service::authenticate`] and then [`Service::call`], which authorises
//! it on the canonical name of what it is about and runs one use case in one
//! transaction.

mod access;
mod authenticate;
mod authorise;
mod billing;
mod compliance;
mod directory;
mod documents;
mod events;
mod failure;
mod identity;
mod instances;
mod keys;
mod networks;
mod oidc;
mod password;
pub mod policy;
mod principal;
mod ram;
mod random;
mod remembered;
mod resource_groups;
mod resource_policy;
mod roles;
mod rotation;
mod secrets;
mod service;
mod setup;
mod sharing;
mod sts;
mod tags;
mod unlock;

pub use access::Grants;
pub use authenticate::{NonceHistory, NonceJournal, UsedNonce};
pub use compliance::{
    Backlog, ChannelCount, DeliveryPlace, DeliveryTarget, Outcome, Pace, ParseDeliveryTargetError,
};
pub use directory::{JoinError, Joined};
pub use events::{EventCount, Level, Notice, PendingNotice};
pub use instances::InstanceAuthority;
pub use networks::{Name, Names};
pub use oidc::{Claims, Issuer, IssuerError, Issuers, Jwt, KeySet, ParseKeySetError, TokenError};
pub use principal::{Caller, Gateway, Principal};
pub use ram::Rights;
pub use rotation::{
    HealthChecks, KeyOwner, ListedUser, MOST_OVERDUE, Ram, RamError, RamKey, RamUser, Rams,
    Rotation, RotationAsk, RotationEvent, RotationLoad, RotationNews, RotationStep, RotatorError,
    Rotators, UserPage, UserTag, Windows, access_key_steps, delegation, hosting_accounts,
};
pub use service::{Parts, Service};
pub use setup::{NewAccessKey, SetupError, User, accounts_without_rights};
pub use unlock::{UnlockError, unlock};

#[cfg(test)]
mod stand;
