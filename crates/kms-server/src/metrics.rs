//! Numbers for whoever watches the server, in the text of OpenMetrics. Never a name of a
//! secret, a principal or an address: labels are words of ours.

use std::{sync::Arc, time::Duration};

use kms_store::Store;
use prometheus_client::{
    encoding::text::encode,
    metrics::{
        counter::{ConstCounter, Counter},
        family::Family,
        gauge::{ConstGauge, Gauge},
        histogram::Histogram,
    },
    registry::Registry,
};

use crate::{
    audit::Log, events::EventCounts, gateway::Admission, rotation::RotationCounts,
    tls::Certificates,
};

/// What is counted. Cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    calls: Family<[(&'static str, &'static str); 2], Counter>,
    seconds: Family<[(&'static str, &'static str); 1], Histogram>,
    reloads: Family<[(&'static str, &'static str); 1], Counter>,
    ready: Gauge,
    admission: Admission,
    audit: Log,
    store: Arc<dyn Store>,
    certificates: Option<Arc<Certificates>>,
    rotations: RotationCounts,
    events: EventCounts,
}

/// What a call came to, left by the gateway on its answer.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    /// Known ones only; else empty.
    pub action: &'static str,
    /// The code of the refusal, or `OK`.
    pub code: &'static str,
    /// How long it took.
    pub took: Duration,
}

/// From a read out of memory to what a client gives up on, in seconds.
const BUCKETS: [f64; 12] = [
    0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0,
];

/// What [`Metrics::render`] writes.
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

// === impl Metrics ===

impl Metrics {
    /// Of a server that lets in by this, writes down there, keeps records here, proves itself
    /// with those, rotates so, and had these events.
    pub fn new(
        admission: Admission,
        audit: Log,
        store: Arc<dyn Store>,
        certificates: Option<Arc<Certificates>>,
        rotations: RotationCounts,
        events: EventCounts,
    ) -> Self {
        Self(Arc::new(Inner {
            calls: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
            reloads: Family::default(),
            ready: Gauge::default(),
            admission,
            audit,
            store,
            certificates,
            rotations,
            events,
        }))
    }

    /// Counts a call.
    pub fn call(&self, told: Told) {
        let action = if told.action.is_empty() {
            "unknown"
        } else {
            told.action
        };
        let labels = [("action", action), ("code", told.code)];
        self.0.calls.get_or_create(&labels).inc();
        self.0
            .seconds
            .get_or_create(&[("action", action)])
            .observe(told.took.as_secs_f64());
    }

    /// Counts an attempt to read the certificates again.
    pub fn reload(&self, is_fine: bool) {
        let result = if is_fine { "ok" } else { "failed" };
        self.0.reloads.get_or_create(&[("result", result)]).inc();
    }

    /// Whether calls can be written down.
    pub(crate) fn is_audited(&self) -> bool {
        self.0.audit.is_available()
    }

    /// Notes whether the store answered when it was last asked.
    pub fn ready(&self, is_ready: bool) {
        self.0.ready.set(is_ready.into());
    }

    /// The text.
    pub fn render(&self) -> String {
        let own = &self.0;
        let mut registry = Registry::with_prefix("kms");
        registry.register(
            "calls",
            "Calls by action and by the code of the answer",
            own.calls.clone(),
        );
        registry.register(
            "call_seconds",
            "How long calls took, from their head to their answer",
            own.seconds.clone(),
        );
        registry.register(
            "certificate_reloads",
            "Attempts to read the certificates again",
            own.reloads.clone(),
        );
        registry.register(
            "store_ready",
            "1 if the store answered when /ready last asked it",
            own.ready.clone(),
        );
        registry.register(
            "calls_in_flight",
            "Calls that are worked on",
            ConstGauge::new(i64::try_from(own.admission.in_flight()).unwrap_or(i64::MAX)),
        );
        registry.register(
            "calls_throttled",
            "Calls that were refused because too many came",
            ConstCounter::new(own.admission.throttled()),
        );
        registry.register(
            "audit_available",
            "1 if calls can be written down; if not, none is answered",
            ConstGauge::new(i64::from(own.audit.is_available())),
        );
        let connections = own.store.connections();
        let by_state: Family<[(&'static str, &'static str); 1], Gauge> = Family::default();
        for (state, count) in [("open", connections.open), ("idle", connections.idle)] {
            let gauge = by_state.get_or_create(&[("state", state)]);
            gauge.set(count.into());
        }
        registry.register(
            "store_connections",
            "Connections to the database: open ones, and those of them that are idle",
            by_state,
        );
        let load = own.audit.load();
        registry.register(
            "audit_lines_waiting",
            "Lines that wait to be written to the audit log's file",
            ConstGauge::new(i64::try_from(load.waiting).unwrap_or(i64::MAX)),
        );
        registry.register(
            "audit_writes",
            "How often lines were written to the file and synced, many at once",
            ConstCounter::new(load.writes),
        );
        registry.register(
            "audit_write_seconds",
            "How long that took, all together",
            ConstCounter::new(load.spent.as_secs_f64()),
        );
        let end = own.certificates.as_ref().and_then(|own| own.first_end());
        if let Some(end) = end {
            registry.register(
                "certificate_end_timestamp_seconds",
                "When the first of the certificates in use ends, in seconds since 1970",
                ConstGauge::new(end.as_second()),
            );
        }
        own.rotations.register(&mut registry);
        own.events.register(&mut registry);
        let mut text = String::new();
        if encode(&mut text, &registry).is_err() {
            // Into memory: never.
            tracing::error!("the metrics cannot be written");
        }
        text
    }
}

#[cfg(test)]
mod tests;
