use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::path::{Key, Path};

/// What is stored, and what became of it.
#[derive(Default)]
pub(super) struct Objects {
    all: BTreeMap<Key, Value>,
    version: u64,
    /// Versions up to this one are forgotten.
    expired: u64,
    /// Version, kind of change, whose, and the object then.
    history: Vec<(u64, &'static str, Key, Value)>,
}

/// A status and a reason.
type Refusal = (u16, &'static str);

const GONE: Refusal = (404, "it is not there");
const CONFLICT: Refusal = (409, "somebody wrote since");

// === impl Objects ===

impl Objects {
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    pub(super) fn get(&self, key: &Key) -> Option<&Value> {
        self.all.get(key)
    }

    pub(super) fn put(&mut self, key: &Key, mut object: Value) {
        let old = self.all.get(key);
        let uid = old.map(|old| old["metadata"]["uid"].clone());
        let kind = if old.is_some() { "MODIFIED" } else { "ADDED" };
        self.version += 1;
        let (_, namespace, name) = key;
        let metadata = &mut object["metadata"];
        metadata["name"] = json!(name);
        if let Some(namespace) = namespace {
            metadata["namespace"] = json!(namespace);
        }
        metadata["resourceVersion"] = json!(self.version.to_string());
        metadata["uid"] = uid.unwrap_or_else(|| json!(format!("uid-{}", self.version)));
        let over = !metadata["deletionTimestamp"].is_null()
            && metadata["finalizers"].as_array().is_none_or(Vec::is_empty);
        self.all.insert(key.clone(), object.clone());
        self.history.push((self.version, kind, key.clone(), object));
        if over {
            self.take(key);
        }
    }

    pub(super) fn take(&mut self, key: &Key) {
        if let Some(mut object) = self.all.remove(key) {
            self.version += 1;
            object["metadata"]["resourceVersion"] = json!(self.version.to_string());
            self.history
                .push((self.version, "DELETED", key.clone(), object));
        }
    }

    pub(super) fn expire(&mut self) {
        self.version += 1;
        self.expired = self.version;
        self.history.clear();
    }

    /// What became of those of a path since a version; none if that is forgotten.
    pub(super) fn since(&self, path: &Path, version: u64) -> Option<Vec<(u64, &str, &Value)>> {
        if version < self.expired {
            return None;
        }
        let later = self.history.iter().filter(|one| one.0 > version);
        let here = later.filter(|(_, _, key, object)| is_of(path, key, object));
        Some(
            here.map(|(version, kind, _, object)| (*version, *kind, object))
                .collect(),
        )
    }

    pub(super) fn list(&self, path: &Path, metadata: bool) -> Value {
        let here = self.all.iter().filter(|(key, one)| is_of(path, key, one));
        let items: Vec<Value> = here.map(|(_, one)| shown(one, metadata)).collect();
        json!({
            "apiVersion": "v1", "kind": "List",
            "metadata": {"resourceVersion": self.version.to_string()},
            "items": items,
        })
    }

    pub(super) fn read(&self, path: &Path, metadata: bool) -> Result<Value, Refusal> {
        let object = self.all.get(&path.key()).ok_or(GONE)?;
        Ok(shown(object, metadata))
    }

    pub(super) fn create(&mut self, path: &Path, object: Value) -> Result<Value, Refusal> {
        let name = object["metadata"]["name"].as_str().unwrap_or("generated");
        let key = (path.plural.clone(), path.namespace.clone(), name.to_owned());
        if self.all.contains_key(&key) {
            return Err((409, "it is there"));
        }
        self.put(&key, object);
        self.all.get(&key).cloned().ok_or(GONE)
    }

    pub(super) fn replace(&mut self, path: &Path, object: Value) -> Result<Value, Refusal> {
        self.unchanged(path, &object)?;
        self.put(&path.key(), object);
        self.read(path, false)
    }

    pub(super) fn merge(
        &mut self,
        path: &Path,
        said: &Value,
        metadata: bool,
    ) -> Result<Value, Refusal> {
        self.unchanged(path, said)?;
        let mut object = self.all.get(&path.key()).cloned().ok_or(GONE)?;
        merged(&mut object, said);
        note(&mut object, path, "Update", said);
        Ok(self.store(path, &object, metadata))
    }

    pub(super) fn apply(
        &mut self,
        path: &Path,
        said: &Value,
        metadata: bool,
    ) -> Result<Value, Refusal> {
        let there = self.all.get(&path.key()).cloned();
        let mut object = there.unwrap_or_else(|| json!({"metadata": {}}));
        let wanted = &said["type"];
        if !object["type"].is_null() && !wanted.is_null() && object["type"] != *wanted {
            return Err((422, "type: field is immutable"));
        }
        // What it applied before and applies no more goes, unless somebody else has it, too.
        for key in owned(&object, |one| is_by(one, path, "Apply")) {
            let others = owned(&object, |one| !is_by(one, path, "Apply"));
            if said["data"].get(&key).is_none() && !others.contains(&key) {
                drop(object["data"].as_object_mut().unwrap().remove(&key));
            }
        }
        merged(&mut object, said);
        note(&mut object, path, "Apply", said);
        Ok(self.store(path, &object, metadata))
    }

    pub(super) fn delete(&mut self, path: &Path, body: &Value) -> Result<Value, Refusal> {
        let mut object = self.all.get(&path.key()).cloned().ok_or(GONE)?;
        let wanted = &body["preconditions"]["uid"];
        if !wanted.is_null() && *wanted != object["metadata"]["uid"] {
            return Err((409, "it is another one"));
        }
        let held = object["metadata"]["finalizers"].as_array();
        if held.is_some_and(|held| !held.is_empty()) {
            object["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
            return Ok(self.store(path, &object, false));
        }
        self.take(&path.key());
        Ok(json!({"kind": "Status", "apiVersion": "v1", "status": "Success"}))
    }

    fn store(&mut self, path: &Path, object: &Value, metadata: bool) -> Value {
        // Nothing is written where nothing changes.
        if self.all.get(&path.key()) != Some(object) {
            self.put(&path.key(), object.clone());
        }
        shown(self.all.get(&path.key()).unwrap_or(object), metadata)
    }

    /// Whether it is as whoever writes believes.
    fn unchanged(&self, path: &Path, object: &Value) -> Result<(), Refusal> {
        let there = self.all.get(&path.key()).ok_or(GONE)?;
        let believed = &object["metadata"]["resourceVersion"];
        if believed.is_null() || *believed == there["metadata"]["resourceVersion"] {
            Ok(())
        } else {
            Err(CONFLICT)
        }
    }
}

fn is_of(path: &Path, key: &Key, object: &Value) -> bool {
    let (plural, namespace, name) = key;
    let labels = &object["metadata"]["labels"];
    *plural == path.plural
        && (path.namespace.is_none() || path.namespace == *namespace)
        && path
            .query("labelSelector")
            .is_none_or(|label| !labels[label].is_null())
        && path
            .query("fieldSelector")
            .is_none_or(|field| field == format!("metadata.name={name}"))
}

/// All of it, or its metadata.
pub(super) fn shown(object: &Value, metadata: bool) -> Value {
    if !metadata {
        return object.clone();
    }
    json!({
        "apiVersion": "meta.k8s.io/v1", "kind": "PartialObjectMetadata",
        "metadata": object["metadata"],
    })
}

/// RFC 7386.
fn merged(object: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        object.clone_from(patch);
        return;
    };
    if !object.is_object() {
        *object = json!({});
    }
    for (name, value) in patch {
        if value.is_null() {
            drop(object.as_object_mut().unwrap().remove(name));
        } else {
            merged(&mut object[name], value);
        }
    }
}

/// Notes who wrote which keys of data.
fn note(object: &mut Value, path: &Path, operation: &str, said: &Value) {
    let Some(manager) = path.query("fieldManager") else {
        return;
    };
    let there = object["data"].as_object().cloned().unwrap_or_default();
    let mut managers: Vec<Value> = object["metadata"]["managedFields"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let own = managers.iter().find(|one| is_by(one, path, operation));
    let mut fields: Map<String, Value> = match own {
        Some(own) if operation == "Update" => own["fieldsV1"]["f:data"]
            .as_object()
            .cloned()
            .unwrap_or_default(),
        _ => Map::new(),
    };
    for key in said["data"].as_object().into_iter().flat_map(Map::keys) {
        fields.insert(format!("f:{key}"), json!({}));
    }
    managers.retain(|one| !is_by(one, path, operation));
    managers.push(json!({
        "manager": manager, "operation": operation, "fieldsV1": {"f:data": fields},
    }));
    for one in &mut managers {
        if let Some(fields) = one["fieldsV1"]["f:data"].as_object_mut() {
            fields.retain(|field, _| there.contains_key(&field[2..]));
        }
    }
    object["metadata"]["managedFields"] = json!(managers);
}

fn is_by(one: &Value, path: &Path, operation: &str) -> bool {
    one["manager"].as_str() == path.query("fieldManager") && one["operation"] == operation
}

fn owned(object: &Value, whose: impl Fn(&Value) -> bool) -> Vec<String> {
    let managers = object["metadata"]["managedFields"].as_array();
    let managers = managers.into_iter().flatten().filter(|one| whose(one));
    managers
        .filter_map(|one| one["fieldsV1"]["f:data"].as_object())
        .flat_map(|fields| fields.keys().map(|field| field[2..].to_owned()))
        .collect()
}
