//! Certificates are read again when the program is told to, when their files change, and,
//! for those of the server's own authority, before they end. What cannot be used changes
//! nothing.

use std::{fs, path::Path, sync::Arc, time::Duration};

use jiff::Timestamp;
use kms_telemetry::Lifecycle;
use kms_types::Clock;
use tokio::time::{MissedTickBehavior, interval};

use super::certificates::CertificateSet;
use crate::{metrics::Metrics, settings::Settings};

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(5);

/// How often the own authority is asked whether a certificate is past half of its life.
const RENEW: Duration = Duration::from_hours(6);

/// What tells a file from the one that was there before.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
struct Stamp(Vec<(u64, Option<Timestamp>)>);

/// Watches until the program is told to end.
pub(super) async fn watch(
    settings: Arc<Settings>,
    certificates: CertificateSet,
    metrics: Metrics,
    clock: Arc<dyn Clock>,
    mut lifecycle: Lifecycle,
) {
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut shutdown = lifecycle.shutdown.clone();
    let mut seen = Stamp::of(&settings);
    let mut asked = clock.monotonic();
    loop {
        let is_ordered = tokio::select! {
            biased;
            () = shutdown.draining() => return,
            () = lifecycle.reload() => true,
            _now = looks.tick() => false,
        };
        let found = Stamp::of(&settings);
        let now = clock.monotonic();
        if !is_ordered && found == seen && now.saturating_sub(asked) < RENEW {
            continue;
        }
        (seen, asked) = (found, now);
        let read = certificates.read_again(&settings, clock.now());
        metrics.reload(read.is_ok());
        match read {
            Ok(()) => tracing::info!("the certificates were read again"),
            Err(reason) => tracing::warn!(
                error = %kms_telemetry::Failure::new(kms_telemetry::Exit::Usage, reason),
                "the certificates cannot be read again; those in use stay"
            ),
        }
    }
}

// === impl Stamp ===

impl Stamp {
    fn of(settings: &Settings) -> Self {
        let own = settings.instances.iter().map(|instance| &instance.files);
        let files = own.chain([&settings.tls.files]).flatten();
        Self(
            files
                .flat_map(|files| [&files.certificate, &files.key])
                .map(|path| stamp(path))
                .collect(),
        )
    }
}

/// Follows links: programs that renew certificates point a link to the new file.
fn stamp(path: &Path) -> (u64, Option<Timestamp>) {
    let Ok(metadata) = fs::metadata(path) else {
        return (0, None);
    };
    let changed = metadata.modified().ok();
    let changed = changed.and_then(|time| Timestamp::try_from(time).ok());
    (metadata.len(), changed)
}
