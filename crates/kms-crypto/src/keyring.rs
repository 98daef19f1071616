use std::{fmt, sync::Arc};

use aws_lc_rs::rand;
use jiff::Timestamp;
use kms_types::Secret;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{
    Place, RootKey,
    aead::{AeadKey, OVERHEAD, Rejected},
    audit,
    bound::Bound,
};

mod body;

/// The key-encryption keys of one installation, by term. New records are sealed under
/// the newest; all open. Cheap to clone.
#[derive(Clone)]
pub struct Keyring(Arc<Inner>);

struct Inner {
    /// Tells this installation's records from any other's.
    installation: [u8; 16],
    /// In ascending order of their numbers, never empty.
    terms: Vec<Term>,
    /// What is left of the first term, once that is gone.
    heir: Option<AuditHeir>,
}

/// From what the keys of the audit log are derived, of a term that is gone: logs outlive the
/// terms under which they were begun. Nothing that was sealed opens with it.
#[derive(Clone)]
struct AuditHeir {
    term: u32,
    /// HKDF's pseudorandom key, of the term's own.
    prk: Zeroizing<[u8; 32]>,
}

struct Term {
    number: u32,
    created: Timestamp,
    /// For wrapping the keyring once more; records are sealed with `aead`.
    bytes: Zeroizing<[u8; 32]>,
    aead: AeadKey,
}

/// Why there is no keyring.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
pub enum KeyringError {
    /// Written by a later version of this program, or no keyring at all.
    #[error("the keyring is of an unknown format")]
    Format,
    /// Wrapped by another root key.
    #[error(
        "the keyring was wrapped by the root key {}, not by {}",
        hex::encode(wrapped_by),
        hex::encode(given)
    )]
    OtherRootKey {
        /// The id of the key that wrapped it.
        wrapped_by: [u8; 8],
        /// The id of the key that was given.
        given: [u8; 8],
    },
    /// The root key is right, the record was changed.
    #[error("the keyring is damaged")]
    Damaged,
    /// The system gives no random bits, or the cipher failed.
    #[error("the system's random generator or cipher failed")]
    Cipher,
    /// There are as many terms as can be.
    #[error("the keyring is full")]
    Full,
}

/// A record could not be sealed: no random bits, or the cipher failed.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error("the system's random generator or cipher failed")]
pub struct SealError;

/// Why a record does not open.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
pub enum OpenError {
    /// Written by a later version of this program, or no sealed record at all.
    #[error("the sealed record is of an unknown format")]
    Format,
    /// Sealed under a key that this keyring does not hold.
    #[error("the sealed record names the unknown term {0}")]
    UnknownTerm(u32),
    /// Changed, or moved here from another place or installation.
    #[error("the sealed record is damaged or not of this place")]
    Rejected,
}

/// First byte of a wrapped keyring.
const KEYRING_FORMAT: u8 = 1;
/// First byte of one from which a term was taken.
const KEYRING_FORMAT_HEIR: u8 = 2;
/// First byte of a sealed record.
const RECORD_FORMAT: u8 = 1;
/// A wrapped data key.
const WRAPPED: usize = 32 + OVERHEAD;

// === impl Keyring ===

impl Keyring {
    /// A keyring for a new installation, with one term.
    ///
    /// # Errors
    /// [`KeyringError::Cipher`].
    pub fn generate(now: Timestamp) -> Result<Self, KeyringError> {
        let mut installation = [0; 16];
        rand::fill(&mut installation).map_err(|_unspecified| KeyringError::Cipher)?;
        Ok(Self(Arc::new(Inner {
            installation,
            terms: vec![Term::fresh(1, now)?],
            heir: None,
        })))
    }

    /// The same keyring with one more term, under which records are sealed from then on.
    ///
    /// # Errors
    /// [`KeyringError::Cipher`] and [`KeyringError::Full`].
    pub fn with_new_term(&self, now: Timestamp) -> Result<Self, KeyringError> {
        let mut terms = self.terms_from(0)?;
        let number = self.newest().map_or(0, |term| term.number);
        let number = number.checked_add(1).ok_or(KeyringError::Full)?;
        terms.push(Term::fresh(number, now)?);
        Ok(Self(Arc::new(Inner {
            installation: self.0.installation,
            terms,
            heir: self.0.heir.clone(),
        })))
    }

    /// The same keyring without the terms before that one, under which nothing may be sealed
    /// any more: it opens nowhere then. What audit logs were begun under stays, and so do
    /// their keys.
    ///
    /// # Errors
    /// [`KeyringError::Cipher`] and, if nothing would be left, [`KeyringError::Full`].
    pub fn without_terms_before(&self, number: u32) -> Result<Self, KeyringError> {
        let terms = self.terms_from(number)?;
        if terms.is_empty() {
            return Err(KeyringError::Full);
        }
        let oldest = self.0.terms.first();
        let heir = match (&self.0.heir, oldest) {
            (Some(heir), _) => Some(heir.clone()),
            (None, Some(oldest)) if oldest.number < number => Some(AuditHeir {
                term: oldest.number,
                prk: audit::extract(&oldest.bytes),
            }),
            _ => None,
        };
        Ok(Self(Arc::new(Inner {
            installation: self.0.installation,
            terms,
            heir,
        })))
    }

    /// The keyring as it is stored: format, id of the root key, ciphertext.
    ///
    /// # Errors
    /// [`KeyringError::Cipher`].
    pub fn wrap(&self, root: &RootKey) -> Result<Vec<u8>, KeyringError> {
        let cipher = |_rejected: Rejected| KeyringError::Cipher;
        let id = root.id();
        let body = body::write(&self.0);
        let format = match self.0.heir {
            None => KEYRING_FORMAT,
            Some(_) => KEYRING_FORMAT_HEIR,
        };
        let sealed = root
            .aead()
            .and_then(|aead| aead.seal(keyring_bound(format, id).as_bytes(), &body))
            .map_err(cipher)?;
        let mut out = vec![format];
        out.extend_from_slice(&id);
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    /// Opens what [`Keyring::wrap`] made.
    ///
    /// # Errors
    /// All of [`KeyringError`] but `Full`.
    pub fn unwrap(root: &RootKey, wrapped: &[u8]) -> Result<Self, KeyringError> {
        let (format, rest) = wrapped.split_first().ok_or(KeyringError::Format)?;
        if ![KEYRING_FORMAT, KEYRING_FORMAT_HEIR].contains(format) {
            return Err(KeyringError::Format);
        }
        let (wrapped_by, sealed) = rest.split_first_chunk().ok_or(KeyringError::Format)?;
        let given = root.id();
        if *wrapped_by != given {
            return Err(KeyringError::OtherRootKey {
                wrapped_by: *wrapped_by,
                given,
            });
        }
        let body = root
            .aead()
            .and_then(|aead| aead.open(keyring_bound(*format, given).as_bytes(), sealed))
            .map_err(|_rejected| KeyringError::Damaged)?;
        let has_heir = *format == KEYRING_FORMAT_HEIR;
        Ok(Self(Arc::new(body::read(&body, has_heir)?)))
    }

    /// Seals a value for its place under a data key of its own: format, term, wrapped
    /// data key, ciphertext. 93 bytes longer than the value.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn seal(&self, place: &Place<'_>, value: &[u8]) -> Result<Vec<u8>, SealError> {
        let failed = |_rejected: Rejected| SealError;
        let mut data_key = Zeroizing::new([0; 32]);
        rand::fill(data_key.as_mut()).map_err(|_unspecified| SealError)?;
        let sealed = AeadKey::new(&data_key)
            .and_then(|key| key.seal(self.value_bound(place).as_bytes(), value))
            .map_err(failed)?;
        self.enclose(place, &data_key, &sealed)
    }

    /// Opens what [`Keyring::seal`] made for this place.
    ///
    /// # Errors
    /// [`OpenError`]; which byte was changed makes no difference.
    pub fn open(&self, place: &Place<'_>, record: &[u8]) -> Result<Secret<Vec<u8>>, OpenError> {
        let (data_key, sealed) = self.disclose(place, record)?;
        let mut value = AeadKey::new(&data_key)
            .and_then(|key| key.open(self.value_bound(place).as_bytes(), sealed))
            .map_err(|_rejected| OpenError::Rejected)?;
        Ok(Secret::new(std::mem::take(&mut *value)))
    }

    /// The same record with its data key wrapped under the newest term; the value's
    /// ciphertext stays as it is.
    ///
    /// # Errors
    /// [`OpenError`]; a cipher that fails counts as `Rejected`.
    pub fn rewrap(&self, place: &Place<'_>, record: &[u8]) -> Result<Vec<u8>, OpenError> {
        let (data_key, sealed) = self.disclose(place, record)?;
        self.enclose(place, &data_key, sealed)
            .map_err(|SealError| OpenError::Rejected)
    }

    /// The numbers of all terms, and when each began.
    pub fn terms(&self) -> impl Iterator<Item = (u32, Timestamp)> {
        self.0.terms.iter().map(|term| (term.number, term.created))
    }

    /// The number of the term under which records are sealed.
    pub fn newest_term(&self) -> u32 {
        self.newest().map_or(0, |term| term.number)
    }

    /// Under which term a record was sealed; it is not opened.
    ///
    /// # Errors
    /// [`OpenError::Format`].
    pub fn term_of(record: &[u8]) -> Result<u32, OpenError> {
        let rest = record.strip_prefix(&[RECORD_FORMAT]);
        let term = rest.and_then(|rest| rest.first_chunk());
        term.map(|term| u32::from_be_bytes(*term))
            .ok_or(OpenError::Format)
    }

    /// The installation's id. Not secret.
    pub fn installation(&self) -> [u8; 16] {
        self.0.installation
    }

    /// The term that the audit log's keys are derived from: the first that there was.
    pub(crate) fn audit_term(&self) -> Option<u32> {
        let heir = self.0.heir.as_ref().map(|heir| heir.term);
        heir.or_else(|| self.0.terms.first().map(|term| term.number))
    }

    /// From what the keys of an audit log are derived that was begun under the term.
    pub(crate) fn audit_prk(&self, number: u32) -> Option<Zeroizing<[u8; 32]>> {
        if let Some(heir) = self.0.heir.as_ref().filter(|heir| heir.term == number) {
            return Some(heir.prk.clone());
        }
        let term = self.0.terms.iter().find(|term| term.number == number)?;
        Some(audit::extract(&term.bytes))
    }

    /// Copies of the terms from that number on.
    fn terms_from(&self, number: u32) -> Result<Vec<Term>, KeyringError> {
        let kept = self.0.terms.iter().filter(|term| term.number >= number);
        // Room for one more.
        let mut terms = Vec::with_capacity(self.0.terms.len() + 1);
        for term in kept {
            terms.push(Term::new(term.number, term.created, term.bytes.clone())?);
        }
        Ok(terms)
    }

    fn newest(&self) -> Option<&Term> {
        self.0.terms.last()
    }

    fn enclose(
        &self,
        place: &Place<'_>,
        data_key: &[u8; 32],
        sealed: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        let term = self.newest().ok_or(SealError)?;
        let bound = self.data_key_bound(place, term.number);
        let wrapped = term
            .aead
            .seal(bound.as_bytes(), data_key)
            .map_err(|_rejected| SealError)?;
        let mut record = vec![RECORD_FORMAT];
        record.extend_from_slice(&term.number.to_be_bytes());
        record.extend_from_slice(&wrapped);
        record.extend_from_slice(sealed);
        Ok(record)
    }

    fn disclose<'r>(
        &self,
        place: &Place<'_>,
        record: &'r [u8],
    ) -> Result<(Zeroizing<[u8; 32]>, &'r [u8]), OpenError> {
        let rest = record
            .strip_prefix(&[RECORD_FORMAT])
            .ok_or(OpenError::Format)?;
        let (number, rest) = rest.split_first_chunk().ok_or(OpenError::Format)?;
        let (wrapped, sealed) = rest
            .split_first_chunk::<WRAPPED>()
            .ok_or(OpenError::Format)?;
        let number = u32::from_be_bytes(*number);
        let term = self
            .0
            .terms
            .iter()
            .find(|term| term.number == number)
            .ok_or(OpenError::UnknownTerm(number))?;
        let plain = term
            .aead
            .open(self.data_key_bound(place, number).as_bytes(), wrapped)
            .map_err(|_rejected| OpenError::Rejected)?;
        let mut data_key = Zeroizing::new([0; 32]);
        if plain.len() != data_key.len() {
            return Err(OpenError::Rejected);
        }
        data_key.copy_from_slice(&plain);
        Ok((data_key, sealed))
    }

    fn data_key_bound(&self, place: &Place<'_>, term: u32) -> Bound {
        place.bind(
            Bound::to("kms/data-key/1")
                .and(&self.0.installation)
                .and(&term.to_be_bytes()),
        )
    }

    fn value_bound(&self, place: &Place<'_>) -> Bound {
        place.bind(Bound::to("kms/value/1").and(&self.0.installation))
    }
}

/// Installation and terms, no key.
impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring")
            .field("installation", &hex::encode(self.0.installation))
            .field("terms", &self.0.terms.len())
            .finish()
    }
}

// === impl Term ===

impl Term {
    fn fresh(number: u32, now: Timestamp) -> Result<Self, KeyringError> {
        let mut bytes = Zeroizing::new([0; 32]);
        rand::fill(bytes.as_mut()).map_err(|_unspecified| KeyringError::Cipher)?;
        Self::new(number, now, bytes)
    }

    fn new(
        number: u32,
        created: Timestamp,
        bytes: Zeroizing<[u8; 32]>,
    ) -> Result<Self, KeyringError> {
        let aead = AeadKey::new(&bytes).map_err(|_rejected| KeyringError::Cipher)?;
        Ok(Self {
            number,
            created,
            bytes,
            aead,
        })
    }
}

fn keyring_bound(format: u8, root_id: [u8; 8]) -> Bound {
    let purpose = match format {
        KEYRING_FORMAT => "kms/keyring/1",
        _ => "kms/keyring/2",
    };
    Bound::to(purpose).and(&root_id)
}

#[cfg(test)]
mod tests;
