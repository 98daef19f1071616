use kms_wire::{Action, ApiError, response};

use crate::{Caller, Principal, Service, authorise::Resource};

impl Service {
    /// GetCallerIdentity.
    pub(crate) fn caller_identity(
        &self,
        caller: &Caller,
    ) -> Result<response::GetCallerIdentity, ApiError> {
        self.authorise(caller, Action::GetCallerIdentity, Resource::Account)?;
        let arn = caller.principal.arn();
        Ok(match &caller.principal {
            Principal::User {
                account, user_id, ..
            } => response::GetCallerIdentity {
                identity_type: "RAMUser".to_owned(),
                account_id: account.to_string(),
                principal_id: user_id.clone(),
                user_id: user_id.clone(),
                arn,
            },
            Principal::Anonymous => response::GetCallerIdentity::default(),
        })
    }
}
