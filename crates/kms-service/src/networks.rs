//! Networks: VPCs and their vSwitches, what connects them, and names in them (Vpc, VpcPeer,
//! Cbn, Pvtz; reference accesskey §1, rows 12 to 14). No packet is routed here: what the
//! networks decide is whom the gateway of an instance lets in, by the caller's address, and
//! which names a caller sees.

use kms_types::{AccountId, ErrorCode};
use kms_wire::{
    ApiError,
    request::{Bounded, Page},
};
use serde::{Deserialize, Serialize};

use crate::{failure::Failure, random};

mod addresses;
mod admission;
mod cen;
mod domain;
mod grants;
mod names;
mod peers;
mod reach;
mod records;
mod route_tables;
mod service_zone;
mod vpcs;
mod vswitches;
mod zones;

pub(crate) use addresses::{give_back, take};
pub(crate) use admission::Doors;
pub use names::{Name, Names};
pub(crate) use vswitches::{VSwitch, vswitch};

/// A VPC among those of all accounts.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
struct VpcKey {
    owner: AccountId,
    id: String,
}

/// What the cloud's ids end with is made of.
const ID_ALPHABET: &str = "0123456789abcdefghijklmnopqrstuvwxyz";

/// A new id of that kind, as long as the cloud's.
fn new_id(prefix: &str) -> Result<String, Failure> {
    let alphabet: Vec<char> = ID_ALPHABET.chars().collect();
    Ok(format!("{prefix}-{}", *random::pick(&alphabet, 21)?))
}

/// The account as these products write it; 0 for one that no number can hold.
fn number(account: &AccountId) -> u64 {
    account.as_str().parse().unwrap_or_default()
}

/// A page of a list that is all here, and how long that is.
fn part<T, const SIZE: u32>(all: Vec<T>, page: Page<SIZE>) -> (Vec<T>, u64) {
    let total = u64::try_from(all.len()).unwrap_or(u64::MAX);
    let size = usize::try_from(page.size).unwrap_or(usize::MAX);
    let before = usize::try_from(page.number.saturating_sub(1)).unwrap_or(usize::MAX);
    let rest = all.into_iter().skip(before.saturating_mul(size));
    (rest.take(size).collect(), total)
}

/// Whether one of ids with commas between them is that one; none are all.
fn is_asked_for(ids: Option<&str>, id: &str) -> bool {
    ids.is_none_or(|ids| ids.split(',').any(|own| own.trim() == id))
}

/// A name or a description; empty if nobody says.
fn said<const MOST: usize>(text: Option<&Bounded<MOST>>) -> String {
    text.map(|text| text.0.clone()).unwrap_or_default()
}

/// What is said anew takes the place of what was said; if nothing is said, that stays.
fn restate<const MOST: usize>(own: &mut String, text: Option<&Bounded<MOST>>) {
    if let Some(text) = text {
        own.clone_from(&text.0);
    }
}

/// The one kind of thing that can be connected.
///
/// # Errors
/// `InvalidParameter`.
fn check_is_vpc(name: &str, kind: &str) -> Result<(), ApiError> {
    if kind.eq_ignore_ascii_case("VPC") {
        return Ok(());
    }
    Err(ApiError::invalid_parameter(
        name,
        "must be VPC: this server connects nothing else",
    ))
}

fn no_vpc() -> ApiError {
    ApiError::new(ErrorCode::VpcNotFound, "The specified VPC does not exist.")
}

fn in_use(by: &str) -> ApiError {
    ApiError::new(
        ErrorCode::DependencyViolation,
        format!("The resource is still in use: {by}."),
    )
}

#[cfg(test)]
mod tests;
