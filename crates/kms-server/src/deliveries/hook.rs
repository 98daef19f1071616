//! A program that gets findings by a signed POST (docs/events.md).

use async_trait::async_trait;

use super::{Parcel, Place, Refusal};
use crate::events::Hook;

#[async_trait]
impl Place for Hook {
    fn kind(&self) -> &'static str {
        "webhook"
    }

    async fn put(&self, parcel: &Parcel<'_>) -> Result<(), Refusal> {
        let sent = self.post(parcel.body.clone().into_bytes()).await;
        sent.map_err(Refusal::of)
    }
}
