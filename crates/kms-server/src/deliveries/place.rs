use async_trait::async_trait;
use jiff::Timestamp;
use kms_client::CallError;
use kms_service::Notice;
use serde_json::Value;

/// What takes findings.
#[async_trait]
pub(super) trait Place: Send + Sync {
    /// For metrics: `file`, `webhook`, `oss`, `s3` or `sls`.
    fn kind(&self) -> &'static str;

    /// Takes one. When this is done it has it for good.
    async fn put(&self, parcel: &Parcel<'_>) -> Result<(), Refusal>;
}

/// A finding on its way.
pub(super) struct Parcel<'a> {
    /// For which channel.
    pub(super) channel: &'a str,
    /// In whose account it was found.
    pub(super) account: &'a str,
    /// What tells it from all others of the account.
    pub(super) id: &'a str,
    /// When it was found.
    pub(super) time: Timestamp,
    /// What it says.
    pub(super) finding: Value,
    /// The same as text.
    pub(super) body: String,
}

/// Why a place does not take one.
#[derive(Debug)]
pub(super) struct Refusal {
    /// For whoever may see the channel: nothing of the server's own files and networks.
    pub(super) shown: String,
    /// For the log, if there is more to say; no secret and nothing of what was sent.
    pub(super) more: Option<String>,
}

// === impl Parcel ===

impl<'a> Parcel<'a> {
    /// Simple Log Service gets the annotation as an object, and Object Storage Service; Message
    /// Service gets it as text (reference accesskey §5.3).
    pub(super) fn new(channel: &'a str, notice: &'a Notice, has_text: bool) -> Self {
        let mut finding = notice.content.clone();
        if let Some(annotation) = finding.get_mut("annotation")
            && has_text
        {
            *annotation = Value::String(annotation.to_string());
        }
        Self {
            channel,
            account: notice.account.as_str(),
            id: &notice.id,
            time: notice.time,
            body: finding.to_string(),
            finding,
        }
    }
}

// === impl Refusal ===

impl Refusal {
    pub(super) fn of(shown: impl Into<String>) -> Self {
        Self {
            shown: shown.into(),
            more: None,
        }
    }
}

impl From<CallError> for Refusal {
    fn from(error: CallError) -> Self {
        let shown = match &error {
            CallError::Credentials(_) => "the server has no credentials for it".to_owned(),
            CallError::Service { status, code, .. } => format!("{code} (HTTP {status})"),
            CallError::Timeout { .. } => "no answer in time".to_owned(),
            CallError::Transport { .. } => "no connection".to_owned(),
            _ => "an answer that cannot be read".to_owned(),
        };
        let more = match &error {
            CallError::Credentials(reason) => format!("{error}: {reason}"),
            CallError::Service { request_id, .. } => format!("{error}, request {request_id}"),
            _ => error.to_string(),
        };
        Self {
            shown,
            more: Some(more),
        }
    }
}
