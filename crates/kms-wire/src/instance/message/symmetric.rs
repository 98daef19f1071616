use super::secretive;

/// Asks to encrypt; of Encrypt and AdvanceEncrypt.
#[derive(Clone, Eq, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct EncryptRequest {
    /// Which key.
    #[prost(string, tag = "1")]
    pub key_id: String,
    /// What is to be encrypted.
    #[prost(bytes = "vec", tag = "2")]
    pub plaintext: Vec<u8>,
    /// The key's own if empty.
    #[prost(string, tag = "3")]
    pub algorithm: String,
    /// Bound to the ciphertext, not held in it.
    #[prost(bytes = "vec", tag = "4")]
    pub aad: Vec<u8>,
    /// The server's choice if empty.
    #[prost(bytes = "vec", tag = "5")]
    pub iv: Vec<u8>,
    /// Of block modes.
    #[prost(string, tag = "6")]
    pub padding_mode: String,
}

/// A ciphertext; of Encrypt and AdvanceEncrypt.
#[derive(Clone, Eq, PartialEq, prost::Message)]
pub struct EncryptResponse {
    /// The key.
    #[prost(string, tag = "1")]
    pub key_id: String,
    /// The ciphertext.
    #[prost(bytes = "vec", tag = "2")]
    pub ciphertext_blob: Vec<u8>,
    /// What Decrypt needs beside it.
    #[prost(bytes = "vec", tag = "3")]
    pub iv: Vec<u8>,
    /// The request's id.
    #[prost(string, tag = "4")]
    pub request_id: String,
    /// The algorithm used.
    #[prost(string, tag = "5")]
    pub algorithm: String,
    /// The padding used.
    #[prost(string, tag = "6")]
    pub padding_mode: String,
    /// AdvanceEncrypt only: the key's version.
    #[prost(string, tag = "7")]
    pub key_version_id: String,
}

/// Asks to decrypt; of Decrypt and AdvanceDecrypt.
#[derive(Clone, Eq, PartialEq, prost::Message)]
pub struct DecryptRequest {
    /// The ciphertext.
    #[prost(bytes = "vec", tag = "1")]
    pub ciphertext_blob: Vec<u8>,
    /// Which key.
    #[prost(string, tag = "2")]
    pub key_id: String,
    /// The key's own if empty.
    #[prost(string, tag = "3")]
    pub algorithm: String,
    /// What was bound to the ciphertext.
    #[prost(bytes = "vec", tag = "4")]
    pub aad: Vec<u8>,
    /// What Encrypt answered with.
    #[prost(bytes = "vec", tag = "5")]
    pub iv: Vec<u8>,
    /// Of block modes.
    #[prost(string, tag = "6")]
    pub padding_mode: String,
}

/// A plaintext; of Decrypt and AdvanceDecrypt.
#[derive(Clone, Eq, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct DecryptResponse {
    /// The key.
    #[prost(string, tag = "1")]
    pub key_id: String,
    /// The plaintext.
    #[prost(bytes = "vec", tag = "2")]
    pub plaintext: Vec<u8>,
    /// The request's id.
    #[prost(string, tag = "3")]
    pub request_id: String,
    /// The algorithm used.
    #[prost(string, tag = "4")]
    pub algorithm: String,
    /// The padding used.
    #[prost(string, tag = "5")]
    pub padding_mode: String,
    /// AdvanceDecrypt only: the key's version.
    #[prost(string, tag = "6")]
    pub key_version_id: String,
}

/// Asks for a data key.
#[derive(Clone, Eq, PartialEq, prost::Message)]
pub struct GenerateDataKeyRequest {
    /// Which key encrypts it.
    #[prost(string, tag = "1")]
    pub key_id: String,
    /// The key's own if empty.
    #[prost(string, tag = "2")]
    pub algorithm: String,
    /// How long.
    #[prost(int32, tag = "3")]
    pub number_of_bytes: i32,
    /// Bound to the ciphertext, not held in it.
    #[prost(bytes = "vec", tag = "4")]
    pub aad: Vec<u8>,
}

/// Asks for a data key; its numbers differ from [`GenerateDataKeyRequest`]'s.
#[derive(Clone, Eq, PartialEq, prost::Message)]
pub struct AdvanceGenerateDataKeyRequest {
    /// Which key encrypts it.
    #[prost(string, tag = "1")]
    pub key_id: String,
    /// How long.
    #[prost(int32, tag = "2")]
    pub number_of_bytes: i32,
    /// Bound to the ciphertext, not held in it.
    #[prost(bytes = "vec", tag = "3")]
    pub aad: Vec<u8>,
}

/// A data key; of GenerateDataKey and AdvanceGenerateDataKey.
#[derive(Clone, Eq, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct GenerateDataKeyResponse {
    /// The key that encrypted it.
    #[prost(string, tag = "1")]
    pub key_id: String,
    /// What Decrypt needs beside the ciphertext.
    #[prost(bytes = "vec", tag = "2")]
    pub iv: Vec<u8>,
    /// The data key.
    #[prost(bytes = "vec", tag = "3")]
    pub plaintext: Vec<u8>,
    /// The data key, encrypted.
    #[prost(bytes = "vec", tag = "4")]
    pub ciphertext_blob: Vec<u8>,
    /// The request's id.
    #[prost(string, tag = "5")]
    pub request_id: String,
    /// The algorithm used.
    #[prost(string, tag = "6")]
    pub algorithm: String,
    /// AdvanceGenerateDataKey only: the key's version.
    #[prost(string, tag = "7")]
    pub key_version_id: String,
}

/// Asks for random bytes.
#[derive(Clone, Copy, Eq, PartialEq, prost::Message)]
pub struct GenerateRandomRequest {
    /// How many.
    #[prost(int32, tag = "1")]
    pub length: i32,
}

/// Random bytes.
#[derive(Clone, Eq, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct GenerateRandomResponse {
    /// The bytes.
    #[prost(bytes = "vec", tag = "1")]
    pub random: Vec<u8>,
    /// The request's id.
    #[prost(string, tag = "2")]
    pub request_id: String,
}

secretive!(
    EncryptRequest.plaintext
    DecryptResponse.plaintext
    GenerateDataKeyResponse.plaintext
    GenerateRandomResponse.random
);
