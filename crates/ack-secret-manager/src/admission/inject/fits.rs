//! Whether a pod can have what it asks for, and what its author should know.

use std::path::Path;

use serde_json::Value;

use super::{
    CONTAINER, InjectError,
    application::mount_path,
    asked::Asked,
    identity::Identity,
    pod::{Container, Pod},
    settings::Resources,
    volumes,
};

/// What the kubelet would refuse later, or not at all.
pub(super) fn check(pod: &Pod<'_>, asked: &Asked) -> Result<(), InjectError> {
    if pod.is("hostNetwork") {
        return Err(InjectError::HostNetwork);
    }
    if is_for_windows(pod) {
        return Err(InjectError::Windows);
    }
    if pod
        .containers()
        .any(|container| container.name() == CONTAINER)
    {
        return Err(InjectError::ContainerTaken(CONTAINER));
    }
    if let Some(name) = volumes::ALL.iter().find(|name| pod.has_volume(name)) {
        return Err(InjectError::VolumeTaken((*name).to_owned()));
    }
    for name in asked.containers.iter().flatten() {
        if !pod.containers().any(|container| container.name() == name) {
            return Err(InjectError::NoContainer(name.clone()));
        }
    }
    for container in pod.containers() {
        if asked.is_for(container.name()) {
            place_is_free(container, &mount_path(&asked.place))?;
        }
        port_is_free(container, asked.configuration.port())?;
    }
    Ok(())
}

/// Nothing of this is refused.
pub(super) fn warnings(pod: &Pod<'_>, asked: &Asked, namespace: &str) -> Vec<String> {
    let mut warnings = Vec::new();
    for field in ["shareProcessNamespace", "hostPID"] {
        if pod.is(field) {
            warnings.push(format!(
                "{field}: containers see the agent's process; root among them may read its memory"
            ));
        }
    }
    let account = pod.spec.get("serviceAccountName").and_then(Value::as_str);
    let account = account.filter(|name| !name.is_empty());
    if matches!(asked.identity, Identity::Role { .. })
        && account.is_none_or(|name| name == "default")
    {
        warnings.push(format!(
            "the role has to trust {namespace}:default, so every pod of the namespace gets it"
        ));
    }
    if is_guaranteed(pod) && !equal(&asked.resources) {
        warnings.push(
            "no longer of QoS class Guaranteed: set cpu- and memory-request equal to their limits"
                .to_owned(),
        );
    }
    warnings
}

fn is_for_windows(pod: &Pod<'_>) -> bool {
    let named = pod.spec.get("os").and_then(|os| os.get("name"));
    let selector = pod.spec.get("nodeSelector");
    let selected = selector.and_then(|labels| labels.get("kubernetes.io/os"));
    [named, selected]
        .into_iter()
        .flatten()
        .any(|os| os.as_str() == Some("windows"))
}

/// A runtime mounts one volume below another only if it can make the folder for it, in what is not
/// read-only.
fn place_is_free(container: Container<'_>, wanted: &str) -> Result<(), InjectError> {
    let ours = Path::new(wanted);
    let taken = container.mounts().find(|mount| {
        let theirs = Path::new(mount.path);
        theirs == ours || theirs.starts_with(ours) || (mount.read_only && ours.starts_with(theirs))
    });
    match taken {
        None => Ok(()),
        Some(mount) => Err(InjectError::MountTaken {
            container: container.name().to_owned(),
            taken: mount.path.to_owned(),
            wanted: wanted.to_owned(),
        }),
    }
}

fn port_is_free(container: Container<'_>, port: Option<u16>) -> Result<(), InjectError> {
    match port {
        Some(port) if container.ports().any(|taken| taken == u64::from(port)) => {
            Err(InjectError::PortTaken {
                container: container.name().to_owned(),
                port,
            })
        }
        _ => Ok(()),
    }
}

/// Every container's limits are there, and its requests are the same or not said.
fn is_guaranteed(pod: &Pod<'_>) -> bool {
    pod.containers().all(|container| {
        ["cpu", "memory"].iter().all(|resource| {
            let limit = container.amount("limits", resource);
            let request = container.amount("requests", resource).or(limit);
            limit.is_some() && request == limit
        })
    })
}

fn equal(resources: &Resources) -> bool {
    resources.cpu_limit.as_ref() == Some(&resources.cpu_request)
        && resources.memory_limit == resources.memory_request
}
