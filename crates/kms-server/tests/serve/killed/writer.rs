//! A client that writes until its server is gone.

use std::sync::atomic::{AtomicBool, Ordering};

use kms_wire::sign::SigningKey;
use serde_json::Value;

use super::{
    Probe, Random,
    ledger::{Doubt, Fact, Ledger, value_of},
    probe::base64,
};
use crate::call::{KMS, RAM};

pub(super) struct Writer<'l> {
    probe: Probe,
    server: usize,
    name: String,
    made: u32,
    random: Random,
    ledger: &'l Ledger,
}

// === impl Writer ===

impl<'l> Writer<'l> {
    pub(super) fn new(
        probe: Probe,
        server: usize,
        name: String,
        seed: u64,
        ledger: &'l Ledger,
    ) -> Self {
        Self {
            probe,
            server,
            name,
            made: 0,
            random: Random::new(seed),
            ledger,
        }
    }

    pub(super) fn run(mut self, is_over: &AtomicBool) {
        while !is_over.load(Ordering::SeqCst) && self.write().is_some() {}
    }

    fn write(&mut self) -> Option<()> {
        match self.random.below(10) {
            0 => self.create_secret(),
            1 => self.encrypt(),
            2 => self.create_access_key(),
            _ => self.put(),
        }
    }

    fn create_secret(&mut self) -> Option<()> {
        let secret = self.another("s");
        self.version("CreateSecret", &secret, "first")?;
        self.ledger.open(&secret);
        Some(())
    }

    /// A new version of a secret that other writers may write as well.
    fn put(&mut self) -> Option<()> {
        let lot = self.random.below(1000);
        let Some(secret) = self.ledger.take(lot) else {
            return self.create_secret();
        };
        let version = self.another("v");
        self.version("PutSecretValue", &secret, &version)
    }

    fn version(&self, action: &str, secret: &str, version: &str) -> Option<()> {
        let value = value_of(secret, version);
        let params = [
            ("SecretName", secret),
            ("VersionId", version),
            ("SecretData", &value),
        ];
        let (secret, version) = (secret.to_owned(), version.to_owned());
        let doubt = Doubt::Version {
            secret: secret.clone(),
            version: version.clone(),
        };
        let answer = self.call(KMS, action, &params, doubt)?;
        self.told(&answer, Fact::Version { secret, version });
        Some(())
    }

    fn encrypt(&mut self) -> Option<()> {
        let answer = self.call(KMS, "CreateKey", &[], Doubt::Key)?;
        let id = text(&answer["KeyMetadata"]["KeyId"]);
        self.told(&answer, Fact::Key { id: id.clone() });
        let plain = base64(&self.another("plain"));
        let params = [("KeyId", id.as_str()), ("Plaintext", &plain)];
        let answer = self.call(KMS, "Encrypt", &params, Doubt::Ciphertext)?;
        let blob = text(&answer["CiphertextBlob"]);
        self.told(&answer, Fact::Ciphertext { blob, plain });
        Some(())
    }

    fn create_access_key(&mut self) -> Option<()> {
        let name = self.another("u");
        let params = [("UserName", name.as_str())];
        let doubt = Doubt::User { name: name.clone() };
        let answer = self.call(RAM, "CreateUser", &params, doubt)?;
        self.told(&answer, Fact::User { name: name.clone() });
        let doubt = Doubt::AccessKey { user: name.clone() };
        let answer = self.call(RAM, "CreateAccessKey", &params, doubt)?;
        let made = &answer["AccessKey"];
        let key = SigningKey {
            access_key_id: text(&made["AccessKeyId"]).parse().unwrap(),
            access_key_secret: text(&made["AccessKeySecret"]).as_str().into(),
            security_token: None,
        };
        self.told(&answer, Fact::AccessKey { user: name, key });
        Some(())
    }

    /// One write; `None` if there is no answer any more.
    fn call(
        &self,
        version: &str,
        action: &str,
        params: &[(&str, &str)],
        doubt: Doubt,
    ) -> Option<Value> {
        let Some((status, body)) = self.probe.call(version, action, params) else {
            self.ledger.doubt(doubt);
            return None;
        };
        assert_eq!(status, 200, "{action}: {body}");
        Some(body)
    }

    fn told(&self, answer: &Value, fact: Fact) {
        let id = text(&answer["RequestId"]);
        self.ledger.acknowledge(self.server, &id, fact);
    }

    /// A name that nothing else has.
    fn another(&mut self, kind: &str) -> String {
        self.made += 1;
        format!("{kind}-{}-{}", self.name, self.made)
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
