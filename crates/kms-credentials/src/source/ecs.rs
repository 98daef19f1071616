//! The metadata service of an ECS machine (reference kms-api §6.3).

use std::time::Duration;

use http::Method;
use kms_types::Env;
use serde::Deserialize;

use super::{
    Recipe, SourceError,
    answer::{self, LARGEST, Temporary},
    role::redirected,
};
use crate::{Credentials, ExchangeError, HttpRequest, HttpResponse, Limits, Surroundings};

/// The role of the machine itself.
#[derive(Clone, Debug)]
pub(crate) struct EcsRole {
    /// Its name; the service is asked for it if absent.
    pub(crate) name: Option<String>,
    /// Whether somebody said that there is one: then it is wrong that there is none.
    pub(crate) expected: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Status {
    code: String,
}

const ROLE: &str = "ALIBABA_CLOUD_ECS_METADATA";
const DISABLED: &str = "ALIBABA_CLOUD_ECS_METADATA_DISABLED";
const V1_DISABLED: &str = "ALIBABA_CLOUD_IMDSV1_DISABLED";
const REDIRECT: &str = "KMS_IMDS_ENDPOINT";

const SERVICE: &str = "http://100.100.100.200";
const ROLES: &str = "/latest/meta-data/ram/security-credentials/";

/// One hop away; whoever waits longer is not on ECS.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(1),
    body: LARGEST,
    proxy: false,
};

/// By the variables, of which none is needed.
pub(crate) fn find(env: &Env) -> Result<Recipe, SourceError> {
    if env.flag(DISABLED) {
        return Err(SourceError::Absent(format!("switched off by {DISABLED}")));
    }
    let name = env.get(ROLE).map(str::to_owned);
    Ok(Recipe::Ecs(EcsRole {
        expected: name.is_some(),
        name,
    }))
}

// === impl EcsRole ===

impl EcsRole {
    pub(super) async fn load(&self, around: &Surroundings) -> Result<Credentials, SourceError> {
        if around.env.flag(DISABLED) {
            return Err(SourceError::Broken(format!("switched off by {DISABLED}")));
        }
        let base = redirected(REDIRECT, around)?.map_or(SERVICE.to_owned(), |own| own.to_string());
        let who = format!("the metadata service at {base}");
        let service = Service { base, who, around };
        let token = match service.token().await {
            Err(SourceError::Unreachable(why)) if !self.expected => {
                return Err(SourceError::Absent(why));
            }
            token => token?,
        };
        let name = match &self.name {
            Some(name) => name.clone(),
            None => self.only_role(&service, token.as_deref()).await?,
        };
        if !is_role_name(&name) {
            return Err(SourceError::Broken(
                "the name of the ECS role is none".to_owned(),
            ));
        }
        let response = service
            .get(&format!("{ROLES}{name}"), token.as_deref())
            .await?;
        if response.status == 404 {
            return Err(SourceError::Broken(format!(
                "{} knows no role {name}",
                service.who
            )));
        }
        let status: Status = answer::read(&service.who, &response)?;
        if status.code != "Success" {
            return Err(SourceError::Unreachable(format!(
                "{} has no credentials for the role {name} now",
                service.who
            )));
        }
        answer::read::<Temporary>(&service.who, &response)?.credentials(&service.who)
    }

    async fn only_role(
        &self,
        service: &Service<'_>,
        token: Option<&str>,
    ) -> Result<String, SourceError> {
        let response = match service.get(ROLES, token).await {
            Err(SourceError::Unreachable(why)) if !self.expected => {
                return Err(SourceError::Absent(why));
            }
            response => response?,
        };
        match response.status {
            200 => {}
            404 => {
                let why = format!("{} says that this machine has no RAM role", service.who);
                return Err(if self.expected {
                    SourceError::Broken(why)
                } else {
                    SourceError::Absent(why)
                });
            }
            _ => return Err(answer::refusal(&service.who, &response)),
        }
        // EXPOSE: a role's name, no secret.
        let name = String::from_utf8_lossy(response.body.expose());
        let name = name.lines().next().unwrap_or_default().trim();
        if name.is_empty() {
            return Err(SourceError::Absent(format!(
                "{} says that this machine has no RAM role",
                service.who
            )));
        }
        Ok(name.to_owned())
    }
}

struct Service<'a> {
    base: String,
    who: String,
    around: &'a Surroundings,
}

impl Service<'_> {
    /// A token of version 2; none if the service only speaks version 1 and that is
    /// allowed.
    async fn token(&self) -> Result<Option<String>, SourceError> {
        let request = HttpRequest {
            method: Method::PUT,
            url: format!("{}/latest/api/token", self.base),
            headers: vec![(
                "x-aliyun-ecs-metadata-token-ttl-seconds".to_owned(),
                "21600".to_owned(),
            )],
            body: Vec::new(),
            limits: LIMITS,
        };
        let why = match self.around.http.exchange(request).await {
            Ok(response) if response.status == 200 => {
                // EXPOSE: into the header of the next request.
                let token = String::from_utf8_lossy(response.body.expose());
                let token = token.trim();
                if !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic()) {
                    return Ok(Some(token.to_owned()));
                }
                "no token in the answer".to_owned()
            }
            Ok(response) => format!("HTTP {}", response.status),
            // Connected, but no answer: its packets may live for one hop only, and a
            // container is two away. Version 1 has no such limit.
            Err(error @ ExchangeError::Timeout(_)) => error.to_string(),
            Err(error) => {
                return Err(SourceError::Unreachable(format!("{}: {error}", self.who)));
            }
        };
        if self.around.env.flag(V1_DISABLED) {
            return Err(SourceError::Broken(format!(
                "{} gives no token ({why}), and {V1_DISABLED} forbids to ask without",
                self.who
            )));
        }
        tracing::debug!(
            reason = why,
            "no token of the metadata service; asking without"
        );
        Ok(None)
    }

    async fn get(&self, path: &str, token: Option<&str>) -> Result<HttpResponse, SourceError> {
        let mut request = answer::get(format!("{}{path}", self.base), LIMITS);
        if let Some(token) = token {
            request
                .headers
                .push(("x-aliyun-ecs-metadata-token".to_owned(), token.to_owned()));
        }
        answer::ask(&self.who, request, self.around).await
    }
}

/// RAM's alphabet for names of roles; nothing that could leave the path.
fn is_role_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && !name.starts_with('.')
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}
