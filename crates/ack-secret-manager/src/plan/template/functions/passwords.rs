//! Sprig's passwords and ciphers.

use aws_lc_rs::{
    cipher::{
        AES_256, DecryptingKey, DecryptionContext, EncryptingKey, EncryptionContext,
        UnboundCipherKey,
    },
    hmac,
};

use super::{Args, Context, Fault, Function, Value, encoding};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("encryptAES", 2, encrypt),
    Function::new("decryptAES", 2, decrypt),
    Function::new("derivePassword", 5, derive_password),
];

const BLOCK: usize = 16;

/// What a derivation costs of all steps: a tenth of a second.
const DERIVATION_STEPS: u64 = 100_000;

/// Sprig's key is the password, cut or filled with zeros: no derivation. It is here to read and
/// write what Sprig wrote and reads.
fn key(password: &[u8]) -> Result<UnboundCipherKey, Fault> {
    let mut key = [0; 32];
    for (to, from) in key.iter_mut().zip(password) {
        *to = *from;
    }
    UnboundCipherKey::new(&AES_256, &key).map_err(|_error| Fault::new("the cipher is not at hand"))
}

/// AES-256-CBC with PKCS #7 (RFC 5652 §6.3), the vector in front, in base64. The vector depends on
/// key and plaintext too, so that no two plaintexts share one.
fn encrypt(context: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let (password, plaintext) = (args.text(0)?, args.text(1)?);
    if plaintext.is_empty() {
        return Ok(Value::text(""));
    }
    let broken = |_error| Fault::new("the encryption failed");
    let vector: [u8; BLOCK] = context
        .random
        .bytes(BLOCK, &[b"aes-256-cbc", password, plaintext])
        .try_into()
        .map_err(|_error| Fault::new("the encryption failed"))?;
    let padding = BLOCK - plaintext.len() % BLOCK;
    let mut text = plaintext.to_vec();
    text.resize(
        plaintext.len() + padding,
        u8::try_from(padding).unwrap_or(0),
    );
    EncryptingKey::cbc(key(password)?)
        .and_then(|key| key.less_safe_encrypt(&mut text, EncryptionContext::Iv128(vector.into())))
        .map_err(broken)?;
    Ok(Value::text(encoding::encode(
        &[&vector[..], &text].concat(),
    )))
}

fn decrypt(_: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    let (password, text) = (args.text(0)?, args.text(1)?);
    if text.is_empty() {
        return Ok(Value::text(""));
    }
    let bytes = encoding::decode(text)?;
    let broken = || Fault::new("this is nothing that encryptAES gave, or for another password");
    let (vector, ciphertext) = bytes.split_first_chunk::<BLOCK>().ok_or_else(broken)?;
    let mut ciphertext = ciphertext.to_vec();
    let plaintext = DecryptingKey::cbc(key(password)?)
        .and_then(|key| key.decrypt(&mut ciphertext, DecryptionContext::Iv128(vector.into())))
        .map_err(|_error| broken())?;
    let padding = usize::from(*plaintext.last().ok_or_else(broken)?);
    let length = plaintext.len().checked_sub(padding).ok_or_else(broken)?;
    Ok(Value::text(plaintext.get(..length).unwrap_or_default()))
}

/// The forms of a password: a letter stands for a set of characters.
fn forms(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "maximum" => &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        "long" => &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
        "medium" => &["CvcnoCvc", "CvcCvcno"],
        "short" => &["Cvcn"],
        "basic" => &["aaanaaan", "aannaaan", "aaannaaa"],
        "pin" => &["nnnn"],
        _ => return None,
    })
}

fn set(letter: u8) -> &'static [u8] {
    match letter {
        b'V' => b"AEIOU",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => b"aeiou",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

/// The Master Password algorithm, as Sprig has it: scrypt of the password and the user, then an
/// HMAC of site and counter that chooses a form and its characters.
fn derive_password(context: &Context<'_>, args: Args<'_>) -> Result<Value, Fault> {
    const NAME: &[u8] = b"com.lyndir.masterpassword";
    let counter =
        u32::try_from(args.int(0)?).map_err(|_error| Fault::new("the counter is no uint32"))?;
    let kind = args.string(1)?;
    let (password, user, site) = (args.text(2)?, args.text(3)?, args.text(4)?);
    let forms = forms(&kind).ok_or_else(|| {
        Fault::new("the type is none of maximum, long, medium, short, basic and pin")
    })?;
    context.budget.step(DERIVATION_STEPS)?;
    let length = |text: &[u8]| u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes();
    let salt = [NAME, &length(user), user].concat();
    let broken = || Fault::new("the derivation failed");
    let parameters = scrypt::Params::new(15, 8, 2).map_err(|_error| broken())?;
    let mut key = [0; 64];
    scrypt::scrypt(password, &salt, &parameters, &mut key).map_err(|_error| broken())?;
    let message = [NAME, &length(site), site, &counter.to_be_bytes()].concat();
    let seed = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), &message);
    let (first, rest) = seed.as_ref().split_first().ok_or_else(broken)?;
    let form = forms
        .get(usize::from(*first) % forms.len())
        .ok_or_else(broken)?;
    let characters = form.bytes().zip(rest).filter_map(|(letter, byte)| {
        let set = set(letter);
        set.get(usize::from(*byte) % set.len()).copied()
    });
    Ok(Value::text(characters.collect::<Vec<u8>>()))
}
