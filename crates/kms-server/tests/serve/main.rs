//! The real program: `kms-server init` and what a team does with its server after that, on
//! SQLite and on PostgreSQL.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test whose server does not start has failed"
)]

mod accounts;
mod admin;
mod audit;
mod bought;
mod call;
mod cloud_ram;
mod cloud_rules;
mod deliveries;
mod deployments;
mod doctor;
mod drain;
mod killed;
mod names;
mod networks;
mod place;
mod receiver;
mod refusals;
mod rekey;
mod rekey_keyring;
mod root_keys;
mod rotation_killed;
mod server;
mod snapshot;
mod terraform;
mod tls;
mod webhooks;
mod works;
