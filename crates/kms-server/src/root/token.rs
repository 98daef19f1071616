//! A root key from hardware, by PKCS #11.
//!
//! The token keeps a secret key that never leaves it; the root key is what it makes of a
//! fixed text by HMAC-SHA256. So nothing lies on a disk, and who has a copy of the disk and
//! of the store has nothing without the token and its PIN.

use std::io;

use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Pkcs11},
    error::RvError,
    mechanism::Mechanism,
    object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle},
    session::{Session, UserType},
    slot::Slot,
    types::AuthPin,
};
use kms_crypto::RootKey;
use thiserror::Error;
use zeroize::Zeroizing;

mod uri;

pub use uri::{ParseTokenUriError, TokenUri};

use crate::files::read_private;

/// Why hardware gives no root key.
#[derive(Debug, Error)]
pub enum TokenError {
    /// No module, or the module refused.
    #[error("{doing}: {why}")]
    Module {
        /// What was tried.
        doing: String,
        /// What the module says.
        why: String,
    },
    /// The PIN's file.
    #[error("cannot read the PIN's file {path}")]
    Pin {
        /// Which.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Not exactly one token.
    #[error("of {module}'s tokens {found} are {uri}; it has to be one")]
    Tokens {
        /// The module.
        module: String,
        /// How many there are.
        found: usize,
        /// What was looked for.
        uri: String,
    },
    /// No key.
    #[error("{0} names no secret key on its token: kms-server init and rekey make it")]
    NoKey(String),
    /// More than one key.
    #[error("{0} names more than one secret key on its token: name its id, too")]
    Ambiguous(String),
    /// It could be copied, and then the token protects nothing.
    #[error("the key {0} can be taken out of its token: make one that cannot")]
    Extractable(String),
    /// Not 32 bytes.
    #[error("the token answers with something else than HMAC-SHA256")]
    Answer,
    /// The work was cut off.
    #[error("asking the token was cut off")]
    CutOff,
}

/// What the token turns into the root key. Another text is another key: never change it.
const LABEL: &[u8] = b"kms-server root key 1";

/// A PIN is shorter.
const LARGEST_PIN: u64 = 256;

/// The key.
pub(super) async fn load(uri: &TokenUri) -> Result<RootKey, TokenError> {
    ask(uri.clone(), false).await
}

/// The key; the token makes it if it has none.
pub(super) async fn load_or_create(uri: &TokenUri) -> Result<RootKey, TokenError> {
    ask(uri.clone(), true).await
}

/// Modules wait for hardware.
async fn ask(uri: TokenUri, may_create: bool) -> Result<RootKey, TokenError> {
    tokio::task::spawn_blocking(move || answer(&uri, may_create))
        .await
        .map_err(|_cut_off| TokenError::CutOff)?
}

fn answer(uri: &TokenUri, may_create: bool) -> Result<RootKey, TokenError> {
    let session = open(uri, may_create)?;
    let key = match find(&session, uri)? {
        Some(key) => key,
        None if may_create => create(&session, uri)?,
        None => return Err(TokenError::NoKey(uri.to_string())),
    };
    check(&session, key, uri)?;
    let answer = session.sign(&Mechanism::Sha256Hmac, key, LABEL);
    let bytes = Zeroizing::new(answer.map_err(failed("asking the token for HMAC-SHA256"))?);
    RootKey::from_bytes(&bytes).ok_or(TokenError::Answer)
}

fn open(uri: &TokenUri, may_write: bool) -> Result<Session, TokenError> {
    let module = uri.module.display();
    let loading = format!("loading the PKCS #11 module {module}");
    let context = Pkcs11::new(&uri.module).map_err(failed(&loading))?;
    match context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        // By the other root key of the configuration.
        Err(cryptoki::error::Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        done => done.map_err(failed(&loading))?,
    }
    let slot = slot(&context, uri)?;
    let session = if may_write {
        context.open_rw_session(slot)
    } else {
        context.open_ro_session(slot)
    };
    let session = session.map_err(failed("opening a session with the token"))?;
    let pin = pin(uri)?;
    match session.login(UserType::User, Some(&pin)) {
        // Likewise: a login is of all sessions of the process.
        Err(cryptoki::error::Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
        done => done.map_err(failed("logging in to the token with its PIN"))?,
    }
    Ok(session)
}

fn slot(context: &Pkcs11, uri: &TokenUri) -> Result<Slot, TokenError> {
    let looking = "looking at the module's tokens";
    let mut slots = Vec::new();
    for slot in context.get_slots_with_token().map_err(failed(looking))? {
        let token = context.get_token_info(slot).map_err(failed(looking))?;
        let is = |wanted: &Option<String>, has: &str| {
            wanted
                .as_ref()
                .is_none_or(|wanted| wanted == has.trim_end())
        };
        if is(&uri.token, token.label()) && is(&uri.serial, token.serial_number()) {
            slots.push(slot);
        }
    }
    match *slots.as_slice() {
        [slot] => Ok(slot),
        _ => Err(TokenError::Tokens {
            module: uri.module.display().to_string(),
            found: slots.len(),
            uri: uri.to_string(),
        }),
    }
}

fn pin(uri: &TokenUri) -> Result<AuthPin, TokenError> {
    let text = read_private(&uri.pin, LARGEST_PIN).map_err(|source| TokenError::Pin {
        path: uri.pin.display().to_string(),
        source,
    })?;
    let pin = text.strip_suffix('\n').unwrap_or(&text);
    Ok(AuthPin::from(pin.to_owned()))
}

/// What the URI says of the key.
fn named(uri: &TokenUri) -> Vec<Attribute> {
    let label = uri.object.clone();
    let id = uri.id.clone().map(Attribute::Id);
    let label = label.map(|label| Attribute::Label(label.into_bytes()));
    [Some(Attribute::Class(ObjectClass::SECRET_KEY)), label, id]
        .into_iter()
        .flatten()
        .collect()
}

fn find(session: &Session, uri: &TokenUri) -> Result<Option<ObjectHandle>, TokenError> {
    let found = session.find_objects(&named(uri));
    let found = found.map_err(failed("looking for the key on the token"))?;
    match *found.as_slice() {
        [] => Ok(None),
        [key] => Ok(Some(key)),
        _ => Err(TokenError::Ambiguous(uri.to_string())),
    }
}

fn create(session: &Session, uri: &TokenUri) -> Result<ObjectHandle, TokenError> {
    let mut attributes = named(uri);
    attributes.extend([
        Attribute::KeyType(KeyType::GENERIC_SECRET),
        Attribute::ValueLen(32.into()),
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Sign(true),
    ]);
    session
        .generate_key(&Mechanism::GenericSecretKeyGen, &attributes)
        .map_err(failed("making the key on the token"))
}

fn check(session: &Session, key: ObjectHandle, uri: &TokenUri) -> Result<(), TokenError> {
    let attributes = session
        .get_attributes(key, &[AttributeType::Extractable])
        .map_err(failed("looking at the key on the token"))?;
    if attributes.contains(&Attribute::Extractable(true)) {
        return Err(TokenError::Extractable(uri.to_string()));
    }
    Ok(())
}

fn failed(doing: &str) -> impl Fn(cryptoki::error::Error) -> TokenError {
    move |reason| TokenError::Module {
        doing: doing.to_owned(),
        why: reason.to_string(),
    }
}
