//! Entries: which remote secret, and what of it.

use super::{
    Fields, property,
    stores::{Reached, Stores},
};
use crate::api::{DataProcess, DataSource, JmesPath, ReplaceRule, StoreRef};

/// What entries stand in.
pub(super) struct Context<'a> {
    pub(super) stores: &'a Stores,
    /// The namespace of the ExternalSecret; empty for one of many.
    pub(super) namespace: String,
    /// The store of entries that name none.
    pub(super) store: Option<StoreRef>,
}

// === impl Context ===

impl Context<'_> {
    /// `spec.data`.
    pub(super) fn data(&self, fields: &mut Fields<'_>) -> Vec<DataSource> {
        fields.each("data", |fields| {
            let name = fields.text("secretKey").unwrap_or_default();
            let store = self.store_of(fields)?;
            let remote = fields.within("remoteRef", remote)?;
            let (mut entry, property) = remote?;
            entry.name = name;
            if let Some(property) = property {
                let Some(path) = property::as_jmes_path(&property) else {
                    fields.lose(
                        "is left out: its property searches, and there is no such JMESPath; write jmesPath",
                    );
                    return None;
                };
                entry.jmes_path = vec![JmesPath {
                    path,
                    object_alias: entry.name.clone(),
                }];
            }
            self.reach(fields, store, entry)
        })
    }

    /// `spec.dataFrom`.
    pub(super) fn data_process(&self, fields: &mut Fields<'_>) -> Vec<DataProcess> {
        fields.each("dataFrom", |fields| {
            let store = self.store_of(fields)?;
            if fields.take("find").is_some() {
                fields.lose(
                    "is left out: nothing finds secrets by name or tag; name them in dataProcess",
                );
                fields.discard();
                return None;
            }
            let extracted = fields.within("extract", remote)?;
            let (entry, property) = extracted?;
            if property.is_some() {
                fields.lose(
                    "is left out: only whole documents are taken apart, not a property; \
                     name its fields in data by jmesPath",
                );
                fields.discard();
                return None;
            }
            let replace_rule = rewrites(fields);
            let extract = self.reach(fields, store, entry)?;
            Some(DataProcess {
                extract: Some(extract),
                replace_rule,
            })
        })
    }

    /// Which store; none if the value comes from no store.
    fn store_of(&self, fields: &mut Fields<'_>) -> Option<StoreRef> {
        let own = fields.within("sourceRef", |fields| {
            let store = store_ref(fields, "storeRef");
            let generated = fields.take("generatorRef").is_some();
            (store, generated)
        });
        let store = match own {
            Some((_, true)) => {
                fields.lose("is left out: it is generated, and nothing here generates");
                fields.discard();
                return None;
            }
            Some((store, _)) => store,
            None => None,
        };
        let store = store.or_else(|| self.store.clone());
        if store.is_none() {
            fields.lose("is left out: it names no store");
            fields.discard();
        }
        store
    }

    fn reach(
        &self,
        fields: &mut Fields<'_>,
        store: StoreRef,
        mut entry: DataSource,
    ) -> Option<DataSource> {
        match self.stores.reach(&store, &self.namespace) {
            Reached::AsIs => {}
            Reached::Endpoint(endpoint) => entry.kms_endpoint = endpoint,
            Reached::NotKms => {
                fields.lose("is left out: its store is not of Alibaba Cloud KMS");
                return None;
            }
            Reached::Unknown => {
                let text = format!(
                    "names {} {}, which is not among these manifests; it is taken for one of KMS in the \
                     operator's region",
                    if store.kind.is_empty() {
                        "SecretStore"
                    } else {
                        &store.kind
                    },
                    store.name
                );
                fields.note("", &text);
            }
        }
        entry.secret_store_ref = Some(store);
        Some(entry)
    }
}

/// A reference to a store.
pub(super) fn store_ref(fields: &mut Fields<'_>, name: &str) -> Option<StoreRef> {
    fields.within(name, |fields| StoreRef {
        name: fields.text("name").unwrap_or_default(),
        namespace: String::new(),
        kind: fields
            .text("kind")
            .filter(|kind| kind != "SecretStore")
            .unwrap_or_default(),
    })
}

/// A remote secret, and the property of it.
fn remote(fields: &mut Fields<'_>) -> Option<(DataSource, Option<String>)> {
    let unusual = |fields: &mut Fields<'_>, name, usual: &str, text: &str| {
        let value = fields.text(name);
        let other = value.is_some_and(|value| value != usual);
        if other {
            fields.lose_field(name, text);
        }
        other
    };
    if unusual(
        fields,
        "metadataPolicy",
        "None",
        "is left out: metadata of a secret is not read",
    ) {
        fields.discard();
        return None;
    }
    unusual(
        fields,
        "decodingStrategy",
        "None",
        "is not carried over; decode in target.template: {{ .key | b64dec }}",
    );
    // Default is to leave keys alone but for what no key may have; KMS's names have none of that.
    unusual(
        fields,
        "conversionStrategy",
        "Default",
        "is not carried over; keys stay as they are",
    );
    fields.drop_silently(&["nullBytePolicy"]);
    let entry = DataSource {
        key: fields.text("key").unwrap_or_default(),
        version_id: fields.text("version").unwrap_or_default(),
        ..DataSource::default()
    };
    Some((entry, fields.text("property")))
}

fn rewrites(fields: &mut Fields<'_>) -> Vec<ReplaceRule> {
    fields.each("rewrite", |fields| {
        let rule = fields.within("regexp", |fields| ReplaceRule {
            source: fields.text("source").unwrap_or_default(),
            target: fields.text("target").unwrap_or_default(),
        });
        if rule.is_none() {
            fields.lose("is not carried over: only regexp is; keys stay as they are");
            fields.discard();
        }
        rule
    })
}
