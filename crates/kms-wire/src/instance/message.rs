//! The protocol's messages (proto3, so an absent field equals an empty one). Field
//! numbers: reference kms-api §5.2, and the descriptors in the official Python package
//! alibabacloud-dkms-gcs 1.0.2 for what that section leaves out.

mod asymmetric;
mod pair;
mod secret;
mod symmetric;

pub use asymmetric::{
    GetPublicKeyRequest, GetPublicKeyResponse, SignRequest, SignResponse, VerifyRequest,
    VerifyResponse,
};
pub use pair::{
    AdvanceGenerateDataKeyPairRequest, GenerateDataKeyPairRequest, GenerateDataKeyPairResponse,
    GenerateDataKeyPairWithoutPlaintextResponse,
};
pub use secret::{GetSecretValueRequest, GetSecretValueResponse};
pub use symmetric::{
    AdvanceGenerateDataKeyRequest, DecryptRequest, DecryptResponse, EncryptRequest,
    EncryptResponse, GenerateDataKeyRequest, GenerateDataKeyResponse, GenerateRandomRequest,
    GenerateRandomResponse,
};

/// A refusal.
#[derive(Clone, Eq, PartialEq, prost::Message)]
pub struct Error {
    /// The HTTP status once more.
    #[prost(int32, tag = "1")]
    pub status_code: i32,
    /// The code.
    #[prost(string, tag = "2")]
    pub error_code: String,
    /// For people.
    #[prost(string, tag = "3")]
    pub error_message: String,
    /// The request's id.
    #[prost(string, tag = "4")]
    pub request_id: String,
}

/// For messages that hold something secret: `Debug` tells nothing, and the field is wiped.
macro_rules! secretive {
    ($($message:ident.$field:ident)*) => { $(
        impl std::fmt::Debug for $message {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($message)).finish_non_exhaustive()
            }
        }

        impl Drop for $message {
            fn drop(&mut self) {
                zeroize::Zeroize::zeroize(&mut self.$field);
            }
        }
    )* };
}

use secretive;
