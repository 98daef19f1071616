//! The agent beside an application: the pod of seed 000's ACK deployment, made of one that only asks for
//! it by an annotation.

use serde_json::Value;
use thiserror::Error;

/// What annotations of pods that ask begin with.
pub const PREFIX: &str = "kms-agent.alibabacloud.com";

/// What holds for all pods of the cluster.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Settings {
    /// The agent's image.
    pub image: String,
}

/// A pod with the agent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Injected {
    /// The whole pod.
    pub pod: Value,
    /// What whoever wrote it should know.
    pub warnings: Vec<String>,
}

/// Why a pod that asks cannot have the agent.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum InjectError {}

/// Adds the agent; `None` if the pod does not ask, or has it already.
///
/// # Errors
/// [`InjectError`]: the pod asks for what cannot be. It must not start without the agent.
pub fn inject(
    _pod: &Value,
    _namespace: &str,
    _settings: &Settings,
) -> Result<Option<Injected>, InjectError> {
    Ok(None)
}
