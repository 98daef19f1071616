//! The service itself, and what belongs to no resource (reference kms-api §3).

/// Actions without parameters.
macro_rules! bare {
    ($($(#[$doc:meta])* $name:ident -> $response:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
        pub struct $name {}

        impl crate::request::Operation for $name {
            type Response = crate::response::$response;

            const ACTION: crate::request::Action = crate::request::Action::$name;

            fn to_params(&self) -> crate::Params {
                crate::Params::default()
            }

            fn from_params(_params: &crate::Params) -> Result<Self, crate::ApiError> {
                Ok(Self {})
            }
        }
    )* };
}

pub(in crate::request) use bare;

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
