use std::{fmt, str::FromStr};

use kms_types::ResourceName;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use thiserror::Error;

use crate::{
    ApiError, Params,
    request::{Action, Operation, fields::Fields},
    response,
};

/// Makes a policy: what an access point's clients may do, on what, and from where.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CreatePolicy {
    /// Its name.
    pub name: ResourceName,
    /// `kst-…`, or `shared` for the shared gateway.
    pub kms_instance: Option<String>,
    /// At least one.
    pub permissions: Vec<Permission>,
    /// At least one.
    pub resources: Vec<ResourcePattern>,
    /// From where; anywhere if absent.
    pub access_control_rules: Option<AccessControlRules>,
    /// For people.
    pub description: Option<String>,
}

/// Changes a policy; its name and instance stay.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UpdatePolicy {
    /// Which.
    pub name: ResourceName,
    /// From now on; at least one.
    pub permissions: Option<Vec<Permission>>,
    /// From now on; at least one.
    pub resources: Option<Vec<ResourcePattern>>,
    /// From now on.
    pub access_control_rules: Option<AccessControlRules>,
    /// For people; empty: none from now on.
    pub description: Option<String>,
}

/// What a policy allows (reference kms-api §4).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(try_from = "String", into = "&'static str")]
#[non_exhaustive]
pub enum Permission {
    /// Cryptography with keys, on an instance.
    KeyUser,
    /// Reading secrets, on an instance.
    InstanceSecretUser,
    /// Reading secrets, on the shared gateway.
    SecretUser,
}

/// Text that is no permission.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error("must be RbacPermission/Template/… of a known template")]
pub struct ParsePermissionError;

/// `key/<id>`, `secret/<name>`, or either with `*` at its end.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResourcePattern(String);

/// Text that is no pattern of resources.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error("must be key/… or secret/…, * only at the end")]
pub struct ParseResourcePatternError;

/// `{"NetworkRules":["…"]}` as it was written, for Terraform wants it back byte for byte.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccessControlRules {
    text: String,
    network_rules: Vec<ResourceName>,
}

/// Text that is no access control rules.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error("must be a JSON object with NetworkRules, an array of names")]
pub struct ParseAccessControlRulesError;

impl Operation for CreatePolicy {
    type Response = response::Policy;

    const ACTION: Action = Action::CreatePolicy;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("Name", self.name.as_str());
        params.push_some("KmsInstance", self.kms_instance.as_deref());
        params.push_some("Permissions", write(&self.permissions));
        params.push_some("Resources", write(&self.resources));
        push_rules(&mut params, self.access_control_rules.as_ref());
        params.push_some("Description", self.description.as_deref());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let missing = |name| move || ApiError::missing_parameter(name);
        Ok(Self {
            name: fields.required("Name")?,
            kms_instance: fields.owned("KmsInstance"),
            permissions: permissions(fields)?.ok_or_else(missing("Permissions"))?,
            resources: resources(fields)?.ok_or_else(missing("Resources"))?,
            access_control_rules: fields.optional("AccessControlRules")?,
            description: fields.owned("Description"),
        })
    }
}

impl Operation for UpdatePolicy {
    type Response = response::Empty;

    const ACTION: Action = Action::UpdatePolicy;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("Name", self.name.as_str());
        params.push_some("Permissions", self.permissions.as_deref().and_then(write));
        params.push_some("Resources", self.resources.as_deref().and_then(write));
        push_rules(&mut params, self.access_control_rules.as_ref());
        params.push_some("Description", self.description.as_deref());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        Ok(Self {
            name: fields.required("Name")?,
            permissions: permissions(fields)?,
            resources: resources(fields)?,
            access_control_rules: fields.optional("AccessControlRules")?,
            description: params.get("Description").map(str::to_owned),
        })
    }
}

// === impl Permission ===

impl Permission {
    /// Every permission, for tables and tests.
    pub const ALL: &[Self] = &[Self::KeyUser, Self::InstanceSecretUser, Self::SecretUser];

    /// As it travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::KeyUser => "RbacPermission/Template/CryptoServiceKeyUser",
            Self::InstanceSecretUser => "RbacPermission/Template/CryptoServiceSecretUser",
            Self::SecretUser => "RbacPermission/Template/SecretUser",
        }
    }
}

impl TryFrom<String> for Permission {
    type Error = ParsePermissionError;

    fn try_from(text: String) -> Result<Self, ParsePermissionError> {
        Self::ALL
            .iter()
            .copied()
            .find(|own| own.as_str() == text)
            .ok_or(ParsePermissionError)
    }
}

impl From<Permission> for &'static str {
    fn from(permission: Permission) -> Self {
        permission.as_str()
    }
}

// === impl ResourcePattern ===

impl ResourcePattern {
    /// Whether it covers the resource, `key/<id>` or `secret/<name>`.
    pub fn matches(&self, resource: &str) -> bool {
        match self.0.strip_suffix('*') {
            Some(start) => resource.starts_with(start),
            None => self.0 == resource,
        }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ResourcePattern {
    type Error = ParseResourcePatternError;

    fn try_from(text: String) -> Result<Self, ParseResourcePatternError> {
        let rest = text
            .strip_prefix("key/")
            .or_else(|| text.strip_prefix("secret/"))
            .ok_or(ParseResourcePatternError)?;
        let name = rest.strip_suffix('*').unwrap_or(rest);
        if rest.is_empty()
            || rest.len() > 256
            || name.contains(|c: char| c == '*' || c.is_control())
        {
            return Err(ParseResourcePatternError);
        }
        Ok(Self(text))
    }
}

impl From<ResourcePattern> for String {
    fn from(pattern: ResourcePattern) -> Self {
        pattern.0
    }
}

impl fmt::Display for ResourcePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// === impl AccessControlRules ===

impl AccessControlRules {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The rules of which one must hold; none: calls may come from anywhere. At most 3.
    pub fn network_rules(&self) -> &[ResourceName] {
        &self.network_rules
    }
}

impl FromStr for AccessControlRules {
    type Err = ParseAccessControlRulesError;

    fn from_str(text: &str) -> Result<Self, ParseAccessControlRulesError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Rules {
            #[serde(default)]
            network_rules: Vec<ResourceName>,
        }

        let rules: Rules =
            serde_json::from_str(text).map_err(|_quotes_the_text| ParseAccessControlRulesError)?;
        // Reference accesskey §1, 27.
        if rules.network_rules.len() > 3 {
            return Err(ParseAccessControlRulesError);
        }
        Ok(Self {
            text: text.to_owned(),
            network_rules: rules.network_rules,
        })
    }
}

impl TryFrom<String> for AccessControlRules {
    type Error = ParseAccessControlRulesError;

    fn try_from(text: String) -> Result<Self, ParseAccessControlRulesError> {
        text.parse()
    }
}

impl From<AccessControlRules> for String {
    fn from(rules: AccessControlRules) -> Self {
        rules.text
    }
}

fn permissions(fields: Fields<'_>) -> Result<Option<Vec<Permission>>, ApiError> {
    list(fields, "Permissions", "a JSON array of known permissions")
}

fn resources(fields: Fields<'_>) -> Result<Option<Vec<ResourcePattern>>, ApiError> {
    list(fields, "Resources", "a JSON array of key/… and secret/…")
}

fn list<T: DeserializeOwned>(
    fields: Fields<'_>,
    name: &str,
    wanted: &str,
) -> Result<Option<Vec<T>>, ApiError> {
    let list: Option<Vec<T>> = fields.json(name, wanted)?;
    if list.as_ref().is_some_and(Vec::is_empty) {
        return Err(ApiError::invalid_parameter(name, "must not be empty"));
    }
    Ok(list)
}

fn write<T: Serialize>(list: &[T]) -> Option<String> {
    serde_json::to_string(list).ok()
}

fn push_rules(params: &mut Params, rules: Option<&AccessControlRules>) {
    params.push_some("AccessControlRules", rules.map(AccessControlRules::as_str));
}
