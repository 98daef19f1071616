use async_trait::async_trait;
use jiff::Timestamp;

use crate::{
    Moment, StoreError,
    repository::{
        AccessKeys, Accounts, Aliases, Authorities, ClientKeys, Documents, KeyVersions, Keyrings,
        Keys, Leases, Markers, Rotations, Sealed, Secrets, Snapshots, Tags, Users, Versions,
    },
};

/// What a transaction may do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// Sees one moment of the store, changes nothing, waits for nobody.
    Read,
    /// Sees what is committed, and nobody else writes what it has read.
    Write,
    /// As [`Mode::Write`], for work that changes one record, and what belongs to it, and
    /// nothing else: nobody else changes that record meanwhile, and what else it has read may
    /// change behind it. Those who change different records are in nobody's way.
    Record,
    /// As [`Mode::Write`], while nobody else writes: for work that lost to others and would
    /// again.
    Alone,
}

/// Connections to a database.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Connections {
    /// Those that are open, idle or not.
    pub open: u32,
    /// Those of them in which there is no transaction.
    pub idle: u32,
}

/// A database.
#[async_trait]
pub trait Store: Send + Sync {
    /// Opens a transaction; [`crate::run_tx`] is the usual caller.
    ///
    /// # Errors
    /// `Unavailable` and `Conflict`.
    async fn begin(&self, mode: Mode) -> Result<Box<dyn Tx>, StoreError>;

    /// The store now. What was acknowledged before it is asked for is seen by whoever reads
    /// after that, and told by the numbers of [`Moment::number`]: whoever asks for the moment,
    /// then reads in a transaction, may keep what he read until the number of its area is
    /// another. `None` where nothing may be kept.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn moment(&self) -> Result<Option<Moment>, StoreError> {
        Ok(None)
    }

    /// A transaction that reads, and sees that moment or a later one. What was read before and
    /// is still so is answered from memory, and if that is all, no transaction of the database
    /// begins.
    ///
    /// # Errors
    /// As [`Store::begin`]; its statements end with `Conflict`, too, where the store has moved
    /// on between two of them. Then [`Mode::Read`] serves.
    async fn begin_at(&self, moment: &Moment) -> Result<Box<dyn Tx>, StoreError> {
        let _none_is_kept = moment;
        self.begin(Mode::Read).await
    }

    /// The database's own time, in milliseconds; `None` where it has the clock of this machine.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn clock(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(None)
    }

    /// Connections to the database for transactions.
    fn connections(&self) -> Connections {
        Connections::default()
    }

    /// The nonces that all servers on this store used; `None` where there is one, which keeps
    /// its own.
    fn nonces(&self) -> Option<&dyn SharedNonces> {
        None
    }
}

/// Used nonces, for several servers: what one took, no other takes. Outside of transactions,
/// for a call that fails has used its nonce as well.
#[async_trait]
pub trait SharedNonces: Send + Sync {
    /// The key that hashes are made with, which all servers share: the given one for the first
    /// who asks.
    async fn key(&self, fresh: [u8; 32]) -> Result<[u8; 32], StoreError>;

    /// Notes a nonce by its hash; whether nobody had done so, and the store at that time, which
    /// costs nothing more ([`Store::moment`]).
    async fn note(&self, bucket: i64, hash: u64) -> Result<(bool, Option<Moment>), StoreError>;

    /// Forgets those of the buckets before that one; how many. Called now and then, not more often
    /// than each minute, for other tidying is done with it.
    async fn forget(&self, before: i64) -> Result<u64, StoreError>;
}

/// A transaction. Dropped without [`Tx::commit`], it never happened.
#[async_trait]
pub trait Tx: Send {
    /// Accounts.
    fn accounts(&mut self) -> &mut dyn Accounts;
    /// RAM users.
    fn users(&mut self) -> &mut dyn Users;
    /// AccessKeys of RAM users.
    fn access_keys(&mut self) -> &mut dyn AccessKeys;
    /// Secrets without their values.
    fn secrets(&mut self) -> &mut dyn Secrets;
    /// Versions of secrets, and the stage labels on them.
    fn versions(&mut self) -> &mut dyn Versions;
    /// Tags of secrets and keys.
    fn tags(&mut self) -> &mut dyn Tags;
    /// Public halves of ClientKeys.
    fn client_keys(&mut self) -> &mut dyn ClientKeys;
    /// Certificate authorities of the servers.
    fn authorities(&mut self) -> &mut dyn Authorities;
    /// Named things that the service describes itself.
    fn documents(&mut self) -> &mut dyn Documents;
    /// Keys without their material.
    fn keys(&mut self) -> &mut dyn Keys;
    /// Versions of keys.
    fn key_versions(&mut self) -> &mut dyn KeyVersions;
    /// Other names of keys.
    fn aliases(&mut self) -> &mut dyn Aliases;
    /// Rotations of secrets.
    fn rotations(&mut self) -> &mut dyn Rotations;
    /// Leases of work that one server at a time does.
    fn leases(&mut self) -> &mut dyn Leases;
    /// What a piece of work notes about its progress.
    fn markers(&mut self) -> &mut dyn Markers;
    /// Everything sealed, for sealing it anew.
    fn sealed(&mut self) -> &mut dyn Sealed;
    /// The whole store at once.
    fn snapshots(&mut self) -> &mut dyn Snapshots;
    /// The keyring that everything else is sealed with.
    fn keyrings(&mut self) -> &mut dyn Keyrings;

    /// Makes it durable: when this returns, a power cut changes nothing any more.
    ///
    /// # Errors
    /// `Conflict`, `Full`, `Unavailable`: then nothing of it happened, but for a connection
    /// to PostgreSQL that was lost before the answer came.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}
