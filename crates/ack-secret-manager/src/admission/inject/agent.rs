//! The agent's container.

use serde_json::{Value, json};

use super::{
    CONTAINER, InjectError,
    asked::Asked,
    identity::{self, Identity},
    pod,
    volumes::{self, CONFIG_FILE},
};

/// The user and the group of the agent's image.
pub(super) const USER: u32 = 65_532;

/// Where the agent makes its token (seed 000).
pub(super) const RUN: &str = "/var/run";

/// The token's file there.
pub(super) const TOKEN: &str = "kmstoken";

/// The program in the agent's image (deploy/ack/agent/Dockerfile).
const PROGRAM: &str = "/alibabacloud-kms-agent";

/// The folder that a configuration's relative paths begin from, seed 000's `./logs/` for one.
const FOLDER: &str = "/agent";

/// Before all others: an init container may need a secret as well. It is ready before the next one
/// starts, and ends after the last (Kubernetes 1.29 and later).
pub(super) fn add(pod: &mut Value, asked: &Asked) -> Result<(), InjectError> {
    let container = container(asked);
    let spec = pod::spec(pod)?;
    pod::list_in(spec, "initContainers")?.insert(0, container);
    if !asked.pull_secrets.is_empty() {
        let secrets = pod::list_in(spec, "imagePullSecrets")?;
        for secret in &asked.pull_secrets {
            let entry = json!({ "name": secret.as_str() });
            if !secrets.contains(&entry) {
                secrets.push(entry);
            }
        }
    }
    Ok(())
}

fn container(asked: &Asked) -> Value {
    let ready = json!({ "command": [PROGRAM, "ready", CONFIG_FILE] });
    json!({
        "name": CONTAINER,
        "image": asked.image.as_str(),
        "command": [PROGRAM],
        "args": ["agent", CONFIG_FILE],
        "workingDir": FOLDER,
        "restartPolicy": "Always",
        "env": variables(asked),
        "startupProbe": {
            "exec": ready, "periodSeconds": 1, "timeoutSeconds": 3, "failureThreshold": 120,
        },
        "readinessProbe": { "exec": ready, "periodSeconds": 10, "timeoutSeconds": 3 },
        "resources": resources(asked),
        "securityContext": {
            "runAsNonRoot": true,
            "runAsUser": USER,
            "runAsGroup": USER,
            "allowPrivilegeEscalation": false,
            "readOnlyRootFilesystem": true,
            "capabilities": { "drop": ["ALL"] },
            "seccompProfile": { "type": "RuntimeDefault" },
        },
        // What the agent says when it cannot start, in the pod's status.
        "terminationMessagePolicy": "FallbackToLogsOnError",
        "volumeMounts": mounts(asked),
    })
}

fn variables(asked: &Asked) -> Vec<Value> {
    let said = |name: &str, value: &str| json!({ "name": name, "value": value });
    let mut variables = vec![said("KMS_TOKEN", &format!("file://{RUN}/{TOKEN}"))];
    match &asked.identity {
        Identity::Role { role, provider } => variables.extend([
            said(identity::ROLE, &role.to_string()),
            said(identity::PROVIDER, &provider.to_string()),
            said(identity::TOKEN_FILE, volumes::IDENTITY_FILE),
        ]),
        Identity::AccessKey(secret) => {
            let from = |name: &str, optional: bool| {
                json!({ "name": name, "valueFrom": { "secretKeyRef": {
                    "name": secret.as_str(), "key": name, "optional": optional,
                }}})
            };
            variables.extend([
                from("ALIBABA_CLOUD_ACCESS_KEY_ID", false),
                from("ALIBABA_CLOUD_ACCESS_KEY_SECRET", false),
                // Of an AccessKey that STS gave.
                from("ALIBABA_CLOUD_SECURITY_TOKEN", true),
            ]);
        }
        Identity::ClientKey(_) | Identity::Machine => {}
    }
    variables
}

fn mounts(asked: &Asked) -> Vec<Value> {
    let read_only = |name: &str, file: &str| {
        let folder = file.rsplit_once('/').map_or(file, |(folder, _)| folder);
        json!({ "name": name, "mountPath": folder, "readOnly": true })
    };
    let mut mounts = vec![
        json!({ "name": volumes::RUN, "mountPath": RUN }),
        read_only(volumes::CONFIG, CONFIG_FILE),
    ];
    if asked.configuration.has_log_files() {
        mounts.push(json!({ "name": volumes::LOGS, "mountPath": format!("{FOLDER}/logs") }));
    }
    match &asked.identity {
        Identity::Role { .. } => {
            mounts.push(read_only(volumes::IDENTITY, volumes::IDENTITY_FILE));
        }
        Identity::ClientKey(_) => {
            mounts.push(read_only(volumes::CLIENT_KEY, volumes::CLIENT_KEY_FILE));
        }
        Identity::AccessKey(_) | Identity::Machine => {}
    }
    if asked.ca.is_some() {
        mounts.push(read_only(volumes::CA, volumes::CA_FILE));
    }
    mounts
}

fn resources(asked: &Asked) -> Value {
    let resources = &asked.resources;
    let mut limits = json!({ "memory": resources.memory_limit.as_str() });
    if let (Some(cpu), Some(limits)) = (&resources.cpu_limit, limits.as_object_mut()) {
        limits.insert("cpu".to_owned(), cpu.as_str().into());
    }
    json!({
        "requests": {
            "cpu": resources.cpu_request.as_str(), "memory": resources.memory_request.as_str(),
        },
        "limits": limits,
    })
}
