//! Whether AccessKeys that somebody brings are the RAM user's, all of them and no others.
//!
//! The cloud takes a wrong secret and heals it with the first rotation (reference accesskey §1,
//! row 21); until then it hands out a key that opens nothing. Here each key signs a call
//! first, which also tells whose it is: the keys of an account itself are not hosted, nor are
//! those of other users.

use kms_types::{AccountId, ErrorCode, UserName};
use kms_wire::ApiError;
use serde_json::{Map, Value};

use super::managed::FirstValues;
use crate::{KeyOwner, NewAccessKey, RamError, RamUser, Service, failure::Failure};

impl Service {
    /// Asks RAM about the keys that a secret is to begin with.
    ///
    /// # Errors
    /// `InvalidParameter` that says what is wrong with which key; `ServiceUnavailableTemporary`
    /// if RAM cannot be asked now.
    pub(super) async fn check_hosted(
        &self,
        account: &AccountId,
        config: &str,
        values: FirstValues,
    ) -> Result<(), Failure> {
        let user = RamUser {
            account: account.clone(),
            name: user_name(config)?,
        };
        let mut keys: Vec<NewAccessKey> = Vec::new();
        for value in [Some(values.current), values.previous]
            .into_iter()
            .flatten()
        {
            let key = value.into_access_key();
            let key = key.ok_or_else(|| data_refused("holds an AccessKeyId that is none"))?;
            if keys.iter().any(|known| known.id == key.id) {
                return Err(data_refused("holds one AccessKey twice").into());
            }
            keys.push(key);
        }
        let ram = self.ram(account);
        let listed = ram.keys(&user).await.map_err(cannot_ask)?;
        if let Some(foreign) = keys
            .iter()
            .find(|key| listed.iter().all(|known| known.id != key.id))
        {
            let why = format!(
                "holds {}, which is no AccessKey of the RAM user",
                foreign.id
            );
            return Err(data_refused(&why).into());
        }
        if let Some(missing) = listed
            .iter()
            .find(|known| keys.iter().all(|key| key.id != known.id))
        {
            let why = format!(
                "must hold all AccessKeys of the RAM user; {} is missing",
                missing.id
            );
            return Err(data_refused(&why).into());
        }
        for key in &keys {
            match ram.owner(key).await {
                Ok(KeyOwner::User(owner)) if owner == user => {}
                Ok(_somebody_else) => {
                    let why = format!("holds {}, which is not the RAM user's", key.id);
                    return Err(data_refused(&why).into());
                }
                Err(RamError::KeyRefused(code)) => {
                    let why = format!("holds {}, which does not sign: {code}", key.id);
                    return Err(data_refused(&why).into());
                }
                Err(error) => return Err(cannot_ask(error).into()),
            }
        }
        Ok(())
    }
}

fn user_name(config: &str) -> Result<UserName, ApiError> {
    let config: Map<String, Value> = serde_json::from_str(config).unwrap_or_default();
    let name = config.get("UserName").and_then(Value::as_str);
    name.and_then(|name| name.parse().ok()).ok_or_else(|| {
        ApiError::invalid_parameter("ExtendedConfig", "needs UserName, a RAM user's name")
    })
}

fn cannot_ask(error: RamError) -> ApiError {
    if error.is_transient() {
        let why =
            format!("RAM cannot be asked whose the AccessKeys are; try again later: {error}.");
        return ApiError::new(ErrorCode::ServiceUnavailable, why);
    }
    match error {
        RamError::NoUser => {
            ApiError::invalid_parameter("ExtendedConfig", "names a RAM user that does not exist")
        }
        error => ApiError::new(
            ErrorCode::InvalidRequest,
            format!("The AccessKeys cannot be hosted: {error}."),
        ),
    }
}

fn data_refused(why: &str) -> ApiError {
    ApiError::invalid_parameter("SecretData", why)
}
