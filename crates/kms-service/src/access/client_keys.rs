use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use kms_crypto::{NewClientKey, generate_client_key};
use kms_store::{ClientKeyRecord, Mode, Tx};
use kms_types::{AccessKeyId, AccountId, ResourceName, Secret};
use kms_wire::{
    Action, ApiError,
    request::{CreateClientKey, DeleteClientKey, GetClientKey, ListClientKeys, Validity},
    response, write_timestamp,
};
use uuid::Uuid;

use super::{AccessPoint, AccessPolicy, Scope};
use crate::{Caller, Service, authorise::Resource, documents, failure::Failure};

/// The only kind there is.
const ALGORITHM: &str = "RSA_2048";
/// Who made the key pair.
const ORIGIN: &str = "KMS_PROVIDED";
/// How long a key is good unless the call says so (reference kms-api §4).
const YEARS: i64 = 5;

impl Service {
    /// CreateClientKey. The private half and its password are in the answer and in
    /// nothing else.
    pub(crate) async fn create_client_key(
        &self,
        caller: &Caller,
        call: CreateClientKey,
    ) -> Result<response::CreateClientKey, Failure> {
        let resource = Resource::access_point(&call.aap_name);
        let account = self.own(caller, Action::CreateClientKey, resource)?;
        let point = &call.aap_name;
        let now = self.now();
        let validity = validity(call.validity, now)?;
        // Looked at before, for making a key takes a while, and when it is stored.
        let common_name = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { common_name(&mut *tx, account, point).await })
            })
            .await?;
        let made = generate(common_name, validity, call.password).await?;
        let key = ClientKeyRecord {
            id: format!("KAAP.{}", Uuid::new_v4())
                .parse()
                .map_err(|_not_an_id| Failure::Random)?,
            account: account.clone(),
            access_point: point.to_string(),
            public_key: made.public_key,
            certificate: made.certificate,
            not_before: validity.not_before,
            not_after: validity.not_after,
            created: now,
            last_used: None,
        };
        {
            let key = &key;
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    documents::find::<AccessPoint>(tx, account, point.as_str()).await?;
                    Ok::<_, Failure>(tx.client_keys().insert(key).await?)
                })
            })
            .await?;
        }
        Ok(response::CreateClientKey {
            client_key_id: key.id.to_string(),
            key_algorithm: ALGORITHM.to_owned(),
            // EXPOSE: into the answer, which is what it was made for.
            private_key_data: Secret::new(BASE64_STANDARD.encode(made.pkcs12.expose())),
            not_before: write_timestamp(key.not_before),
            not_after: write_timestamp(key.not_after),
        })
    }

    /// GetClientKey.
    pub(crate) async fn get_client_key(
        &self,
        caller: &Caller,
        call: GetClientKey,
    ) -> Result<response::ClientKey, Failure> {
        let id = &call.client_key_id;
        let account = self.own(caller, Action::GetClientKey, Resource::client_key(id))?;
        let key = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { find(&mut *tx, account, id).await })
            })
            .await?;
        Ok(write_key(key))
    }

    /// ListClientKeys: an access point's, or all of the account's.
    pub(crate) async fn list_client_keys(
        &self,
        caller: &Caller,
        call: ListClientKeys,
    ) -> Result<response::ListClientKeys, Failure> {
        let point = call.aap_name.as_ref();
        let resource = point.map_or(Resource::Account, Resource::access_point);
        let account = self.own(caller, Action::ListClientKeys, resource)?;
        let keys = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let point = point.map(ResourceName::as_str);
                    if let Some(name) = point {
                        documents::find::<AccessPoint>(tx, account, name).await?;
                    }
                    Ok::<_, Failure>(tx.client_keys().list(account, point).await?)
                })
            })
            .await?;
        Ok(response::ListClientKeys {
            client_keys: keys.into_iter().map(write_key).collect(),
        })
    }

    /// DeleteClientKey.
    pub(crate) async fn delete_client_key(
        &self,
        caller: &Caller,
        call: DeleteClientKey,
    ) -> Result<response::Empty, Failure> {
        let id = &call.client_key_id;
        let account = self.own(caller, Action::DeleteClientKey, Resource::client_key(id))?;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let key = find(tx, account, id).await?;
                Ok::<_, Failure>(tx.client_keys().remove(&key.id).await?)
            })
        })
        .await?;
        Ok(response::Empty {})
    }
}

/// The account's key; another account's is none.
async fn find(
    tx: &mut dyn Tx,
    account: &AccountId,
    id: &AccessKeyId,
) -> Result<ClientKeyRecord, Failure> {
    let found = tx.client_keys().find(id).await?;
    found
        .filter(|key| key.account == *account)
        .ok_or_else(|| ApiError::not_found().into())
}

/// What the certificate is made out to: `kst-…-client`, for the first of the access
/// point's policies that is about an instance (reference kms-api §5.0).
async fn common_name(
    tx: &mut dyn Tx,
    account: &AccountId,
    point: &ResourceName,
) -> Result<String, Failure> {
    let point = documents::find::<AccessPoint>(tx, account, point.as_str()).await?;
    for name in &point.body.policies {
        let found = documents::look_up::<AccessPolicy>(tx, account, name.as_str()).await?;
        if let Some(Scope::Instance(id)) = found.map(|policy| policy.body.scope) {
            return Ok(format!("{id}-client"));
        }
    }
    Ok("shared-client".to_owned())
}

/// In whole seconds, as certificates and answers have it.
fn validity(wanted: Option<Validity>, now: Timestamp) -> Result<Validity, ApiError> {
    let Some(wanted) = wanted else {
        let not_before = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let not_after = not_before
            .to_zoned_datetime(TimeZone::UTC)
            .checked_add(YEARS.years())
            .map_err(|_end_of_time| ApiError::internal())?
            .timestamp();
        return Ok(Validity {
            not_before,
            not_after,
        });
    };
    if wanted.not_after <= now {
        return Err(ApiError::invalid_parameter("NotAfter", "is in the past"));
    }
    Ok(wanted)
}

/// Away from the threads that serve calls: it takes a tenth of a second and more.
async fn generate(
    common_name: String,
    validity: Validity,
    password: Secret<String>,
) -> Result<NewClientKey, Failure> {
    let Validity {
        not_before,
        not_after,
    } = validity;
    tokio::task::spawn_blocking(move || {
        generate_client_key(&common_name, not_before, not_after, &password)
    })
    .await
    .map_err(|_panicked| Failure::Random)?
    .map_err(Failure::ClientKey)
}

fn write_key(key: ClientKeyRecord) -> response::ClientKey {
    response::ClientKey {
        client_key_id: key.id.to_string(),
        aap_name: key.access_point,
        key_algorithm: ALGORITHM.to_owned(),
        key_origin: ORIGIN.to_owned(),
        public_key_data: key.certificate,
        create_time: write_timestamp(key.created),
        not_before: write_timestamp(key.not_before),
        not_after: write_timestamp(key.not_after),
        last_used_date: key.last_used.map(write_timestamp).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests;
