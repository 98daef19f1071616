//! Keys, their versions and their other names, and what is done with them (reference
//! kms-api §3).
//!
//! A call looks its key up and asks for rights in one transaction ([`find`]), and does its
//! arithmetic after it, with a handle that is opened once and kept ([`handles`]).

use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use kms_types::{ErrorCode, Secret};
use kms_wire::{ApiError, write_timestamp};

mod alias;
mod asymmetric;
mod create;
mod data_key;
mod describe;
mod encrypt;
mod find;
mod handles;
mod import;
mod instance;
mod list;
mod mac;
mod manage;
mod material;
mod policy;
mod protection;
mod refusal;
mod rotate;
mod secrets;
mod state;
mod sweep;
mod versions;

pub(crate) use find::{KeyWish, own_account};
pub(crate) use handles::Handles;
pub(crate) use protection::check_reason;
pub(crate) use secrets::Asked;

/// Keys of an account outside of instances (reference kms-api §2.1).
const MOST_KEYS: u64 = 200;
/// Keys in an instance. The cloud sells a number; ours has one size.
pub(crate) const MOST_KEYS_IN_INSTANCE: u32 = 10_000;
/// Other names of an account's keys together (reference kms-api §2.1).
const MOST_ALIASES: u64 = 300;
/// Versions of a key (reference kms-api §2.1).
const MOST_VERSIONS: usize = 10_000;

fn write_time_or_empty(moment: Option<Timestamp>) -> String {
    moment.map(write_timestamp).unwrap_or_default()
}

fn base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

/// The same for what nobody but the caller may see.
fn secret_base64(bytes: &Secret<Vec<u8>>) -> Secret<String> {
    // EXPOSE: into the form that it travels in.
    Secret::new(BASE64_STANDARD.encode(bytes.expose()))
}

/// Ends a call that only asked whether it would succeed.
pub(crate) fn check_dry_run(asked: bool) -> Result<(), ApiError> {
    if asked {
        return Err(ApiError::new(
            ErrorCode::DryRunOperation,
            "The request would have succeeded without DryRun.",
        ));
    }
    Ok(())
}

/// Confidential computing: refused by name.
fn check_recipient(recipient: Option<&str>) -> Result<(), ApiError> {
    match recipient {
        None | Some("") => Ok(()),
        Some(_) => Err(refusal::unsupported(
            "This server encrypts no answers for a Recipient.",
        )),
    }
}

#[cfg(test)]
mod tests;
