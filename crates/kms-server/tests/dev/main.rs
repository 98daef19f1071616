//! The real program: `kms-server dev` in a folder of its own, on free ports, from its
//! first line to its last.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test whose server does not start has failed"
)]

mod audit;
mod files;
mod instance;
mod program;
mod refusals;
mod rotation;
mod works;
