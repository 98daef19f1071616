//! A run of the operator, from its start to its end.

use crate::Settings;

/// Runs until it is told to end.
///
/// # Errors
/// What keeps it from starting or going on.
pub async fn run(settings: Settings) -> anyhow::Result<()> {
    for notice in &settings.notices {
        tracing::warn!("{notice}");
    }
    anyhow::bail!("the operator's loops are not built yet")
}
