use std::sync::Arc;

use kms_crypto::Keyring;
use kms_store::Store;
use kms_types::{Clock, RegionId};
use kms_wire::{ApiError, Request, Response, sign::Claim};

use crate::{Caller, Principal};

/// What a service stands on.
#[derive(Clone)]
pub struct Parts {
    /// Where records lie.
    pub store: Arc<dyn Store>,
    /// What seals them; see [`crate::unlock()`].
    pub keyring: Keyring,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The region that this server answers as.
    pub region: RegionId,
}

/// The KMS behind every gateway. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    #[expect(dead_code, reason = "the use cases come next")]
    parts: Arc<Parts>,
}

impl Service {
    /// Puts a service on its parts.
    pub fn new(parts: Parts) -> Self {
        Self {
            parts: Arc::new(parts),
        }
    }

    /// Who made the call: AccessKey known and active, signature right, signed within
    /// 15 minutes of now, nonce not seen before.
    ///
    /// # Errors
    /// `InvalidAccessKeyId.NotFound` and `.Inactive`, `SignatureDoesNotMatch`,
    /// `InvalidTimeStamp.Expired`, `SignatureNonceUsed`, `Rejected.Throttling` (no room
    /// to remember another nonce).
    #[expect(clippy::unused_async, reason = "it looks the key up")]
    pub async fn authenticate(&self, _claim: &Claim) -> Result<Principal, ApiError> {
        Err(ApiError::internal())
    }

    /// Does what is asked, if the caller may.
    ///
    /// # Errors
    /// The codes of the action (reference kms-api §1.8, §2).
    #[expect(clippy::unused_async, reason = "use cases ask the store")]
    pub async fn call(&self, _caller: &Caller, _request: Request) -> Result<Response, ApiError> {
        Err(ApiError::internal())
    }
}
