use std::path::PathBuf;

use kms_types::RoleArn;

/// As whom this server calls.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CloudIdentity {
    /// Whom the default credential chain finds.
    Found,
    /// Whom this source names.
    Of(CloudSource),
    /// A role, which that one may assume.
    Role {
        /// Who asks for it.
        source: CloudSource,
        /// Which.
        role: RoleArn,
        /// What its trust policy may ask for.
        external_id: Option<String>,
    },
}

/// Where an identity in the cloud comes from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CloudSource {
    /// An AccessKey in a file of its own.
    AccessKeyFile(PathBuf),
    /// A profile of the `aliyun` CLI.
    CliProfile(String),
    /// The role of the ECS machine.
    EcsRole(String),
}

// === impl CloudIdentity ===

impl CloudIdentity {
    /// Where it begins, if that was said.
    pub fn source(&self) -> Option<&CloudSource> {
        match self {
            Self::Found => None,
            Self::Of(source) | Self::Role { source, .. } => Some(source),
        }
    }
}
