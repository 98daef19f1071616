//! An object against the schema of its kind. The API server has done so before it asks; a manifest that
//! nobody applied yet has still to be looked at.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::{Kind, findings::Findings};
use crate::crds;

/// The schemas of `spec`, in the order of [`crds::ALL`].
static SPECS: LazyLock<[Value; 4]> = LazyLock::new(|| {
    crds::ALL.map(|text| {
        let definition: Value = serde_saphyr::from_str(text).unwrap_or_default();
        let at = "/spec/versions/0/schema/openAPIV3Schema/properties/spec";
        definition.pointer(at).cloned().unwrap_or_default()
    })
});

/// How alike a name must be to one that there is to be taken for it.
const ALIKE: f64 = 0.8;

/// A name that is no longer may be repeated.
const NAME: usize = 32;

/// What of a spec fits its schema. Everything else is told, and never repeated: a value may stand there
/// that belongs into a Secret.
pub(super) fn fitting(kind: Kind, spec: Option<&Value>, findings: &mut Findings) -> Value {
    let [external, store, cluster_store, cluster_external] = &*SPECS;
    let schema = match kind {
        Kind::ExternalSecret => external,
        Kind::SecretStore => store,
        Kind::ClusterSecretStore => cluster_store,
        Kind::ClusterExternalSecret => cluster_external,
    };
    let empty = Value::Object(Map::new());
    let spec = spec.filter(|spec| !spec.is_null()).unwrap_or(&empty);
    part(schema, spec, "spec", findings).unwrap_or(empty)
}

fn part(schema: &Value, value: &Value, at: &str, findings: &mut Findings) -> Option<Value> {
    let wanted = schema
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    match (wanted, value) {
        ("object", Value::Object(fields)) => Some(mapping(schema, fields, at, findings)),
        ("array", Value::Array(items)) => {
            let schema = schema.get("items").unwrap_or(&Value::Null);
            let items = items.iter().enumerate();
            let items = items.filter_map(|(index, item)| {
                part(schema, item, &format!("{at}[{index}]"), findings)
            });
            Some(items.collect())
        }
        ("string", Value::String(_)) => {
            let values = schema.get("enum").and_then(Value::as_array);
            if let Some(values) = values.filter(|values| !values.contains(value)) {
                let names: Vec<_> = values.iter().filter_map(Value::as_str).collect();
                findings.unfit(at, format!("is neither {}", names.join(" nor ")));
                return None;
            }
            Some(value.clone())
        }
        ("boolean", Value::Bool(_)) | ("integer", Value::Number(_)) => Some(value.clone()),
        (_, Value::Null) => None,
        _ => {
            let (is, wanted) = (kind_of(value), words(wanted));
            let fields = schema.get("properties").and_then(Value::as_object);
            let names = fields.map_or_else(String::new, |fields| {
                let names: Vec<_> = fields.keys().map(String::as_str).take(3).collect();
                format!(" with {}", names.join(", "))
            });
            findings.unfit(at, format!("is {is}, and {wanted}{names} belongs there"));
            None
        }
    }
}

fn mapping(
    schema: &Value,
    fields: &Map<String, Value>,
    at: &str,
    findings: &mut Findings,
) -> Value {
    let known = schema.get("properties").and_then(Value::as_object);
    let others = schema.get("additionalProperties");
    let mut fitting = Map::new();
    for (name, value) in fields {
        let below = field(at, name);
        match known.and_then(|known| known.get(name)).or(others) {
            Some(schema) => {
                if let Some(value) = part(schema, value, &below, findings) {
                    fitting.insert(name.clone(), value);
                }
            }
            None => findings.warn(at, unknown(name, known)),
        }
    }
    let required = schema.get("required").and_then(Value::as_array);
    for name in required.into_iter().flatten().filter_map(Value::as_str) {
        if fields.get(name).is_none_or(Value::is_null) {
            findings.unfit(&field(at, name), "is missing");
        }
    }
    fitting.into()
}

/// A field of a mapping, or a key of a map.
pub(super) fn field(at: &str, name: &str) -> String {
    let is_plain = name.bytes().all(|b| b.is_ascii_alphanumeric()) && name.len() <= NAME;
    if is_plain {
        format!("{at}.{name}")
    } else {
        let name: String = name.chars().take(2 * NAME).collect();
        format!("{at}[{name:?}]")
    }
}

fn unknown(name: &str, known: Option<&Map<String, Value>>) -> String {
    if name.len() > NAME || !name.bytes().all(|b| b.is_ascii_alphabetic()) {
        return "has a field that no version knows, which has no effect".to_owned();
    }
    let alike = known.into_iter().flat_map(Map::keys).map(|known| {
        let alike = strsim::jaro_winkler(&name.to_lowercase(), &known.to_lowercase());
        (alike, known)
    });
    let alike = alike.max_by(|one, other| one.0.total_cmp(&other.0));
    match alike.filter(|(alike, _)| *alike >= ALIKE) {
        Some((_, known)) => format!("has no field {name}, which has no effect; is it {known}?"),
        None => format!("has no field {name}, which has no effect"),
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}

fn words(wanted: &str) -> &'static str {
    match wanted {
        "object" => "a mapping",
        "array" => "a list",
        "string" => "a text",
        "boolean" => "true or false",
        _ => "a number",
    }
}
