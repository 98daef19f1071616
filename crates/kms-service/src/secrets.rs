//! Secrets and their versions (reference kms-api §2).

use jiff::Timestamp;
use kms_store::{SecretId, SecretRecord, TagRecord, Tx};
use kms_types::{ErrorCode, VersionStage};
use kms_wire::{ApiError, request::Tag, response};

use crate::failure::Failure;

mod batch;
mod create;
mod credential;
mod delete;
mod describe;
mod find;
mod hosted;
mod list;
mod managed;
mod policy;
mod promote;
mod protect;
mod put;
mod read;
mod rotation;
mod stage;
mod update;

pub(crate) use create::random_version;
pub(crate) use credential::Credential;
pub(crate) use find::Wish;
pub(crate) use promote::promote;
pub(crate) use protect::Draft;
pub(crate) use rotation::{check_at_rest, managed_type};

/// Versions that a secret keeps (reference kms-api §2.1).
const MOST_VERSIONS: usize = 10;
/// Labels on all versions of a secret together (reference kms-api §2.1).
const MOST_STAGES: usize = 8;

/// Notes that something about the secret changed.
async fn touch(tx: &mut dyn Tx, mut secret: SecretRecord, now: Timestamp) -> Result<(), Failure> {
    secret.updated = now;
    Ok(tx.secrets().update(&secret).await?)
}

/// Removes the oldest versions without labels until there are no more than ten. There
/// are always enough of them: eight labels hold on to eight versions at most.
async fn drop_surplus(tx: &mut dyn Tx, secret: SecretId) -> Result<(), Failure> {
    let versions = tx.versions().of(secret).await?;
    let surplus = versions.len().saturating_sub(MOST_VERSIONS);
    let deprecated = versions.iter().filter(|version| version.stages.is_empty());
    for version in deprecated.take(surplus) {
        tx.versions().remove(secret, version.serial).await?;
    }
    Ok(())
}

fn in_delete_window() -> ApiError {
    ApiError::new(
        ErrorCode::ResourceInDeleteWindow,
        "The secret is planned to be deleted.",
    )
}

fn limit_exceeded(why: &str) -> ApiError {
    ApiError::new(ErrorCode::LimitExceeded, format!("{why}."))
}

/// How a time travels: UTC, whole seconds.
fn write_time(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn write_time_or_empty(moment: Option<Timestamp>) -> String {
    moment.map(write_time).unwrap_or_default()
}

fn write_stages(stages: &[VersionStage]) -> response::VersionStages {
    response::VersionStages {
        version_stage: stages.iter().map(VersionStage::to_string).collect(),
    }
}

fn write_tags(tags: Vec<TagRecord>) -> response::Tags {
    let tag = |tag: TagRecord| Tag {
        tag_key: tag.key,
        tag_value: tag.value,
    };
    response::Tags {
        tag: tags.into_iter().map(tag).collect(),
    }
}

#[cfg(test)]
mod tests;
