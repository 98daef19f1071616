//! What is told of rotations, once it is so.

use kms_store::SecretRecord;
use kms_types::VersionId;

use super::{RotationEvent, RotationNews};
use crate::Service;

impl Service {
    /// Tells what became of a rotation, which must be committed.
    pub(super) fn tell(&self, secret: &SecretRecord, version: &VersionId, event: RotationEvent) {
        self.tell_all(&RotationNews {
            account: &secret.account,
            secret: &secret.name,
            version,
            event,
            old_key: None,
            new_key: None,
            old_key_used: None,
            reason: "",
        });
    }

    /// The same, with more to tell.
    pub(super) fn tell_all(&self, news: &RotationNews<'_>) {
        let RotationNews {
            account,
            secret,
            version,
            reason,
            ..
        } = news;
        let event = news.event.as_str();
        let old_key = news.old_key.map(tracing::field::display);
        let new_key = news.new_key.map(tracing::field::display);
        let old_key_used = news.old_key_used.map(tracing::field::display);
        match news.event {
            RotationEvent::GivenUp => tracing::error!(
                %account, %secret, %version, old_key, new_key, reason, "a rotation was given up"
            ),
            RotationEvent::Stalls => tracing::error!(
                %account, %secret, %version, old_key, new_key, reason,
                "a rotation does not get on; it is tried again"
            ),
            RotationEvent::KeyDead => tracing::error!(
                %account, %secret, %version, old_key, reason,
                "a hosted AccessKey does not sign any more; another one is made"
            ),
            _ => tracing::info!(
                %account, %secret, %version, old_key, new_key, old_key_used, event,
                "a rotation goes on"
            ),
        }
        // Who made or ended the key may be a RAM that tells rules nothing by itself.
        self.want_ram(account);
        (self.rotation().told)(news);
    }
}
