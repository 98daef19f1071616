use std::sync::Arc;

use kms_service::{RotationEvent, RotationLoad};
use prometheus_client::{
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

/// What became of rotations that this server worked on, and what all of them have to do.
/// Cheap to clone.
#[derive(Clone, Default)]
pub struct RotationCounts(Arc<Inner>);

#[derive(Default)]
struct Inner {
    events: Family<[(&'static str, &'static str); 1], Counter>,
    unfinished: Gauge,
    overdue: Gauge,
}

// === impl RotationCounts ===

impl RotationCounts {
    /// None yet; each event is there from the start, at 0.
    pub fn new() -> Self {
        let own = Self::default();
        for event in RotationEvent::ALL {
            drop(own.0.events.get_or_create(&[("event", event.as_str())]));
        }
        own
    }

    pub(super) fn count(&self, event: RotationEvent) {
        let label = [("event", event.as_str())];
        self.0.events.get_or_create(&label).inc();
    }

    /// Notes what the store says there is to do.
    pub(super) fn load(&self, load: RotationLoad) {
        let gauge = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        self.0.unfinished.set(gauge(load.unfinished));
        self.0.overdue.set(gauge(load.overdue));
    }

    /// Makes them part of the metrics.
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register(
            "rotations",
            "What became of rotations at this server",
            self.0.events.clone(),
        );
        registry.register(
            "rotations_in_progress",
            "Rotations of all servers that are not finished, windows among them",
            self.0.unfinished.clone(),
        );
        registry.register(
            "rotations_overdue",
            "Secrets that should have been rotated ten minutes ago or earlier, and are not",
            self.0.overdue.clone(),
        );
    }
}
