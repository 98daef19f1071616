use kms_types::Secret;
use serde::{Deserialize, Serialize};

use super::revealed;

/// Answer of CreateNetworkRule.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NetworkRule {
    /// `…:network/<name>`.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// `Private` or `Public`.
    #[serde(rename = "Type")]
    pub kind: String,
    /// JSON array as text, without blanks: Terraform's provider splits it at commas.
    pub source_private_ip: String,
    /// For people.
    pub description: String,
}

/// Answer of DescribeNetworkRule, which has no name.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DescribeNetworkRule {
    /// `…:network/<name>`.
    pub arn: String,
    /// `Private` or `Public`.
    #[serde(rename = "Type")]
    pub kind: String,
    /// JSON array as text, without blanks.
    pub source_private_ip: String,
    /// For people.
    pub description: String,
}

/// Answer of ListNetworkRules.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListNetworkRules {
    /// The page.
    pub network_rules: NetworkRules,
    /// From 1.
    pub page_number: u32,
    /// As asked.
    pub page_size: u32,
    /// Of all pages.
    pub total_count: u64,
}

/// Network rules, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NetworkRules {
    /// The rules.
    pub network_rule: Vec<NetworkRuleSummary>,
}

/// One network rule in a list.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NetworkRuleSummary {
    /// Its name.
    pub name: String,
    /// `Private` or `Public`.
    #[serde(rename = "Type")]
    pub kind: String,
}

/// Answer of CreatePolicy: lists as JSON in text.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Policy {
    /// `…:policy/<name>`.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// `kst-…` or `shared`.
    pub kms_instance: String,
    /// JSON array as text.
    pub permissions: String,
    /// JSON array as text.
    pub resources: String,
    /// As it was given, byte for byte.
    pub access_control_rules: String,
    /// For people.
    pub description: String,
}

/// Answer of DescribePolicy: lists as lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DescribePolicy {
    /// `…:policy/<name>`.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// `kst-…` or `shared`.
    pub kms_instance: String,
    /// What is allowed.
    pub permissions: Vec<String>,
    /// On what.
    pub resources: Vec<String>,
    /// As it was given, byte for byte: Terraform compares the text.
    pub access_control_rules: String,
    /// For people.
    pub description: String,
}

/// Answer of ListPolicies.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListPolicies {
    /// The page.
    pub policies: Policies,
    /// From 1.
    pub page_number: u32,
    /// As asked.
    pub page_size: u32,
    /// Of all pages.
    pub total_count: u64,
}

/// Policies, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Policies {
    /// The policies.
    pub policy: Vec<PolicySummary>,
}

/// One policy in a list.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PolicySummary {
    /// Its name.
    pub name: String,
}

/// Answer of CreateApplicationAccessPoint and DescribeApplicationAccessPoint.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AccessPoint {
    /// `…:applicationaccesspoint/<name>`.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// `ClientKey`.
    pub authentication_method: String,
    /// Names of its policies, a JSON array as text without blanks, in the order given.
    pub policies: String,
    /// For people.
    pub description: String,
}

/// Answer of ListApplicationAccessPoints.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListApplicationAccessPoints {
    /// The page.
    pub application_access_points: ApplicationAccessPoints,
    /// From 1.
    pub page_number: u32,
    /// As asked.
    pub page_size: u32,
    /// Of all pages.
    pub total_count: u64,
}

/// Access points, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ApplicationAccessPoints {
    /// The access points.
    pub application_access_point: Vec<AccessPointSummary>,
}

/// One access point in a list.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AccessPointSummary {
    /// Its name.
    pub name: String,
    /// `ClientKey`.
    pub authentication_method: String,
}

/// Answer of CreateClientKey: the only time that the private key is seen.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateClientKey {
    /// `KAAP.<uuid>`.
    pub client_key_id: String,
    /// `RSA_2048`.
    pub key_algorithm: String,
    /// PKCS#12 under the password given, base64.
    #[serde(with = "revealed")]
    pub private_key_data: Secret<String>,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub not_before: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub not_after: String,
}

/// Answer of GetClientKey, and one of ListClientKeys'.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ClientKey {
    /// `KAAP.<uuid>`.
    pub client_key_id: String,
    /// Whose it is.
    pub aap_name: String,
    /// `RSA_2048`.
    pub key_algorithm: String,
    /// `KMS_PROVIDED`.
    pub key_origin: String,
    /// PEM certificate.
    pub public_key_data: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_time: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub not_before: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub not_after: String,
    /// When it signed last, to ten minutes, `YYYY-MM-DDThh:mm:ssZ`, if it has. This server's own
    /// addition.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub last_used_date: String,
}

/// Answer of ListClientKeys: the one list that the cloud does not wrap.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListClientKeys {
    /// All of the access point's.
    pub client_keys: Vec<ClientKey>,
}
