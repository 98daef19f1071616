//! The policy of a secret itself.

use kms_store::Mode;
use kms_wire::{
    Action,
    request::{GetSecretPolicy, SetSecretPolicy},
    response,
};

use super::{find::Wish, touch};
use crate::{
    Caller, Service,
    failure::Failure,
    resource_policy::{check, check_name, told},
};

impl Service {
    /// GetSecretPolicy. A secret without one of its own has the one that leaves everything
    /// to its account's policies.
    pub(crate) async fn get_secret_policy(
        &self,
        caller: &Caller,
        call: GetSecretPolicy,
    ) -> Result<response::SecretPolicy, Failure> {
        let target = self.target(caller, &call.secret_name)?;
        let wish = Wish {
            caller,
            action: Action::GetSecretPolicy,
            target: &target,
            now: self.now(),
        };
        let secret = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { self.existing(&mut *tx, wish).await })
            })
            .await?;
        check_name(call.policy_name.as_deref())?;
        Ok(response::SecretPolicy {
            policy: told(secret.policy, "secret", &secret.account),
        })
    }

    /// SetSecretPolicy.
    pub(crate) async fn set_secret_policy(
        &self,
        caller: &Caller,
        call: SetSecretPolicy,
    ) -> Result<response::Empty, Failure> {
        let target = self.target(caller, &call.secret_name)?;
        let now = self.now();
        let wish = Wish {
            caller,
            action: Action::SetSecretPolicy,
            target: &target,
            now,
        };
        let call = &call;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut secret = self.usable(tx, wish).await?;
                check_name(call.policy_name.as_deref())?;
                check(&call.policy)?;
                secret.policy.clone_from(&call.policy);
                touch(tx, secret, now).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }
}
