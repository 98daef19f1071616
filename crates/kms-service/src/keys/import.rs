//! Material that a key's owner brings, takes away and brings again.

use jiff::{SignedDuration, Timestamp};
use kms_crypto::{ImportOffer, ImportPlace, ImportToken, KeyError, KeyHandle, Keyring};
use kms_store::{KeyRecord, KeyVersionRecord, Mode, Tx};
use kms_types::{KeyOrigin, KeyState};
use kms_wire::{
    Action, ApiError,
    request::{DeleteKeyMaterial, GetParametersForImport, ImportKeyMaterial, Within},
    response, write_timestamp,
};

use super::{
    base64,
    material::aside,
    refusal::{about, unsupported, version_not_found},
    state::check_stays,
};
use crate::{Caller, Service, failure::Failure};

/// How long a token is good (KMS manual, GetParametersForImport).
const TOKEN: SignedDuration = SignedDuration::from_hours(24);

impl Service {
    /// GetParametersForImport.
    pub(crate) async fn parameters_for_import(
        &self,
        caller: &Caller,
        call: GetParametersForImport,
    ) -> Result<response::GetParametersForImport, Failure> {
        let (spec, algorithm) = (call.wrapping_spec, call.wrapping_algorithm);
        if !spec.algorithms().contains(&algorithm) {
            let why = "is none of keys of this WrappingKeySpec";
            return Err(ApiError::invalid_parameter("WrappingAlgorithm", why).into());
        }
        let action = Action::GetParametersForImport;
        let key = self.read_key(caller, action, &call.key).await?;
        check_imports(&key)?;
        let expires = self.now() + TOKEN;
        let (keyring, account, id) = (Keyring::clone(&self.keyring()), key.account, key.id.clone());
        let offer =
            aside(move || ImportOffer::new(&keyring, &account, &id, spec, algorithm, expires))
                .await?;
        Ok(response::GetParametersForImport {
            key_id: key.id.to_string(),
            import_token: base64(&offer.token),
            public_key: base64(&offer.public_key),
            token_expire_time: write_timestamp(expires),
        })
    }

    /// ImportKeyMaterial. What was imported once is all that can be imported again.
    pub(crate) async fn import_key_material(
        &self,
        caller: &Caller,
        call: ImportKeyMaterial,
    ) -> Result<response::Empty, Failure> {
        let wish = self.wish(caller, Action::ImportKeyMaterial, &call.key);
        self.look_for_term(Keyring::term_of(&call.token.0).ok())
            .await;
        let call = &call;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut key = self.key(tx, wish).await?;
                check_imports(&key)?;
                let expires = expiry(call.expires.map_or(0, Within::get), wish.now)?;
                let material = {
                    let (keyring, token) = (self.keyring(), &call.token.0);
                    ImportToken::open(&keyring, &key.account, &key.id, token, wish.now)
                        .map_err(about_token)?
                        .unwrap(key.spec, &call.encrypted.0)
                        .map_err(about("EncryptedKeyMaterial"))?
                };
                let version = self.only_version(tx, &key).await?;
                let keyring = self.keyring();
                let place = import_place(&keyring, &key);
                if let Some(sealed) = &version.sealed
                    && !place.holds(sealed, &material)?
                {
                    let why = "must be the material that was imported first";
                    return Err(ApiError::invalid_parameter("EncryptedKeyMaterial", why).into());
                }
                let sealed = material.seal(&keyring, &key.account, &key.id, &version.id)?;
                tx.key_versions()
                    .set_material(&version.id, Some(&sealed))
                    .await?;
                let was_over = key.material_expires.is_some_and(|end| end <= wish.now);
                if key.state == KeyState::PendingImport || was_over {
                    key.state = KeyState::Enabled;
                }
                key.material_expires = expires;
                Ok::<_, Failure>(tx.keys().update(&key).await?)
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// DeleteKeyMaterial.
    pub(crate) async fn delete_key_material(
        &self,
        caller: &Caller,
        call: DeleteKeyMaterial,
    ) -> Result<response::Empty, Failure> {
        let wish = self.wish(caller, Action::DeleteKeyMaterial, &call.key);
        let id = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let key = self.key(tx, wish).await?;
                    check_imports(&key)?;
                    let id = key.id.clone();
                    self.take_material_away(tx, key).await?;
                    Ok::<_, Failure>(id)
                })
            })
            .await?;
        self.handles().forget(&id);
        Ok(response::Empty {})
    }

    /// Leaves of the material what knows it again. The key waits for it then, unless it
    /// waits for deletion.
    pub(super) async fn take_material_away(
        &self,
        tx: &mut dyn Tx,
        mut key: KeyRecord,
    ) -> Result<(), Failure> {
        let version = self.only_version(tx, &key).await?;
        if let Some(sealed) = &version.sealed {
            let left = import_place(&self.keyring(), &key).take_away(sealed)?;
            tx.key_versions()
                .set_material(&version.id, Some(&left))
                .await?;
        }
        if key.state != KeyState::PendingDeletion {
            key.state = KeyState::PendingImport;
        }
        key.material_expires = None;
        Ok(tx.keys().update(&key).await?)
    }

    /// Whether the material is there that was to be imported.
    pub(super) async fn has_import(
        &self,
        tx: &mut dyn Tx,
        key: &KeyRecord,
    ) -> Result<bool, Failure> {
        let version = self.only_version(tx, key).await?;
        let Some(sealed) = &version.sealed else {
            return Ok(false);
        };
        match KeyHandle::open(&self.keyring(), &key.account, &key.id, &version.id, sealed) {
            Ok(_) => Ok(true),
            Err(KeyError::TakenAway) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn only_version(
        &self,
        tx: &mut dyn Tx,
        key: &KeyRecord,
    ) -> Result<KeyVersionRecord, Failure> {
        let found = tx.key_versions().find(&key.primary_version).await?;
        found.ok_or_else(|| version_not_found().into())
    }
}

fn import_place<'a>(keyring: &'a Keyring, key: &'a KeyRecord) -> ImportPlace<'a> {
    ImportPlace {
        keyring,
        account: &key.account,
        key: &key.id,
        version: &key.primary_version,
    }
}

/// That its material is its owner's to bring, and that it stays.
fn check_imports(key: &KeyRecord) -> Result<(), ApiError> {
    if key.origin != KeyOrigin::External {
        return Err(unsupported(
            "This action is not supported for a key whose Origin is not EXTERNAL.",
        ));
    }
    check_stays(key)
}

/// When the material goes; never, if 0 was said.
fn expiry(seconds: u32, now: Timestamp) -> Result<Option<Timestamp>, ApiError> {
    if seconds == 0 {
        return Ok(None);
    }
    Timestamp::from_second(i64::from(seconds))
        .ok()
        .filter(|end| *end > now)
        .map(Some)
        .ok_or_else(|| ApiError::invalid_parameter("KeyMaterialExpireUnix", "is over already"))
}

/// A token that does not open is the caller's doing: nobody else has touched it.
fn about_token(error: KeyError) -> Failure {
    let reason = match error {
        KeyError::Expired => "has expired",
        KeyError::Open(_) | KeyError::Format => "is not one of this key",
        other => return Failure::Key(other),
    };
    ApiError::invalid_parameter("ImportToken", reason).into()
}
