use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use kms_service::{EventCount, Level, Service};
use kms_telemetry::Shutdown;
use kms_types::Clock;
use prometheus_client::{
    metrics::{
        family::Family,
        gauge::{ConstGauge, Gauge},
    },
    registry::Registry,
};

use crate::{deliveries::DeliveryCounts, periods::Periods};

/// The events that are listed, for the metrics. Cheap to clone.
#[derive(Clone)]
pub struct EventCounts(Arc<Inner>);

struct Inner {
    counts: Mutex<Vec<EventCount>>,
    deliveries: DeliveryCounts,
    clock: Arc<dyn Clock>,
}

/// How old the numbers may be.
const PERIOD: Duration = Duration::from_mins(1);

// === impl EventCounts ===

impl EventCounts {
    /// None yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner {
            counts: Mutex::default(),
            deliveries: DeliveryCounts::new(Arc::clone(&clock)),
            clock,
        }))
    }

    pub(crate) fn set(&self, counts: Vec<EventCount>) {
        *self.lock() = counts;
    }

    /// Of the findings among them: what was delivered, and what waits.
    pub(crate) fn deliveries(&self) -> &DeliveryCounts {
        &self.0.deliveries
    }

    /// Makes them part of the metrics.
    pub(crate) fn register(&self, registry: &mut Registry) {
        self.0.deliveries.register(registry);
        let counts = self.lock();
        let kept: Family<[(&'static str, String); 2], Gauge> = Family::default();
        for count in &*counts {
            let labels = [
                ("name", count.name.clone()),
                ("level", count.level.as_str().to_owned()),
            ];
            let number = i64::try_from(count.count).unwrap_or(i64::MAX);
            kept.get_or_create(&labels).set(number);
        }
        registry.register("events", "Events that are listed, by name and level", kept);
        let critical = counts.iter().filter(|count| count.level == Level::Critical);
        let newest: Option<Timestamp> = critical.map(|count| count.newest).max();
        if let Some(newest) = newest {
            let age = self.0.clock.now().duration_since(newest);
            registry.register(
                "newest_critical_event_age_seconds",
                "How long ago the newest critical event happened",
                ConstGauge::new(age.as_secs()),
            );
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<EventCount>> {
        self.0.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts them now and then, until the program is told to end.
pub(crate) async fn watch(service: Service, counts: EventCounts, shutdown: Shutdown) {
    let mut periods = Periods::new(PERIOD, shutdown);
    while periods.next().await {
        match service.count_events().await {
            Ok(counted) => counts.set(counted),
            Err(reason) => tracing::debug!(error = %reason, "cannot count events"),
        }
        match service.count_channels().await {
            Ok(counted) => counts.deliveries().set(counted),
            Err(reason) => tracing::debug!(error = %reason, "cannot count deliveries"),
        }
    }
}
