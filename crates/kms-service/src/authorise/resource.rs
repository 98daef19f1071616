use kms_types::{AccessKeyId, AccountId, AliasName, KeyId, ResourceName, RoleArn, SecretName};

use crate::Service;

/// What a call is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Resource<'a> {
    /// Nothing that belongs to anybody, or the caller's own account as a whole.
    Account,
    /// All that the caller's own account has of a kind, as KMS calls it: what creating and
    /// listing is asked on (KMS manual, "Authorization information").
    Container(&'static str),
    /// A thing of the caller's own account, by what ARNs call its kind, and its name.
    Own { kind: &'static str, name: &'a str },
    /// The same, where another product has the thing, by what ARNs call the product; the name
    /// `*` is all of the kind.
    Of {
        product: &'static str,
        kind: &'static str,
        name: &'a str,
    },
    /// The same, where the thing is RAM's; the name `*` is all of the kind.
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
    /// A key of that account.
    Key {
        account: &'a AccountId,
        id: &'a KeyId,
    },
    /// A key's other name in that account.
    Alias {
        account: &'a AccountId,
        name: &'a AliasName,
    },
}

// === impl Resource ===

impl<'a> Resource<'a> {
    /// All secrets of the caller's own account.
    pub(crate) const SECRETS: Self = Self::Container("secret");
    /// All keys of the caller's own account.
    pub(crate) const KEYS: Self = Self::Container("key");
    /// All aliases of the caller's own account.
    pub(crate) const ALIASES: Self = Self::Container("alias");

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

    /// All that the caller's own account has of RAM's kind.
    pub(crate) fn all_in_ram(kind: &'static str) -> Self {
        Self::Ram { kind, name: "*" }
    }

    /// Whose it is, where it need not be the caller's own account's.
    pub(super) fn owner(self) -> Option<&'a AccountId> {
        match self {
            Self::Secret { account, .. }
            | Self::Key { account, .. }
            | Self::Alias { account, .. } => Some(account),
            Self::Account
            | Self::Container(_)
            | Self::Own { .. }
            | Self::Of { .. }
            | Self::Ram { .. }
            | Self::SystemPolicy(_)
            | Self::Role(_) => None,
        }
    }

    fn own(kind: &'static str, name: &'a str) -> Self {
        Self::Own { kind, name }
    }
}

impl Service {
    /// `acs:kms:<region>:<account>:<kind>/<name>`, `…:<kind>` for all of a kind, or `…:*`
    /// for an account as a whole; another product's things `acs:<product>:…`; RAM's have no region:
    /// `acs:ram::<account>:<kind>/<name>`. The account is that of whoever calls; what has an
    /// owner of its own is named by that.
    pub(crate) fn resource_arn(&self, account: &AccountId, resource: Resource<'_>) -> String {
        let account = resource.owner().unwrap_or(account);
        let rest = match resource {
            Resource::Account => "*".to_owned(),
            Resource::Container(kind) => kind.to_owned(),
            Resource::Own { kind, name } => format!("{kind}/{name}"),
            Resource::Of {
                product,
                kind,
                name,
            } => return format!("acs:{product}:{}:{account}:{kind}/{name}", self.region()),
            Resource::Ram { kind, name } => return format!("acs:ram::{account}:{kind}/{name}"),
            Resource::SystemPolicy(name) => return format!("acs:ram::system:policy/{name}"),
            Resource::Role(arn) => return arn.to_string(),
            Resource::Secret { name, .. } => format!("secret/{name}"),
            Resource::Key { id, .. } => format!("key/{id}"),
            // Its name begins with its kind.
            Resource::Alias { name, .. } => name.to_string(),
        };
        format!("acs:kms:{}:{account}:{rest}", self.region())
    }
}
