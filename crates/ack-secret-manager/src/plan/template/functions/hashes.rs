//! Sprig's digests and checksums.

use aws_lc_rs::digest::{self, Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA512};

use super::{Function, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("sha1sum", 1, |_, args| {
        Ok(hex(&SHA1_FOR_LEGACY_USE_ONLY, args.text(0)?))
    }),
    Function::new("sha256sum", 1, |_, args| Ok(hex(&SHA256, args.text(0)?))),
    Function::new("sha512sum", 1, |_, args| Ok(hex(&SHA512, args.text(0)?))),
    Function::new("adler32sum", 1, |_, args| {
        Ok(Value::text(adler32(args.text(0)?).to_string()))
    }),
];

fn hex(algorithm: &'static Algorithm, text: &[u8]) -> Value {
    let digest = digest::digest(algorithm, text);
    Value::text(data_encoding::HEXLOWER.encode(digest.as_ref()))
}

/// RFC 1950 §8.2.
fn adler32(text: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    let (low, high) = text.iter().fold((1, 0), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % MODULUS;
        (low, (high + low) % MODULUS)
    });
    (high << 16) | low
}
