use std::path::PathBuf;

use kms_service::Level;

use crate::webhook::WebhookUrl;

/// A program that is told of events, or of the findings of a channel.
#[derive(Clone, Debug)]
pub struct EventWebhookSettings {
    /// Where it is.
    pub url: WebhookUrl,
    /// The file of the key that calls are signed with.
    pub signing_key_file: PathBuf,
    /// Of which events: those that matter that much, or more.
    pub level: Level,
    /// Instead of events it gets the findings of channels that name this ARN.
    pub target: Option<String>,
    /// The authority that is trusted, PEM, instead of the system's.
    pub ca_file: Option<PathBuf>,
}
