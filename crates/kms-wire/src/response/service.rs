use serde::{Deserialize, Serialize};

/// Answer of DescribeAccountKmsStatus.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DescribeAccountKmsStatus {
    /// `Enabled`, `NotEnabled`, `InDebt` or `Suspended`.
    pub account_status: String,
}

/// Answer of DescribeRegions.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DescribeRegions {
    /// The regions.
    pub regions: Regions,
}

/// Regions, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Regions {
    /// The regions.
    pub region: Vec<Region>,
}

/// A region.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Region {
    /// `cn-hangzhou` and others.
    pub region_id: String,
}

/// Answer of GetChallenge.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetChallenge {
    /// What the attestation has to hold.
    pub nonce: String,
    /// What to come back with.
    pub challenge_token: String,
}
