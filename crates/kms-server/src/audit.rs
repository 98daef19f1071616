//! The audit log: one line per call and per event of the program, on disk before the
//! answer leaves (reference security §6.5). docs/audit.md says what is in a line and how
//! the log is verified.
//!
//! How a line walks: `gateway` describes the call → [`Log::call`] writes it down and gives
//! a [`Ticket`] → each device's thread takes what has gathered, numbers and chains it
//! (`chain`), writes it with one system call and syncs it with another (`file`) → the
//! ticket is redeemed, and the answer may leave.

mod chain;
mod device;
mod entry;
mod file;
mod flood;
mod line;
mod log;
mod own;
mod record;
mod sheet;
mod socket;
mod verify;

pub use device::Load;
pub use entry::Ticket;
pub use log::{AuditError, Log, Options};
pub use record::Call;
pub use verify::{Beginning, Broken, Flaw, Report, Trust, VerifyError, verify};

#[cfg(test)]
mod tests;
