//! Finalizers: an object that is deleted waits for its controller.

use std::fmt::Debug;

use kube::{Api, Resource, ResourceExt as _, api::Patch};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::{
    Failure,
    merging::{merged, written_or_gone},
};
use crate::api::FINALIZER;

/// Whether it waits for us.
pub(super) fn is_held<K: Resource>(object: &K) -> bool {
    object.finalizers().iter().any(|one| one == FINALIZER)
}

/// Makes it wait for us, or wait no more; others' finalizers stay.
pub(super) async fn hold<K>(api: &Api<K>, object: &K, held: bool) -> Result<(), Failure>
where
    K: Resource + Clone + Debug + DeserializeOwned,
{
    if held == is_held(object) {
        return Ok(());
    }
    let others = object.finalizers().iter().map(String::as_str);
    let ours = held.then_some(FINALIZER);
    let finalizers: Vec<&str> = others.filter(|one| *one != FINALIZER).chain(ours).collect();
    // Nobody else may have written since, or theirs would be lost.
    let patch = Patch::Merge(json!({"metadata": {
        "finalizers": finalizers,
        "resourceVersion": object.resource_version(),
    }}));
    let written = api
        .patch_metadata(&object.name_any(), &merged(), &patch)
        .await;
    written_or_gone("writing finalizers", written)
}
