//! What goes over the wire, without sockets: requests as real clients write them, and
//! answers as they read them.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test whose world cannot be made has failed, and one that misses a field"
)]

mod audit;
mod instance;
mod refusals;
mod secrets;
mod signatures;
mod sts;
mod ways;
mod world;
