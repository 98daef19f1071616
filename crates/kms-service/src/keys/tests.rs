use base64::{Engine, prelude::BASE64_STANDARD};
use kms_types::ErrorCode;
use serde_json::Value;

use crate::stand::Stand;

mod access;
mod aliases;
mod asymmetric;
mod at_rest;
mod data_keys;
mod deletion;
mod import;
mod instance;
mod lifecycle;
mod listing;
mod policy;
mod rotation;
mod symmetric;

const DAY: u64 = 86_400;

impl Stand {
    /// Makes a key with these parameters; what CreateKey says of it.
    async fn key(&self, params: &[(&str, &str)]) -> Value {
        let answer = self.call("CreateKey", params).await.unwrap();
        answer["KeyMetadata"].clone()
    }

    /// Makes a key; its id.
    async fn key_id(&self, params: &[(&str, &str)]) -> String {
        text(&self.key(params).await["KeyId"])
    }

    async fn described(&self, key: &str) -> Value {
        let answer = self.call("DescribeKey", &[("KeyId", key)]).await.unwrap();
        answer["KeyMetadata"].clone()
    }

    async fn encrypt(&self, key: &str, plain: &str) -> Result<String, ErrorCode> {
        let plain = BASE64_STANDARD.encode(plain);
        let params = [("KeyId", key), ("Plaintext", plain.as_str())];
        let answer = self.call("Encrypt", &params).await?;
        Ok(text(&answer["CiphertextBlob"]))
    }

    async fn decrypt(&self, blob: &str) -> Result<String, ErrorCode> {
        let answer = self.call("Decrypt", &[("CiphertextBlob", blob)]).await?;
        Ok(plain(&answer["Plaintext"]))
    }

    /// Calls an action about a key that takes nothing else.
    async fn on(&self, action: &str, key: &str) -> Result<Value, ErrorCode> {
        self.call(action, &[("KeyId", key)]).await
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn bytes(value: &Value) -> Vec<u8> {
    BASE64_STANDARD.decode(value.as_str().unwrap()).unwrap()
}

fn plain(value: &Value) -> String {
    String::from_utf8(bytes(value)).unwrap()
}
