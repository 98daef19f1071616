use jiff::Timestamp;
use kms_store::{DocumentKind, Mode, Tx};
use kms_types::{AccountId, ErrorCode, Fingerprint, IssuerUrl, OidcProviderArn, OidcProviderName};
use kms_wire::{
    Action, ApiError,
    request::{
        ClientId, CreateOIDCProvider, DeleteOIDCProvider, GetOIDCProvider, ListOIDCProviders,
        UpdateOIDCProvider,
    },
    response, write_timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Document, Named},
    failure::Failure,
};

/// An OIDC identity provider. Its document's name is its name.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Provider {
    /// What its tokens say in `iss`, and where its keys are.
    pub(crate) issuer: IssuerUrl,
    /// What its tokens may say in `aud`.
    pub(crate) client_ids: Vec<String>,
    /// Certificates of which the issuer has to show one; none: its chain has to lead to a
    /// root that this server trusts.
    pub(crate) fingerprints: Vec<Fingerprint>,
    /// Hours that a token may be old by its `iat`.
    pub(crate) most_hours: u32,
    description: String,
    /// Milliseconds since 1970.
    updated: i64,
}

/// RAM's own quota.
const MOST_PROVIDERS: u64 = 100;

/// How old a token may be unless its provider says so, in hours: RAM's own default.
const MOST_HOURS: u32 = 12;

impl Document for Provider {
    const KIND: DocumentKind = DocumentKind::OidcProvider;
}

impl Service {
    /// CreateOIDCProvider. The issuer is not asked now: it may come up later.
    pub(crate) async fn create_oidc_provider(
        &self,
        caller: &Caller,
        call: CreateOIDCProvider,
    ) -> Result<response::OidcProviderAnswer, Failure> {
        let name = call.oidc_provider_name;
        let account = self.own(caller, Action::CreateOIDCProvider, resource(&name))?;
        let now = self.now();
        let provider = Named {
            name: name.to_string(),
            body: Provider {
                issuer: call.issuer_url,
                client_ids: texts(&call.client_ids),
                fingerprints: call.fingerprints,
                most_hours: call.issuance_limit_time.unwrap_or(MOST_HOURS),
                description: call.description.unwrap_or_default(),
                updated: now.as_millisecond(),
            },
            created: now,
        };
        {
            let provider = &provider;
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let own = u32::try_from(MOST_PROVIDERS).unwrap_or(u32::MAX);
                    let (others, _) = documents::behind::<Provider>(tx, account, None, own).await?;
                    // RAM wants names and issuers unique in an account.
                    if others.iter().any(|other| {
                        other.name == provider.name || other.body.issuer == provider.body.issuer
                    }) {
                        return Err(exists().into());
                    }
                    if others.len() >= usize::try_from(MOST_PROVIDERS).unwrap_or(usize::MAX) {
                        return Err(too_many().into());
                    }
                    documents::create(tx, account, &provider.name, &provider.body, now).await
                })
            })
            .await?;
        }
        answer(account, provider)
    }

    /// GetOIDCProvider.
    pub(crate) async fn get_oidc_provider(
        &self,
        caller: &Caller,
        call: GetOIDCProvider,
    ) -> Result<response::OidcProviderAnswer, Failure> {
        let name = &call.oidc_provider_name;
        let account = self.own(caller, Action::GetOIDCProvider, resource(name))?;
        let provider = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { find(&mut *tx, account, name).await })
            })
            .await?;
        answer(account, provider)
    }

    /// UpdateOIDCProvider.
    pub(crate) async fn update_oidc_provider(
        &self,
        caller: &Caller,
        call: UpdateOIDCProvider,
    ) -> Result<response::OidcProviderAnswer, Failure> {
        let name = &call.oidc_provider_name;
        self.change_oidc_provider(caller, Action::UpdateOIDCProvider, name, |provider| {
            if let Some(client_ids) = &call.client_ids {
                provider.client_ids = texts(client_ids);
            }
            if let Some(description) = &call.new_description {
                provider.description.clone_from(description);
            }
            if let Some(hours) = call.issuance_limit_time {
                provider.most_hours = hours;
            }
            Ok(())
        })
        .await
    }

    /// Writes a provider anew, if the change is one that may be made.
    pub(super) async fn change_oidc_provider(
        &self,
        caller: &Caller,
        action: Action,
        name: &OidcProviderName,
        change: impl Fn(&mut Provider) -> Result<(), ApiError> + Send + Sync,
    ) -> Result<response::OidcProviderAnswer, Failure> {
        let account = self.own(caller, action, resource(name))?;
        let now = self.now();
        let change = &change;
        let provider = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let mut provider = find(tx, account, name).await?;
                    change(&mut provider.body)?;
                    provider.body.updated = now.as_millisecond();
                    documents::update(tx, account, &provider).await?;
                    Ok::<_, Failure>(provider)
                })
            })
            .await?;
        answer(account, provider)
    }

    /// DeleteOIDCProvider.
    pub(crate) async fn delete_oidc_provider(
        &self,
        caller: &Caller,
        call: DeleteOIDCProvider,
    ) -> Result<response::Empty, Failure> {
        let name = &call.oidc_provider_name;
        let account = self.own(caller, Action::DeleteOIDCProvider, resource(name))?;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                find(tx, account, name).await?;
                documents::remove::<Provider>(tx, account, name.as_str()).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// ListOIDCProviders.
    pub(crate) async fn list_oidc_providers(
        &self,
        caller: &Caller,
        call: ListOIDCProviders,
    ) -> Result<response::ListOidcProviders, Failure> {
        let account = self.own(
            caller,
            Action::ListOIDCProviders,
            Resource::all_in_ram("oidc-provider"),
        )?;
        let (providers, is_truncated) = {
            let marker = call.marker.as_deref();
            self.tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    documents::behind::<Provider>(&mut *tx, account, marker, call.max_items).await
                })
            })
            .await?
        };
        let marker = providers.last().map(|provider| provider.name.clone());
        let oidc_provider: Result<_, Failure> = providers
            .into_iter()
            .map(|provider| write(account, provider))
            .collect();
        Ok(response::ListOidcProviders {
            is_truncated,
            marker: marker.filter(|_| is_truncated),
            oidc_providers: response::OidcProviders {
                oidc_provider: oidc_provider?,
            },
        })
    }
}

async fn find(
    tx: &mut dyn Tx,
    account: &AccountId,
    name: &OidcProviderName,
) -> Result<Named<Provider>, Failure> {
    documents::look_up(tx, account, name.as_str())
        .await?
        .ok_or_else(|| unknown().into())
}

fn resource(name: &OidcProviderName) -> Resource<'_> {
    Resource::Ram {
        kind: "oidc-provider",
        name: name.as_str(),
    }
}

fn texts(client_ids: &[ClientId]) -> Vec<String> {
    client_ids.iter().map(ClientId::to_string).collect()
}

fn unknown() -> ApiError {
    ApiError::new(
        ErrorCode::OidcProviderNotFound,
        "The OIDC provider does not exist.",
    )
}

fn exists() -> ApiError {
    ApiError::new(
        ErrorCode::OidcProviderExists,
        "An OIDC provider of that name or issuer already exists.",
    )
}

fn too_many() -> ApiError {
    ApiError::new(
        ErrorCode::OidcProviderLimit,
        format!("An account has at most {MOST_PROVIDERS} OIDC providers."),
    )
}

fn answer(
    account: &AccountId,
    provider: Named<Provider>,
) -> Result<response::OidcProviderAnswer, Failure> {
    Ok(response::OidcProviderAnswer {
        oidc_provider: write(account, provider)?,
    })
}

fn write(
    account: &AccountId,
    provider: Named<Provider>,
) -> Result<response::OidcProvider, Failure> {
    let damaged = || Failure::Document(Provider::KIND.as_str());
    let arn = OidcProviderArn {
        account: account.clone(),
        name: provider.name.parse().map_err(|_not_a_name| damaged())?,
    };
    let updated =
        Timestamp::from_millisecond(provider.body.updated).map_err(|_no_moment| damaged())?;
    let fingerprints: Vec<&str> = provider
        .body
        .fingerprints
        .iter()
        .map(Fingerprint::as_str)
        .collect();
    Ok(response::OidcProvider {
        arn: arn.to_string(),
        oidc_provider_name: provider.name,
        issuer_url: provider.body.issuer.to_string(),
        client_ids: provider.body.client_ids.join(","),
        fingerprints: fingerprints.join(","),
        description: provider.body.description,
        issuance_limit_time: provider.body.most_hours,
        create_date: write_timestamp(provider.created),
        update_date: write_timestamp(updated),
        gmt_create: provider.created.as_millisecond().to_string(),
        gmt_modified: updated.as_millisecond().to_string(),
    })
}

#[cfg(test)]
mod tests;
