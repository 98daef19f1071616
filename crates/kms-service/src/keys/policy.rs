//! The policy of a key itself.

use kms_store::{KeyRecord, Mode};
use kms_types::ErrorCode;
use kms_wire::{
    Action, ApiError,
    request::{GetKeyPolicy, SetKeyPolicy},
    response,
};

use super::state::check_stays;
use crate::{
    Caller, Service,
    failure::Failure,
    policy::{Document, Kind},
};

/// There is one policy to a key.
const NAME: &str = "default";

impl Service {
    /// GetKeyPolicy. A key without one of its own has the one that leaves everything to
    /// its account's policies.
    pub(crate) async fn get_key_policy(
        &self,
        caller: &Caller,
        call: GetKeyPolicy,
    ) -> Result<response::KeyPolicy, Failure> {
        let key = self
            .read_key(caller, Action::GetKeyPolicy, &call.key)
            .await?;
        check_name(call.policy_name.as_deref())?;
        let policy = match key.policy.as_str() {
            "" => default(&key),
            own => own.to_owned(),
        };
        Ok(response::KeyPolicy { policy })
    }

    /// SetKeyPolicy.
    pub(crate) async fn set_key_policy(
        &self,
        caller: &Caller,
        call: SetKeyPolicy,
    ) -> Result<response::Empty, Failure> {
        let wish = self.wish(caller, Action::SetKeyPolicy, &call.key);
        let call = &call;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut key = self.key(tx, wish).await?;
                check_stays(&key)?;
                check_name(call.policy_name.as_deref())?;
                check(&call.policy)?;
                call.policy.clone_into(&mut key.policy);
                Ok::<_, Failure>(tx.keys().update(&key).await?)
            })
        })
        .await?;
        Ok(response::Empty {})
    }
}

/// That the text is a policy of a key: one that could not be asked later is not taken.
///
/// # Errors
/// `InvalidParameter`, with the place and what is wrong there.
pub(super) fn check(text: &str) -> Result<(), ApiError> {
    Document::parse(text, Kind::Resource)
        .map(drop)
        .map_err(|reason| ApiError::invalid_parameter("Policy", reason))
}

fn check_name(name: Option<&str>) -> Result<(), ApiError> {
    match name {
        None | Some("" | NAME) => Ok(()),
        Some(_) => Err(ApiError::new(
            ErrorCode::ResourceNotFound,
            "Resource not found: the one policy is called default.",
        )),
    }
}

/// The policy that the cloud's documents print.
fn default(key: &KeyRecord) -> String {
    serde_json::json!({
        "Version": "1",
        "Statement": [{
            "Sid": "kms default key policy",
            "Effect": "Allow",
            "Principal": {"RAM": [format!("acs:ram::{}:*", key.account)]},
            "Action": ["kms:*"],
            "Resource": ["*"],
        }],
    })
    .to_string()
}
