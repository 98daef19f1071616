mod client_key;
mod named;
mod network_rule;
mod point;
mod policy;

pub use client_key::{CreateClientKey, DeleteClientKey, GetClientKey, ListClientKeys, Validity};
pub use named::{
    DeleteApplicationAccessPoint, DeleteNetworkRule, DeletePolicy, DescribeApplicationAccessPoint,
    DescribeNetworkRule, DescribePolicy, ListApplicationAccessPoints, ListNetworkRules,
    ListPolicies,
};
pub use network_rule::{CreateNetworkRule, NetworkKind, UpdateNetworkRule};
pub use point::{CreateApplicationAccessPoint, UpdateApplicationAccessPoint};
pub use policy::{AccessControlRules, CreatePolicy, Permission, ResourcePattern, UpdatePolicy};
