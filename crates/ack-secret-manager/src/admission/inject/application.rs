//! What the application gets: the token, and the right to read it.

use serde_json::{Map, Value, json};

use super::{
    InjectError,
    agent::{RUN, TOKEN, USER},
    asked::{Asked, Place},
    pod::{self, Pod},
    volumes,
};

/// Shares the token with the containers that are to have it.
pub(super) fn share(pod: &mut Value, before: &Pod<'_>, asked: &Asked) -> Result<(), InjectError> {
    let spec = pod::spec(pod)?;
    if !before.has_fs_group() {
        join_group(spec)?;
    }
    for field in ["initContainers", "containers"] {
        let Some(containers) = spec.get_mut(field).and_then(Value::as_array_mut) else {
            continue;
        };
        for container in containers.iter_mut().filter_map(Value::as_object_mut) {
            let name = container.get("name").and_then(Value::as_str);
            if name.is_some_and(|name| asked.is_for(name)) {
                give(container, asked)?;
            }
        }
    }
    Ok(())
}

/// Where a container finds the token.
pub(super) fn token_path(place: &Place) -> String {
    match place {
        Place::File => format!("{RUN}/{TOKEN}"),
        Place::Folder(folder) => format!("{folder}/{TOKEN}"),
    }
}

/// Where its volume is mounted.
pub(super) fn mount_path(place: &Place) -> String {
    match place {
        Place::File => token_path(place),
        Place::Folder(folder) => folder.to_string(),
    }
}

/// The token has the mode 0640 and belongs to the agent's group, unless the pod has a group for all its
/// volumes. An `fsGroup` of ours would have the kubelet change the owner of everything in the pod's
/// persistent volumes.
fn join_group(spec: &mut Map<String, Value>) -> Result<(), InjectError> {
    let security = pod::object_in(spec, "securityContext")?;
    let groups = pod::list_in(security, "supplementalGroups")?;
    let group = Value::from(USER);
    if !groups.contains(&group) {
        groups.push(group);
    }
    Ok(())
}

fn give(container: &mut Map<String, Value>, asked: &Asked) -> Result<(), InjectError> {
    let mut mount = json!({
        "name": volumes::RUN, "mountPath": mount_path(&asked.place), "readOnly": true,
    });
    // The file alone: what else the image has in /var/run stays, a ServiceAccount's token can be mounted
    // below it, and a program can write its own there. It is there: the agent was ready before.
    if let (Place::File, Some(mount)) = (&asked.place, mount.as_object_mut()) {
        mount.insert("subPath".to_owned(), TOKEN.into());
    }
    pod::list_in(container, "volumeMounts")?.push(mount);
    if !asked.env {
        return Ok(());
    }
    let token = format!("file://{}", token_path(&asked.place));
    let agent = asked.configuration.port();
    let agent = agent.map(|port| format!("http://localhost:{port}"));
    let variables = pod::list_in(container, "env")?;
    for (name, value) in [("KMS_TOKEN", Some(token)), ("KMS_AGENT", agent)] {
        let has = |variable: &Value| variable.get("name").and_then(Value::as_str) == Some(name);
        if let Some(value) = value
            && !variables.iter().any(has)
        {
            variables.push(json!({ "name": name, "value": value }));
        }
    }
    Ok(())
}
