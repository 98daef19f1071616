//! What is asked of an instance in its own protocol (reference kms-api §5.2). Asked for is
//! the right to the OpenAPI's action of the same effect.

use std::str::FromStr;

use kms_crypto::random_bytes;
use kms_types::{KeyRef, KeySpec};
use kms_wire::{
    ApiError, Request, Response,
    instance::{self, Answer, message},
    request,
};

use super::refusal::unsupported;
use crate::{Caller, Service, failure::Failure};

mod asymmetric;
mod pair;
mod symmetric;

/// How many random bytes one call gets (KMS manual, GenerateRandom of instances).
const MOST_RANDOM: usize = 1024;

impl Service {
    /// Does what is asked of an instance, if the caller may.
    ///
    /// # Errors
    /// The codes of the API.
    pub async fn call_instance(
        &self,
        caller: &Caller,
        request: instance::Request,
    ) -> Result<Answer, ApiError> {
        self.run_instance(caller, request)
            .await
            .map_err(Failure::into_api_error)
    }

    async fn run_instance(
        &self,
        caller: &Caller,
        request: instance::Request,
    ) -> Result<Answer, Failure> {
        use instance::Request as I;
        self.admit(caller).await?;
        Ok(match request {
            I::AdvanceDecrypt(asked) => {
                Answer::AdvanceDecrypt(self.instance_decrypt(caller, &asked).await?)
            }
            I::AdvanceEncrypt(asked) => {
                Answer::AdvanceEncrypt(self.instance_encrypt(caller, &asked).await?)
            }
            I::AdvanceGenerateDataKey(asked) => {
                let order = symmetric::Order::from(&asked);
                Answer::AdvanceGenerateDataKey(self.instance_data_key(caller, order).await?)
            }
            I::AdvanceGenerateDataKeyPair(asked) => {
                let order = pair::Order::from(&asked);
                Answer::AdvanceGenerateDataKeyPair(self.instance_pair(caller, order).await?)
            }
            I::AdvanceGenerateDataKeyPairWithoutPlaintext(asked) => {
                let made = self
                    .instance_pair(caller, pair::Order::from(&asked))
                    .await?;
                Answer::AdvanceGenerateDataKeyPairWithoutPlaintext(pair::without_plaintext(&made))
            }
            I::Decrypt(asked) => Answer::Decrypt(self.instance_decrypt(caller, &asked).await?),
            I::Encrypt(asked) => Answer::Encrypt(self.instance_encrypt(caller, &asked).await?),
            I::GenerateDataKey(asked) => {
                let order = symmetric::Order::from(&asked);
                Answer::GenerateDataKey(self.instance_data_key(caller, order).await?)
            }
            I::GenerateDataKeyPair(asked) => {
                let order = pair::Order::from(&asked);
                Answer::GenerateDataKeyPair(self.instance_pair(caller, order).await?)
            }
            I::GenerateDataKeyPairWithoutPlaintext(asked) => {
                let made = self
                    .instance_pair(caller, pair::Order::from(&asked))
                    .await?;
                Answer::GenerateDataKeyPairWithoutPlaintext(pair::without_plaintext(&made))
            }
            I::GenerateRandom(asked) => Answer::GenerateRandom(random(asked)?),
            I::GetPublicKey(asked) => {
                Answer::GetPublicKey(self.instance_public_key(caller, &asked).await?)
            }
            I::GetSecretValue(asked) => {
                Answer::GetSecretValue(self.instance_secret(caller, &asked).await?)
            }
            I::Sign(asked) => Answer::Sign(self.instance_sign(caller, &asked).await?),
            I::Verify(asked) => Answer::Verify(self.instance_verify(caller, &asked).await?),
        })
    }

    /// As on the OpenAPI gateway.
    async fn instance_secret(
        &self,
        caller: &Caller,
        asked: &message::GetSecretValueRequest,
    ) -> Result<message::GetSecretValueResponse, Failure> {
        let call = request::GetSecretValue::try_from(asked)?;
        match self.call(caller, Request::GetSecretValue(call)).await? {
            Response::GetSecretValue(answer) => Ok((&answer).into()),
            _ => Err(ApiError::internal().into()),
        }
    }
}

/// Belongs to no key: everybody who comes in by a ClientKey of the instance gets them.
fn random(
    asked: message::GenerateRandomRequest,
) -> Result<message::GenerateRandomResponse, Failure> {
    let length = count(asked.length, MOST_RANDOM)
        .ok_or_else(|| ApiError::invalid_parameter("Length", "must be a number from 1 to 1024"))?;
    let random = random_bytes(length)?;
    Ok(message::GenerateRandomResponse {
        // EXPOSE: to the caller, who asked for them.
        random: random.expose().clone(),
        request_id: String::new(),
    })
}

/// A number from 1 to the most.
fn count(number: i32, most: usize) -> Option<usize> {
    let number = usize::try_from(number).ok()?;
    (1..=most).contains(&number).then_some(number)
}

fn key_ref(text: &str) -> Result<KeyRef, ApiError> {
    match text {
        "" => Err(ApiError::missing_parameter("KeyId")),
        text => text
            .parse()
            .map_err(|reason| ApiError::invalid_parameter("KeyId", reason)),
    }
}

/// What is named, or the first of what the key can do.
fn algorithm<T: Copy + PartialEq + FromStr>(text: &str, can: &[T]) -> Result<T, ApiError> {
    let wanted = match text {
        "" => can.first().copied(),
        text => text.parse().ok().filter(|wanted| can.contains(wanted)),
    };
    wanted.ok_or_else(|| unsupported("This algorithm is not supported for this kind of key."))
}

/// How a symmetric key encrypts here. Block modes are for instances of hardware.
fn mode(spec: KeySpec) -> &'static str {
    match spec {
        KeySpec::Sm4 => "SM4_GCM",
        _ => "AES_GCM",
    }
}

/// That no other mode, nonce or padding is asked for than there is.
fn check_mode(spec: KeySpec, algorithm: &str, padding: &str) -> Result<(), ApiError> {
    if !matches!(algorithm, "") && algorithm != mode(spec) {
        return Err(unsupported(
            "This algorithm is not supported for this kind of key.",
        ));
    }
    check_padding(padding)
}

fn check_padding(padding: &str) -> Result<(), ApiError> {
    if padding.is_empty() {
        return Ok(());
    }
    Err(unsupported("This server encrypts in no mode that pads."))
}
