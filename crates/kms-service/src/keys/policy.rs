//! The policy of a key itself.

use kms_store::Mode;
use kms_wire::{
    Action,
    request::{GetKeyPolicy, SetKeyPolicy},
    response,
};

use super::state::check_stays;
use crate::{
    Caller, Service,
    failure::Failure,
    resource_policy::{check, check_name, told},
};

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
        Ok(response::KeyPolicy {
            policy: told(key.policy, "key", &key.account),
        })
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
