use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Local;

/// What is known without KMS.
pub(crate) struct Known<'a> {
    /// When the agent began to serve.
    pub(crate) started: Timestamp,
    /// The time.
    pub(crate) now: Timestamp,
    /// Whether it still does.
    pub(crate) ready: bool,
    /// The configured mounts.
    pub(crate) mounts: &'a BTreeMap<String, u8>,
    /// A fresh id.
    pub(crate) request_id: String,
}

/// A status and a body; none with 204.
pub(crate) struct LocalAnswer {
    pub(crate) status: u16,
    pub(crate) body: Option<Value>,
}

/// Answers. The values are those that keep each client content: no renewal timer, no
/// revocation, versions as text (security reference §4.2).
pub(crate) fn answer(local: &Local, known: &Known<'_>) -> LocalAnswer {
    let (status, body) = match local {
        Local::LookupSelf => (200, envelope(known, &lookup_self(known.started))),
        Local::RenewSelf => (400, json!({"errors": ["token is not renewable"]})),
        Local::RevokeSelf => {
            return LocalAnswer {
                status: 204,
                body: None,
            };
        }
        Local::Health => {
            let status = if known.ready { 200 } else { 503 };
            (status, health(known))
        }
        Local::SealStatus => (200, seal_status(known.ready)),
        Local::Mounts => (200, envelope(known, &all_mounts(known.mounts))),
        Local::Mount(Some((name, version))) => {
            let mut data = mount(*version);
            if let Value::Object(fields) = &mut data {
                fields.insert("path".to_owned(), json!(format!("{name}/")));
            }
            (200, envelope(known, &data))
        }
        // Without mounts every path is a name, and on 404 clients fall back to KV 1.
        Local::Mount(None) if known.mounts.is_empty() => (404, json!({"errors": []})),
        // As Vault does, so that mounts cannot be found by trying.
        Local::Mount(None) => (403, json!({"errors": ["no access to this mount"]})),
        Local::Reserved => (404, json!({"errors": []})),
    };
    LocalAnswer {
        status,
        body: Some(body),
    }
}

fn envelope(known: &Known<'_>, data: &Value) -> Value {
    json!({
        "request_id": known.request_id, "lease_id": "", "renewable": false,
        "lease_duration": 0, "data": data, "wrap_info": null, "warnings": null, "auth": null
    })
}

fn lookup_self(started: Timestamp) -> Value {
    json!({
        "accessor": "", "creation_time": started.as_second(), "creation_ttl": 0,
        "display_name": "kms-agent", "entity_id": "", "expire_time": null,
        "explicit_max_ttl": 0, "id": "agent", "meta": null, "num_uses": 0, "orphan": true,
        "path": "auth/token/create", "policies": ["kms-agent"], "renewable": false, "ttl": 0,
        "type": "service"
    })
}

fn health(known: &Known<'_>) -> Value {
    json!({
        "initialized": true, "sealed": !known.ready, "standby": false,
        "performance_standby": false, "replication_performance_mode": "disabled",
        "replication_dr_mode": "disabled", "server_time_utc": known.now.as_second(),
        "version": VERSION, "cluster_name": "kms-agent", "cluster_id": ""
    })
}

fn seal_status(ready: bool) -> Value {
    json!({
        "type": "shamir", "initialized": true, "sealed": !ready, "t": 1, "n": 1,
        "progress": 0, "nonce": "", "version": VERSION, "build_date": "",
        "migration": false, "cluster_name": "kms-agent", "cluster_id": "",
        "recovery_seal": false, "storage_type": "inmem"
    })
}

fn all_mounts(mounts: &BTreeMap<String, u8>) -> Value {
    let secret: serde_json::Map<String, Value> = mounts
        .iter()
        .map(|(name, version)| (format!("{name}/"), mount(*version)))
        .collect();
    json!({"secret": secret, "auth": {}})
}

fn mount(version: u8) -> Value {
    json!({
        "type": "kv", "description": "", "accessor": "kv_agent", "local": false,
        "seal_wrap": false, "external_entropy_access": false,
        // A string: the Go client asserts its type.
        "options": {"version": version.to_string()},
        "config": {"default_lease_ttl": 0, "max_lease_ttl": 0, "force_no_cache": false}
    })
}

/// Whose API is spoken; clients compare it with what they need.
const VERSION: &str = "1.18.0";
