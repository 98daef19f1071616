use kms_types::AccountId;

use super::{Asker, error::ParsePolicyError, json::Node};

/// Whom a document speaks of.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Principal {
    /// `acs:ram::<account>:root`: every user and role of the account.
    Account(AccountId),
    /// `acs:ram::<account>:user/<name>`.
    User(AccountId, String),
    /// `acs:ram::<account>:role/<name>`: every session of the role.
    Role(AccountId, String),
    /// `ecs.aliyuncs.com`.
    Service(String),
    /// `acs:ram::<account>:oidc-provider/<name>` and `…:saml-provider/<name>`.
    Federated(String),
}

// === impl Principal ===

impl Principal {
    /// Reads a statement's `Principal`.
    pub(super) fn parse(node: &Node<'_>) -> Result<Vec<Self>, ParsePolicyError> {
        let mut kinds = node.object()?;
        let mut all = Vec::new();
        for kind in ["RAM", "Service", "Federated"] {
            let Some(names) = kinds.take(kind) else {
                continue;
            };
            for name in names.one_or_more()? {
                let text = name.text()?;
                let principal = match kind {
                    "RAM" => Self::ram(text),
                    "Service" => Self::service(text),
                    _ => Self::federated(text),
                };
                all.push(principal.map_err(|what| name.flaw(what))?);
            }
        }
        kinds.end()?;
        if all.is_empty() {
            return Err(node.flaw("is empty"));
        }
        Ok(all)
    }

    /// Reads the `Principal` of a statement in the policy of a secret or key: RAM's alone,
    /// and `acs:ram::<account>:*` is the same as `…:root` ("Overview of secret policies").
    pub(super) fn of_resource(node: &Node<'_>) -> Result<Vec<Self>, ParsePolicyError> {
        let mut kinds = node.object()?;
        let names = kinds.required("RAM")?;
        kinds.end()?;
        names
            .one_or_more()?
            .iter()
            .map(|name| {
                let text = name.text()?;
                match text.strip_suffix(":*") {
                    Some(account) => Self::ram(&format!("{account}:root")),
                    None => Self::ram(text),
                }
                .map_err(|what| name.flaw(what))
            })
            .collect()
    }

    /// Whether it is that account as a whole.
    pub(super) fn is_account(&self, account: &str) -> bool {
        matches!(self, Self::Account(own) if own.as_str() == account)
    }

    /// Whether it is the one who asks.
    pub(super) fn is(&self, asker: Asker<'_>) -> bool {
        match (self, asker) {
            (Self::Account(own), Asker::Ram(arn)) => {
                split(arn).is_some_and(|(account, _)| account == own.as_str())
            }
            (Self::User(own, name), Asker::Ram(arn)) => {
                split(arn).is_some_and(|(account, rest)| {
                    account == own.as_str() && rest.strip_prefix("user/") == Some(name)
                })
            }
            (Self::Role(own, name), Asker::Ram(arn)) => split(arn)
                .is_some_and(|(account, rest)| account == own.as_str() && role(rest) == Some(name)),
            (Self::Service(own), Asker::Service(other))
            | (Self::Federated(own), Asker::Federated(other)) => own == other,
            _ => false,
        }
    }

    fn ram(text: &str) -> Result<Self, &'static str> {
        const EXPECTED: &str = "is not acs:ram::<account>: and root, user/<name> or role/<name>";
        let (account, rest) = split(text).ok_or(EXPECTED)?;
        let account = account.parse().map_err(|_reason| EXPECTED)?;
        match rest.split_once('/') {
            None if rest == "root" => Ok(Self::Account(account)),
            Some(("user", name)) if plain(name) => Ok(Self::User(account, name.to_owned())),
            Some(("role", name)) if plain(name) => Ok(Self::Role(account, name.to_owned())),
            _ => Err(EXPECTED),
        }
    }

    fn service(text: &str) -> Result<Self, &'static str> {
        if plain(text) {
            Ok(Self::Service(text.to_owned()))
        } else {
            Err("is not a service's name")
        }
    }

    fn federated(text: &str) -> Result<Self, &'static str> {
        const EXPECTED: &str = "is not acs:ram::<account>:oidc-provider/<name> \
                                or acs:ram::<account>:saml-provider/<name>";
        let (account, rest) = split(text).ok_or(EXPECTED)?;
        let _account: AccountId = account.parse().map_err(|_reason| EXPECTED)?;
        match rest.split_once('/') {
            Some(("oidc-provider" | "saml-provider", name)) if plain(name) => {
                Ok(Self::Federated(text.to_owned()))
            }
            _ => Err(EXPECTED),
        }
    }
}

/// The account and the rest of an ARN of RAM.
fn split(arn: &str) -> Option<(&str, &str)> {
    arn.strip_prefix("acs:ram::")?.split_once(':')
}

/// The role of `role/<role>`, `role/<role>/<session>` and `assumed-role/<role>/<session>`.
fn role(rest: &str) -> Option<&str> {
    let (kind, rest) = rest.split_once('/')?;
    let (name, session) = rest.split_once('/').unwrap_or((rest, ""));
    match kind {
        "role" => Some(name),
        "assumed-role" if !session.is_empty() => Some(name),
        _ => None,
    }
}

/// No wildcards, spaces or further parts: RAM has names here, not patterns.
fn plain(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| !matches!(c, '*' | '?' | '/' | ':') && !c.is_whitespace() && !c.is_control())
}
