//! The program that `--webhook` names, and the key that its calls are signed with.

use std::sync::Arc;

use aws_lc_rs::rand;
use jiff::SignedDuration;
use kms_types::Clock;
use zeroize::Zeroizing;

use super::{DevError, Home};
use crate::{
    files::write_private,
    settings::{RotationSettings, WebhookSettings},
    webhook::{WebhookUrl, Webhooks},
};

/// Who rotates secrets, and how often at most.
pub(crate) struct Rotating {
    pub(super) webhooks: Webhooks,
    pub(super) settings: RotationSettings,
}

impl Rotating {
    /// Without a program, nobody does. The key is made once.
    pub(crate) fn open(
        home: &Home,
        url: Option<WebhookUrl>,
        least_interval: Option<SignedDuration>,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, DevError> {
        let path = home.webhook_key();
        if url.is_some() && !path.exists() {
            make(home)?;
        }
        let settings: Vec<_> = url
            .into_iter()
            .map(|url| WebhookSettings::new(url, path.clone()))
            .collect();
        Ok(Self {
            webhooks: Webhooks::open(&settings, Arc::clone(clock))?,
            settings: rotation(least_interval),
        })
    }
}

/// Who may rotate so often may ask for windows as short.
fn rotation(least_interval: Option<SignedDuration>) -> RotationSettings {
    let mut settings = RotationSettings::default();
    if let Some(least) = least_interval {
        settings.least_interval = least;
        settings.windows.least = settings.windows.least.min(least);
    }
    settings
}

fn make(home: &Home) -> Result<(), DevError> {
    let failed = |source| DevError::Write {
        file: "webhook.key",
        source,
    };
    let mut bytes = Zeroizing::new([0; 32]);
    rand::fill(bytes.as_mut()).map_err(|_unspecified| {
        failed(std::io::Error::other(
            "the system's random generator failed",
        ))
    })?;
    let mut line = Zeroizing::new(hex::encode(*bytes));
    line.push('\n');
    write_private(&home.webhook_key(), line.as_bytes()).map_err(failed)
}
