//! RAM's users, their AccessKeys and groups, and policies with those who have them (Ram
//! 2015-05-01; reference kms-api §8). Roles have a module of their own.
//!
//! A user, a group and a role each keep the list of their policies; a user keeps the list
//! of its groups. So whoever loads one, as authentication does, has them at hand, and a
//! holder that goes takes its attachments with it.

use jiff::Timestamp;
use kms_types::{ErrorCode, GroupName, PolicyName};
use kms_wire::{ApiError, request::Marked, write_timestamp};

use crate::{authorise::Resource, failure::Failure};

mod access_keys;
mod attachments;
mod groups;
mod holders;
mod logins;
mod members;
mod policies;
mod profile;
mod rights;
mod system;
mod tags;
mod user_tags;
mod users;
mod versions;

pub(crate) use access_keys::add_access_key;
pub(crate) use attachments::{Attachment, PolicyRef};
pub(crate) use holders::Holder;
pub(crate) use profile::Profile;
pub use rights::Rights;
pub(crate) use rights::{ensure_administrator, has_holders};

/// The part of a list, sorted by its items' names, that is asked for; and where the next
/// part begins, if there is one.
fn part<T>(
    all: impl IntoIterator<Item = T>,
    name: impl Fn(&T) -> String,
    page: &Marked,
) -> (Vec<T>, Option<String>) {
    let marker = page.marker.as_deref();
    let most = usize::try_from(page.max_items).unwrap_or(usize::MAX);
    let mut behind = all
        .into_iter()
        .filter(|item| marker.is_none_or(|marker| name(item).as_str() > marker));
    let part: Vec<T> = behind.by_ref().take(most).collect();
    let more = behind.next().is_some();
    let next = part.last().map(name).filter(|_| more);
    (part, next)
}

/// Milliseconds since 1970 as they travel.
fn write_moment(moment: i64, kind: &'static str) -> Result<String, Failure> {
    Timestamp::from_millisecond(moment)
        .map(write_timestamp)
        .map_err(|_no_moment| Failure::Document(kind))
}

fn user_resource(name: &str) -> Resource<'_> {
    Resource::Ram { kind: "user", name }
}

fn group_resource(name: &GroupName) -> Resource<'_> {
    Resource::Ram {
        kind: "group",
        name: name.as_str(),
    }
}

fn policy_resource(name: &PolicyName) -> Resource<'_> {
    Resource::Ram {
        kind: "policy",
        name: name.as_str(),
    }
}

fn refusal(code: ErrorCode, message: &str) -> Failure {
    ApiError::new(code, message).into()
}

#[cfg(test)]
mod tests;
