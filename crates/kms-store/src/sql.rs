//! The repositories, once for every database: what is said here, SQLite and PostgreSQL
//! both understand. What they do not have in common lies behind [`Connection`] and
//! [`Dialect`].

mod access_keys;
mod accounts;
mod aliases;
mod anchors;
mod authorities;
mod client_keys;
mod clock;
mod conditions;
mod documents;
mod key_versions;
mod keyrings;
mod keys;
mod leases;
mod markers;
mod memory;
mod rotations;
mod row;
mod sealed;
mod secrets;
mod snapshot;
mod statement;
mod tags;
mod tx;
mod users;
mod versions;

pub(crate) use memory::Memory;
pub(crate) use row::Row;
pub(crate) use statement::{Statement, Value, bound, sql};
pub(crate) use tx::{Connection, Dialect, Opener, SqlTx};
