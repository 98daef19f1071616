//! What services and programs answer with, and what may be said when it is wrong.

use std::str::FromStr;

use http::Method;
use jiff::Timestamp;
use kms_types::Secret;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::{Value, error::Category};

use super::{SourceError, signing_key};
use crate::{Credentials, ExchangeError, HttpRequest, HttpResponse, Limits, Surroundings};

/// Text that is a secret from the moment it is read.
#[derive(Clone, Debug)]
pub(crate) struct Hidden(pub(crate) Secret<String>);

/// Temporary credentials, as STS, the metadata service and CloudSSO write them.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Temporary {
    access_key_id: String,
    access_key_secret: Hidden,
    security_token: Hidden,
    expiration: String,
}

/// No answer with credentials comes near this.
pub(super) const LARGEST: usize = 64 << 10;

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Secret::new(text)))
    }
}

// === impl Temporary ===

impl Temporary {
    /// As credentials; `who` answered so.
    pub(super) fn credentials(self, who: &str) -> Result<Credentials, SourceError> {
        let wrong = |what: &str| SourceError::Broken(format!("{who} answered with {what}"));
        // EXPOSE: looked at for their lengths.
        if self.access_key_secret.0.expose().is_empty() || self.security_token.0.expose().is_empty()
        {
            return Err(wrong("an empty AccessKeySecret or SecurityToken"));
        }
        let key = signing_key(
            ["AccessKeyId", "AccessKeySecret", "SecurityToken"],
            &self.access_key_id,
            self.access_key_secret.0,
            Some(self.security_token.0),
        )
        .map_err(|why| wrong(&format!("what is no key: {why}")))?;
        let expires = Timestamp::from_str(&self.expiration)
            .map_err(|_invalid| wrong("an Expiration that is no time"))?;
        Ok(Credentials {
            key,
            expires: Some(expires),
            provider: String::new(),
        })
    }
}

/// Sends, and sorts out what is no answer. A status other than 200 is one.
pub(super) async fn ask(
    who: &str,
    request: HttpRequest,
    around: &Surroundings,
) -> Result<HttpResponse, SourceError> {
    around
        .http
        .exchange(request)
        .await
        .map_err(|error| match error {
            ExchangeError::Unsendable { .. } => {
                SourceError::Broken(format!("{who} cannot be asked: {error}"))
            }
            error => SourceError::Unreachable(format!("{who}: {error}")),
        })
}

/// A GET without a body.
pub(super) fn get(url: String, limits: Limits) -> HttpRequest {
    HttpRequest {
        method: Method::GET,
        url,
        headers: vec![("accept".to_owned(), "application/json".to_owned())],
        body: Vec::new(),
        limits,
    }
}

/// The typed answer in a body.
pub(super) fn read<T: DeserializeOwned>(
    who: &str,
    response: &HttpResponse,
) -> Result<T, SourceError> {
    if response.status != 200 {
        return Err(refusal(who, response));
    }
    // EXPOSE: into the typed answer, whose secrets are secrets again.
    serde_json::from_slice(response.body.expose())
        .map_err(|error| SourceError::Broken(format!("{who} answered with {}", describe(&error))))
}

/// What a status other than 200 means: 429 and 5xx pass, others do not.
pub(super) fn refusal(who: &str, response: &HttpResponse) -> SourceError {
    let status = response.status;
    // EXPOSE: only the error's code is taken out.
    let body = serde_json::from_slice::<Value>(response.body.expose()).unwrap_or_default();
    let code = body.get("Code").and_then(Value::as_str).unwrap_or_default();
    let is_code = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'_';
    let said = if !code.is_empty() && code.len() <= 128 && code.bytes().all(is_code) {
        format!("{who} refuses: {code} (HTTP {status})")
    } else {
        format!("{who} refuses: HTTP {status}")
    };
    if status == 429 || status >= 500 {
        SourceError::Unreachable(said)
    } else {
        SourceError::Broken(said)
    }
}

/// What is wrong with JSON, without a piece of it: serde's own words quote values.
pub(super) fn describe(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        Category::Data => "JSON in which a field is missing or of the wrong kind",
        Category::Eof => "JSON that ends early",
        Category::Io | Category::Syntax => "what is no JSON",
    };
    format!("{what} (line {}, byte {})", error.line(), error.column())
}
