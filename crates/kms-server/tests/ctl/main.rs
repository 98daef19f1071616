//! The real program, twice: `kms-server dev`, and `kms-server ctl` as a person would use it.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test whose server does not start has failed"
)]

mod access_points;
mod keys;
mod person;
#[expect(dead_code, reason = "what tests of `dev` need more")]
#[path = "../dev/program.rs"]
mod program;
mod ram;
mod refusals;
mod secrets;
