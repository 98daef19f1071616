//! Where a key lies in hardware, as RFC 7512 writes it.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use percent_encoding::percent_decode_str;
use thiserror::Error;

/// `pkcs11:token=LABEL;object=LABEL?module-path=PATH&pin-source=PATH`.
///
/// Of the attributes of RFC 7512 those count that tell a token (`token`, `serial`) and a key
/// on it (`object`, `id`); all given ones have to be right. The module and the PIN's file
/// are paths from the root on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TokenUri {
    text: String,
    pub(super) token: Option<String>,
    pub(super) serial: Option<String>,
    pub(super) object: Option<String>,
    pub(super) id: Option<Vec<u8>>,
    pub(super) module: PathBuf,
    pub(super) pin: PathBuf,
}

/// Why text is no such URI.
#[derive(Clone, Debug, Error, Eq, PartialEq)]
pub enum ParseTokenUriError {
    /// Said twice, or not `name=value`.
    #[error(
        "write pkcs11:token=LABEL;object=LABEL?module-path=PATH&pin-source=PATH (RFC 7512), each \
         attribute once: {0:?} is not understood"
    )]
    Attribute(String),
    /// Neither a label nor an id.
    #[error("a pkcs11: URI names its key by object=LABEL or id=%01")]
    NoKey,
    /// Neither a label nor a serial number.
    #[error("a pkcs11: URI names its token by token=LABEL or serial=NUMBER")]
    NoToken,
    /// No path, or a relative one.
    #[error("a pkcs11: URI needs {0}=PATH, from the root on")]
    Path(&'static str),
    /// The PIN itself.
    #[error(
        "a PIN in the configuration is read by all who read that: put it into a file of mode 0600 \
         and write pin-source=PATH"
    )]
    PinValue,
}

// === impl TokenUri ===

impl FromStr for TokenUri {
    type Err = ParseTokenUriError;

    fn from_str(text: &str) -> Result<Self, ParseTokenUriError> {
        let unknown = |attribute: &str| ParseTokenUriError::Attribute(attribute.to_owned());
        let rest = text
            .strip_prefix("pkcs11:")
            .ok_or_else(|| unknown("the scheme"))?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut token = None;
        let mut serial = None;
        let mut object = None;
        let mut id = None;
        let mut module = None;
        let mut pin = None;
        let attributes = path.split(';').chain(query.split('&'));
        for attribute in attributes.filter(|attribute| !attribute.is_empty()) {
            let (name, value) = attribute
                .split_once('=')
                .ok_or_else(|| unknown(attribute))?;
            let value: Vec<u8> = percent_decode_str(value).collect();
            let text = || String::from_utf8(value.clone()).map_err(|_reason| unknown(name));
            let is_second = match name {
                "token" => token.replace(text()?).is_some(),
                "serial" => serial.replace(text()?).is_some(),
                "object" => object.replace(text()?).is_some(),
                "id" => id.replace(value).is_some(),
                "module-path" => module.replace(text()?).is_some(),
                "pin-source" => pin.replace(text()?).is_some(),
                "type" => value != b"secret-key",
                "pin-value" => return Err(ParseTokenUriError::PinValue),
                _ => true,
            };
            if is_second {
                return Err(unknown(name));
            }
        }
        if object.is_none() && id.is_none() {
            return Err(ParseTokenUriError::NoKey);
        }
        if token.is_none() && serial.is_none() {
            return Err(ParseTokenUriError::NoToken);
        }
        Ok(Self {
            text: text.to_owned(),
            token,
            serial,
            object,
            id,
            module: absolute("module-path", module)?,
            pin: absolute("pin-source", pin)?,
        })
    }
}

impl fmt::Display for TokenUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// RFC 7512 lets a PIN's source be a path or a `file:` URI.
fn absolute(name: &'static str, value: Option<String>) -> Result<PathBuf, ParseTokenUriError> {
    let value = value.unwrap_or_default();
    let path = value.strip_prefix("file:").unwrap_or(&value);
    let path = path.strip_prefix("//").unwrap_or(path);
    if Path::new(path).is_absolute() {
        Ok(path.into())
    } else {
        Err(ParseTokenUriError::Path(name))
    }
}

#[cfg(test)]
mod tests;
