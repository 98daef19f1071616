use serde_json::{Value, json};

use super::SHOP;

/// In the value of a pod's variable: it is never logged.
pub(super) const CANARY: &str = "hunter2-of-the-webhooks-pods";

/// An ExternalSecret.
pub(super) fn named(name: &str, spec: &Value) -> Value {
    json!({
        "apiVersion": "alibabacloud.com/v1alpha1",
        "kind": "ExternalSecret",
        "metadata": {"name": name, "namespace": SHOP},
        "spec": spec,
    })
}

/// One that stays when it is deleted, until the finalizer goes.
pub(super) fn held(name: &str, spec: &Value) -> Value {
    let mut object = named(name, spec);
    if let Some(metadata) = object
        .pointer_mut("/metadata")
        .and_then(Value::as_object_mut)
    {
        let finalizers = json!(["finalizer.ack.secrets-manager.alibabacloud.com"]);
        metadata.insert("finalizers".to_owned(), finalizers);
    }
    object
}

/// What works, once there is such a secret.
pub(super) fn fine() -> Value {
    json!({"data": [{
        "key": "shop/db",
        "name": "password",
        "jmesPath": [{"path": "password", "objectAlias": "password"}],
    }]})
}

/// What never works, whatever the secret holds: a regular expression that does not end.
pub(super) fn broken() -> Value {
    json!({"dataProcess": [{
        "extract": {"key": "shop/db"},
        "replaceRule": [{"source": "(", "target": "b"}],
    }]})
}

/// A pod's annotations.
pub(super) fn asks() -> Value {
    json!({
        "kms-agent.alibabacloud.com/inject": "true",
        "kms-agent.alibabacloud.com/role-arn": "acs:ram::1234567890123456:role/shop",
        "kms-agent.alibabacloud.com/oidc-provider-arn":
            "acs:ram::1234567890123456:oidc-provider/ack-rrsa-c0123456789abcdef",
    })
}

/// With these annotations.
pub(super) fn pod(name: &str, annotations: &Value) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": SHOP, "annotations": annotations},
        "spec": {"serviceAccountName": "default", "containers": [{
            "name": "app",
            "image": "registry.example.com/app",
            "env": [{"name": "PASSWORD", "value": CANARY}],
        }]},
    })
}
