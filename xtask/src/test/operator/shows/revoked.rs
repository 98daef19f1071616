use anyhow::Result;
use serde_json::json;

use super::{
    super::operators::{Operator, Replica},
    PATIENCE, Show, external_secret,
};
use crate::test::{kubernetes::Kind, operator::expected::contains};

const USER: &str = "revoked";

/// The AccessKey of a store is disabled: the Secret keeps its value, status says why, and all goes on
/// when the key is enabled again.
pub(super) fn show(show: &Show<'_>) -> Result<()> {
    let client = show.client();
    let [id, secret] = show.scene.user(USER)?;
    let key = |key: &str| json!({"name": "key", "namespace": show.namespace, "key": key});
    for object in [
        json!({
            "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "key"},
            "stringData": {"id": id, "secret": secret},
        }),
        json!({
            "apiVersion": "alibabacloud.com/v1alpha1", "kind": "SecretStore",
            "metadata": {"name": "store"},
            "spec": {"KMS": {"KMSAuth": {"accessKey": key("id"), "accessKeySecret": key("secret")}}},
        }),
        external_secret(
            "test",
            &json!({"key": show.remote("a"), "name": "value", "secretStoreRef": {"name": "store"}}),
        ),
    ] {
        client.apply(show.namespace, &object)?;
    }
    show.put("a", "one", 1)?;
    let replica = Replica {
        pod: USER.to_owned(),
        namespace: show.namespace.to_owned(),
    };
    let _operator = Operator::start(show.program, show.scene, &replica, &show.flags())?;
    show.until("test", "one")?;

    show.scene.enable(USER, &id, false)?;
    show.put("a", "two", 2)?;
    let told = json!({"status": {
        "conditions": [{"type": "Ready", "status": "False"}],
        "dataSyncResults": [{"status": "Failed", "reason": "~InvalidAccessKeyId"}],
    }});
    let kind = Kind::named("ExternalSecret");
    client.until(&kind, show.namespace, "test", PATIENCE, |object| {
        contains(&serde_json::to_value(object)?, &told, "")
    })?;
    show.scene
        .gate
        .until_called(&show.remote("a"), 1, PATIENCE)?;
    show.until("test", "one")?;

    show.scene.enable(USER, &id, true)?;
    show.until("test", "two")
}
