use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use http::HeaderMap;
use kms_testkit::MockClock;
use kms_types::{Env, Secret};
use kms_wire::sign::SigningKey;

use super::{FirstOf, Source};
use crate::{
    Exchange, ExchangeError, HttpRequest, HttpResponse, IssueToken, OidcRole, OidcToken,
    ProvideCredentials, Role, Surroundings,
};

/// Gives a role for an hour to whoever asks.
struct Sts;

#[async_trait]
impl Exchange for Sts {
    async fn exchange(&self, _request: HttpRequest) -> Result<HttpResponse, ExchangeError> {
        let body = r#"{"Credentials":{"AccessKeyId":"STS.role","AccessKeySecret":"canary",
            "SecurityToken":"canary","Expiration":"2026-11-25T11:00:00Z"}}"#;
        Ok(HttpResponse {
            status: 200,
            headers: HeaderMap::new(),
            body: Secret::new(body.as_bytes().to_vec()),
        })
    }
}

/// Issues what is no token while it is broken.
#[derive(Default)]
struct Issuer {
    is_broken: AtomicBool,
}

#[async_trait]
impl IssueToken for Issuer {
    async fn token(&self) -> Result<Secret<String>, String> {
        let is_broken = self.is_broken.load(Ordering::Relaxed);
        Ok(Secret::from(if is_broken { "" } else { "a.b.c" }))
    }
}

fn role_then_key(issuer: &Arc<Issuer>) -> Source {
    Source::FirstOf(FirstOf::new(vec![
        Source::OidcRole(OidcRole {
            role: Role::default(),
            provider_arn: String::new(),
            token: OidcToken::Issued(issuer.clone()),
        }),
        Source::AccessKey(SigningKey {
            access_key_id: "LTAIfixed".parse().unwrap(),
            access_key_secret: Secret::from("canary"),
            security_token: None,
        }),
    ]))
}

#[tokio::test]
async fn a_source_that_had_credentials_is_not_passed_over_when_it_fails_later() {
    let issuer = Arc::new(Issuer::default());
    let clock = MockClock::at("2026-11-25T10:00:00Z".parse().unwrap());
    let around = || Surroundings::new(Env::default(), Arc::new(Sts), Arc::new(clock.clone()));
    let credentials = role_then_key(&issuer).credentials(around());
    let found = credentials.credentials().await.unwrap();
    assert_eq!(found.key.access_key_id.as_str(), "STS.role");

    clock.advance(Duration::from_hours(2));
    issuer.is_broken.store(true, Ordering::Relaxed);
    let error = credentials.credentials().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "first_of: oidc_role_arn: the OIDC token that was issued is none"
    );

    // Who never had the role is passed on.
    let fresh = role_then_key(&issuer).credentials(around());
    let found = fresh.credentials().await.unwrap();
    assert_eq!(found.key.access_key_id.as_str(), "LTAIfixed");
}
