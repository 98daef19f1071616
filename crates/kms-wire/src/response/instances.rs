use serde::{Deserialize, Serialize};

/// Answer of ListKmsInstances.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListKmsInstances {
    /// The page.
    pub kms_instances: KmsInstances,
    /// From 1.
    pub page_number: u32,
    /// As asked.
    pub page_size: u32,
    /// Of all pages.
    pub total_count: u64,
}

/// Instances, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct KmsInstances {
    /// The instances.
    pub kms_instance: Vec<KmsInstanceSummary>,
}

/// One instance in a list.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct KmsInstanceSummary {
    /// `kst-…`.
    pub kms_instance_id: String,
    /// `…:keystore/kst-…`.
    pub kms_instance_arn: String,
}

/// Answer of GetKmsInstance.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetKmsInstance {
    /// The instance.
    pub kms_instance: KmsInstance,
}

/// A KMS instance.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct KmsInstance {
    /// `kst-…`.
    pub instance_id: String,
    /// For people.
    pub instance_name: String,
    /// `Uninitialized`, `Connecting`, `Connected`, `Disconnected` or `Error`.
    pub status: String,
    /// Calls per second.
    pub spec: u32,
    /// How many keys it takes.
    pub key_num: u32,
    /// How many secrets it takes; text, in the cloud's own API.
    pub secret_num: String,
    /// How many accesses are managed.
    pub vpc_num: u32,
    /// 1 with a log, else 0.
    pub log: u32,
    /// GB.
    pub log_storage: u32,
    /// The VPC it is in.
    pub vpc_id: String,
    /// Its vSwitches.
    pub vswitch_ids: Vec<String>,
    /// Its zones.
    pub zone_ids: Vec<String>,
    /// Who else may reach it.
    pub bind_vpcs: BindVpcs,
    /// The CA of its TLS certificate.
    pub ca_certificate_chain_pem: String,
    /// `PREPAY` or `POSTPAY`.
    pub charge_type: String,
    /// `kms_ddi_public_cn` and others.
    pub product_type: String,
    /// `3` software, `5` hardware.
    pub product_version: String,
    /// Of the sale.
    pub sale_status: String,
    /// When it was enabled.
    pub start_date: String,
    /// When it ends.
    pub end_date: String,
    /// When it was made.
    pub create_time: String,
    /// Whether it refuses to be released.
    pub deletion_protection: bool,
    /// Why.
    pub deletion_protection_description: String,
}

/// VPCs, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct BindVpcs {
    /// The VPCs.
    pub bind_vpc: Vec<BindVpc>,
}

/// A VPC that may reach an instance.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct BindVpc {
    /// Which VPC.
    pub vpc_id: String,
    /// Which vSwitch of it.
    #[serde(rename = "VSwitchId")]
    pub vswitch_id: String,
    /// Where; empty is where the instance is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub region_id: String,
    /// Whose; empty is the instance's owner.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub vpc_owner_id: String,
}

/// Answer of GetDefaultKmsInstance.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetDefaultKmsInstance {
    /// `kst-…`, or empty.
    pub default_kms_instance_id: String,
}

/// Answer of GetKmsInstanceQuotaInfos.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetKmsInstanceQuotaInfos {
    /// `kst-…`.
    pub kms_instance_id: String,
    /// One per kind that was asked for; not wrapped.
    pub kms_instance_quota_infos: Vec<KmsInstanceQuotaInfo>,
}

/// What an instance may hold of a kind, and holds.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct KmsInstanceQuotaInfo {
    /// `key`, `secret`, `qps` or `vpc`.
    pub resource_type: String,
    /// As many as it may.
    pub resource_quota: u64,
    /// As many as there are.
    pub used_quantity: u64,
}
