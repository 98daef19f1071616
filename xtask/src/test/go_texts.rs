//! Texts that ack-secret-manager makes as Go makes them: what our tests expect is shown to be what
//! Go gives.

use anyhow::Result;

use super::Stage;

mod documents;
mod templates;

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    documents::run(stage)?;
    templates::run(stage)
}
