use kms_service::Notice;
use kms_wire::write_timestamp;
use serde_json::{Value, json};

/// A notice as programs get it: the fields of CloudMonitor's own notifications, and what
/// tells it from all others.
pub(super) fn of(notice: &Notice) -> Value {
    json!({
        "eventId": format!("{}/{}", notice.account, notice.id),
        "product": if notice.name.starts_with("Config:") { "CONFIG" } else { "KMS" },
        "accountId": notice.account,
        "name": notice.name,
        "level": notice.level.as_str(),
        "resourceId": notice.resource,
        "time": write_timestamp(notice.time),
        "content": notice.content,
    })
}
