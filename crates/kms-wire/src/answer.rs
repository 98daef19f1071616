use kms_types::RequestId;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::{ApiError, ErrorBody, Params, RawRequest};

mod xml;

/// How an answer is written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Format {
    /// `application/json;charset=utf-8`.
    #[default]
    Json,
    /// `text/xml;charset=utf-8`; the Java cache client always asks for it.
    Xml,
}

/// Writes an answer with its RequestId behind it: raw UTF-8 and no `\uXXXX` for printable
/// text in JSON (reference real-clients §2.3), `root` as the outer element in XML
/// (`GetSecretValueResponse`; clients look at its children only).
///
/// Control characters: JSON writes `\u00XX` where there is no shorter form, for it has no
/// other. XML 1.0 cannot carry them (nor U+FFFE and U+FFFF) in any form, and replacing
/// them would hand out a wrong secret, so such an answer is refused instead.
///
/// # Errors
/// `InvalidParameter` naming `Format`, if XML cannot carry the answer.
pub fn render<T: Serialize>(
    format: Format,
    root: &str,
    request_id: RequestId,
    answer: &T,
) -> Result<Vec<u8>, ApiError> {
    let answer = WithRequestId { answer, request_id };
    // Types of this crate have text for keys and no way to fail.
    let json = serde_json::to_vec(&answer).map_err(|_cannot_be| ApiError::internal())?;
    match format {
        Format::Json => Ok(json),
        Format::Xml => xml::write(root, &Zeroizing::new(json)).map_err(|reason| match reason {
            xml::WriteXmlError::Character => ApiError::invalid_parameter(
                "Format",
                "the answer holds a character that XML cannot carry; ask for JSON",
            ),
            xml::WriteXmlError::Shape => ApiError::internal(),
        }),
    }
}

/// Writes an error for the caller who made it, `host_id` being the host that was asked.
///
/// This is the only way out for what the caller alone may see again, so the bytes are not
/// for logs.
pub fn render_error(
    format: Format,
    error: &ApiError,
    request_id: RequestId,
    host_id: &str,
) -> Vec<u8> {
    let body = ErrorBody {
        code: error.code.as_str().to_owned(),
        message: error.message_with_echo(),
        request_id: request_id.to_string(),
        host_id: host_id.to_owned(),
        recommend: String::new(),
        http_status: error.code.status(),
    };
    // Text and a number always serialise; were it otherwise, the status still says it all.
    let json = serde_json::to_vec(&body).unwrap_or_default();
    match format {
        Format::Json => json,
        Format::Xml => xml::write_lossy("Error", &json).unwrap_or_default(),
    }
}

#[derive(Serialize)]
struct WithRequestId<'a, T> {
    #[serde(flatten)]
    answer: &'a T,
    #[serde(rename = "RequestId")]
    request_id: RequestId,
}

impl Format {
    /// The format that a request asks for, even one that is refused: JSON where its
    /// parameters cannot be read.
    pub fn asked(request: &RawRequest<'_>) -> Self {
        let params = Params::parse(request.query, request.form()).unwrap_or_default();
        Self::parse(params.get("Format"))
    }

    /// By the `Format` parameter, in any case; anything but XML is JSON.
    pub fn parse(text: Option<&str>) -> Self {
        if text.is_some_and(|text| text.eq_ignore_ascii_case("xml")) {
            Self::Xml
        } else {
            Self::Json
        }
    }

    /// The Content-Type of answers so written.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json;charset=utf-8",
            Self::Xml => "text/xml;charset=utf-8",
        }
    }
}

#[cfg(test)]
mod tests;
