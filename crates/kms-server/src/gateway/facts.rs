//! What is known of a call so far, for the records: gathered as it walks, so that a refusal
//! tells as much as was verified.

use kms_service::Principal;
use kms_types::{AccessKeyId, KeyName, KeyRef, Secret};
use kms_wire::{
    Request, Response as Answer, instance,
    request::{self, Subject},
};

/// What may be told about a call. The secrets in it are told as what stands for them.
#[derive(Default)]
pub(super) struct Facts {
    /// Known ones only: what a client sends in its place may be anything.
    pub(super) action: Option<&'static str>,
    /// Whose action that is.
    pub(super) product: Option<&'static str>,
    /// Who has signed, once that is verified.
    pub(super) principal: Option<Principal>,
    /// Who is said to have signed.
    pub(super) claimed: Option<AccessKeyId>,
    pub(super) subject: Subject,
    /// The secret value that came or went.
    pub(super) value: Option<Secret<String>>,
    /// The session token that came along.
    pub(super) token: Option<Secret<String>>,
    /// The one that was given out.
    pub(super) issued: Option<Secret<String>>,
}

// === impl Facts ===

impl Facts {
    /// What is asked for, once it could be read.
    pub(super) fn asked(&mut self, request: &Request) {
        self.subject = request.subject();
        self.value = request.secret_value().cloned();
    }

    /// What the answer tells beyond that.
    pub(super) fn answered(&mut self, answer: &Answer) {
        match answer {
            Answer::GetSecretValue(answer) => {
                self.value = Some(answer.secret_data.clone());
                self.subject.version = Some(answer.version_id.clone());
            }
            Answer::AssumeRole(answer) => {
                self.issued = Some(answer.credentials.security_token.clone());
            }
            Answer::AssumeRoleWithOidc(answer) => {
                self.issued = Some(answer.credentials.security_token.clone());
            }
            Answer::CreateKey(answer) => self.is_about_key(&answer.key_metadata.key_id),
            Answer::Decrypted(answer) => self.is_about_key(&answer.key_id),
            _ => {}
        }
    }

    /// As [`Facts::asked`], in an instance's own protocol.
    pub(super) fn asked_in_instance(&mut self, request: &instance::Request) {
        use instance::Request as I;
        let key = match request {
            I::AdvanceDecrypt(asked) | I::Decrypt(asked) => &asked.key_id,
            I::AdvanceEncrypt(asked) | I::Encrypt(asked) => &asked.key_id,
            I::AdvanceGenerateDataKey(asked) => &asked.key_id,
            I::AdvanceGenerateDataKeyPair(asked)
            | I::AdvanceGenerateDataKeyPairWithoutPlaintext(asked) => &asked.key_id,
            I::GenerateDataKey(asked) => &asked.key_id,
            I::GenerateDataKeyPair(asked) | I::GenerateDataKeyPairWithoutPlaintext(asked) => {
                &asked.key_id
            }
            I::GenerateRandom(_) => return,
            I::GetPublicKey(asked) => &asked.key_id,
            I::GetSecretValue(asked) => {
                if let Ok(call) = request::GetSecretValue::try_from(asked) {
                    self.asked(&Request::GetSecretValue(call));
                }
                return;
            }
            I::Sign(asked) => &asked.key_id,
            I::Verify(asked) => &asked.key_id,
        };
        // What is no key's name is not repeated.
        let named = key.parse::<KeyRef>().map(|key| match key.name() {
            KeyName::Id(id) if key.owner().is_none() => format!("key/{id}"),
            _ => key.to_string(),
        });
        self.subject.resources.extend(named);
    }

    /// As [`Facts::answered`], in an instance's own protocol.
    pub(super) fn answered_in_instance(&mut self, answer: &instance::Answer) {
        use instance::Answer as I;
        match answer {
            I::AdvanceDecrypt(answer) | I::Decrypt(answer) => self.is_about_key(&answer.key_id),
            I::GetSecretValue(answer) => {
                self.value = Some(Secret::from(answer.secret_data.as_str()));
                self.subject.version = Some(answer.version_id.clone());
            }
            _ => {}
        }
    }

    /// A ciphertext names its key; the request does not.
    fn is_about_key(&mut self, id: &str) {
        if self.subject.resources.is_empty() {
            self.subject.resources.push(format!("key/{id}"));
        }
    }
}
