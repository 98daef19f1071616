//! The four kinds of the group `alibabacloud.com/v1alpha1`, as far as an API server that has their
//! schema lets them through (reference k8s-sync §1.1 to §1.3).
//!
//! What no schema forbids is let through here too, for one object that cannot be read would stop the
//! watch of all; `plan` says what is wrong with it.

use std::borrow::Cow;

use k8s_openapi::{
    ClusterResourceScope, NamespaceResourceScope, apimachinery::pkg::apis::meta::v1::ObjectMeta,
};
use serde::{Deserialize, Serialize};

mod cluster_external_secret;
mod conditions;
mod external_secret;
mod secret_store;
mod template;

pub use cluster_external_secret::{
    ClusterExternalSecretSpec, ClusterExternalSecretStatus, FailedNamespace, ObjectLabels,
};
pub use conditions::{Condition, NamespaceCondition};
pub use external_secret::{
    DataProcess, DataSource, ExternalSecretSpec, ExternalSecretStatus, JmesPath, ReplaceRule,
    StoreRef, SyncResult, SyncStatus,
};
pub use secret_store::{
    Auth, DedicatedAuth, Kms, Oos, SecretRef, SecretStoreSpec, SecretStoreStatus, ServiceAccountRef,
};
pub use template::{
    MergePolicy, Target, Template, TemplateAs, TemplateFrom, TemplateItem, TemplateSource,
    TemplateTarget,
};

/// Of all four kinds.
pub const GROUP: &str = "alibabacloud.com";

/// Of all four kinds.
pub const VERSION: &str = "v1alpha1";

/// The original's, so that whichever of the two programs runs can let an object go.
pub const FINALIZER: &str = "finalizer.ack.secrets-manager.alibabacloud.com";

/// On a store: makes its client anew, and is taken away then.
pub const TRIGGER: &str = "ack-secret-manager.alibabacloud.com/trigger-reconcile";

/// Defines a kind by its names, as `kube` wants it; its spec may be left out, as the schema allows.
macro_rules! kind {
    ($(#[$doc:meta])* $kind:ident, $plural:literal, $scope:ty, $spec:ty, $status:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $kind {
            /// Name, namespace, labels and the rest that every object has.
            #[serde(default)]
            pub metadata: ObjectMeta,
            /// What is wanted.
            #[serde(default)]
            pub spec: $spec,
            /// What became of it.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub status: Option<$status>,
        }

        impl kube::Resource for $kind {
            type DynamicType = ();
            type Scope = $scope;

            fn kind(_: &()) -> Cow<'_, str> {
                stringify!($kind).into()
            }

            fn group(_: &()) -> Cow<'_, str> {
                GROUP.into()
            }

            fn version(_: &()) -> Cow<'_, str> {
                VERSION.into()
            }

            fn plural(_: &()) -> Cow<'_, str> {
                $plural.into()
            }

            fn meta(&self) -> &ObjectMeta {
                &self.metadata
            }

            fn meta_mut(&mut self) -> &mut ObjectMeta {
                &mut self.metadata
            }
        }
    };
}

kind!(
    /// Which secrets of KMS go into which Secret.
    ExternalSecret,
    "externalsecrets",
    NamespaceResourceScope,
    ExternalSecretSpec,
    ExternalSecretStatus
);

kind!(
    /// As whom KMS is asked, for a namespace.
    SecretStore,
    "secretstores",
    NamespaceResourceScope,
    SecretStoreSpec,
    SecretStoreStatus
);

kind!(
    /// As whom KMS is asked, for namespaces that meet its conditions.
    ClusterSecretStore,
    "clustersecretstores",
    ClusterResourceScope,
    SecretStoreSpec,
    SecretStoreStatus
);

kind!(
    /// An ExternalSecret in each namespace that meets its conditions.
    ClusterExternalSecret,
    "clusterexternalsecrets",
    ClusterResourceScope,
    ClusterExternalSecretSpec,
    ClusterExternalSecretStatus
);
