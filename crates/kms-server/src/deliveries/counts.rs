use std::sync::{Arc, Mutex, PoisonError};

use kms_service::{ChannelCount, Outcome};
use kms_types::Clock;
use prometheus_client::{
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

/// What was delivered and what waits, for the metrics. Cheap to clone.
#[derive(Clone)]
pub(crate) struct DeliveryCounts(Arc<Inner>);

struct Inner {
    delivered: Family<[(&'static str, &'static str); 2], Counter>,
    channels: Mutex<Vec<ChannelCount>>,
    clock: Arc<dyn Clock>,
}

type ByKind = Family<[(&'static str, &'static str); 1], Gauge>;

// === impl DeliveryCounts ===

impl DeliveryCounts {
    /// None yet.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner {
            delivered: Family::default(),
            channels: Mutex::default(),
            clock,
        }))
    }

    /// Counts a try.
    pub(super) fn note(&self, place: &'static str, outcome: &Outcome) {
        let result = match outcome {
            Outcome::Sent => "sent",
            Outcome::Failed(_) => "failed",
            Outcome::Dropped(_) => "dropped",
        };
        let labels = [("place", place), ("result", result)];
        self.0.delivered.get_or_create(&labels).inc();
    }

    /// Notes how channels are.
    pub(crate) fn set(&self, channels: Vec<ChannelCount>) {
        *self.lock() = channels;
    }

    /// Makes them part of the metrics.
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register(
            "deliveries",
            "Tries to deliver a finding to a channel, by place and result",
            self.0.delivered.clone(),
        );
        let (waiting, age, failing) = (ByKind::default(), ByKind::default(), ByKind::default());
        for count in &*self.lock() {
            let kind = [("type", count.kind.as_str())];
            let set = |gauges: &ByKind, number: u64| {
                let gauge = gauges.get_or_create(&kind);
                gauge.set(i64::try_from(number).unwrap_or(i64::MAX));
            };
            set(&waiting, count.waiting);
            set(&failing, count.failing);
            if let Some(oldest) = count.oldest {
                let now = self.0.clock.now();
                age.get_or_create(&kind)
                    .set(now.duration_since(oldest).as_secs());
            }
        }
        registry.register(
            "deliveries_waiting",
            "Findings that wait to be delivered, by type of channel",
            waiting,
        );
        registry.register(
            "oldest_waiting_delivery_age_seconds",
            "How long the oldest of them has waited",
            age,
        );
        registry.register(
            "delivery_channels_failing",
            "Channels to which the last delivery failed",
            failing,
        );
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<ChannelCount>> {
        let channels = &self.0.channels;
        channels.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
