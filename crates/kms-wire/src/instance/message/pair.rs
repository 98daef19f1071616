use super::secretive;

/// Asks for a key pair; of GenerateDataKeyPair and GenerateDataKeyPairWithoutPlaintext.
#[derive(Clone, Eq, PartialEq, prost::Message)]
pub struct GenerateDataKeyPairRequest {
    /// Which key encrypts the private half.
    #[prost(string, tag = "1")]
    pub key_id: String,
    /// The key's own if empty.
    #[prost(string, tag = "2")]
    pub algorithm: String,
    /// Of what kind the pair is: `RSA_2048` and others.
    #[prost(string, tag = "3")]
    pub key_pair_spec: String,
    /// `PEM` or `DER`.
    #[prost(string, tag = "4")]
    pub key_format: String,
    /// Bound to the ciphertext, not held in it.
    #[prost(bytes = "vec", tag = "5")]
    pub aad: Vec<u8>,
}

/// Asks for a key pair, of the Advance actions; its numbers differ from
/// [`GenerateDataKeyPairRequest`]'s.
#[derive(Clone, Eq, PartialEq, prost::Message)]
pub struct AdvanceGenerateDataKeyPairRequest {
    /// Which key encrypts the private half.
    #[prost(string, tag = "1")]
    pub key_id: String,
    /// Of what kind the pair is: `RSA_2048` and others.
    #[prost(string, tag = "2")]
    pub key_pair_spec: String,
    /// `PEM` or `DER`.
    #[prost(string, tag = "3")]
    pub key_format: String,
    /// Bound to the ciphertext, not held in it.
    #[prost(bytes = "vec", tag = "4")]
    pub aad: Vec<u8>,
}

/// A key pair; of GenerateDataKeyPair and AdvanceGenerateDataKeyPair.
#[derive(Clone, Eq, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct GenerateDataKeyPairResponse {
    /// The key that encrypted the private half.
    #[prost(string, tag = "1")]
    pub key_id: String,
    /// What Decrypt needs beside the ciphertext.
    #[prost(bytes = "vec", tag = "2")]
    pub iv: Vec<u8>,
    /// As asked.
    #[prost(string, tag = "3")]
    pub key_pair_spec: String,
    /// The private half.
    #[prost(bytes = "vec", tag = "4")]
    pub private_key_plaintext: Vec<u8>,
    /// The private half, encrypted.
    #[prost(bytes = "vec", tag = "5")]
    pub private_key_ciphertext_blob: Vec<u8>,
    /// The public half.
    #[prost(bytes = "vec", tag = "6")]
    pub public_key: Vec<u8>,
    /// The request's id.
    #[prost(string, tag = "7")]
    pub request_id: String,
    /// The algorithm used.
    #[prost(string, tag = "8")]
    pub algorithm: String,
    /// AdvanceGenerateDataKeyPair only: the key's version.
    #[prost(string, tag = "9")]
    pub key_version_id: String,
}

/// A key pair whose private half is encrypted only; of both actions WithoutPlaintext.
#[derive(Clone, Eq, PartialEq, prost::Message)]
pub struct GenerateDataKeyPairWithoutPlaintextResponse {
    /// The key that encrypted the private half.
    #[prost(string, tag = "1")]
    pub key_id: String,
    /// What Decrypt needs beside the ciphertext.
    #[prost(bytes = "vec", tag = "2")]
    pub iv: Vec<u8>,
    /// As asked.
    #[prost(string, tag = "3")]
    pub key_pair_spec: String,
    /// The private half, encrypted.
    #[prost(bytes = "vec", tag = "4")]
    pub private_key_ciphertext_blob: Vec<u8>,
    /// The public half.
    #[prost(bytes = "vec", tag = "5")]
    pub public_key: Vec<u8>,
    /// The request's id.
    #[prost(string, tag = "6")]
    pub request_id: String,
    /// The algorithm used.
    #[prost(string, tag = "7")]
    pub algorithm: String,
    /// The Advance action only: the key's version.
    #[prost(string, tag = "8")]
    pub key_version_id: String,
}

secretive!(GenerateDataKeyPairResponse.private_key_plaintext);
