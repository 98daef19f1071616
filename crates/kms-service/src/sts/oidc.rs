//! AssumeRoleWithOIDC: a token of an identity provider for a session.

use jiff::{SignedDuration, Timestamp};
use kms_store::Mode;
use kms_types::{ErrorCode, OidcProviderArn};
use kms_wire::{ApiError, request::AssumeRoleWithOIDC, response, write_timestamp};

use super::{ASSUME_ROLE, role_arn, trusts};
use crate::{
    Caller, Service,
    documents::{self, Named},
    failure::Failure,
    oidc::{Claims, Issuer, IssuerError, Jwt, Provider, TokenError},
    policy::{self, Asker},
};

/// How far the issuer's clock may be from this one.
const LEEWAY: SignedDuration = SignedDuration::from_secs(30);

impl Service {
    /// AssumeRoleWithOIDC. The token is the proof, whoever brings it: a signature of the
    /// call itself changes nothing.
    ///
    /// What the token says of times and clients is looked at once its signature is right,
    /// so that a made-up one tells nobody what the provider wants. After that, a role that
    /// is not there and one that does not trust the token are refused alike.
    pub(crate) async fn assume_role_with_oidc(
        &self,
        caller: &Caller,
        call: AssumeRoleWithOIDC,
    ) -> Result<response::AssumeRoleWithOidc, Failure> {
        let role_arn = role_arn(&call.session)?;
        let provider_arn: OidcProviderArn = call.oidc_provider_arn.parse().map_err(|why| {
            ApiError::new(
                ErrorCode::OidcProviderArnInvalid,
                format!("The specified parameter \"OIDCProviderArn\" is {why}."),
            )
        })?;
        // EXPOSE: to be taken apart; nothing of it goes into errors or the log.
        let token = Jwt::parse(call.oidc_token.expose()).map_err(refused)?;
        let provider = self
            .oidc_provider(&provider_arn)
            .await?
            .ok_or_else(|| forbidden("there is no such OIDC provider"))?
            .body;
        self.believe(&provider, &token).await?;
        let claims = token.claims();
        let audience = check(&provider, claims, self.now()).map_err(refused)?;

        let role = self.role(&role_arn).await?;
        let mut context = caller.context();
        context.insert("oidc:iss".into(), vec![claims.issuer.clone()]);
        context.insert("oidc:sub".into(), vec![claims.subject.clone()]);
        context.insert("oidc:aud".into(), audience);
        let question = policy::Call {
            action: ASSUME_ROLE,
            resource: "",
            asker: Asker::Federated(&provider_arn.to_string()),
            context,
            now: self.now(),
        };
        let role = match role {
            Some(role) if trusts(&role, &question)? => role,
            _ => return Err(forbidden("the role's trust policy does not allow it").into()),
        };
        let limit = role.body.max_session;
        let opened = self.open_session(&role_arn, &role, call.session, limit)?;
        Ok(response::AssumeRoleWithOidc {
            assumed_role_user: opened.user,
            credentials: opened.credentials,
            token_info: response::OidcTokenInfo {
                subject: claims.subject.clone(),
                issuer: claims.issuer.clone(),
                client_ids: claims.audience.join(","),
                expiration_time: write_timestamp(claims.expires),
                issuance_time: write_timestamp(claims.issued),
                verification_info: "Success".to_owned(),
            },
        })
    }

    async fn oidc_provider(
        &self,
        arn: &OidcProviderArn,
    ) -> Result<Option<Named<Provider>>, Failure> {
        self.tx(Mode::Read, |mut tx| {
            Box::pin(
                async move { documents::look_up(&mut *tx, &arn.account, arn.name.as_str()).await },
            )
        })
        .await
    }

    /// Whether the provider's issuer made the token.
    async fn believe(&self, provider: &Provider, token: &Jwt<'_>) -> Result<(), ApiError> {
        if token.claims().issuer != provider.issuer.as_str() {
            return Err(refused(TokenError::Issuer));
        }
        let issuer = Issuer {
            url: provider.issuer.clone(),
            fingerprints: provider.fingerprints.clone(),
        };
        let keys = self
            .issuer_keys(&issuer, |keys| keys.may_know(token))
            .await
            .map_err(|why| unreachable(&why))?;
        keys.verify(token).map_err(refused)
    }
}

/// Whether the provider takes what the token says now; answers for which of its clients it
/// is.
fn check(provider: &Provider, claims: &Claims, now: Timestamp) -> Result<Vec<String>, TokenError> {
    // Differences of moments always fit.
    let since = |moment: Timestamp| now.duration_since(moment);
    if since(claims.expires) >= LEEWAY {
        return Err(TokenError::Expired);
    }
    if claims
        .not_before
        .is_some_and(|begin| -since(begin) > LEEWAY)
        || -since(claims.issued) > LEEWAY
    {
        return Err(TokenError::NotYet);
    }
    let oldest = SignedDuration::from_hours(i64::from(provider.most_hours)) + LEEWAY;
    if since(claims.issued) > oldest {
        return Err(TokenError::TooOld);
    }
    let clients: Vec<String> = claims
        .audience
        .iter()
        .filter(|client| provider.client_ids.contains(client))
        .cloned()
        .collect();
    if clients.is_empty() {
        return Err(TokenError::Audience);
    }
    Ok(clients)
}

/// One message for each reason, and never a part of the token.
fn refused(why: TokenError) -> ApiError {
    let code = match why {
        TokenError::Audience => ErrorCode::OidcAudience,
        TokenError::Expired | TokenError::TooOld => ErrorCode::OidcExpired,
        TokenError::Signature => ErrorCode::OidcSignature,
        TokenError::Shape
        | TokenError::Header
        | TokenError::Critical
        | TokenError::Claims
        | TokenError::Issuer
        | TokenError::NotYet => ErrorCode::OidcInvalid,
    };
    ApiError::new(code, format!("The OIDC token is not accepted: {why}."))
}

/// Why in detail is for the log; it may name hosts of a private network.
fn unreachable(why: &IssuerError) -> ApiError {
    match why {
        IssuerError::Fingerprint => ApiError::new(
            ErrorCode::OidcFingerprint,
            "The issuer shows none of the certificates that the OIDC provider's fingerprints name.",
        ),
        IssuerError::Unreachable(_) | IssuerError::Answer(_) => ApiError::new(
            ErrorCode::OidcIssuerUnreachable,
            "The keys of the OIDC provider's issuer cannot be had.",
        ),
    }
}

fn forbidden(why: &str) -> ApiError {
    ApiError::new(
        ErrorCode::OidcForbidden,
        format!("You are not authorized to assume this role: {why}."),
    )
}

#[cfg(test)]
mod tests;
