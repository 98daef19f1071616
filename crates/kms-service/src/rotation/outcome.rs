//! What is written in the list of events when a rotation is over, in the transaction that
//! ends it: one event each, whoever ends it and however often (reference accesskey §4.3, I27).

use jiff::Timestamp;
use kms_store::{RotationRecord, Tx};
use serde_json::{Value, json};

use super::{
    access_key,
    journal::{self, Engine, Kind},
};
use crate::{
    events::{self, Event, Level},
    failure::Failure,
};

/// Raises `Secret:RotateSecret:Success` or `:Failure` for a row that is about to be finished.
pub(super) async fn raise(
    tx: &mut dyn Tx,
    row: &RotationRecord,
    now: Timestamp,
) -> Result<(), Failure> {
    let secret = tx.secrets().find_by_id(row.secret).await?;
    let (name, kind) = match (&secret, Kind::of(row)?.engine) {
        (Some(secret), _) => (secret.name.to_string(), secret.secret_type.as_str()),
        (None, Engine::AccessKey) => (row.subject.clone(), "RAMCredentials"),
        (None, Engine::Webhook) => (row.subject.clone(), ""),
    };
    let has_failed = row.step == journal::FAILED;
    let outcome = if has_failed { "Failure" } else { "Success" };
    let mut content = json!({
        "secretName": name,
        "secretType": kind,
        "versionId": row.version,
        "rotationStatus": outcome,
    });
    if let Value::Object(content) = &mut content {
        if has_failed {
            // Codes and words of ours; no value is ever among them.
            content.insert("failureInfo".to_owned(), row.error.as_str().into());
        }
        if Kind::of(row)?.engine == Engine::AccessKey {
            let [user, old, new] = access_key::told_of(row)?;
            let arn = format!("acs:ram::{}:user/{user}", row.account);
            content.insert("RotationEntityArn".to_owned(), arn.into());
            for (key, id) in [("oldAccessKeyId", old), ("newAccessKeyId", new)] {
                if !id.is_empty() {
                    content.insert(key.to_owned(), id.into());
                }
            }
        }
    }
    let event = Event {
        name: format!("Secret:RotateSecret:{outcome}"),
        level: if has_failed {
            Level::Critical
        } else {
            Level::Info
        },
        resource: format!("secret/{name}"),
        content,
    };
    let key = format!("rotation/{}", row.id);
    events::raise(tx, &row.account, &key, &event, now).await?;
    Ok(())
}
