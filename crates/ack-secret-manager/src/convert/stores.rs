//! Stores: who asks KMS, and what entries that name a store need to know of it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Fields, Manifest, namespaces};
use crate::api::{Auth, Kms, SecretRef, SecretStoreSpec, StoreRef};

/// The stores among the manifests.
pub(super) struct Stores {
    known: BTreeMap<StoreRef, Known>,
    region: Option<String>,
}

/// What a store is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Known {
    /// Of KMS, in this region.
    Kms(Option<String>),
    /// Of somebody else.
    Other,
}

/// What an entry of a store needs.
pub(super) enum Reached {
    /// Nothing more.
    AsIs,
    /// This endpoint, for its region is not the operator's.
    Endpoint(String),
    /// The store is of somebody else.
    NotKms,
    /// The store is not among the manifests.
    Unknown,
}

// === impl Stores ===

impl Stores {
    /// Those among these objects. `region` is the operator's.
    pub(super) fn among(objects: &[Value], region: Option<&str>) -> Self {
        let known = objects.iter().filter_map(|object| {
            let text = |path: &str| {
                object
                    .pointer(path)
                    .and_then(Value::as_str)
                    .map(str::to_owned)
            };
            let kind = text("/kind").filter(|kind| kind.ends_with("SecretStore"))?;
            let provider = object.pointer("/spec/provider")?;
            let store = match provider.get("alibaba") {
                Some(_) => Known::Kms(text("/spec/provider/alibaba/regionID")),
                None => Known::Other,
            };
            let namespace = match kind.as_str() {
                "SecretStore" => text("/metadata/namespace").unwrap_or_default(),
                _ => String::new(),
            };
            let name = text("/metadata/name")?;
            Some((
                StoreRef {
                    name,
                    namespace,
                    kind,
                },
                store,
            ))
        });
        Self {
            known: known.collect(),
            region: region.map(str::to_owned),
        }
    }

    /// What an entry needs that is read through this store, from an object of this namespace.
    pub(super) fn reach(&self, store: &StoreRef, namespace: &str) -> Reached {
        let kind = match store.kind.as_str() {
            "" => "SecretStore",
            kind => kind,
        };
        let namespace = if kind == "SecretStore" { namespace } else { "" };
        let key = StoreRef {
            name: store.name.clone(),
            namespace: namespace.to_owned(),
            kind: kind.to_owned(),
        };
        match self.known.get(&key) {
            None => Reached::Unknown,
            Some(Known::Other) => Reached::NotKms,
            Some(Known::Kms(region)) => match region {
                // What external-secrets.io's SDK asks, over the Internet as well.
                Some(region) if self.region.as_ref() != Some(region) => {
                    Reached::Endpoint(format!("kms.{region}.aliyuncs.com"))
                }
                _ => Reached::AsIs,
            },
        }
    }
}

/// A store as ours.
pub(super) fn convert(fields: &mut Fields<'_>, kind: &str) -> Option<Manifest> {
    let cluster = kind == "ClusterSecretStore";
    let metadata = super::external_secret::metadata(fields);
    let spec = fields
        .within("spec", |fields| {
            // How often a store is looked at, and how often a call is tried again: both are ours.
            fields.drop_silently(&["refreshInterval", "retrySettings"]);
            fields.only(
                "controller",
                &[],
                "one operator serves all stores; --watch-namespaces limits it",
            );
            let conditions = if cluster {
                namespaces::conditions(fields)
            } else {
                Vec::new()
            };
            let auth = fields.within("provider", |fields| {
                let auth = fields.within("alibaba", |fields| {
                    fields.drop_silently(&["regionID"]);
                    fields.within("auth", |fields| auth(fields, cluster))
                });
                if auth.is_none() {
                    fields.discard();
                }
                auth.flatten()
            });
            let Some(Some(auth)) = auth else {
                fields.discard();
                return None;
            };
            Some(SecretStoreSpec {
                kms: Some(Kms {
                    auth: Some(auth),
                    dedicated: None,
                }),
                oos: None,
                conditions,
            })
        })
        .flatten();
    if spec.is_none() {
        fields.lose("is left out: it is no store of Alibaba Cloud KMS");
    }
    Manifest::new(kind, metadata, &spec?)
}

fn auth(fields: &mut Fields<'_>, cluster: bool) -> Auth {
    let mut auth = Auth::default();
    fields.within("secretRef", |fields| {
        auth.access_key = secret_ref(fields, "accessKeyIDSecretRef", cluster);
        auth.access_key_secret = secret_ref(fields, "accessKeySecretSecretRef", cluster);
    });
    fields.within("rrsa", |fields| {
        let mut text = |name| fields.text(name).unwrap_or_default();
        auth.oidc_provider_arn = text("oidcProviderArn");
        auth.oidc_token_file_path = text("oidcTokenFilePath");
        auth.ram_role_arn = text("roleArn");
        auth.ram_role_session_name = text("sessionName");
    });
    auth
}

fn secret_ref(fields: &mut Fields<'_>, name: &str, cluster: bool) -> Option<SecretRef> {
    fields.within(name, |fields| {
        let mut text = |name| fields.text(name).unwrap_or_default();
        let mut secret = SecretRef {
            name: text("name"),
            namespace: text("namespace"),
            key: text("key"),
        };
        if !cluster {
            // There, too, a SecretStore has only its own.
            secret.namespace.clear();
        } else if secret.namespace.is_empty() {
            fields.lose_field(
                "namespace",
                "is missing; a ClusterSecretStore has to say it",
            );
        }
        secret
    })
}
