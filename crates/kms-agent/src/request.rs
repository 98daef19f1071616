use kms_types::{SecretRef, VersionId, VersionStage};

/// The one canonical form of a read: what the guard admits, the cache is keyed by, the
/// upstream is asked and the log names.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct SecretRequest {
    /// Which secret.
    pub secret: SecretRef,
    /// Which version, if one was named.
    pub version_id: Option<VersionId>,
    /// Which stage, if one was named; `ACSCurrent` upstream if neither was.
    pub version_stage: Option<VersionStage>,
}
