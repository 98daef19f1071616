//! Numbers for whoever watches the operator, in the text of OpenMetrics. Never a name of a secret:
//! labels are words of ours.

use prometheus_client::{
    encoding::text::encode,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

use crate::plan::Provider;

/// What is counted.
pub(crate) struct Metrics {
    registry: Registry,
    reads: Family<[(&'static str, &'static str); 2], Counter>,
    writes: Family<[(&'static str, &'static str); 1], Counter>,
    looks: Family<[(&'static str, &'static str); 1], Counter>,
    remotes: Gauge,
    leading: Gauge,
}

/// What [`Metrics::render`] writes.
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

// === impl Metrics ===

impl Metrics {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("ack_secret_manager");
        let reads = Family::default();
        registry.register(
            "reads",
            "Requests for values to KMS and OOS, by what came of them",
            reads.clone(),
        );
        let writes = Family::default();
        registry.register(
            "secret_writes",
            "Secrets that were written or taken away, by what came of it",
            writes.clone(),
        );
        let looks = Family::default();
        registry.register(
            "syncs",
            "Looks at ExternalSecrets, by the reason in their condition",
            looks.clone(),
        );
        let remotes = Gauge::default();
        registry.register(
            "remote_secrets",
            "Remote secrets that ExternalSecrets name, each counted once",
            remotes.clone(),
        );
        let leading = Gauge::default();
        registry.register("leading", "1 while this replica writes", leading.clone());
        Self {
            registry,
            reads,
            writes,
            looks,
            remotes,
            leading,
        }
    }

    /// A value was asked for.
    pub(crate) fn read(&self, provider: Provider, outcome: &'static str) {
        let provider = match provider {
            Provider::Kms => "kms",
            Provider::Oos => "oos",
        };
        let labels = [("provider", provider), ("outcome", outcome)];
        self.reads.get_or_create(&labels).inc();
    }

    /// A Secret was to be written or taken away.
    pub(crate) fn wrote(&self, outcome: &'static str) {
        self.writes.get_or_create(&[("outcome", outcome)]).inc();
    }

    /// An ExternalSecret was looked at.
    pub(crate) fn looked(&self, reason: &'static str) {
        self.looks.get_or_create(&[("reason", reason)]).inc();
    }

    /// How many remote secrets are followed.
    pub(crate) fn remotes(&self, number: usize) {
        self.remotes.set(i64::try_from(number).unwrap_or(i64::MAX));
    }

    /// Whether this replica writes.
    pub(crate) fn leads(&self, leads: bool) {
        self.leading.set(i64::from(leads));
    }

    /// All of it, as text.
    pub(crate) fn render(&self) -> String {
        let mut text = String::new();
        match encode(&mut text, &self.registry) {
            Ok(()) => text,
            // Writing into a String does not fail.
            Err(std::fmt::Error) => String::new(),
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}
