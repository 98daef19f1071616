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
                role_id: String::new(),
                arn,
            },
            Principal::Role {
                account,
                role_id,
                session_name,
                ..
            } => response::GetCallerIdentity {
                identity_type: "AssumedRoleUser".to_owned(),
                account_id: account.to_string(),
                principal_id: format!("{role_id}:{session_name}"),
                user_id: String::new(),
                role_id: role_id.clone(),
                arn,
            },
            // Neither gets past `authorise`.
            Principal::Client { .. } | Principal::Anonymous => {
                response::GetCallerIdentity::default()
            }
        })
    }
}
