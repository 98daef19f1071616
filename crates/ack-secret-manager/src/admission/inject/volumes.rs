//! The agent's volumes: names of their own, so that they meet no other's.

use serde_json::{Value, json};

use super::{
    InjectError,
    asked::{Asked, GENERATED},
    configuration::Configuration,
    identity::Identity,
    pod,
};

/// Where the token lies that the agent makes.
pub(super) const RUN: &str = "kms-agent-run";
pub(super) const CONFIG: &str = "kms-agent-config";
pub(super) const LOGS: &str = "kms-agent-logs";
pub(super) const IDENTITY: &str = "kms-agent-identity";
pub(super) const CA: &str = "kms-agent-ca";
pub(super) const CLIENT_KEY: &str = "kms-agent-client-key";

pub(super) const ALL: [&str; 6] = [RUN, CONFIG, LOGS, IDENTITY, CA, CLIENT_KEY];

pub(super) const CONFIG_FILE: &str = "/etc/kms-agent/config/config.toml";
/// Not where ACK's own webhook mounts one: two volumes at one place are refused.
pub(super) const IDENTITY_FILE: &str = "/etc/kms-agent/identity/token";
pub(super) const CA_FILE: &str = "/etc/kms-agent/ca/ca.crt";
/// Named as deploy/kubernetes/kms-client-key.yaml names them.
pub(super) const CLIENT_KEY_FILE: &str = "/etc/kms-agent/client-key/clientKey.json";
pub(super) const CLIENT_KEY_PASSWORD_FILE: &str =
    "/etc/kms-agent/client-key/clientKey_Password.txt";

/// Volumes on a disk keep the cluster autoscaler from emptying a node, unless they are named in it.
const SAFE_TO_EVICT: &str = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes";

/// Adds them to the pod, and what lies in them to its annotations.
pub(super) fn add(pod: &mut Value, asked: &Asked) -> Result<(), InjectError> {
    let volumes = pod::list_in(pod::spec(pod)?, "volumes")?;
    // In memory: the token never reaches a disk.
    volumes.push(json!({ "name": RUN, "emptyDir": { "medium": "Memory", "sizeLimit": "1Mi" } }));
    volumes.push(configuration(asked));
    if asked.configuration.has_log_files() {
        // MaxSize times (MaxBackups + 1) of the agent's defaults, and room to rotate.
        volumes.push(json!({ "name": LOGS, "emptyDir": { "sizeLimit": "400Mi" } }));
    }
    match &asked.identity {
        Identity::Role { .. } => volumes.push(json!({
            "name": IDENTITY,
            "projected": { "sources": [{ "serviceAccountToken": {
                "path": "token", "audience": "sts.aliyuncs.com", "expirationSeconds": 3600,
            }}]},
        })),
        Identity::ClientKey(secret) => volumes.push(json!({
            "name": CLIENT_KEY, "secret": { "secretName": secret.as_str() },
        })),
        Identity::AccessKey(_) | Identity::Machine => {}
    }
    if let Some(map) = &asked.ca {
        volumes.push(json!({
            "name": CA,
            "configMap": {
                "name": map.as_str(), "items": [{ "key": "ca.crt", "path": "ca.crt" }],
            },
        }));
    }
    if let Configuration::Made(made) = &asked.configuration {
        pod::annotate(pod, GENERATED, &made.text())?;
    }
    if asked.configuration.has_log_files() {
        let annotations = pod::annotations(pod)?;
        let others = annotations.get(SAFE_TO_EVICT).and_then(Value::as_str);
        let all = match others {
            Some(others) if !others.trim().is_empty() => format!("{others},{LOGS}"),
            _ => LOGS.to_owned(),
        };
        annotations.insert(SAFE_TO_EVICT.to_owned(), all.into());
    }
    Ok(())
}

/// As a file, wherever it comes from: no ConfigMap has to be made for one that lies in an annotation.
fn configuration(asked: &Asked) -> Value {
    match &asked.configuration {
        Configuration::Map(map) => json!({
            "name": CONFIG,
            "configMap": {
                "name": map.as_str(), "items": [{ "key": "config.toml", "path": "config.toml" }],
            },
        }),
        other => {
            let name = other.annotation().unwrap_or(GENERATED);
            let path = format!("metadata.annotations['{}/{name}']", super::PREFIX);
            json!({
                "name": CONFIG,
                "downwardAPI": { "items": [
                    { "path": "config.toml", "fieldRef": { "fieldPath": path } },
                ]},
            })
        }
    }
}
