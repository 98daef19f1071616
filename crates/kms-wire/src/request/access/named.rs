//! What network rules, policies and access points have alike: looking at one, deleting
//! one, listing all.

use kms_types::ResourceName;

use crate::{
    ApiError, Params,
    request::{Action, Operation, fields::Fields},
    response,
};

macro_rules! by_name {
    ($($(#[$doc:meta])* $name:ident -> $response:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, PartialEq)]
        pub struct $name {
            /// Which.
            pub name: ResourceName,
        }

        impl Operation for $name {
            type Response = response::$response;

            const ACTION: Action = Action::$name;

            fn to_params(&self) -> Params {
                let mut params = Params::default();
                params.push("Name", self.name.as_str());
                params
            }

            fn from_params(params: &Params) -> Result<Self, ApiError> {
                Ok(Self { name: Fields(params).required("Name")? })
            }
        }
    )* };
}

macro_rules! paged {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub struct $name {
            /// From 1.
            pub page_number: u32,
            /// 1 to 100, 20 unless given.
            pub page_size: u32,
        }

        impl Operation for $name {
            type Response = response::$name;

            const ACTION: Action = Action::$name;

            fn to_params(&self) -> Params {
                let mut params = Params::default();
                params.push("PageNumber", self.page_number.to_string());
                params.push("PageSize", self.page_size.to_string());
                params
            }

            fn from_params(params: &Params) -> Result<Self, ApiError> {
                let (page_number, page_size) = Fields(params).page(20)?;
                Ok(Self { page_number, page_size })
            }
        }
    )* };
}

by_name! {
    /// Deletes an access point; its client keys go with it.
    DeleteApplicationAccessPoint -> Empty;
    /// Deletes a network rule.
    DeleteNetworkRule -> Empty;
    /// Deletes a policy.
    DeletePolicy -> Empty;
    /// Reads an access point.
    DescribeApplicationAccessPoint -> AccessPoint;
    /// Reads a network rule.
    DescribeNetworkRule -> DescribeNetworkRule;
    /// Reads a policy.
    DescribePolicy -> DescribePolicy;
}

paged! {
    /// Lists access points.
    ListApplicationAccessPoints;
    /// Lists network rules.
    ListNetworkRules;
    /// Lists policies.
    ListPolicies;
}
