use super::secretive;

/// Asks for a signature.
#[derive(Clone, Eq, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct SignRequest {
    /// Which key.
    #[prost(string, tag = "1")]
    pub key_id: String,
    /// A digest, in old clients.
    #[prost(bytes = "vec", tag = "2")]
    pub digest: Vec<u8>,
    /// The key's own if empty.
    #[prost(string, tag = "3")]
    pub algorithm: String,
    /// The message or its digest.
    #[prost(bytes = "vec", tag = "4")]
    pub message: Vec<u8>,
    /// `RAW` or `DIGEST`.
    #[prost(string, tag = "5")]
    pub message_type: String,
}

/// A signature.
#[derive(Clone, Eq, PartialEq, prost::Message)]
pub struct SignResponse {
    /// The key.
    #[prost(string, tag = "1")]
    pub key_id: String,
    /// The signature.
    #[prost(bytes = "vec", tag = "2")]
    pub signature: Vec<u8>,
    /// The request's id.
    #[prost(string, tag = "3")]
    pub request_id: String,
    /// The algorithm used.
    #[prost(string, tag = "4")]
    pub algorithm: String,
    /// As asked.
    #[prost(string, tag = "5")]
    pub message_type: String,
}

/// Asks whether a signature is right.
#[derive(Clone, Eq, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct VerifyRequest {
    /// Which key.
    #[prost(string, tag = "1")]
    pub key_id: String,
    /// A digest, in old clients.
    #[prost(bytes = "vec", tag = "2")]
    pub digest: Vec<u8>,
    /// The signature.
    #[prost(bytes = "vec", tag = "3")]
    pub signature: Vec<u8>,
    /// The key's own if empty.
    #[prost(string, tag = "4")]
    pub algorithm: String,
    /// The message or its digest.
    #[prost(bytes = "vec", tag = "5")]
    pub message: Vec<u8>,
    /// `RAW` or `DIGEST`.
    #[prost(string, tag = "6")]
    pub message_type: String,
}

/// Whether a signature is right.
#[derive(Clone, Eq, PartialEq, prost::Message)]
pub struct VerifyResponse {
    /// The key.
    #[prost(string, tag = "1")]
    pub key_id: String,
    /// Whether it is.
    #[prost(bool, tag = "2")]
    pub value: bool,
    /// The request's id.
    #[prost(string, tag = "3")]
    pub request_id: String,
    /// The algorithm used.
    #[prost(string, tag = "4")]
    pub algorithm: String,
    /// As asked.
    #[prost(string, tag = "5")]
    pub message_type: String,
}

/// Asks for a public key.
#[derive(Clone, Eq, PartialEq, prost::Message)]
pub struct GetPublicKeyRequest {
    /// Which key.
    #[prost(string, tag = "1")]
    pub key_id: String,
}

/// A public key.
#[derive(Clone, Eq, PartialEq, prost::Message)]
pub struct GetPublicKeyResponse {
    /// The key.
    #[prost(string, tag = "1")]
    pub key_id: String,
    /// PEM.
    #[prost(string, tag = "2")]
    pub public_key: String,
    /// The request's id.
    #[prost(string, tag = "3")]
    pub request_id: String,
}

secretive!(SignRequest.message VerifyRequest.message);
