//! Writes Secrets, by server-side apply: what others put into them stays, but for keys of data, which
//! are ours alone (reference k8s-sync §1.5, §4.23).

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::Secret;
use kube::{
    Api, Client,
    api::{DeleteParams, Patch, PatchParams, Preconditions},
    core::PartialObjectMeta,
};
use serde_json::{Map, Value as Json, json};
use thiserror::Error;

use crate::plan::{Data, Kept};

mod body;
mod owned;

use body::Body;
pub use owned::{MANAGED, OWNER, is_ours, owner};

/// As whom fields are written, and as whom events are told.
pub const FIELD_MANAGER: &str = "ack-secret-manager";

/// A Secret as it should be.
#[derive(Clone, Debug)]
pub struct Desired {
    /// Where.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The ExternalSecret that wants it, of the same namespace.
    pub owner: String,
    /// Its type.
    pub secret_type: String,
    /// Its data.
    pub data: Data,
    /// Labels that it has beside others.
    pub labels: BTreeMap<String, String>,
    /// Annotations that it has beside others.
    pub annotations: BTreeMap<String, String>,
    /// What stays of its data.
    pub kept: Kept,
}

/// What was written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Written {
    /// The Secret's version then.
    pub resource_version: String,
    /// The type that it has and keeps, for nobody can change it, where another one is wanted.
    pub other_type: Option<String>,
}

/// Why a Secret was not written, or not taken away.
#[derive(Debug, Error)]
pub enum ApplyError {
    /// Somebody else's, and the operator was told to leave such alone.
    #[error(
        "Secret {0} was there before, written by somebody else: delete it, choose another \
         target.name, or start the operator with --adopt-foreign-secrets"
    )]
    Foreign(String),
    /// The API server says no, or nothing.
    #[error("{operation} Secret {name}: {reason}")]
    Api {
        /// What was tried.
        operation: &'static str,
        /// On which Secret.
        name: String,
        /// What came back. Texts of the API server name fields and quote no data.
        reason: String,
    },
}

/// Writes one.
///
/// # Errors
/// [`ApplyError`]: nothing, or not all, was written; the same call again goes on.
pub async fn write(client: &Client, desired: &Desired, adopt: bool) -> Result<Written, ApplyError> {
    let secrets: Api<Secret> = Api::namespaced(client.clone(), &desired.namespace);
    if !adopt {
        refuse_foreign(&secrets, desired).await?;
    }
    if desired.kept != Kept::Keys(BTreeSet::new())
        && let Some(written) = add_to(&secrets, desired).await?
    {
        return Ok(written);
    }
    let (metadata, other_type) = put(&secrets, desired).await?;
    let strangers: Vec<String> = owned::data_keys(&metadata.metadata)
        .into_iter()
        .filter(|key| !desired.data.contains_key(key))
        .collect();
    let metadata = if strangers.is_empty() {
        metadata
    } else {
        take_out(&secrets, desired, &metadata, &strangers).await?
    };
    Ok(Written {
        resource_version: metadata.metadata.resource_version.unwrap_or_default(),
        other_type,
    })
}

/// Takes away the Secret of an ExternalSecret, and no other.
///
/// # Errors
/// [`ApplyError::Api`]: it may still be there.
pub async fn remove(
    client: &Client,
    namespace: &str,
    name: &str,
    owner: &str,
) -> Result<(), ApplyError> {
    let failed = |operation| move |error| api_error(operation, name, &error);
    let secrets: Api<Secret> = Api::namespaced(client.clone(), namespace);
    let found = secrets
        .get_metadata_opt(name)
        .await
        .map_err(failed("looking at"))?;
    let whose = |found: &PartialObjectMeta<Secret>| {
        // A copy says the same, and is somebody else's.
        owned::owner(&found.metadata) == Some(owner) && owned::is_written_by_us(&found.metadata)
    };
    let Some(found) = found.filter(whose) else {
        return Ok(());
    };
    let only_this = DeleteParams {
        // As it was when it was looked at: by now it may be another ExternalSecret's.
        preconditions: Some(Preconditions {
            uid: found.metadata.uid,
            resource_version: found.metadata.resource_version,
        }),
        ..DeleteParams::default()
    };
    match secrets.delete(name, &only_this).await {
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(()),
        other => other.map(drop).map_err(failed("deleting")),
    }
}

async fn refuse_foreign(secrets: &Api<Secret>, desired: &Desired) -> Result<(), ApplyError> {
    let found = secrets
        .get_metadata_opt(&desired.name)
        .await
        .map_err(|error| api_error("looking at", &desired.name, &error))?;
    match found {
        Some(found) if !is_ours(&found.metadata) => Err(ApplyError::Foreign(desired.name.clone())),
        _ => Ok(()),
    }
}

/// The whole Secret, made if it is not there.
async fn put(
    secrets: &Api<Secret>,
    desired: &Desired,
) -> Result<(PartialObjectMeta<Secret>, Option<String>), ApplyError> {
    let name = &desired.name;
    let apply = PatchParams::apply(FIELD_MANAGER).force();
    let patch = Patch::Apply(Body::new(desired, &desired.secret_type));
    match secrets.patch_metadata(name, &apply, &patch).await {
        Ok(metadata) => Ok((metadata, None)),
        Err(kube::Error::Api(status)) if status.code == 422 => {
            // One that is there has its type for good: it is written with that.
            let there = secrets
                .get_opt(name)
                .await
                .map_err(|error| api_error("reading", name, &error))?;
            let there = there.and_then(|there| there.type_);
            match there.filter(|there| *there != desired.secret_type) {
                Some(other) => {
                    let patch = Patch::Apply(Body::new(desired, &other));
                    let patched = secrets.patch_metadata(name, &apply, &patch).await;
                    let metadata = patched.map_err(|error| api_error("writing", name, &error))?;
                    Ok((metadata, Some(other)))
                }
                None => Err(api_error("writing", name, &kube::Error::Api(status))),
            }
        }
        Err(error) => Err(api_error("writing", name, &error)),
    }
}

/// Keys that are new or changed, to what is there; nothing if there is no Secret.
async fn add_to(secrets: &Api<Secret>, desired: &Desired) -> Result<Option<Written>, ApplyError> {
    let patch = Patch::Merge(Body::additions(desired));
    let params = PatchParams {
        field_manager: Some(FIELD_MANAGER.to_owned()),
        ..PatchParams::default()
    };
    match secrets.patch_metadata(&desired.name, &params, &patch).await {
        Ok(metadata) => Ok(Some(Written {
            resource_version: metadata.metadata.resource_version.unwrap_or_default(),
            other_type: None,
        })),
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(None),
        Err(error) => Err(api_error("adding to", &desired.name, &error)),
    }
}

/// Keys of data that are not wanted: server-side apply leaves those that somebody else wrote.
async fn take_out(
    secrets: &Api<Secret>,
    desired: &Desired,
    metadata: &PartialObjectMeta<Secret>,
    strangers: &[String],
) -> Result<PartialObjectMeta<Secret>, ApplyError> {
    let nulls: Map<String, Json> = strangers
        .iter()
        .map(|key| (key.clone(), Json::Null))
        .collect();
    let patch = json!({
        "metadata": {"resourceVersion": metadata.metadata.resource_version},
        "data": nulls,
    });
    let params = PatchParams {
        field_manager: Some(FIELD_MANAGER.to_owned()),
        ..PatchParams::default()
    };
    secrets
        .patch_metadata(&desired.name, &params, &Patch::Merge(patch))
        .await
        .map_err(|error| api_error("taking keys out of", &desired.name, &error))
}

fn api_error(operation: &'static str, name: &str, error: &kube::Error) -> ApplyError {
    ApplyError::Api {
        operation,
        name: name.to_owned(),
        reason: said(error),
    }
}

/// What the API server says, without its frame of numbers.
pub(crate) fn said(error: &kube::Error) -> String {
    match error {
        kube::Error::Api(status) if !status.message.is_empty() => status.message.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
