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

/// A finding as Simple Log Service gets it, and Object Storage Service; Message Service gets
/// the annotation as text (reference accesskey §5.3).
pub(super) fn finding(notice: &Notice, has_text: bool) -> Value {
    let mut finding = notice.content.clone();
    if let Some(annotation) = finding.get_mut("annotation")
        && has_text
    {
        *annotation = Value::String(annotation.to_string());
    }
    finding
}
