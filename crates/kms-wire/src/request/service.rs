//! The service itself, and what belongs to no resource (reference kms-api §3).

use super::{Action, Operation};
use crate::{ApiError, Params, response};

/// Actions without parameters.
macro_rules! bare {
    ($($(#[$doc:meta])* $name:ident -> $response:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
        pub struct $name {}

        impl Operation for $name {
            type Response = response::$response;

            const ACTION: Action = Action::$name;

            fn to_params(&self) -> Params {
                Params::default()
            }

            fn from_params(_params: &Params) -> Result<Self, ApiError> {
                Ok(Self {})
            }
        }
    )* };
}

bare! {
    /// Whether the account has switched KMS on.
    DescribeAccountKmsStatus -> DescribeAccountKmsStatus;

    /// Lists the regions that the account can use.
    DescribeRegions -> DescribeRegions;

    /// Asks for a challenge that an attestation of confidential computing answers.
    GetChallenge -> GetChallenge;

    /// Says which KMS instance new keys and secrets are made in if none is named.
    GetDefaultKmsInstance -> GetDefaultKmsInstance;

    /// Switches KMS on for the account.
    OpenKmsService -> Empty;
}
