//! STS 2015-04-01 (reference kms-api §6.4).

use std::time::Duration;

use http::Method;
use kms_wire::{
    Params,
    sign::{Unsigned, sign_acs3},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    Role, SourceError,
    answer::{self, LARGEST, Temporary},
};
use crate::{Credentials, HttpRequest, Limits, Surroundings};

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
    let request = HttpRequest {
        method: Method::POST,
        url: format!("{endpoint}{}", signed.target),
        headers: signed.headers,
        body: signed.body,
        limits: LIMITS,
    };
    credentials(&format!("STS at {}", endpoint.host()), request, around).await
}

/// Asks for a role with the token of an identity provider, which is all the proof there
/// is: the call travels unsigned, the token in its body.
pub(super) async fn assume_role_with_token(
    mut params: Params,
    role: &Role,
    around: &Surroundings,
) -> Result<Credentials, SourceError> {
    let endpoint = role.sts(around)?;
    params.push("Action", "AssumeRoleWithOIDC");
    params.push("Version", VERSION);
    params.push("Format", "JSON");
    params.push(
        "Timestamp",
        around
            .clock
            .now()
            .strftime("%Y-%m-%dT%H:%M:%SZ")
            .to_string(),
    );
    params.push("SignatureNonce", Uuid::new_v4().to_string());
    let request = HttpRequest {
        method: Method::POST,
        url: format!("{endpoint}/"),
        headers: [
            ("accept", "application/json"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("user-agent", USER_AGENT),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec(),
        body: params.canonical().into_bytes(),
        limits: LIMITS,
    };
    credentials(&format!("STS at {}", endpoint.host()), request, around).await
}

async fn credentials(
    who: &str,
    request: HttpRequest,
    around: &Surroundings,
) -> Result<Credentials, SourceError> {
    let response = answer::ask(who, request, around).await?;
    let assumed: Assumed = answer::read(who, &response)?;
    assumed.credentials.credentials(who)
}
