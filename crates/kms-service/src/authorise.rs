use kms_types::{AccountId, Arn, ErrorCode, SecretName, SecretRef};
use kms_wire::{Action, ApiError, Product, request::Permission};

use crate::{
    Caller, Gateway, Principal, Rights, Service,
    policy::{self, Asker, Effect},
};

mod facts;
mod resource;

pub(crate) use facts::{Facts, Found};
pub(crate) use resource::Resource;

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
    /// As there.
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
    /// A user, and whoever has assumed a role, may do what a policy allows and none denies:
    /// one of its own or, in the same account, the policy of the secret or key. Into another
    /// account it takes both. A session's policy narrows all of it. A client may do what a
    /// policy of its access point allows.
    ///
    /// # Errors
    /// `Forbidden.NoPermission`; `NoPermission` for the actions of RAM and STS.
    pub(crate) fn decide(
        &self,
        caller: &Caller,
        action: Action,
        resource: Resource<'_>,
        facts: &Facts<'_>,
    ) -> Result<(), ApiError> {
        let allowed = match &caller.principal {
            Principal::User {
                account, rights, ..
            } => self.policies_allow(caller, account, rights, None, (action, resource, facts)),
            Principal::Role {
                account,
                rights,
                policy,
                ..
            } => {
                let session = policy.as_deref();
                self.policies_allow(caller, account, rights, session, (action, resource, facts))
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
            (Resource::Account, _) | (_, None) => String::new(),
            (_, Some(account)) => format!(" for {}", self.resource_arn(account, resource)),
        };
        Err(forbidden(action.product(), &on))
    }

    /// What the policies of one who is a user or a session of a role come to.
    fn policies_allow(
        &self,
        caller: &Caller,
        own: &AccountId,
        rights: &Rights,
        session: Option<&policy::Document>,
        (action, resource, facts): (Action, Resource<'_>, &Facts<'_>),
    ) -> bool {
        // Asking who or where one is needs no right (RAM's manual, GetCallerIdentity; KMS's,
        // "Authorization information").
        if matches!(action, Action::GetCallerIdentity | Action::DescribeRegions) {
            return true;
        }
        let has_conditions = rights.have_conditions()
            || session.is_some_and(policy::Document::has_conditions)
            || facts.policy.is_some_and(policy::Document::has_conditions);
        let context = if has_conditions {
            let mut context = caller.context();
            facts.describe(&mut context);
            context
        } else {
            // Nobody looks at it.
            policy::Context::new()
        };
        let call = policy::Call {
            action: &permission(action),
            resource: &self.resource_arn(own, resource),
            asker: Asker::Ram(&caller.principal.arn()),
            context,
            now: self.now(),
        };
        let in_session = session.map_or(Effect::Allow, |session| session.evaluate(&call));
        let identity = rights.evaluate(&call);
        let on_resource = facts
            .policy
            .map_or(Effect::Silent, |policy| policy.evaluate(&call));
        let is_own = resource.owner().is_none_or(|owner| owner == own);
        let effects = [identity, on_resource];
        let allows = |effect: &Effect| *effect == Effect::Allow;
        in_session == Effect::Allow
            && !effects.contains(&Effect::Deny)
            && if is_own {
                effects.iter().any(allows)
            } else {
                effects.iter().all(allows)
            }
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
        caller.account_for(action)
    }

    /// What the reference means: a name is of the caller's account, an ARN says its own.
    /// One of another region is nobody's here.
    ///
    /// # Errors
    /// `Forbidden.NoPermission` for a name, if the caller has no account.
    pub(crate) fn target(&self, caller: &Caller, secret: &SecretRef) -> Result<Target, ApiError> {
        let own = caller.principal.account();
        let own = own.ok_or_else(|| forbidden(Product::Kms, ""))?;
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

impl Caller {
    /// The account that the caller acts in.
    ///
    /// # Errors
    /// As [`Service::decide`] for nobody, who has none.
    pub(crate) fn account_for(&self, action: Action) -> Result<&AccountId, ApiError> {
        let account = self.principal.account();
        account.ok_or_else(|| forbidden(action.product(), ""))
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
        Product::Bss => "bss",
        Product::Cen => "cen",
        Product::Cms => "cms",
        Product::Config | Product::Config2019 => "config",
        Product::Ims | Product::Ram => "ram",
        Product::Kms => "kms",
        Product::Pvtz => "pvtz",
        // Both versions of its API say so ("RAM authorization" of MoveAccount in either).
        Product::ResourceDirectory | Product::ResourceManager => "resourcemanager",
        Product::ResourceSharing => "resourcesharing",
        Product::Sts => "sts",
        Product::Vpc | Product::VpcPeer => "vpc",
        // A product that nobody has named in a policy yet is none's to allow.
        _ => "",
    };
    format!("{product}:{}", action.as_str())
}

/// Each product has its own code and words for it.
fn forbidden(product: Product, on: &str) -> ApiError {
    match product {
        Product::Kms => ApiError::new(
            ErrorCode::NoPermission,
            format!("This operation{on} is forbidden by permission system."),
        ),
        _ => ApiError::new(
            ErrorCode::RamForbidden,
            format!("You are not authorized to do this action{on}."),
        ),
    }
}

#[cfg(test)]
mod tests;
