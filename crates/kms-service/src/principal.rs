use std::{net::IpAddr, sync::Arc};

use kms_store::Moment;
use kms_types::{AccessKeyId, AccountId, InstanceId, RequestId, ResourceName};

use crate::{Grants, Rights, policy};

/// Who signed a call.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Principal {
    /// A RAM user, by one of its AccessKeys.
    User {
        /// The account it belongs to.
        account: AccountId,
        /// Its id, digits.
        user_id: String,
        /// Its name.
        user_name: String,
        /// What it signed with.
        access_key_id: AccessKeyId,
        /// What its policies let it do.
        rights: Arc<Rights>,
    },
    /// A session of a RAM role, by an STS token.
    Role {
        /// The account that the role belongs to.
        account: AccountId,
        /// The role's id, digits.
        role_id: String,
        /// The role's name.
        role_name: String,
        /// What the one who assumed the role called the session.
        session_name: String,
        /// What it signed with, `STS.…`.
        access_key_id: AccessKeyId,
        /// What the role's policies let it do.
        rights: Arc<Rights>,
        /// What is left of these rights in this session; all of them if absent.
        policy: Option<Arc<policy::Document>>,
    },
    /// A program that holds a ClientKey of an application access point.
    Client {
        /// The account that the access point belongs to.
        account: AccountId,
        /// The access point.
        access_point: ResourceName,
        /// Which of its ClientKeys, `KAAP.…`.
        key_id: AccessKeyId,
        /// What the access point's policies allow.
        grants: Arc<Grants>,
    },
    /// Nobody: the one action that travels unsigned.
    Anonymous,
}

/// Where a call came in.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Gateway {
    /// All products, everything that an account owns.
    Shared,
    /// One instance and what lives in it (reference kms-api §5).
    Instance(InstanceId),
}

/// A principal and where it calls from.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who.
    pub principal: Principal,
    /// The peer's address.
    pub source: IpAddr,
    /// Where the call came in.
    pub gateway: Gateway,
    /// Whether the call came over TLS.
    pub secure_transport: bool,
    /// The call's id, for the records.
    pub request_id: RequestId,
    /// The store when the call was authenticated: who is asked at that, and not anew, sees what
    /// was acknowledged before the call came. For that one call; without it the store is asked.
    pub moment: Option<Moment>,
}

impl Caller {
    /// What conditions of policies may look at, whatever the call is about. A session goes
    /// by its role's name there, as in the examples of RAM's manual
    /// (`acs:ram:*:*:role/<role>`); nobody has no name.
    pub(crate) fn context(&self) -> policy::Context<'static> {
        let mut context = policy::Context::from([
            (
                "acs:SecureTransport".into(),
                vec![self.secure_transport.to_string()],
            ),
            ("acs:SourceIp".into(), vec![self.source.to_string()]),
        ]);
        let name = match &self.principal {
            Principal::Role {
                account, role_name, ..
            } => Some(format!("acs:ram::{account}:role/{role_name}")),
            Principal::User { .. } | Principal::Client { .. } => Some(self.principal.arn()),
            Principal::Anonymous => None,
        };
        context.extend(name.map(|name| ("acs:PrincipalARN".into(), vec![name])));
        context
    }
}

impl Principal {
    /// The account that the principal acts in.
    pub fn account(&self) -> Option<&AccountId> {
        match self {
            Self::User { account, .. }
            | Self::Role { account, .. }
            | Self::Client { account, .. } => Some(account),
            Self::Anonymous => None,
        }
    }

    /// Whether what it may do may depend on tags.
    pub(crate) fn looks_at_tags(&self) -> bool {
        match self {
            Self::User { rights, .. } => rights.look_at_tags(),
            Self::Role { rights, policy, .. } => {
                let session = policy.as_ref();
                rights.look_at_tags() || session.is_some_and(|policy| policy.looks_at_tags())
            }
            Self::Client { .. } | Self::Anonymous => false,
        }
    }

    /// What it signed with.
    pub fn access_key_id(&self) -> Option<&AccessKeyId> {
        match self {
            Self::User { access_key_id, .. } | Self::Role { access_key_id, .. } => {
                Some(access_key_id)
            }
            Self::Client { key_id, .. } => Some(key_id),
            Self::Anonymous => None,
        }
    }

    /// `acs:ram::<account>:user/<name>`, `…:role/<role>/<session>`, or for a client
    /// `acs:kms::<account>:applicationaccesspoint/<name>/<key id>`; empty for nobody.
    pub fn arn(&self) -> String {
        match self {
            Self::User {
                account, user_name, ..
            } => format!("acs:ram::{account}:user/{user_name}"),
            Self::Role {
                account,
                role_name,
                session_name,
                ..
            } => format!("acs:ram::{account}:role/{role_name}/{session_name}"),
            Self::Client {
                account,
                access_point,
                key_id,
                ..
            } => format!("acs:kms::{account}:applicationaccesspoint/{access_point}/{key_id}"),
            Self::Anonymous => String::new(),
        }
    }
}
