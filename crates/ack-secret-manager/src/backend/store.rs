//! What a store's spec says of an identity.

use kms_client::ClientKey;

use super::{
    Around, Found, SecretKey, StoreError,
    chain::{self, Identity, Names, RoleOf, access_key, filled},
    found::ROLE_ARN_ANNOTATION,
    references::{DEDICATED, Policy, Resolver},
};
use crate::{
    api::{Auth, DedicatedAuth, SecretRef},
    plan::Store,
};

/// A store whose references are found.
pub(super) struct Spec<'a> {
    pub(super) store: &'a Store,
    pub(super) found: &'a Found,
}

/// Whether a store may refer to other namespaces is decided before anything is looked for there.
const MAY_REFER: Policy = Policy {
    cross_namespace_auth: true,
};

impl Spec<'_> {
    /// The identity that `auth`, which is called `field`, says.
    pub(super) fn identity(&self, field: &str, auth: &Auth) -> Result<Identity, StoreError> {
        let names = Names {
            identity: field.to_owned(),
            provider_arn: format!("{field}.oidcProviderARN"),
            access_key: format!("{field}.accessKey"),
            access_key_secret: format!("{field}.accessKeySecret"),
            seconds: format!("{field}.roleSessionExpiration"),
        };
        let text = |name: &str, secret: &Option<SecretRef>| {
            let secret = secret.as_ref();
            let text = secret.map(|secret| self.found.text(name, &self.key(name, secret)?));
            text.transpose()
        };
        let id = text(&names.access_key, &auth.access_key)?;
        let secret = text(&names.access_key_secret, &auth.access_key_secret)?;
        Ok(Identity {
            service_account: self.role_of(field, auth)?,
            key: access_key(&names, id, secret)?,
            role_arn: auth.ram_role_arn.clone(),
            session: auth.ram_role_session_name.clone(),
            seconds: chain::seconds(&names.seconds, &auth.role_session_expiration)?,
            provider_arn: auth.oidc_provider_arn.clone(),
            token_file: auth.oidc_token_file_path.clone(),
            remote_role_arn: auth.remote_ram_role_arn.clone(),
            remote_session: auth.remote_ram_role_session_name.clone(),
            names,
        })
    }

    /// The ClientKey that `auth` names.
    pub(super) fn client_key(
        &self,
        auth: &DedicatedAuth,
        around: &Around,
    ) -> Result<ClientKey, StoreError> {
        let content_field = format!("{DEDICATED}.clientKeyContent");
        let password_field = format!("{DEDICATED}.password");
        let content = self.key(&content_field, &auth.client_key_content)?;
        let password = self.key(&password_field, &auth.password)?;
        let key = ClientKey::parse(
            self.found.bytes(&content_field, &content)?,
            &self.found.text(&password_field, &password)?,
        )
        .map_err(|why| StoreError::new(&content_field, format!("the {content}: {why}")))?;
        if key.expires() <= around.clock.now() {
            return Err(StoreError::new(
                content_field,
                format!(
                    "the client key in the {content} has expired on {}; create another one",
                    key.expires()
                ),
            ));
        }
        Ok(key)
    }

    fn role_of(&self, field: &str, auth: &Auth) -> Result<Option<RoleOf>, StoreError> {
        let Some(account) = &auth.service_account_ref else {
            return Ok(None);
        };
        let field = format!("{field}.serviceAccountRef");
        let account = self.resolver().service_account(&field, account)?;
        let role_arn = self.found.role_arn.as_deref().and_then(filled);
        let role_arn = role_arn.ok_or_else(|| {
            StoreError::new(
                &field,
                format!(
                    "there is no ServiceAccount {}/{} with the annotation {ROLE_ARN_ANNOTATION}; \
                     name the ARN of its RAM role there",
                    account.namespace, account.name
                ),
            )
        })?;
        Ok(Some(RoleOf {
            role_arn: role_arn.to_owned(),
            account,
        }))
    }

    fn key(&self, field: &str, secret: &SecretRef) -> Result<SecretKey, StoreError> {
        self.resolver().secret(field, secret)
    }

    fn resolver(&self) -> Resolver<'_> {
        Resolver {
            store: self.store,
            policy: &MAY_REFER,
        }
    }
}
