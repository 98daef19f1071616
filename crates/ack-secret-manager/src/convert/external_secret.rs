//! An ExternalSecret, by itself or for many namespaces.

use serde_json::{Map, Value};

use super::{
    Fields, Manifest,
    entries::{self, Context},
    stores::Stores,
    target,
};
use crate::{api::ExternalSecretSpec, settings::parse_go_duration};

/// external-secrets.io's, where an object says none.
const INTERVAL: &str = "1h0m0s";

/// For what is never to be looked at again: a year.
const NEVER: &str = "8760h0m0s";

/// An ExternalSecret as ours.
pub(super) fn convert(fields: &mut Fields<'_>, stores: &Stores) -> Option<Manifest> {
    let metadata = metadata(fields);
    let namespace = metadata.get("namespace").and_then(Value::as_str);
    let namespace = namespace.unwrap_or_default().to_owned();
    let spec = fields.within("spec", |fields| spec(fields, stores, namespace))?;
    if spec.data.is_empty() && spec.data_process.is_empty() {
        fields.lose("is left out: nothing is left of it");
        return None;
    }
    Manifest::new("ExternalSecret", metadata, &spec)
}

/// What an ExternalSecret says.
pub(super) fn spec(
    fields: &mut Fields<'_>,
    stores: &Stores,
    namespace: String,
) -> ExternalSecretSpec {
    let mut interval = interval(fields, "refreshInterval");
    if let Some(policy) = fields.text("refreshPolicy")
        && policy != "Periodic"
    {
        fields.note(
            "refreshPolicy",
            "was not by time; here secrets are looked at once a year, and when an object changes",
        );
        NEVER.clone_into(&mut interval);
    }
    let context = Context {
        stores,
        namespace,
        store: entries::store_ref(fields, "secretStoreRef"),
    };
    let data = context.data(fields);
    let data_process = context.data_process(fields);
    if !data.is_empty() && !data_process.is_empty() {
        fields.note(
            "data",
            "won over dataFrom where both have a key; here dataProcess wins over data",
        );
    }
    let converted = target::convert(fields);
    ExternalSecretSpec {
        provider: String::new(),
        secret_type: converted.secret_type,
        rotation_interval: Some(interval),
        data,
        data_process,
        target: converted.target,
    }
}

/// How often, as ours.
pub(super) fn interval(fields: &mut Fields<'_>, name: &str) -> String {
    let Some(text) = fields.text(name) else {
        return INTERVAL.to_owned();
    };
    match parse_go_duration(&text) {
        Ok(duration) if duration.is_positive() => text,
        Ok(_) => {
            fields.note(name, "was never; here it is once a year");
            NEVER.to_owned()
        }
        Err(_) => {
            fields.lose_field(name, "is no duration; an hour is taken");
            INTERVAL.to_owned()
        }
    }
}

/// Name, namespace, labels and annotations. What a server and tools wrote there is theirs.
pub(super) fn metadata(fields: &mut Fields<'_>) -> Value {
    let metadata = fields.within("metadata", |fields| {
        let mut kept = Map::new();
        for name in ["name", "namespace"] {
            if let Some(text) = fields.text(name) {
                kept.insert(name.to_owned(), text.into());
            }
        }
        for name in ["labels", "annotations"] {
            let labels = target::kept(fields.map(name));
            if !labels.is_empty() {
                kept.insert(name.to_owned(), labels.into_iter().collect());
            }
        }
        fields.drop_silently(&[
            "creationTimestamp",
            "finalizers",
            "generation",
            "managedFields",
            "ownerReferences",
            "resourceVersion",
            "selfLink",
            "uid",
        ]);
        Value::Object(kept)
    });
    metadata.unwrap_or_default()
}
