//! RAM's policy language, as pure functions: text in, [`Document`] out; a [`Call`] in, an
//! [`Effect`] out. Knows no store; who loads which documents is its callers' business.
//!
//! The grammar and the meaning are those of RAM's public manual ("Permission policy
//! elements", "Policy structure and syntax", "Conditional operators"). Where a document
//! asks for something that RAM knows and this crate does not, it is refused: a condition
//! that is quietly never met would be a denial that never denies.

use std::{borrow::Cow, collections::BTreeMap};

use jiff::Timestamp;

mod condition;
mod decimal;
mod error;
mod json;
mod key;
mod operator;
mod pattern;
mod principal;
mod statement;

pub use error::ParsePolicyError;
pub use key::{KEYS, KMS_TAG, REQUEST_TAG, RESOURCE_TAG};
pub use operator::OPERATORS;

use json::Node;
use statement::Statement;

/// What kind of document it is: they differ in what a statement must and must not have,
/// and in their length.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// What its holder may do: `Action` and `Resource`, no `Principal`. 6,144 characters.
    Identity,
    /// What is left of the role's permissions in one session of it, given along when the
    /// role is assumed: as [`Kind::Identity`]. 2,048 characters.
    Session,
    /// Who may assume a role: `Action` and `Principal`, no `Resource`. 2,048 characters.
    Trust,
    /// Who may do what to the secret or key that has it: `Action`, `Principal` and
    /// `Resource`, which is that one thing; `Sid` may be. 32,768 bytes.
    Resource,
}

/// A policy document, checked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Document {
    statements: Vec<Statement>,
}

/// What a document is asked about.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// `kms:GetSecretValue`, `sts:AssumeRole`.
    pub action: &'a str,
    /// The ARN of what it is about; matters not to trust documents.
    pub resource: &'a str,
    /// Who asks; matters to documents that name principals.
    pub asker: Asker<'a>,
    /// What conditions look at: `acs:SourceIp`, `oidc:aud`.
    pub context: Context<'a>,
    /// The time of the call: `acs:CurrentTime`.
    pub now: Timestamp,
}

/// What conditions look at, by key. Keys are compared without regard to case, but for the
/// tag's in those of tags.
pub type Context<'a> = BTreeMap<Cow<'a, str>, Vec<String>>;

/// Who asks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Asker<'a> {
    /// A user or a role session, by its ARN: matches `"RAM"` principals that name it, its
    /// role, or its whole account (`acs:ram::<account>:root`).
    Ram(&'a str),
    /// A service of the cloud: matches `"Service": ["ecs.aliyuncs.com"]`.
    Service(&'a str),
    /// A token of an identity provider, by the provider's ARN: matches `"Federated"`.
    Federated(&'a str),
}

/// What a document says about a call. The greater one wins where several statements, or
/// several documents, speak.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Effect {
    /// Nothing: denied, unless another document allows it.
    Silent,
    /// Yes, unless another document denies it.
    Allow,
    /// No, whatever others say.
    Deny,
}

// === impl Kind ===

impl Kind {
    /// The longest text, in characters, or in bytes for [`Kind::Resource`]. RAM's quotas
    /// name 6,144 for a custom policy; the parameters of AssumeRole and CreateRole name
    /// 2,048, those of SetSecretPolicy and SetKeyPolicy 32,768.
    pub fn limit(self) -> usize {
        match self {
            Self::Identity => 6_144,
            Self::Session | Self::Trust => 2_048,
            Self::Resource => 32_768,
        }
    }

    /// How long a text is, and in what.
    fn measure(self, text: &str) -> (usize, &'static str) {
        match self {
            Self::Identity | Self::Session | Self::Trust => (text.chars().count(), "characters"),
            Self::Resource => (text.len(), "bytes"),
        }
    }
}

// === impl Document ===

impl Document {
    /// Reads and checks a document.
    pub fn parse(text: &str, kind: Kind) -> Result<Self, ParsePolicyError> {
        let (length, unit) = kind.measure(text);
        if length > kind.limit() {
            return Err(ParsePolicyError::TooLong {
                length,
                unit,
                limit: kind.limit(),
            });
        }
        let json = json::parse(text)?;
        let mut whole = Node::root(&json).object()?;
        let version = whole.required("Version")?;
        if version.text()? != "1" {
            return Err(version.flaw("is not \"1\""));
        }
        let statements = whole
            .required("Statement")?
            .one_or_more()?
            .iter()
            .map(|node| Statement::parse(node, kind))
            .collect::<Result<_, _>>()?;
        whole.end()?;
        Ok(Self { statements })
    }

    /// What it says about the call.
    pub fn evaluate(&self, call: &Call<'_>) -> Effect {
        self.statements
            .iter()
            .map(|statement| statement.evaluate(call))
            .max()
            .unwrap_or(Effect::Silent)
    }

    /// Whether it has conditions at all.
    pub(crate) fn has_conditions(&self) -> bool {
        self.statements.iter().any(Statement::has_conditions)
    }

    /// Whether what it says may depend on tags, which cost a look into the store.
    pub fn looks_at_tags(&self) -> bool {
        let mut statements = self.statements.iter();
        statements.any(Statement::looks_at_tags)
    }
}

// === impl Call ===

impl Call<'_> {
    /// The values of the key; none if the call has no such key.
    fn values(&self, key: &str) -> Vec<String> {
        if key.eq_ignore_ascii_case(key::CURRENT_TIME) {
            return vec![self.now.to_string()];
        }
        self.context
            .iter()
            .filter(|(name, _)| key::is_same(name, key))
            .flat_map(|(_, values)| values.iter().cloned())
            .collect()
    }
}

#[cfg(test)]
mod tests;
