//! The two gateways, and what a ClientKey is spoken in on each (reference kms-api §5).

use std::sync::atomic::{AtomicU8, Ordering};

use kms_credentials::HttpResponse;
use kms_types::Secret;
use kms_wire::{
    instance::{Api, CONTENT_TYPE, message as wire},
    request::{GetSecretValue, Operation},
    response,
};
use prost::Message;
use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use super::call::{Answer, Call, Protocol};
use crate::{CallError, Endpoint, answer};

/// What listens at an endpoint. The cloud's host names tell; behind any other name may be
/// either, and the first answer tells.
pub(super) struct Gateway(AtomicU8);

const SHARED: u8 = 0;
const INSTANCE: u8 = 1;
const UNKNOWN: u8 = 2;

// === impl Gateway ===

impl Gateway {
    pub(super) fn of(endpoint: &Endpoint) -> Self {
        Self(AtomicU8::new(if endpoint.is_instance() {
            INSTANCE
        } else if endpoint.is_cloud() {
            SHARED
        } else {
            UNKNOWN
        }))
    }

    /// What a ClientKey speaks there.
    pub(super) fn protocol(&self) -> Protocol {
        match self.0.load(Ordering::Relaxed) {
            SHARED => Protocol::OpenApi,
            _ => Protocol::Instance,
        }
    }

    /// Whether the answer is in the protocol of the question. If not, and the gateway was
    /// not known, it is known now.
    pub(super) fn agrees(&self, asked: Protocol, response: &HttpResponse) -> bool {
        if asked == Protocol::OpenApi || self.0.load(Ordering::Relaxed) != UNKNOWN {
            return true;
        }
        let agrees = response.header("content-type").is_some_and(|value| {
            let media_type = value.split(';').next().unwrap_or_default();
            media_type.trim().eq_ignore_ascii_case(CONTENT_TYPE)
        });
        // Out of order, anything may answer: nothing is learnt from that.
        if response.status < 500 && response.status != 429 {
            let learnt = if agrees { INSTANCE } else { SHARED };
            self.0.store(learnt, Ordering::Relaxed);
        }
        agrees || response.status >= 500 || response.status == 429
    }
}

// === impl Protocol ===

impl Protocol {
    /// What a status other than 200 means.
    pub(super) fn refusal(self, host: &str, response: &HttpResponse) -> CallError {
        if self == Self::Instance
            // EXPOSE: errors hold no values.
            && let Ok(error) = wire::Error::decode(&response.body.expose()[..])
            && !error.error_code.is_empty()
        {
            return answer::service(
                response.status,
                &error.error_code,
                &error.error_message,
                &error.request_id,
            );
        }
        answer::refusal(host, response)
    }
}

// === impl Answer ===

impl Answer {
    /// The typed answer.
    pub(super) fn read<T: DeserializeOwned>(self, host: &str) -> Result<T, CallError> {
        answer::read(host, &self.json(host)?)
    }

    /// The answer as the OpenAPI gateway writes it.
    pub(super) fn json(self, host: &str) -> Result<Secret<Vec<u8>>, CallError> {
        if self.protocol == Protocol::OpenApi {
            return Ok(self.response.body);
        }
        // EXPOSE: into the typed answer, whose value is a secret again.
        let message = wire::GetSecretValueResponse::decode(&self.response.body.expose()[..])
            .map_err(|_quotes_nothing| CallError::Unreadable {
                host: host.to_owned(),
                reason: "it is no GetSecretValueResponse in protobuf".to_owned(),
            })?;
        let value = response::GetSecretValue::from(message);
        let mut json = Zeroizing::new(Vec::new());
        let written = serde_json::to_writer(
            &mut *json,
            &WithId {
                request_id: &value.request_id,
                answer: &value,
            },
        );
        written.map_err(|_never| CallError::Unreadable {
            host: host.to_owned(),
            reason: "it cannot be written as JSON".to_owned(),
        })?;
        Ok(Secret::new(std::mem::take(&mut *json)))
    }
}

/// An answer as the OpenAPI gateway writes it.
#[derive(Serialize)]
struct WithId<'a> {
    #[serde(rename = "RequestId")]
    request_id: &'a str,
    #[serde(flatten)]
    answer: &'a response::GetSecretValue,
}

/// A call in protobuf.
pub(super) fn message(call: &Call<'_>) -> Result<(Api, Zeroizing<Vec<u8>>), CallError> {
    let unsupported = |reason: &str| CallError::Unsupported {
        action: call.action.to_owned(),
        reason: reason.to_owned(),
    };
    if call.action != GetSecretValue::ACTION.as_str() {
        return Err(unsupported("a ClientKey reads values and nothing else"));
    }
    let request =
        GetSecretValue::from_params(&call.params).map_err(|error| unsupported(&error.message))?;
    let message = wire::GetSecretValueRequest::from(&request);
    Ok((Api::GetSecretValue, Zeroizing::new(message.encode_to_vec())))
}
