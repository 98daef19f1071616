use kms_types::{AccountId, Arn, ErrorCode, SecretName, SecretRef};
use kms_wire::{Action, ApiError};

use crate::{Caller, Principal, Service};

/// What a call is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Resource<'a> {
    /// Nothing that belongs to anybody, or the caller's own account as a whole.
    Account,
    /// A secret of that account.
    Secret {
        account: &'a AccountId,
        name: &'a SecretName,
    },
}

/// A secret that the caller may do the thing to; whether it exists is another matter.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) account: AccountId,
    pub(crate) name: SecretName,
}

impl Service {
    /// Whether the caller may: the one place where that is decided. Denied unless a rule
    /// allows it; whether the resource exists makes no difference.
    ///
    /// The rule so far: a RAM user, and whoever has assumed a role, may do everything in
    /// the own account.
    ///
    /// # Errors
    /// `Forbidden.NoPermission`.
    pub(crate) fn authorise(
        &self,
        caller: &Caller,
        _action: Action,
        resource: Resource<'_>,
    ) -> Result<(), ApiError> {
        let allowed = match (&caller.principal, resource) {
            (Principal::User { .. } | Principal::Role { .. }, Resource::Account) => true,
            (
                Principal::User { account: own, .. } | Principal::Role { account: own, .. },
                Resource::Secret { account, .. },
            ) => own == account,
            (Principal::Client { .. } | Principal::Anonymous, _) => false,
        };
        if allowed {
            return Ok(());
        }
        let on = match resource {
            Resource::Account => String::new(),
            Resource::Secret { account, name } => {
                format!(" for {}", self.arn(account, name))
            }
        };
        Err(ApiError::new(
            ErrorCode::NoPermission,
            format!("This operation{on} is forbidden by permission system."),
        ))
    }

    /// The caller's own account, for actions that concern it as a whole.
    ///
    /// # Errors
    /// `Forbidden.NoPermission`.
    pub(crate) fn own_account<'c>(
        &self,
        caller: &'c Caller,
        action: Action,
    ) -> Result<&'c AccountId, ApiError> {
        self.authorise(caller, action, Resource::Account)?;
        caller.principal.account().ok_or_else(|| {
            ApiError::new(
                ErrorCode::NoPermission,
                "This operation is forbidden by permission system.",
            )
        })
    }

    /// What the reference means, if the caller may do that to it: a name is of the
    /// caller's account, an ARN says its own.
    ///
    /// # Errors
    /// `Forbidden.NoPermission`, and `Forbidden.ResourceNotFound` for another region.
    pub(crate) fn target(
        &self,
        caller: &Caller,
        action: Action,
        secret: &SecretRef,
    ) -> Result<Target, ApiError> {
        let (account, name) = match secret {
            SecretRef::Arn(arn) => (arn.account().clone(), arn.secret_name().clone()),
            SecretRef::Name(name) => (self.own_account(caller, action)?.clone(), name.clone()),
        };
        let resource = Resource::Secret {
            account: &account,
            name: &name,
        };
        self.authorise(caller, action, resource)?;
        if matches!(secret, SecretRef::Arn(arn) if arn.region() != self.region()) {
            return Err(ApiError::not_found());
        }
        Ok(Target { account, name })
    }

    /// The secret's full name here.
    pub(crate) fn arn(&self, account: &AccountId, name: &SecretName) -> Arn {
        Arn::secret(self.region().clone(), account.clone(), name.clone())
    }
}
