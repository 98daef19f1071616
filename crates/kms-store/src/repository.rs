//! One trait per noun. All errors are [`StoreError`]; those named at a method are the
//! ones that a caller may want to tell apart.

use async_trait::async_trait;
use jiff::Timestamp;
use kms_types::{AccessKeyId, AccountId, SecretName, SecretType, VersionId, VersionStage};

use crate::{
    AccessKeyRecord, AccountRecord, ClientKeyRecord, Condition, DocumentKind, DocumentRecord,
    KeyStatus, KeyringRecord, Lead, NewSecret, NewVersion, Page, SecretId, SecretRecord,
    StoreError, UserRecord, VersionRecord,
};

mod authorities;
mod keys;
mod leases;
mod markers;
mod rotations;
mod sealed;
mod snapshots;
mod tags;

pub use authorities::Authorities;
pub use keys::{Aliases, KeyVersions, Keys};
pub use leases::Leases;
pub use markers::Markers;
pub use rotations::Rotations;
pub use sealed::Sealed;
pub use snapshots::Snapshots;
pub use tags::Tags;

/// Accounts.
#[async_trait]
pub trait Accounts: Send {
    /// The account of that id.
    async fn find(&mut self, id: &AccountId) -> Result<Option<AccountRecord>, StoreError>;

    /// Adds an account; `Taken` if it exists.
    async fn insert(&mut self, account: &AccountRecord) -> Result<(), StoreError>;

    /// All accounts, by id.
    async fn list(&mut self) -> Result<Vec<AccountRecord>, StoreError>;
}

/// RAM users.
#[async_trait]
pub trait Users: Send {
    /// The user of that id, whichever account it belongs to.
    async fn find(&mut self, id: &str) -> Result<Option<UserRecord>, StoreError>;

    /// The account's user of that name.
    async fn find_by_name(
        &mut self,
        account: &AccountId,
        name: &str,
    ) -> Result<Option<UserRecord>, StoreError>;

    /// The account's users, by name.
    async fn of_account(&mut self, account: &AccountId) -> Result<Vec<UserRecord>, StoreError>;

    /// Adds a user; `Taken` if id or name exist.
    async fn insert(&mut self, user: &UserRecord) -> Result<(), StoreError>;

    /// Gives a user another name; `Taken` if the account has one of that name, `Gone` if
    /// there is no such user.
    async fn rename(&mut self, id: &str, name: &str) -> Result<(), StoreError>;

    /// Forgets a user, who must have no AccessKeys; `Gone` if there is no such user.
    async fn remove(&mut self, id: &str) -> Result<(), StoreError>;
}

/// AccessKeys of RAM users.
#[async_trait]
pub trait AccessKeys: Send {
    /// The key of that id.
    async fn find(&mut self, id: &AccessKeyId) -> Result<Option<AccessKeyRecord>, StoreError>;

    /// The user's keys, oldest first.
    async fn of_user(&mut self, user_id: &str) -> Result<Vec<AccessKeyRecord>, StoreError>;

    /// The keys of all users of the account, oldest first.
    async fn of_account(&mut self, account: &AccountId)
    -> Result<Vec<AccessKeyRecord>, StoreError>;

    /// Adds a key; `Taken` if it exists.
    async fn insert(&mut self, key: &AccessKeyRecord) -> Result<(), StoreError>;

    /// Says whether it signs; `Gone` if there is no such key.
    async fn set_status(&mut self, id: &AccessKeyId, status: KeyStatus) -> Result<(), StoreError>;

    /// Notes when it signed; nothing happens if there is no such key.
    async fn touch(&mut self, id: &AccessKeyId, used: Timestamp) -> Result<(), StoreError>;

    /// Forgets the key; `Gone` if there is no such key.
    async fn remove(&mut self, id: &AccessKeyId) -> Result<(), StoreError>;
}

/// Secrets without their values.
#[async_trait]
pub trait Secrets: Send {
    /// The account's secret of that name.
    async fn find(
        &mut self,
        account: &AccountId,
        name: &SecretName,
    ) -> Result<Option<SecretRecord>, StoreError>;

    /// The secret of that number, whichever account it belongs to.
    async fn find_by_id(&mut self, id: SecretId) -> Result<Option<SecretRecord>, StoreError>;

    /// Adds a secret; `Taken` if the name exists in the account.
    async fn insert(&mut self, secret: &NewSecret) -> Result<SecretId, StoreError>;

    /// Writes description, extended config, policy, rotation, `updated` and
    /// `planned_delete`; `Gone` if there is no such secret.
    async fn update(&mut self, secret: &SecretRecord) -> Result<(), StoreError>;

    /// Removes a secret with its versions, stages and tags; `Gone` if there is none.
    async fn remove(&mut self, id: SecretId) -> Result<(), StoreError>;

    /// A page of the account's secrets that meet all conditions and are not due for removal
    /// at that moment, by name; and how many there are on all pages.
    async fn list(
        &mut self,
        account: &AccountId,
        conditions: &[Condition],
        page: Page,
        now: Timestamp,
    ) -> Result<(Vec<SecretRecord>, u64), StoreError>;

    /// How many secrets of all accounts are in that instance, those that wait for their removal
    /// among them.
    async fn count_in_instance(&mut self, instance: &str) -> Result<u64, StoreError>;

    /// Secrets of all accounts whose planned removal is due, at most that many.
    async fn due(&mut self, now: Timestamp, limit: u32) -> Result<Vec<SecretId>, StoreError>;

    /// Secrets of all accounts that are of that type and not planned to be removed, by number.
    async fn of_type(
        &mut self,
        secret_type: SecretType,
    ) -> Result<Vec<(SecretId, AccountId)>, StoreError>;

    /// Secrets of all accounts that rotate by themselves, whose next rotation is due (of one
    /// type that much earlier), under way for none, and removal not planned, longest overdue
    /// first, at most that many. Nobody else is told of them before the transaction ends, which
    /// must be one that writes.
    async fn due_for_rotation(
        &mut self,
        now: Timestamp,
        lead: Lead,
        limit: u32,
    ) -> Result<Vec<SecretRecord>, StoreError>;

    /// How many secrets of all accounts rotate by themselves, were due at that time, and are
    /// neither under way nor planned to be removed; no more than that many are counted.
    async fn count_overdue(&mut self, due: Timestamp, limit: u32) -> Result<u64, StoreError>;
}

/// Versions of secrets, and the stage labels on them.
#[async_trait]
pub trait Versions: Send {
    /// The secret's versions, oldest first.
    async fn of(&mut self, secret: SecretId) -> Result<Vec<VersionRecord>, StoreError>;

    /// The version of that id.
    async fn find(
        &mut self,
        secret: SecretId,
        id: &VersionId,
    ) -> Result<Option<VersionRecord>, StoreError>;

    /// The version that the label is on.
    async fn find_by_stage(
        &mut self,
        secret: SecretId,
        stage: &VersionStage,
    ) -> Result<Option<VersionRecord>, StoreError>;

    /// Adds a version and answers its serial; `Taken` if the id exists, `Gone` if the
    /// secret does not.
    async fn insert(&mut self, secret: SecretId, version: &NewVersion) -> Result<i64, StoreError>;

    /// Removes a version that bears no label; `Gone` if there is none of that serial.
    async fn remove(&mut self, secret: SecretId, serial: i64) -> Result<(), StoreError>;

    /// Puts a label on a version, taking it off any other.
    async fn put_stage(
        &mut self,
        secret: SecretId,
        stage: &VersionStage,
        serial: i64,
    ) -> Result<(), StoreError>;

    /// Takes a label off whichever version bears it; `Gone` if none does.
    async fn remove_stage(
        &mut self,
        secret: SecretId,
        stage: &VersionStage,
    ) -> Result<(), StoreError>;
}

/// Public halves of ClientKeys.
#[async_trait]
pub trait ClientKeys: Send {
    /// The key of that id, whichever account it belongs to.
    async fn find(&mut self, id: &AccessKeyId) -> Result<Option<ClientKeyRecord>, StoreError>;

    /// The account's keys, or those of one of its access points, oldest first.
    async fn list(
        &mut self,
        account: &AccountId,
        access_point: Option<&str>,
    ) -> Result<Vec<ClientKeyRecord>, StoreError>;

    /// Adds a key; `Taken` if it exists.
    async fn insert(&mut self, key: &ClientKeyRecord) -> Result<(), StoreError>;

    /// Notes that the key signed; nothing if there is no such key.
    async fn touch(&mut self, id: &AccessKeyId, used: Timestamp) -> Result<(), StoreError>;

    /// Forgets the key; `Gone` if there is no such key.
    async fn remove(&mut self, id: &AccessKeyId) -> Result<(), StoreError>;
}

/// Named things that the service describes itself.
#[async_trait]
pub trait Documents: Send {
    /// The account's document of that kind and name.
    async fn find(
        &mut self,
        account: &AccountId,
        kind: DocumentKind,
        name: &str,
    ) -> Result<Option<DocumentRecord>, StoreError>;

    /// A page of the account's documents of that kind, by name; and how many there are on
    /// all pages.
    async fn list(
        &mut self,
        account: &AccountId,
        kind: DocumentKind,
        page: Page,
    ) -> Result<(Vec<DocumentRecord>, u64), StoreError>;

    /// Documents of that kind in all accounts, of that name or of any; by name, then account.
    async fn everywhere(
        &mut self,
        kind: DocumentKind,
        name: Option<&str>,
    ) -> Result<Vec<DocumentRecord>, StoreError>;

    /// Adds a document; `Taken` if it exists.
    async fn insert(&mut self, document: &DocumentRecord) -> Result<(), StoreError>;

    /// Writes another body; `Gone` if there is no such document.
    async fn update(&mut self, document: &DocumentRecord) -> Result<(), StoreError>;

    /// Removes a document; `Gone` if there is none.
    async fn remove(
        &mut self,
        account: &AccountId,
        kind: DocumentKind,
        name: &str,
    ) -> Result<(), StoreError>;
}

/// The keyring that everything else is sealed with.
#[async_trait]
pub trait Keyrings: Send {
    /// The keyring, unless the store is new.
    async fn load(&mut self) -> Result<Option<KeyringRecord>, StoreError>;

    /// Writes the keyring in place of the one of the revision before (0 for none);
    /// `Conflict` if another was written since.
    async fn save(&mut self, keyring: &KeyringRecord) -> Result<(), StoreError>;
}
