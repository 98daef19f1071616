//! What a request is about, for records: names of resources and of a version, and nothing
//! that could be a value.

use kms_types::Secret;

use super::{Action, Request};
use crate::Params;

/// What a request is about.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Subject {
    /// `<kind>/<name>` as ARNs call them, or a whole ARN where the request has one. Names
    /// are those of the caller's own account.
    pub resources: Vec<String>,
    /// The id, number or stage of the version that is asked for or made.
    pub version: Option<String>,
}

/// The longest name that is repeated: longer ones are none of ours.
const LONGEST: usize = 512;

// === impl Request ===

impl Request {
    /// What the request is about: only what the action itself has read and checked, so
    /// that a parameter that it ignores is never repeated.
    pub fn subject(&self) -> Subject {
        // The one that is asked all the time needs no list of its parameters.
        if let Self::GetSecretValue(call) = self {
            let id = call.version_id.as_ref().map(ToString::to_string);
            let stage = || call.version_stage.as_ref().map(ToString::to_string);
            return Subject {
                resources: vec![resource("secret", &call.secret_name.to_string())],
                version: id.or_else(stage),
            };
        }
        // Its list is one parameter, in JSON.
        if let Self::BatchGetSecretValue(call) = self {
            let names = call.secrets.iter();
            let names = names.map(|one| resource("secret", &one.secret_name.to_string()));
            return Subject {
                resources: names.collect(),
                version: None,
            };
        }
        Subject::of(self.action(), &self.to_params())
    }

    /// The secret value that the request brings along, if it brings one.
    pub fn secret_value(&self) -> Option<&Secret<String>> {
        match self {
            Self::CreateSecret(call) => Some(&call.secret_data),
            Self::PutSecretValue(call) => Some(&call.secret_data),
            _ => None,
        }
    }
}

// === impl Subject ===

impl Subject {
    fn of(action: Action, params: &Params) -> Self {
        let tagged = match params.get("ResourceType") {
            Some("key") => "key",
            Some("instance") => "keystore",
            _ => "secret",
        };
        let mut subject = Self::default();
        for (name, value) in params.iter().filter(|(_, value)| is_name(value)) {
            if VERSIONS.contains(&name) {
                subject.version = Some(value.to_owned());
            } else if name.starts_with("ResourceId.") {
                subject.resources.push(resource(tagged, value));
            } else if name == "Name" {
                subject.resources.push(resource(named(action), value));
            } else if let Some((_, kind)) = KINDS.iter().find(|(own, _)| *own == name) {
                subject.resources.push(resource(kind, value));
            } else if ARNS.contains(&name) && value.starts_with("acs:") {
                subject.resources.push(value.to_owned());
            }
        }
        subject
    }
}

/// The parameters that name a thing, and of which kind it is.
const KINDS: &[(&str, &str)] = &[
    ("AliasName", "alias"),
    ("ClientKeyId", "clientkey"),
    ("DestinationKeyId", "key"),
    ("GroupName", "group"),
    ("InstanceId", "keystore"),
    ("KeyId", "key"),
    ("KmsInstanceId", "keystore"),
    ("AapName", "applicationaccesspoint"),
    ("OIDCProviderName", "oidc-provider"),
    ("PolicyName", "policy"),
    ("RoleName", "role"),
    ("SecretName", "secret"),
    ("SourceKeyId", "key"),
    ("UserAccessKeyId", "accesskey"),
    ("UserName", "user"),
    ("WrappingKeyId", "key"),
];

/// Those that name it by its ARN; they are texts until the action looks at them.
const ARNS: &[&str] = &["OIDCProviderArn", "ProtectedResourceArn", "RoleArn"];

/// Those that say which version.
const VERSIONS: &[&str] = &["KeyVersionId", "VersionId", "VersionStage", "MoveToVersion"];

/// Of which kind a thing is that the action calls nothing but `Name`.
fn named(action: Action) -> &'static str {
    let action = action.as_str();
    if action.ends_with("NetworkRule") {
        "network"
    } else if action.ends_with("AccessPoint") {
        "applicationaccesspoint"
    } else {
        "policy"
    }
}

/// Some names are texts until the action looks them up; no name has blanks in it.
fn is_name(value: &str) -> bool {
    (1..=LONGEST).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic())
}

/// ARNs and aliases say themselves what they are.
fn resource(kind: &str, name: &str) -> String {
    if name.starts_with("acs:") || name.starts_with("alias/") {
        return name.to_owned();
    }
    format!("{kind}/{name}")
}

#[cfg(test)]
mod tests;
