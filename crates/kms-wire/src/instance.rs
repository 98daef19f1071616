//! The instance gateway's own protocol, `dkms-gcs-0.2`: protobuf over `POST /`, signed
//! with a ClientKey (reference kms-api §5.2).

use kms_types::{ErrorCode, RequestId};

use crate::ApiError;

mod claim;
mod convert;
pub mod message;
mod sign;

pub use claim::Claim;
pub use sign::{Unsigned, sign};

/// The Content-Type of requests, answers and errors.
pub const CONTENT_TYPE: &str = "application/x-protobuf";

/// The only version of the protocol.
const VERSION: &str = "dkms-gcs-0.2";

/// The only signature method of the protocol.
const SIGNATURE_METHOD: &str = "RSA_PKCS1_SHA_256";

macro_rules! apis {
    ($($(#[$doc:meta])* $name:ident: $request:ident -> $answer:ident;)*) => {
        /// What can be asked of an instance; each has a request and an answer in
        /// [`message`].
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum Api {
            $($(#[$doc])* $name,)*
        }

        /// Any request, read.
        #[derive(Clone, Debug)]
        pub enum Request {
            $($(#[$doc])* $name(message::$request),)*
        }

        /// Any answer.
        #[derive(Clone, Debug)]
        pub enum Answer {
            $($(#[$doc])* $name(message::$answer),)*
        }

        impl Api {
            /// Every API, for tables and tests.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name, as it travels.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }
        }

        impl Request {
            /// Reads the body of a request to that API.
            ///
            /// # Errors
            /// `InvalidParameter` if it is not the API's message.
            pub fn parse(api: Api, body: &[u8]) -> Result<Self, ApiError> {
                match api {
                    $(Api::$name => prost::Message::decode(body).map(Self::$name),)*
                }
                .map_err(|_quotes_the_body| {
                    ApiError::new(
                        ErrorCode::InvalidParameter,
                        "The request cannot be read: the body is not the API's message.",
                    )
                })
            }
        }

        impl Answer {
            /// The body of the answer, which says to which request it belongs.
            pub fn into_body(self, request_id: RequestId) -> Vec<u8> {
                match self {
                    $(Self::$name(mut answer) => {
                        answer.request_id = request_id.to_string();
                        prost::Message::encode_to_vec(&answer)
                    })*
                }
            }
        }
    };
}

apis! {
    /// Decrypts what AdvanceEncrypt made, whatever version of the key it used.
    AdvanceDecrypt: DecryptRequest -> DecryptResponse;
    /// Encrypts with the key's primary version.
    AdvanceEncrypt: EncryptRequest -> EncryptResponse;
    /// A fresh data key, plain and encrypted with the key's primary version.
    AdvanceGenerateDataKey: AdvanceGenerateDataKeyRequest -> GenerateDataKeyResponse;
    /// A fresh key pair, its private half plain and encrypted with the key's primary version.
    AdvanceGenerateDataKeyPair: AdvanceGenerateDataKeyPairRequest -> GenerateDataKeyPairResponse;
    /// The same, its private half encrypted only.
    AdvanceGenerateDataKeyPairWithoutPlaintext:
        AdvanceGenerateDataKeyPairRequest -> GenerateDataKeyPairWithoutPlaintextResponse;
    /// Decrypts.
    Decrypt: DecryptRequest -> DecryptResponse;
    /// Encrypts.
    Encrypt: EncryptRequest -> EncryptResponse;
    /// A fresh data key, plain and encrypted.
    GenerateDataKey: GenerateDataKeyRequest -> GenerateDataKeyResponse;
    /// A fresh key pair, its private half plain and encrypted.
    GenerateDataKeyPair: GenerateDataKeyPairRequest -> GenerateDataKeyPairResponse;
    /// A fresh key pair, its private half encrypted only.
    GenerateDataKeyPairWithoutPlaintext:
        GenerateDataKeyPairRequest -> GenerateDataKeyPairWithoutPlaintextResponse;
    /// Random bytes.
    GenerateRandom: GenerateRandomRequest -> GenerateRandomResponse;
    /// The public half of an asymmetric key.
    GetPublicKey: GetPublicKeyRequest -> GetPublicKeyResponse;
    /// A secret's value.
    GetSecretValue: GetSecretValueRequest -> GetSecretValueResponse;
    /// Signs a message or a digest.
    Sign: SignRequest -> SignResponse;
    /// Checks a signature.
    Verify: VerifyRequest -> VerifyResponse;
}

// === impl Api ===

impl Api {
    /// The API of that name.
    ///
    /// # Errors
    /// `InvalidApiName`.
    pub fn parse(name: &str) -> Result<Self, ApiError> {
        Self::ALL
            .iter()
            .copied()
            .find(|api| api.as_str() == name)
            .ok_or_else(|| {
                ApiError::new(ErrorCode::ApiNameInvalid, "The specified API is not found.")
            })
    }
}

/// The body of a refusal; it travels with the same HTTP status.
pub fn error_body(error: &ApiError, request_id: RequestId) -> Vec<u8> {
    let body = message::Error {
        status_code: i32::from(error.code.status()),
        error_code: error.code.as_str().to_owned(),
        error_message: error.message.clone(),
        request_id: request_id.to_string(),
    };
    prost::Message::encode_to_vec(&body)
}

#[cfg(test)]
mod tests;
