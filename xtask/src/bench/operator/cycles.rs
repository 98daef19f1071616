use anyhow::{Context as _, Result};

use crate::test::kubernetes::Client;

/// How many requests the API server had that are about Secrets and what they are made of; watches,
/// which go on for minutes, and leases are not among them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Requests(pub(super) u64);

/// What they are about.
const ABOUT: &[&str] = &[
    "secrets",
    "configmaps",
    "events",
    "externalsecrets",
    "secretstores",
    "clustersecretstores",
    "clusterexternalsecrets",
];

// === impl Requests ===

impl Requests {
    /// Until now.
    pub(super) fn count(client: &Client) -> Result<Self> {
        let metrics = client.text("/metrics")?;
        let mut all = 0;
        for line in metrics.lines() {
            let Some(labels) = line.strip_prefix("apiserver_request_total{") else {
                continue;
            };
            let about = |resource: &&str| labels.contains(&format!("resource=\"{resource}\""));
            if labels.contains("verb=\"WATCH\"") || !ABOUT.iter().any(about) {
                continue;
            }
            let (_, number) = labels.rsplit_once(' ').context("a number of requests")?;
            all += number.parse::<u64>().context("a number of requests")?;
        }
        Ok(Self(all))
    }
}
