use serde::{Deserialize, Serialize};

/// Answer of CreateAggregator and UpdateAggregator.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AggregatorNamed {
    /// `ca-…`.
    pub aggregator_id: String,
}

/// Answer of GetAggregator.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetAggregator {
    /// The group.
    pub aggregator: Aggregator,
}

/// An account group.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Aggregator {
    /// Whose it is.
    pub account_id: u64,
    /// `ca-…`.
    pub aggregator_id: String,
    /// Its name.
    pub aggregator_name: String,
    /// `RD`, `FOLDER` or `CUSTOM`.
    pub aggregator_type: String,
    /// 1: it is there.
    pub aggregator_status: u32,
    /// For people.
    pub description: String,
    /// How many accounts it has.
    pub aggregator_account_count: u32,
    /// Which; absent in lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aggregator_accounts: Vec<AggregatorMember>,
    /// Milliseconds since 1970.
    pub aggregator_create_timestamp: i64,
    /// The folder of a FOLDER one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder_id: Option<String>,
}

/// An account of a group.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AggregatorMember {
    /// Its id.
    pub account_id: u64,
    /// Its name, for people.
    pub account_name: String,
    /// `ResourceDirectory`.
    pub account_type: String,
}

/// Answer of ListAggregators.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListAggregators {
    /// The page.
    pub aggregators_result: AggregatorsResult,
}

/// A page of groups.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AggregatorsResult {
    /// The groups.
    pub aggregators: Vec<Aggregator>,
    /// How many at most.
    pub max_results: u32,
    /// Where the next page begins; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Answer of DeleteAggregators.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OperateAggregators {
    /// What came of it.
    pub operate_aggregators_result: OperateAggregatorsResult,
}

/// What came of each.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OperateAggregatorsResult {
    /// In the order of the call.
    pub operate_aggregators: Vec<OperateAggregator>,
}

/// What came of one.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OperateAggregator {
    /// The group.
    pub aggregator_id: String,
    /// Whether it was done.
    pub success: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
}
