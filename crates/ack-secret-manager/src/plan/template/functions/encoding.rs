//! Sprig's encodings. Where Sprig hands out the text of an error in place of the value, these
//! fail: such a text has no place in a Secret.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use data_encoding::BASE32;

use super::{Fault, Function, Value};

/// As Go reads it: bits that are left over need not be zero.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("b64enc", 1, |_, args| {
        Ok(Value::text(encode(args.text(0)?)))
    }),
    Function::new("b64dec", 1, |_, args| {
        Ok(Value::text(decode(args.text(0)?)?))
    }),
    Function::new("b32enc", 1, |_, args| {
        Ok(Value::text(BASE32.encode(args.text(0)?)))
    }),
    Function::new("b32dec", 1, |_, args| {
        BASE32
            .decode(&joined(args.text(0)?))
            .map(Value::text)
            .map_err(|_error| Fault::new("this is no base32"))
    }),
];

pub(super) fn encode(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

pub(super) fn decode(text: &[u8]) -> Result<Vec<u8>, Fault> {
    BASE64
        .decode(joined(text))
        .map_err(|_error| Fault::new("this is no base64"))
}

/// Go passes over ends of lines.
fn joined(text: &[u8]) -> Vec<u8> {
    let kept = text.iter().filter(|byte| !matches!(byte, b'\r' | b'\n'));
    kept.copied().collect()
}
