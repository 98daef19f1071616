//! The agent beside an application: the pod of seed 000's ACK deployment, made of one that only asks for
//! it by an annotation (docs/sidecar-injector.md).
//!
//! What a pod asks for is read (`asked`), held against what the pod already is (`fits`), and written
//! into it: the agent's container (`agent`), its volumes (`volumes`), what the application gets of them
//! (`application`).

use serde_json::Value;

mod agent;
mod application;
mod asked;
mod configuration;
mod error;
mod fits;
mod identity;
mod pod;
mod settings;
mod values;
mod volumes;

pub use asked::{KNOWN, Known};
pub use error::InjectError;
pub use settings::{Resources, Settings};
pub use values::{ClusterId, Image, MountPath, ObjectName, ParseValueError, Quantity};

use asked::{Asked, STATUS, Wish};
use pod::Pod;

/// What annotations of pods that ask begin with.
pub const PREFIX: &str = "kms-agent.alibabacloud.com";

/// A pod with the agent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Injected {
    /// The whole pod.
    pub pod: Value,
    /// What whoever wrote it should know. Each is shorter than 120 characters, for the API server cuts
    /// longer ones.
    pub warnings: Vec<String>,
}

/// The name of the agent's container.
const CONTAINER: &str = "kms-agent";

/// What the annotation [`STATUS`] says of a pod that has the agent.
const DONE: &str = "injected";

/// Adds the agent; `None` if the pod does not ask, or has it already.
///
/// The namespace is said beside the pod, for a pod that is about to be made need not name its own.
///
/// # Errors
/// [`InjectError`]: the pod asks for what cannot be. It must not start without the agent.
pub fn inject(
    pod: &Value,
    namespace: &str,
    settings: &Settings,
) -> Result<Option<Injected>, InjectError> {
    let before = Pod::of(pod)?;
    // The kubelet runs a static pod before the API server hears of it.
    if before.is_mirror() || asked::wish(&before)? == Wish::Nothing || has_agent(&before) {
        return Ok(None);
    }
    let asked = Asked::read(&before, settings)?;
    fits::check(&before, &asked)?;
    let mut warnings = fits::warnings(&before, &asked, namespace);
    warnings.truncate(WARNINGS);

    let mut after = pod.clone();
    volumes::add(&mut after, &asked)?;
    application::share(&mut after, &before, &asked)?;
    agent::add(&mut after, &asked)?;
    pod::annotate(&mut after, STATUS, DONE)?;
    Ok(Some(Injected {
        pod: after,
        warnings,
    }))
}

/// More are no help.
const WARNINGS: usize = 8;

/// Both the annotation and the container: either alone may have been copied from somewhere.
fn has_agent(pod: &Pod<'_>) -> bool {
    pod.annotation(STATUS) == Some(DONE)
        && pod
            .init_containers()
            .any(|container| container.name() == CONTAINER && container.stays())
}

#[cfg(test)]
mod tests;
