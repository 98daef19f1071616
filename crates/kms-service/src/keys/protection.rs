use kms_types::KeyRef;
use kms_wire::{Action, ApiError, request::SetDeletionProtection, response};

use super::state::check_stays;
use crate::{Caller, Service, failure::Failure};

/// Longest reason in characters; no document names a limit: that of descriptions.
const LONGEST_REASON: usize = 8192;

impl Service {
    /// SetDeletionProtection, of keys and of instances.
    pub(crate) async fn set_deletion_protection(
        &self,
        caller: &Caller,
        call: SetDeletionProtection,
    ) -> Result<response::Empty, Failure> {
        if let (None, None, Some(instance)) = (&call.protected_arn, &call.key, &call.instance) {
            return self.protect_instance(caller, instance, &call).await;
        }
        let key = protected(&call)?;
        let reason = call.description.as_deref().unwrap_or_default();
        check_reason(reason)?;
        let enabled = call.enabled.0;
        let wish = self.wish(caller, Action::SetDeletionProtection, key);
        self.change_key(wish, |key| {
            check_stays(key)?;
            key.deletion_protection = enabled;
            // A reason goes with the protection alone, as the cloud's documents say.
            let reason = if enabled { reason } else { "" };
            reason.clone_into(&mut key.protection_description);
            Ok(())
        })
        .await
    }
}

/// That nobody gives a book for a reason.
///
/// # Errors
/// `InvalidParameter`.
pub(crate) fn check_reason(reason: &str) -> Result<(), ApiError> {
    if reason.chars().count() > LONGEST_REASON {
        let why = "must have 0 to 8192 characters";
        return Err(ApiError::invalid_parameter(
            "DeletionProtectionDescription",
            why,
        ));
    }
    Ok(())
}

/// The key that the call is about, which can be named in two ways.
fn protected(call: &SetDeletionProtection) -> Result<&KeyRef, ApiError> {
    match (&call.protected_arn, &call.key, &call.instance) {
        (Some(key), None, None) | (None, Some(key), None) => Ok(key),
        (None, None, None) => Err(ApiError::missing_parameter("ProtectedResourceArn")),
        _ => Err(ApiError::invalid_parameter(
            "ProtectedResourceArn",
            "cannot stand beside KeyId or KmsInstanceId",
        )),
    }
}
