//! A rotation up to where something would be made.

use kms_store::SecretRecord;
use kms_types::{ErrorCode, SecretType};
use kms_wire::ApiError;

use super::{
    RamError, RamUser,
    check::hosted_user,
    plan::{Known, Other, USED},
};
use crate::{KeyOwner, Service, failure::Failure, secrets::managed_type};

impl Service {
    /// Looks whether the user, the service role, the list of keys, the current key and the
    /// key that protects the secret are as a rotation needs them. Nothing is changed.
    ///
    /// # Errors
    /// What the rotation would fail of; that the current key does not sign, which it would
    /// heal.
    pub(in crate::rotation) async fn rehearse(&self, secret: &SecretRecord) -> Result<(), Failure> {
        if managed_type(secret)? != SecretType::RamCredentials {
            return Ok(());
        }
        let user = RamUser {
            account: secret.account.clone(),
            name: hosted_user(secret)?,
        };
        let (current, previous) = self.stored_keys(secret).await?;
        let ram = self.ram(&user.account);
        let keys = ram.keys(&user).await.map_err(|error| would_fail(&error))?;
        let owner = ram
            .owner(&current.key)
            .await
            .map_err(|error| would_fail(&error))?;
        if owner != KeyOwner::User(user.clone()) {
            return Err(refused("the current AccessKey is somebody else's").into());
        }
        if keys.len() < 2 {
            return Ok(());
        }
        let before = self.rotations_before(secret.id).await?;
        let interval = secret.rotation.interval_seconds;
        let known = Known {
            previous: previous.as_ref(),
            before: &before,
            window: self.rotation().windows.usual_for(interval),
        };
        for key in keys.iter().filter(|key| key.id != current.key.id) {
            let found = self.look_at(ram.as_ref(), &user, key, &known).await;
            let why = match found.map_err(|error| would_fail(&error))? {
                Other::Idle(_) => continue,
                Other::Stays(why) => why,
                Other::StaysYet => USED,
            };
            let why = format!("the RAM user has two AccessKeys, and {} {why}", key.id);
            return Err(refused(&why).into());
        }
        Ok(())
    }
}

fn would_fail(error: &RamError) -> ApiError {
    if error.is_transient() {
        let why = format!("RAM cannot be asked now; try again later: {error}.");
        return ApiError::new(ErrorCode::ServiceUnavailable, why);
    }
    refused(&error.to_string())
}

fn refused(why: &str) -> ApiError {
    ApiError::new(
        ErrorCode::InvalidRequest,
        format!("The secret cannot be rotated: {why}."),
    )
}
