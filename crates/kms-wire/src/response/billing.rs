use serde::{Deserialize, Serialize};

/// Answer of CreateInstance.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct InstanceOrdered {
    /// `Success`.
    pub code: String,
    /// For people.
    pub message: String,
    /// Whether it was sold.
    pub success: bool,
    /// What was.
    pub data: OrderedInstance,
}

/// What was bought.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OrderedInstance {
    /// The order.
    pub order_id: String,
    /// The instance.
    pub instance_id: String,
}

/// Answer of ModifyInstance, RefundInstance and RenewInstance.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct InstanceChanged {
    /// `Success`.
    pub code: String,
    /// For people.
    pub message: String,
    /// Whether it was done.
    pub success: bool,
    /// By which order.
    pub data: Order,
}

/// An order.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Order {
    /// Its id, digits.
    pub order_id: String,
}

/// Answer of SetRenewal.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RenewalSet {
    /// `Success`.
    pub code: String,
    /// For people.
    pub message: String,
    /// Whether it was done.
    pub success: bool,
}

/// Answer of QueryAvailableInstances.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct QueryAvailableInstances {
    /// `Success`.
    pub code: String,
    /// For people.
    pub message: String,
    /// Whether it was found out.
    pub success: bool,
    /// The page.
    pub data: AvailableInstances,
}

/// A page of what was bought.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AvailableInstances {
    /// From 1.
    pub page_num: u32,
    /// As asked.
    pub page_size: u32,
    /// Of all pages.
    pub total_count: u64,
    /// The instances; not wrapped.
    pub instance_list: Vec<AvailableInstance>,
}

/// An instance that was bought.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AvailableInstance {
    /// Its id.
    #[serde(rename = "InstanceID")]
    pub instance_id: String,
    /// Whose.
    pub owner_id: u64,
    /// `kms`.
    pub product_code: String,
    /// `kms_ddi_public_cn` and others.
    pub product_type: String,
    /// `Subscription` or `PayAsYouGo`.
    pub subscription_type: String,
    /// Where.
    pub region: String,
    /// `Normal`.
    pub status: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_time: String,
    /// `YYYY-MM-DDThh:mm:ssZ`, if it was paid beforehand.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub end_time: String,
    /// `AutoRenewal`, `ManualRenewal` or `NotRenewal`.
    pub renew_status: String,
    /// Of how many units a renewal is, if it was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renewal_duration: Option<u32>,
    /// `M` or `Y`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub renewal_duration_unit: String,
}

/// As the cloud says that all went well; never anything else, for what does not is an error.
macro_rules! successes {
    ($($name:ident { $($data:ident)? })*) => { $(
        impl Default for $name {
            fn default() -> Self {
                Self {
                    code: "Success".to_owned(),
                    message: "Successful!".to_owned(),
                    success: true,
                    $($data: Default::default(),)?
                }
            }
        }
    )* };
}

successes! {
    InstanceOrdered { data }
    InstanceChanged { data }
    RenewalSet {}
    QueryAvailableInstances { data }
}
