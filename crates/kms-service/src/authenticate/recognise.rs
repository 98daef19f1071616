use std::sync::Arc;

use jiff::Timestamp;
use kms_store::Moment;
use kms_types::AccessKeyId;
use kms_wire::{ApiError, sign::Claim};

use super::{Callers, WINDOW};
use crate::{Service, failure::Failure, remembered::Remembered};

/// What is known of somebody who signs calls, from one moment of the store.
pub(super) trait Recognised: Send + Sync + Sized {
    /// Where such callers are remembered.
    fn remembered(callers: &Callers) -> &Remembered<AccessKeyId, Self>;

    /// Whether this one made the signature, and may sign now.
    fn admit(&self, claim: &Claim, now: Timestamp) -> Result<(), ApiError>;

    /// What the store knows at that moment or later.
    fn find(
        service: &Service,
        id: &AccessKeyId,
        moment: Option<&Moment>,
    ) -> impl Future<Output = Result<Self, Failure>> + Send;
}

impl Service {
    /// Who signed the call, and the store at that time; the call's nonce is used then.
    ///
    /// Who is right by what was known last needs one look more, which notes the nonce and
    /// says whether that is still so. Who is not may be right by now.
    pub(super) async fn recognise<K: Recognised>(
        &self,
        id: &AccessKeyId,
        claim: &Claim,
        now: Timestamp,
    ) -> Result<(Arc<K>, Option<Moment>), Failure> {
        let last = K::remembered(self.callers()).last(id);
        let is_right = last
            .as_ref()
            .is_some_and(|last| last.value().admit(claim, now).is_ok());
        let before = if is_right {
            self.remember(id, claim, now - WINDOW).await?
        } else {
            self.moment().await?
        };
        let known = match last.and_then(|last| last.at(before.as_ref())) {
            Some(known) if is_right => return Ok((known, before)),
            Some(known) => known,
            None => self.look_up(id, before.as_ref()).await?,
        };
        known.admit(claim, now)?;
        if is_right {
            return Ok((known, before));
        }
        Ok((known, self.remember(id, claim, now - WINDOW).await?))
    }

    /// What is known at that moment or later, and from then on remembered.
    pub(super) async fn look_up<K: Recognised>(
        &self,
        id: &AccessKeyId,
        moment: Option<&Moment>,
    ) -> Result<Arc<K>, Failure> {
        let known = Arc::new(K::find(self, id, moment).await?);
        K::remembered(self.callers()).put(id.clone(), moment, &known);
        Ok(known)
    }
}
