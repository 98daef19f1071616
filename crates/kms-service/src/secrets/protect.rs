//! How values lie in the store: sealed by the server's keyring, and before that encrypted
//! under the KMS key that the secret names, if it names one.
//!
//! A KMS key takes 6,144 bytes at once and a value may have 30,720: what is longer goes under
//! the key in pieces, each bound to the secret, the version, its place and their number.

use kms_crypto::Place;
use kms_store::{KeyRecord, NewVersion, SecretRecord, Tx, VersionRecord};
use kms_types::{DataType, EncryptionContext, KeyId, KeyName, KeyRef, Secret, VersionId};
use kms_wire::{Action, ApiError};
use zeroize::Zeroizing;

use crate::{
    Caller, Gateway, Principal, Service, authorise::Target, failure::Failure, keys::Asked,
};

/// Bytes that a key encrypts at once.
const PIECE: usize = 6144;

/// A version that is about to be.
#[derive(Clone, Copy)]
pub(crate) struct Draft<'a> {
    pub(crate) target: &'a Target,
    pub(crate) id: &'a VersionId,
    pub(crate) data_type: DataType,
    pub(crate) value: &'a Secret<String>,
}

impl Service {
    /// Seals a value for the version that it belongs to, under no key but the server's own.
    ///
    /// # Errors
    /// [`Failure::Seal`].
    pub(super) fn seal_value(&self, draft: Draft<'_>) -> Result<NewVersion, Failure> {
        // EXPOSE: into the sealed record.
        self.seal_bytes(draft, draft.value.expose().as_bytes())
    }

    /// Seals a value under a key that the caller names, too, and says which it is.
    ///
    /// # Errors
    /// Those of the key; see [`Service::seal_under_key`].
    pub(super) async fn seal_value_under(
        &self,
        tx: &mut dyn Tx,
        caller: &Caller,
        key: &KeyRef,
        draft: Draft<'_>,
    ) -> Result<(KeyRecord, NewVersion), Failure> {
        let mut sealed = Vec::new();
        let mut record = None;
        for (context, piece) in pieces(draft) {
            let wish = self.wish(caller, Action::GenerateDataKey, key);
            let (key, blob) = self.seal_under_key(tx, wish, &context, &piece).await?;
            join(&mut sealed, &blob)?;
            record = Some(key);
        }
        // kms-wire lets no empty value come here.
        let record = record.ok_or_else(ApiError::internal)?;
        Ok((record, self.seal_bytes(draft, &sealed)?))
    }

    /// Seals a value as the secret's other values are, for the caller.
    ///
    /// # Errors
    /// Those of the key, if there is one; see [`Service::seal_under_key`].
    pub(super) async fn seal_value_for(
        &self,
        tx: &mut dyn Tx,
        caller: &Caller,
        secret: &SecretRecord,
        draft: Draft<'_>,
    ) -> Result<NewVersion, Failure> {
        let Some(id) = key_of(secret)? else {
            return self.seal_value(draft);
        };
        // By its full name: whoever writes may be of another account.
        let key = KeyRef::of(
            self.region().clone(),
            secret.account.clone(),
            KeyName::Id(id),
        );
        let (_key, version) = self.seal_value_under(tx, caller, &key, draft).await?;
        Ok(version)
    }

    /// Seals a value as the secret's other values are, for nobody: when it is rotated.
    ///
    /// # Errors
    /// Those of the key, if there is one.
    pub(crate) async fn seal_value_of(
        &self,
        tx: &mut dyn Tx,
        secret: &SecretRecord,
        draft: Draft<'_>,
    ) -> Result<NewVersion, Failure> {
        let Some(id) = key_of(secret)? else {
            return self.seal_value(draft);
        };
        let mut sealed = Vec::new();
        for (context, piece) in pieces(draft) {
            let blob = self
                .seal_under_key_of(tx, &secret.account, &id, &context, &piece)
                .await?;
            join(&mut sealed, &blob)?;
        }
        self.seal_bytes(draft, &sealed)
    }

    /// Opens a version's value, for nobody if no caller is given.
    ///
    /// # Errors
    /// Those of the key, if there is one; see [`Service::open_under_key`].
    pub(crate) async fn open_value(
        &self,
        tx: &mut dyn Tx,
        caller: Option<&Caller>,
        secret: &SecretRecord,
        version: &VersionRecord,
    ) -> Result<Secret<String>, Failure> {
        let opened = self.open_bytes(secret, version)?;
        if secret.encryption_key_id.is_empty() {
            return crate::authenticate::text(&opened);
        }
        let asked = match caller {
            Some(caller) if asks_key(caller) => Asked::Caller(caller, Action::Decrypt),
            _ => Asked::Nobody,
        };
        // EXPOSE: pieces of ciphertext, for the key to open.
        let blobs = split(opened.expose()).ok_or(Failure::Document("secret value"))?;
        let target = Target {
            account: secret.account.clone(),
            name: secret.name.clone(),
            is_here: true,
        };
        let mut whole = Zeroizing::new(Vec::new());
        for (at, blob) in blobs.iter().enumerate() {
            let context = context(&target, &version.id, at, blobs.len());
            let piece = self.open_under_key(tx, asked, &context, blob).await?;
            // EXPOSE: into the whole that they make.
            whole.extend_from_slice(piece.expose());
        }
        crate::authenticate::text(&Secret::new(std::mem::take(&mut *whole)))
    }

    fn seal_bytes(&self, draft: Draft<'_>, bytes: &[u8]) -> Result<NewVersion, Failure> {
        let place = Place::SecretValue {
            account: &draft.target.account,
            secret: &draft.target.name,
            version: draft.id,
            data_type: draft.data_type,
        };
        Ok(NewVersion {
            id: draft.id.clone(),
            data_type: draft.data_type,
            sealed: self.keyring().seal(&place, bytes)?,
            created: self.now(),
        })
    }

    fn open_bytes(
        &self,
        secret: &SecretRecord,
        version: &VersionRecord,
    ) -> Result<Secret<Vec<u8>>, Failure> {
        let place = Place::SecretValue {
            account: &secret.account,
            secret: &secret.name,
            version: &version.id,
            data_type: version.data_type,
        };
        Ok(self.keyring().open(&place, &version.sealed)?)
    }
}

/// Whether the key's own rights are asked for, too, when a secret under it is read: not of a
/// session on the shared gateway (reference kms-api §3), and not of a client, whose access
/// point's policies name secrets.
fn asks_key(caller: &Caller) -> bool {
    !matches!(
        (&caller.principal, &caller.gateway),
        (Principal::Client { .. }, _) | (Principal::Role { .. }, Gateway::Shared)
    )
}

fn key_of(secret: &SecretRecord) -> Result<Option<KeyId>, Failure> {
    match secret.encryption_key_id.as_str() {
        "" => Ok(None),
        id => id
            .parse()
            .map(Some)
            .map_err(|_damaged| Failure::Document("encryption key")),
    }
}

/// The value in pieces, and what each is bound to.
fn pieces(draft: Draft<'_>) -> Vec<(EncryptionContext, Secret<Vec<u8>>)> {
    // EXPOSE: into the key, piece by piece.
    let bytes = draft.value.expose().as_bytes();
    let count = bytes.len().div_ceil(PIECE);
    bytes
        .chunks(PIECE)
        .enumerate()
        .map(|(at, piece)| {
            let context = context(draft.target, draft.id, at, count);
            (context, Secret::new(piece.to_vec()))
        })
        .collect()
}

fn context(target: &Target, version: &VersionId, at: usize, count: usize) -> EncryptionContext {
    [
        ("acs:kms:account", target.account.to_string()),
        ("acs:kms:secret", target.name.to_string()),
        ("acs:kms:version", version.to_string()),
        ("acs:kms:piece", format!("{}/{count}", at + 1)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

/// Adds a piece behind its length in four bytes.
fn join(sealed: &mut Vec<u8>, blob: &[u8]) -> Result<(), Failure> {
    let length = u32::try_from(blob.len()).map_err(|_long| ApiError::internal())?;
    sealed.extend(length.to_be_bytes());
    sealed.extend(blob);
    Ok(())
}

/// The pieces that [`join`] put together.
fn split(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut pieces = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (piece, rest) = rest.split_at_checked(length)?;
        pieces.push(piece);
        bytes = rest;
    }
    Some(pieces)
}
