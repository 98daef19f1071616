//! STS 2015-04-01 (reference kms-api §6.4).

use std::time::Duration;

use http::Method;
use kms_wire::{
    Params, SignedRequest,
    sign::{Unsigned, sign_acs3, unsigned},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    Role, SourceError,
    answer::{self, LARGEST, Temporary},
};
use crate::{Credentials, Endpoint, HttpRequest, Limits, Surroundings};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Assumed {
    credentials: Temporary,
}

pub(super) const VERSION: &str = "2015-04-01";

pub(super) const LIMITS: Limits = Limits {
    time: Duration::from_secs(10),
    body: LARGEST,
    proxy: true,
};

const USER_AGENT: &str = concat!("kms-credentials/", env!("CARGO_PKG_VERSION"));

/// Asks for a role with other credentials. V3 signed, so that the other credentials'
/// token travels in a header and not in a URL.
pub(super) async fn assume_role(
    source: &Credentials,
    role: &Role,
    around: &Surroundings,
) -> Result<Credentials, SourceError> {
    let now = around.clock.now();
    let endpoint = role.sts(around)?;
    let signed = sign_acs3(
        &Unsigned {
            version: VERSION,
            action: "AssumeRole",
            params: &role.params(around)?,
            host: &endpoint.authority(),
            user_agent: USER_AGENT,
            provider: &source.provider,
            now,
            nonce: &Uuid::new_v4().to_string(),
        },
        &source.key,
    );
    send(signed, &endpoint, around).await
}

/// Asks for a role with the token of an identity provider, which is all the proof there
/// is: the call travels unsigned, the token in its body.
pub(super) async fn assume_role_with_token(
    params: &Params,
    role: &Role,
    around: &Surroundings,
) -> Result<Credentials, SourceError> {
    let endpoint = role.sts(around)?;
    let request = unsigned(&Unsigned {
        version: VERSION,
        action: "AssumeRoleWithOIDC",
        params,
        host: &endpoint.authority(),
        user_agent: USER_AGENT,
        provider: "",
        now: around.clock.now(),
        nonce: &Uuid::new_v4().to_string(),
    });
    send(request, &endpoint, around).await
}

/// Sends, and takes the credentials out of the answer.
async fn send(
    request: SignedRequest,
    endpoint: &Endpoint,
    around: &Surroundings,
) -> Result<Credentials, SourceError> {
    let who = format!("STS at {}", endpoint.host());
    let request = HttpRequest {
        method: Method::POST,
        url: format!("{endpoint}{}", request.target),
        headers: request.headers,
        body: request.body,
        limits: LIMITS,
    };
    let response = answer::ask(&who, request, around).await?;
    let assumed: Assumed = answer::read(&who, &response)?;
    assumed.credentials.credentials(&who)
}
