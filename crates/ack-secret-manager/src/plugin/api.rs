//! The messages of `v2.KeyManagementService`, by the numbers of its fields in `apis/v2/api.proto` of
//! k8s.io/kms.

use std::{collections::BTreeMap, fmt};

use kms_types::Secret;
use zeroize::Zeroize as _;

/// Asks how the provider is; kube-apiserver does so each minute.
#[derive(Clone, Eq, PartialEq, prost::Message)]
pub(super) struct StatusRequest {}

/// How the provider is.
#[derive(Clone, Eq, PartialEq, prost::Message)]
pub(super) struct StatusResponse {
    /// [`VERSION`].
    #[prost(string, tag = "1")]
    pub(super) version: String,
    /// [`HEALTHY`], or what is wrong: kube-apiserver shows it at its `/readyz`.
    #[prost(string, tag = "2")]
    pub(super) healthz: String,
    /// What encrypts now. When it changes, kube-apiserver makes another seed, and takes what was
    /// encrypted under another one for stale.
    #[prost(string, tag = "3")]
    pub(super) key_id: String,
}

/// Asks to encrypt a seed.
#[derive(Clone, Eq, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub(super) struct EncryptRequest {
    /// The seed: 32 bytes.
    #[prost(bytes = "vec", tag = "1")]
    pub(super) plaintext: Vec<u8>,
    /// Names the request in logs.
    #[prost(string, tag = "2")]
    pub(super) uid: String,
}

/// What is kept in etcd beside each object.
#[derive(Clone, Eq, PartialEq, prost::Message)]
pub(super) struct EncryptResponse {
    /// At most [`LARGEST_CIPHERTEXT`] bytes.
    #[prost(bytes = "vec", tag = "1")]
    pub(super) ciphertext: Vec<u8>,
    /// What encrypted it.
    #[prost(string, tag = "2")]
    pub(super) key_id: String,
    /// Kept in the clear; none are needed, for `key_id` says all.
    #[prost(btree_map = "string, bytes", tag = "3")]
    pub(super) annotations: BTreeMap<String, Vec<u8>>,
}

/// Asks to decrypt a seed.
#[derive(Clone, Eq, PartialEq, prost::Message)]
pub(super) struct DecryptRequest {
    /// As Encrypt answered.
    #[prost(bytes = "vec", tag = "1")]
    pub(super) ciphertext: Vec<u8>,
    /// Names the request in logs.
    #[prost(string, tag = "2")]
    pub(super) uid: String,
    /// As Encrypt answered.
    #[prost(string, tag = "3")]
    pub(super) key_id: String,
    /// As Encrypt answered.
    #[prost(btree_map = "string, bytes", tag = "4")]
    pub(super) annotations: BTreeMap<String, Vec<u8>>,
}

/// A seed.
#[derive(Clone, Eq, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub(super) struct DecryptResponse {
    /// The seed.
    #[prost(bytes = "vec", tag = "1")]
    pub(super) plaintext: Vec<u8>,
}

/// What Status says of the protocol.
pub(super) const VERSION: &str = "v2";

/// What Status says when all is well.
pub(super) const HEALTHY: &str = "ok";

/// kube-apiserver takes no longer ones.
pub(super) const LARGEST_CIPHERTEXT: usize = 1024;

/// kube-apiserver takes no longer `key_id`.
pub(super) const LARGEST_KEY_ID: usize = 1024;

/// No message is longer: kube-apiserver keeps at most 32 KiB of annotations.
pub(super) const LARGEST_MESSAGE: usize = 64 << 10;

// === impl EncryptRequest ===

impl EncryptRequest {
    /// Takes what is secret out of it.
    pub(super) fn take_plaintext(&mut self) -> Secret<Vec<u8>> {
        Secret::new(std::mem::take(&mut self.plaintext))
    }
}

impl fmt::Debug for EncryptRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptRequest").finish_non_exhaustive()
    }
}

impl Drop for EncryptRequest {
    fn drop(&mut self) {
        self.plaintext.zeroize();
    }
}

// === impl DecryptResponse ===

impl fmt::Debug for DecryptResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptResponse").finish_non_exhaustive()
    }
}

impl Drop for DecryptResponse {
    fn drop(&mut self) {
        self.plaintext.zeroize();
    }
}
