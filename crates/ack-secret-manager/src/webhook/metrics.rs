//! Numbers for whoever watches the webhooks, in the text of OpenMetrics. Never a name: labels are words
//! of ours.

use std::time::Duration;

use prometheus_client::{
    encoding::text::encode,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

use super::question::Webhook;

/// What is counted.
pub(super) struct Metrics {
    registry: Registry,
    reviews: Family<[(&'static str, &'static str); 3], Counter>,
    seconds: Family<[(&'static str, &'static str); 1], Histogram>,
    certificate_end: Gauge,
}

/// From a small object to what the API server waits for, in seconds.
const BUCKETS: [f64; 10] = [
    0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0,
];

// === impl Metrics ===

impl Metrics {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("ack_secret_manager_webhook");
        let reviews = Family::default();
        registry.register(
            "reviews",
            "Objects that the API server asked about, by what was answered",
            reviews.clone(),
        );
        let seconds: Family<_, Histogram> =
            Family::new_with_constructor(|| Histogram::new(BUCKETS));
        registry.register(
            "review_seconds",
            "How long answers took, from the request's first byte",
            seconds.clone(),
        );
        let certificate_end = Gauge::default();
        registry.register(
            "certificate_end_timestamp_seconds",
            "When the certificate that is served ends; 0 while there is none",
            certificate_end.clone(),
        );
        Self {
            registry,
            reviews,
            seconds,
            certificate_end,
        }
    }

    /// A review was answered.
    pub(super) fn reviewed(
        &self,
        webhook: Webhook,
        operation: &'static str,
        verdict: &'static str,
        took: Duration,
    ) {
        let labels = [
            ("webhook", webhook.as_str()),
            ("operation", operation),
            ("verdict", verdict),
        ];
        self.reviews.get_or_create(&labels).inc();
        self.seconds
            .get_or_create(&[("webhook", webhook.as_str())])
            .observe(took.as_secs_f64());
    }

    /// Another certificate is served, until this second of Unix time.
    pub(super) fn serves_until(&self, second: i64) {
        self.certificate_end.set(second);
    }

    /// All of it, as text.
    pub(super) fn render(&self) -> String {
        let mut text = String::new();
        match encode(&mut text, &self.registry) {
            Ok(()) => text,
            // Writing into a String does not fail.
            Err(std::fmt::Error) => String::new(),
        }
    }
}
