//! The definitions of the four kinds as an API server takes them: version 0.6.7's schemas, with what 0.5.8
//! alone had (`dedicatedKMSAuth`), what we add to statuses, columns for `kubectl get`, and one rule that
//! refuses only what never worked (reference k8s-sync §1.1 to §1.3).
//!
//! The chart carries copies, `deploy/helm/ack-secret-manager/files/crds`.

/// ExternalSecret.
pub const EXTERNAL_SECRETS: &str = include_str!("../crds/externalsecrets.yaml");

/// SecretStore.
pub const SECRET_STORES: &str = include_str!("../crds/secretstores.yaml");

/// ClusterSecretStore.
pub const CLUSTER_SECRET_STORES: &str = include_str!("../crds/clustersecretstores.yaml");

/// ClusterExternalSecret.
pub const CLUSTER_EXTERNAL_SECRETS: &str = include_str!("../crds/clusterexternalsecrets.yaml");

/// All four, each a YAML document.
pub const ALL: [&str; 4] = [
    EXTERNAL_SECRETS,
    SECRET_STORES,
    CLUSTER_SECRET_STORES,
    CLUSTER_EXTERNAL_SECRETS,
];

/// All four as one stream of YAML, for `kubectl apply -f -`.
pub fn stream() -> String {
    ALL.map(|document| format!("---\n{document}")).concat()
}

#[cfg(test)]
mod tests;
