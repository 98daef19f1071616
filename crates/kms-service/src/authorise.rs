use kms_types::{AccountId, Arn, ErrorCode, SecretName, SecretRef};
use kms_wire::{Action, ApiError, Product, request::Permission};

use crate::{
    Caller, Gateway, Principal, Service,
    policy::{self, Asker, Effect},
};

mod resource;

pub(crate) use resource::Resource;

/// What is known about the resource of a call besides its name.
#[expect(dead_code, reason = "until the policies of users and roles are asked")]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Facts<'a> {
    /// The policy of the secret or key itself.
    pub(crate) policy: Option<&'a policy::Document>,
    /// The tags it has.
    pub(crate) tags: &'a [(String, String)],
}

/// A secret by its full name; whether it exists, and who may do what to it, is another
/// matter.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) account: AccountId,
    pub(crate) name: SecretName,
    /// Whether it would be of this server's region.
    pub(crate) is_here: bool,
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
            Gateway::Instance(_) if is_about_data(action) => Ok(()),
            Gateway::Instance(_) => Err(ApiError::new(
                ErrorCode::UnsupportedOperation,
                "This action is not supported on the gateway of an instance.",
            )),
        }
    }

    /// As [`Service::decide`], where nothing but its name is known of the resource.
    ///
    /// # Errors
    /// `Forbidden.NoPermission`.
    pub(crate) fn authorise(
        &self,
        caller: &Caller,
        action: Action,
        resource: Resource<'_>,
    ) -> Result<(), ApiError> {
        self.decide(caller, action, resource, &Facts::default())
    }

    /// Whether the caller may: the one place where that is decided. Denied unless a rule
    /// allows it. What has a policy or tags is looked up first and asked about with these
    /// facts, and only then said to be missing if it is: without rights one does not learn
    /// what there is.
    ///
    /// The rules so far: a RAM user, and whoever has assumed a role, may do everything in
    /// the own account, less what a session's policy takes away; a client may do what a
    /// policy of its access point allows.
    ///
    /// # Errors
    /// `Forbidden.NoPermission`.
    pub(crate) fn decide(
        &self,
        caller: &Caller,
        action: Action,
        resource: Resource<'_>,
        _facts: &Facts<'_>,
    ) -> Result<(), ApiError> {
        let allowed = match &caller.principal {
            Principal::User { account: own, .. } | Principal::Role { account: own, .. } => {
                let is_own = resource.owner().is_none_or(|owner| owner == own);
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
                Resource::Key { account, id } if own == account => grants.allow(
                    &caller.gateway,
                    caller.source,
                    permissions(action),
                    &format!("key/{id}"),
                ),
                _ => false,
            },
            Principal::Anonymous => false,
        };
        if allowed {
            return Ok(());
        }
        let named = resource.owner().or(caller.principal.account());
        let on = match (resource, named) {
            (Resource::Account, _) | (_, None) => return Err(forbidden("")),
            (_, Some(account)) => self.resource_arn(account, resource),
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

    /// What the reference means: a name is of the caller's account, an ARN says its own.
    /// One of another region is nobody's here.
    ///
    /// # Errors
    /// `Forbidden.NoPermission` for a name, if the caller has no account.
    pub(crate) fn target(&self, caller: &Caller, secret: &SecretRef) -> Result<Target, ApiError> {
        let own = caller.principal.account().ok_or_else(|| forbidden(""))?;
        let (account, name, is_here) = match secret {
            SecretRef::Arn(arn) => (
                arn.account(),
                arn.secret_name(),
                arn.region() == self.region(),
            ),
            SecretRef::Name(name) => (own, name, true),
        };
        Ok(Target {
            account: account.clone(),
            name: name.clone(),
            is_here,
        })
    }

    /// The secret's full name here.
    pub(crate) fn arn(&self, account: &AccountId, name: &SecretName) -> Arn {
        Arn::secret(self.region().clone(), account.clone(), name.clone())
    }
}

/// Of an access point's permissions, those that allow the action, each by itself. On
/// either gateway either of the secret users reads: a policy's scope says where.
fn permissions(action: Action) -> &'static [Permission] {
    match action {
        Action::GetSecretValue => &[Permission::InstanceSecretUser, Permission::SecretUser],
        _ if is_about_data(action) => &[Permission::KeyUser],
        _ => &[],
    }
}

/// Whether it uses keys and secrets and changes none: what the gateway of an instance has.
fn is_about_data(action: Action) -> bool {
    matches!(
        action,
        Action::AsymmetricDecrypt
            | Action::AsymmetricEncrypt
            | Action::AsymmetricSign
            | Action::AsymmetricVerify
            | Action::Decrypt
            | Action::Encrypt
            | Action::ExportDataKey
            | Action::GenerateAndExportDataKey
            | Action::GenerateDataKey
            | Action::GenerateDataKeyWithoutPlaintext
            | Action::GenerateMac
            | Action::GetPublicKey
            | Action::GetSecretValue
            | Action::VerifyMac
    )
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
