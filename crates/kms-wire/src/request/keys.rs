//! The key actions (reference kms-api §3). Their structs are lists of parameters.

mod alias;
mod asymmetric;
mod create;
mod data_key;
mod list;
mod mac;
mod manage;
mod material;
mod symmetric;

pub use alias::{CreateAlias, DeleteAlias, ListAliases, ListAliasesByKeyId, UpdateAlias};
pub use asymmetric::{
    AsymmetricDecrypt, AsymmetricEncrypt, AsymmetricSign, AsymmetricVerify, GetPublicKey,
};
pub use create::CreateKey;
pub use data_key::{
    ExportDataKey, GenerateAndExportDataKey, GenerateDataKey, GenerateDataKeyWithoutPlaintext,
};
pub use list::{KeyFilter, KeyFilterKey, ListKeyVersions, ListKeys};
pub use mac::{GenerateMac, VerifyMac};
pub use manage::{
    CancelKeyDeletion, CreateKeyVersion, DescribeKey, DescribeKeyVersion, DisableKey, EnableKey,
    GetKeyPolicy, ScheduleKeyDeletion, SetDeletionProtection, SetKeyPolicy, UpdateKeyDescription,
    UpdateRotationPolicy,
};
pub use material::{DeleteKeyMaterial, GetParametersForImport, ImportKeyMaterial};
pub use symmetric::{Decrypt, Encrypt, ReEncrypt};

/// Actions whose parameters do not depend on each other.
macro_rules! operations {
    ($(
        $(#[$doc:meta])*
        $name:ident -> $response:ident {
            $($(#[$inner:meta])* $field:ident: $type:ty = $param:literal,)*
        }
    )*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            $($(#[$inner])* pub $field: $type,)*
        }

        impl crate::request::Operation for $name {
            type Response = crate::response::$response;

            const ACTION: crate::request::Action = crate::request::Action::$name;

            fn to_params(&self) -> crate::Params {
                let mut params = crate::Params::default();
                $(crate::request::param::Param::write(&self.$field, &mut params, $param);)*
                params
            }

            fn from_params(params: &crate::Params) -> Result<Self, crate::ApiError> {
                let fields = crate::request::fields::Fields(params);
                Ok(Self {
                    $($field: crate::request::param::Param::read(fields, $param)?,)*
                })
            }
        }
    )* };
}

pub(in crate::request) use operations;
