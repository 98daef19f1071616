//! As whom KMS and OOS are asked, in the order of version 0.6.7 (reference k8s-sync §1.4).

use std::{path::PathBuf, sync::Arc};

use kms_client::{OidcRole, OidcToken, Role, SigningKey, Source};
use kms_credentials::FirstOf;
use kms_types::{ParseIdError, Secret};

use super::{Around, ServiceAccount, StoreError};

/// What a store, or the environment, says of an identity; empty texts count as nothing.
pub(super) struct Identity {
    /// What the parts are called where they are said.
    pub(super) names: Names,
    pub(super) service_account: Option<RoleOf>,
    pub(super) key: Option<SigningKey>,
    pub(super) role_arn: String,
    pub(super) session: String,
    pub(super) seconds: Option<u32>,
    pub(super) provider_arn: String,
    pub(super) token_file: String,
    pub(super) remote_role_arn: String,
    pub(super) remote_session: String,
}

/// A ServiceAccount that has a role.
pub(super) struct RoleOf {
    pub(super) account: ServiceAccount,
    pub(super) role_arn: String,
}

/// How fields are called.
pub(super) struct Names {
    pub(super) identity: String,
    pub(super) provider_arn: String,
    pub(super) access_key: String,
    pub(super) access_key_secret: String,
    pub(super) seconds: String,
}

const SESSION: &str = "ack-secret-manager";

/// Where the chart mounts the operator's own token.
const TOKEN_FILE: &str = "/var/run/secrets/tokens/ack-secret-manager";

/// What STS gives a role for (reference kms-api §6.4).
const SHORTEST: u32 = 900;
const LONGEST: u32 = 43_200;

/// A role that a role takes is given for an hour at most (STS 2015-04-01, AssumeRole).
const LONGEST_OF_A_ROLE: u32 = 3_600;

// === impl Identity ===

impl Identity {
    /// The source of its credentials.
    pub(super) fn source(mut self, around: &Around) -> Result<Source, StoreError> {
        let own = match self.service_account.take() {
            // Nothing comes after it: who says whose role is used is not to get another.
            Some(role) => self.by_service_account(role, around)?,
            None => self.first_of(around)?,
        };
        if self.remote_role_arn.is_empty() {
            return Ok(own);
        }
        Ok(Source::Role {
            source: Box::new(own),
            role: Role {
                seconds: self.seconds.map(|seconds| seconds.min(LONGEST_OF_A_ROLE)),
                ..self.role(&self.remote_role_arn, &self.remote_session, around)
            },
        })
    }

    fn by_service_account(&self, role: RoleOf, around: &Around) -> Result<Source, StoreError> {
        let (provider_arn, _) = self.provider(around).ok_or_else(|| {
            StoreError::empty(
                &self.names.provider_arn,
                "fill in the ARN of the cluster's OIDC provider, or start the operator with --uid \
                 and --cluster-id",
            )
        })?;
        Ok(Source::OidcRole(OidcRole {
            role: self.role(&role.role_arn, &self.session, around),
            provider_arn,
            token: OidcToken::Issued(Arc::new(around.tokens_of(role.account))),
        }))
    }

    fn first_of(&self, around: &Around) -> Result<Source, StoreError> {
        let mut sources = Vec::new();
        if let Some((provider_arn, is_said)) = self.provider(around)
            && !self.role_arn.is_empty()
            // A provider that was only derived is outranked by an AccessKey that was said.
            && (is_said || self.key.is_none())
        {
            let path = filled(&self.token_file).unwrap_or(TOKEN_FILE);
            sources.push(Source::OidcRole(OidcRole {
                role: self.role(&self.role_arn, &self.session, around),
                provider_arn,
                token: OidcToken::File(PathBuf::from(path)),
            }));
        }
        if let Some(key) = &self.key {
            let key = Source::AccessKey(key.clone());
            if !self.role_arn.is_empty() {
                sources.push(Source::Role {
                    source: Box::new(key.clone()),
                    role: self.role(&self.role_arn, &self.session, around),
                });
            }
            sources.push(key);
        }
        if around.remote.worker_role {
            sources.push(Source::EcsRole(None));
        }
        match sources.pop() {
            None => Err(self.nobody()),
            Some(only) if sources.is_empty() => Ok(only),
            Some(last) => {
                sources.push(last);
                Ok(Source::FirstOf(FirstOf::new(sources)))
            }
        }
    }

    fn nobody(&self) -> StoreError {
        let names = &self.names;
        let reason = if self.role_arn.is_empty() {
            format!(
                "says nobody who asks; fill in {} and {}, or a role and its OIDC provider, or start \
                 the operator with --enable-worker-role",
                names.access_key, names.access_key_secret
            )
        } else {
            format!(
                "names a role and nobody who takes it; fill in {}, or {} and {}, or start the \
                 operator with --uid and --cluster-id",
                names.provider_arn, names.access_key, names.access_key_secret
            )
        };
        StoreError::new(&names.identity, reason)
    }

    /// The provider of tokens, and whether it was said and not derived.
    fn provider(&self, around: &Around) -> Option<(String, bool)> {
        match filled(&self.provider_arn) {
            Some(said) => Some((said.to_owned(), true)),
            None => around.oidc_provider_arn().map(|derived| (derived, false)),
        }
    }

    fn role(&self, arn: &str, session: &str, around: &Around) -> Role {
        Role {
            arn: arn.trim().to_owned(),
            session_name: Some(filled(session).unwrap_or(SESSION).to_owned()),
            seconds: self.seconds,
            sts_region: around.remote.region.as_ref().map(ToString::to_string),
            sts_vpc: true,
            sts_endpoint: around.sts_endpoint(),
            ..Role::default()
        }
    }
}

/// How long a session lasts, if it is said.
pub(super) fn seconds(field: &str, text: &str) -> Result<Option<u32>, StoreError> {
    let Some(text) = filled(text) else {
        return Ok(None);
    };
    match text.parse() {
        Ok(seconds) if (SHORTEST..=LONGEST).contains(&seconds) => Ok(Some(seconds)),
        _ => Err(StoreError::new(
            field,
            format!("is no number of seconds from {SHORTEST} to {LONGEST}"),
        )),
    }
}

/// The AccessKey of these two halves, of which both are there or neither is.
pub(super) fn access_key(
    names: &Names,
    id: Option<Secret<String>>,
    secret: Option<Secret<String>>,
) -> Result<Option<SigningKey>, StoreError> {
    let (id, secret) = match (id, secret) {
        (None, None) => return Ok(None),
        (Some(id), Some(secret)) => (id, secret),
        (Some(_), None) => {
            return Err(StoreError::empty(
                &names.access_key_secret,
                "an AccessKey has two halves",
            ));
        }
        (None, Some(_)) => {
            return Err(StoreError::empty(
                &names.access_key,
                "an AccessKey has two halves",
            ));
        }
    };
    // EXPOSE: into the signing key; the text of the error does not repeat it.
    let access_key_id = id.expose().parse().map_err(|why: ParseIdError| {
        StoreError::new(&names.access_key, format!("what stands there is {why}"))
    })?;
    // EXPOSE: looked at for what no AccessKey has.
    if secret.expose().contains(char::is_control) {
        return Err(StoreError::new(
            &names.access_key_secret,
            "a line feed or another control character stands there, which no AccessKey has",
        ));
    }
    Ok(Some(SigningKey {
        access_key_id,
        access_key_secret: secret,
        security_token: None,
    }))
}

/// What there is beside white space.
pub(super) fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}
