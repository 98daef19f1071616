use kms_types::{
    AccessKeyId, AccountId, Arn, ErrorCode, ResourceName, RoleArn, SecretName, SecretRef,
};
use kms_wire::{Action, ApiError, Product, request::Permission};

use crate::{
    Caller, Gateway, Principal, Service,
    policy::{self, Asker, Effect},
};

/// What a call is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Resource<'a> {
    /// Nothing that belongs to anybody, or the caller's own account as a whole.
    Account,
    /// A thing of the caller's own account, by what ARNs call its kind, and its name.
    Own { kind: &'static str, name: &'a str },
    /// The same, where the thing is RAM's.
    Ram { kind: &'static str, name: &'a str },
    /// A policy that every account has.
    SystemPolicy(&'a str),
    /// A role of any account, to be assumed: the role's own trust policy has a word, too.
    Role(&'a RoleArn),
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

// === impl Resource ===

impl<'a> Resource<'a> {
    pub(crate) fn access_point(name: &'a ResourceName) -> Self {
        Self::own("applicationaccesspoint", name.as_str())
    }

    /// How the cloud calls its kind is not published.
    pub(crate) fn client_key(id: &'a AccessKeyId) -> Self {
        Self::own("clientkey", id.as_str())
    }

    pub(crate) fn instance(id: &'a str) -> Self {
        Self::own("keystore", id)
    }

    pub(crate) fn network_rule(name: &'a ResourceName) -> Self {
        Self::own("network", name.as_str())
    }

    pub(crate) fn policy(name: &'a ResourceName) -> Self {
        Self::own("policy", name.as_str())
    }

    fn own(kind: &'static str, name: &'a str) -> Self {
        Self::Own { kind, name }
    }
}

impl Service {
    /// Whether the gateway that the call came in by has the action at all: an instance's
    /// has the data's only (reference kms-api §5.3).
    ///
    /// # Errors
    /// `UnsupportedOperation`.
    pub(crate) fn check_gateway(caller: &Caller, action: Action) -> Result<(), ApiError> {
        match &caller.gateway {
            Gateway::Shared => Ok(()),
            Gateway::Instance(_) if action == Action::GetSecretValue => Ok(()),
            Gateway::Instance(_) => Err(ApiError::new(
                ErrorCode::UnsupportedOperation,
                "This action is not supported on the gateway of an instance.",
            )),
        }
    }

    /// Whether the caller may: the one place where that is decided. Denied unless a rule
    /// allows it; whether the resource exists makes no difference.
    ///
    /// The rules so far: a RAM user, and whoever has assumed a role, may do everything in
    /// the own account, less what a session's policy takes away; a client may do what a
    /// policy of its access point allows.
    ///
    /// # Errors
    /// `Forbidden.NoPermission`.
    pub(crate) fn authorise(
        &self,
        caller: &Caller,
        action: Action,
        resource: Resource<'_>,
    ) -> Result<(), ApiError> {
        let allowed = match &caller.principal {
            Principal::User { account: own, .. } | Principal::Role { account: own, .. } => {
                let is_own = match resource {
                    Resource::Account
                    | Resource::Own { .. }
                    | Resource::Ram { .. }
                    | Resource::SystemPolicy(_)
                    | Resource::Role(_) => true,
                    Resource::Secret { account, .. } => own == account,
                };
                is_own && self.is_left_in_session(caller, action, resource)
            }
            Principal::Client {
                account: own,
                grants,
                ..
            } => match resource {
                Resource::Secret { account, name } if own == account => grants.allow(
                    &caller.gateway,
                    caller.source,
                    permissions(action),
                    &format!("secret/{name}"),
                ),
                _ => false,
            },
            Principal::Anonymous => false,
        };
        if allowed {
            return Ok(());
        }
        let on = match (resource, caller.principal.account()) {
            (Resource::Secret { account, .. }, _) => self.resource_arn(account, resource),
            (Resource::Account, _) | (_, None) => return Err(forbidden("")),
            (_, Some(own)) => self.resource_arn(own, resource),
        };
        Err(forbidden(&format!(" for {on}")))
    }

    /// Whether the policy given along when the role was assumed leaves the action; a
    /// session without one has all of its role's rights, and whoever is no session is not
    /// narrowed. Asking who one is needs no right (RAM's manual, GetCallerIdentity).
    fn is_left_in_session(&self, caller: &Caller, action: Action, on: Resource<'_>) -> bool {
        let Principal::Role {
            account,
            policy: Some(policy),
            ..
        } = &caller.principal
        else {
            return true;
        };
        if action == Action::GetCallerIdentity {
            return true;
        }
        let call = policy::Call {
            action: &permission(action),
            resource: &self.resource_arn(account, on),
            asker: Asker::Ram(&caller.principal.arn()),
            context: caller.context(),
            now: self.now(),
        };
        policy.evaluate(&call) == Effect::Allow
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
        self.own(caller, action, Resource::Account)
    }

    /// The caller's own account, for actions that concern something in it.
    ///
    /// # Errors
    /// `Forbidden.NoPermission`.
    pub(crate) fn own<'c>(
        &self,
        caller: &'c Caller,
        action: Action,
        resource: Resource<'_>,
    ) -> Result<&'c AccountId, ApiError> {
        self.authorise(caller, action, resource)?;
        caller.principal.account().ok_or_else(|| forbidden(""))
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
            SecretRef::Arn(arn) => (arn.account(), arn.secret_name()),
            SecretRef::Name(name) => {
                let own = caller.principal.account();
                (own.ok_or_else(|| forbidden(""))?, name)
            }
        };
        self.authorise(caller, action, Resource::Secret { account, name })?;
        if matches!(secret, SecretRef::Arn(arn) if arn.region() != self.region()) {
            return Err(ApiError::not_found());
        }
        Ok(Target {
            account: account.clone(),
            name: name.clone(),
        })
    }

    /// The secret's full name here.
    pub(crate) fn arn(&self, account: &AccountId, name: &SecretName) -> Arn {
        Arn::secret(self.region().clone(), account.clone(), name.clone())
    }

    /// `acs:kms:<region>:<account>:<kind>/<name>`, or `…:*` for an account as a whole;
    /// RAM's things have no region: `acs:ram::<account>:<kind>/<name>`.
    pub(crate) fn resource_arn(&self, account: &AccountId, resource: Resource<'_>) -> String {
        let (account, rest) = match resource {
            Resource::Account => (account, "*".to_owned()),
            Resource::Own { kind, name } => (account, format!("{kind}/{name}")),
            Resource::Ram { kind, name } => return format!("acs:ram::{account}:{kind}/{name}"),
            Resource::SystemPolicy(name) => return format!("acs:ram::system:policy/{name}"),
            Resource::Role(arn) => return arn.to_string(),
            Resource::Secret { account, name } => (account, format!("secret/{name}")),
        };
        format!("acs:kms:{}:{account}:{rest}", self.region())
    }
}

/// Of an access point's permissions, those that allow the action, each by itself. On
/// either gateway either of the secret users reads: a policy's scope says where.
fn permissions(action: Action) -> &'static [Permission] {
    match action {
        Action::GetSecretValue => &[Permission::InstanceSecretUser, Permission::SecretUser],
        _ => &[],
    }
}

/// The action as policies name it: `kms:GetSecretValue`. Those of Ims are RAM's there.
fn permission(action: Action) -> String {
    let product = match action.product() {
        Product::Ims | Product::Ram => "ram",
        Product::Kms => "kms",
        Product::Sts => "sts",
        // A product that nobody has named in a policy yet is none's to allow.
        _ => "",
    };
    format!("{product}:{}", action.as_str())
}

fn forbidden(on: &str) -> ApiError {
    ApiError::new(
        ErrorCode::NoPermission,
        format!("This operation{on} is forbidden by permission system."),
    )
}

#[cfg(test)]
mod tests;
