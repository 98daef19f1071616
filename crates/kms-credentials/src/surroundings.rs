use std::{path::PathBuf, sync::Arc};

use kms_types::{Clock, Env};

use crate::{Commands, Exchange, Files, SystemCommands, SystemFiles};

/// Everything that the chain takes from outside, so that a test can write it down.
#[derive(Clone)]
pub struct Surroundings {
    /// The variables, the official ones (`ALIBABA_CLOUD_…`) and ours (`KMS_STS_ENDPOINT`,
    /// `KMS_IMDS_ENDPOINT`).
    pub env: Env,
    /// Where `~` points to.
    pub home: Option<PathBuf>,
    /// Configuration and token files.
    pub files: Arc<dyn Files>,
    /// STS, the metadata service, the credentials URI.
    pub http: Arc<dyn Exchange>,
    /// Programs that print credentials.
    pub commands: Arc<dyn Commands>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

// === impl Surroundings ===

impl Surroundings {
    /// The machine's own, with the variables of a program; `~` is HOME, on Windows
    /// USERPROFILE.
    pub fn new(env: Env, http: Arc<dyn Exchange>, clock: Arc<dyn Clock>) -> Self {
        let home = env.get("HOME").or_else(|| env.get("USERPROFILE"));
        Self {
            home: home.map(PathBuf::from),
            env,
            files: Arc::new(SystemFiles),
            http,
            commands: Arc::new(SystemCommands),
            clock,
        }
    }
}
