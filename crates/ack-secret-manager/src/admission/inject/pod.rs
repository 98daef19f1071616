//! A pod as the API server sends it: looked at through [`Pod`], changed by the functions below it.

use serde_json::{Map, Value, json};

use super::{InjectError, PREFIX};

/// One that is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pod<'a> {
    metadata: &'a Map<String, Value>,
    pub(super) spec: &'a Map<String, Value>,
}

/// One of its containers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Container<'a>(&'a Value);

/// One of a container's volumes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mount<'a> {
    pub(super) path: &'a str,
    pub(super) read_only: bool,
}

/// A mirror of a static pod has it.
const MIRROR: &str = "kubernetes.io/config.mirror";

// === impl Pod ===

impl<'a> Pod<'a> {
    pub(super) fn of(pod: &'a Value) -> Result<Self, InjectError> {
        let part = |field: &'static str| {
            let part = pod.get(field).and_then(Value::as_object);
            part.ok_or(InjectError::NotAPod { field })
        };
        Ok(Self {
            metadata: part("metadata")?,
            spec: part("spec")?,
        })
    }

    /// All annotations that begin as ours do, by what follows.
    pub(super) fn ours(&self) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
        self.annotations()
            .into_iter()
            .flatten()
            .filter_map(|(name, value)| {
                let name = name.strip_prefix(PREFIX)?.strip_prefix('/')?;
                Some((name, value.as_str()))
            })
    }

    /// One of ours.
    pub(super) fn annotation(&self, name: &str) -> Option<&'a str> {
        self.ours().find(|(has, _)| *has == name)?.1
    }

    /// One of somebody else's, by its whole name.
    pub(super) fn foreign(&self, name: &str) -> Option<&'a str> {
        self.annotations()?.get(name)?.as_str()
    }

    pub(super) fn is_mirror(&self) -> bool {
        self.foreign(MIRROR).is_some()
    }

    pub(super) fn init_containers(&self) -> impl Iterator<Item = Container<'a>> {
        list(self.spec, "initContainers").map(Container)
    }

    /// Those of the application: init containers, then the others.
    pub(super) fn containers(&self) -> impl Iterator<Item = Container<'a>> {
        let others = list(self.spec, "containers").map(Container);
        self.init_containers().chain(others)
    }

    pub(super) fn has_volume(&self, name: &str) -> bool {
        list(self.spec, "volumes").any(|volume| text(volume, "name") == Some(name))
    }

    /// The group that volumes get, if there is one.
    pub(super) fn has_fs_group(&self) -> bool {
        let security = self.spec.get("securityContext");
        security
            .and_then(|security| security.get("fsGroup"))
            .is_some_and(Value::is_number)
    }

    /// Whether a switch of the pod is on.
    pub(super) fn is(&self, field: &str) -> bool {
        self.spec.get(field).and_then(Value::as_bool) == Some(true)
    }

    fn annotations(&self) -> Option<&'a Map<String, Value>> {
        self.metadata.get("annotations")?.as_object()
    }
}

// === impl Container ===

impl<'a> Container<'a> {
    pub(super) fn name(self) -> &'a str {
        text(self.0, "name").unwrap_or_default()
    }

    /// Whether it is an init container that goes on beside the others.
    pub(super) fn stays(self) -> bool {
        text(self.0, "restartPolicy") == Some("Always")
    }

    pub(super) fn mounts(self) -> impl Iterator<Item = Mount<'a>> {
        items(self.0, "volumeMounts").filter_map(|mount| {
            Some(Mount {
                path: text(mount, "mountPath")?,
                read_only: mount.get("readOnly").and_then(Value::as_bool) == Some(true),
            })
        })
    }

    /// The ports that it says it listens at, for TCP.
    pub(super) fn ports(self) -> impl Iterator<Item = u64> {
        items(self.0, "ports")
            .filter(|port| matches!(text(port, "protocol"), None | Some("TCP")))
            .filter_map(|port| port.get("containerPort")?.as_u64())
    }

    /// A variable that is written out.
    pub(super) fn variable(self, name: &str) -> Option<&'a str> {
        let found = items(self.0, "env").find(|variable| text(variable, "name") == Some(name))?;
        text(found, "value")
    }

    /// An amount: of `requests` or `limits`.
    pub(super) fn amount(self, of: &str, resource: &str) -> Option<&'a Value> {
        self.0.get("resources")?.get(of)?.get(resource)
    }
}

fn text<'a>(object: &'a Value, field: &str) -> Option<&'a str> {
    object.get(field)?.as_str()
}

fn items<'a>(object: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    let items = object.get(field).and_then(Value::as_array);
    items.into_iter().flatten()
}

fn list<'a>(
    object: &'a Map<String, Value>,
    field: &str,
) -> impl Iterator<Item = &'a Value> + use<'a> {
    let items = object.get(field).and_then(Value::as_array);
    items.into_iter().flatten()
}

/// Annotates a pod with one of ours.
pub(super) fn annotate(pod: &mut Value, name: &str, value: &str) -> Result<(), InjectError> {
    annotations(pod)?.insert(format!("{PREFIX}/{name}"), value.into());
    Ok(())
}

/// All annotations of a pod.
pub(super) fn annotations(pod: &mut Value) -> Result<&mut Map<String, Value>, InjectError> {
    let field = "metadata";
    let metadata = pod.get_mut(field).and_then(Value::as_object_mut);
    object_in(
        metadata.ok_or(InjectError::NotAPod { field })?,
        "annotations",
    )
}

/// What a pod is to be.
pub(super) fn spec(pod: &mut Value) -> Result<&mut Map<String, Value>, InjectError> {
    let field = "spec";
    let spec = pod.get_mut(field).and_then(Value::as_object_mut);
    spec.ok_or(InjectError::NotAPod { field })
}

/// A list, made if it is not there.
pub(super) fn list_in<'a>(
    object: &'a mut Map<String, Value>,
    field: &'static str,
) -> Result<&'a mut Vec<Value>, InjectError> {
    made(object, field, json!([]))
        .as_array_mut()
        .ok_or(InjectError::NotAPod { field })
}

/// An object, made if it is not there.
pub(super) fn object_in<'a>(
    object: &'a mut Map<String, Value>,
    field: &'static str,
) -> Result<&'a mut Map<String, Value>, InjectError> {
    made(object, field, json!({}))
        .as_object_mut()
        .ok_or(InjectError::NotAPod { field })
}

/// Null is the same as nothing, to Kubernetes.
fn made<'a>(object: &'a mut Map<String, Value>, field: &str, empty: Value) -> &'a mut Value {
    let value = object.entry(field).or_insert(Value::Null);
    if value.is_null() {
        *value = empty;
    }
    value
}
