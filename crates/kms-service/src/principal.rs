use std::net::IpAddr;

use kms_types::{AccessKeyId, AccountId, RequestId};

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
    },
    /// Nobody: the one action that travels unsigned.
    Anonymous,
}

/// A principal and where it calls from.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who.
    pub principal: Principal,
    /// The peer's address.
    pub source: IpAddr,
    /// Whether the call came over TLS.
    pub secure_transport: bool,
    /// The call's id, for the records.
    pub request_id: RequestId,
}

impl Principal {
    /// The account that the principal acts in.
    pub fn account(&self) -> Option<&AccountId> {
        match self {
            Self::User { account, .. } => Some(account),
            Self::Anonymous => None,
        }
    }

    /// What it signed with.
    pub fn access_key_id(&self) -> Option<&AccessKeyId> {
        match self {
            Self::User { access_key_id, .. } => Some(access_key_id),
            Self::Anonymous => None,
        }
    }

    /// `acs:ram::<account>:user/<name>`; empty for nobody.
    pub fn arn(&self) -> String {
        match self {
            Self::User {
                account, user_name, ..
            } => format!("acs:ram::{account}:user/{user_name}"),
            Self::Anonymous => String::new(),
        }
    }
}
