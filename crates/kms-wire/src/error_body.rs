use serde::Serialize;
use serde_json::{Map, Value};

/// The body of an error as clients read it (reference kms-api §1.8): the union of what
/// the gateway and KMS itself send. All fields but `HttpStatus` are strings, because
/// one official SDK panics on anything else.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ErrorBody {
    /// The code.
    pub code: String,
    /// For people.
    pub message: String,
    /// The request's id.
    pub request_id: String,
    /// The host that was asked.
    pub host_id: String,
    /// Where to read more; empty.
    pub recommend: String,
    /// The HTTP status once more.
    pub http_status: u16,
}

impl ErrorBody {
    /// Reads the body of an answer that says no, tolerantly: any field may be absent,
    /// text or number, and names may begin with a small letter. None if it is no JSON
    /// object with a code.
    ///
    /// The message is cut before a string to sign or a canonical request: gateways append
    /// them, and they hold the request's parameters and its token.
    pub fn parse(body: &[u8]) -> Option<Self> {
        let fields: Map<String, Value> = serde_json::from_slice(body).ok()?;
        let text = |name: &str| text(&fields, name);
        Some(Self {
            code: text("Code").filter(|code| !code.is_empty())?,
            message: without_echo(text("Message").unwrap_or_default()),
            request_id: text("RequestId").unwrap_or_default(),
            host_id: text("HostId").unwrap_or_default(),
            recommend: text("Recommend").unwrap_or_default(),
            http_status: text("HttpStatus")
                .and_then(|status| status.parse().ok())
                .unwrap_or_default(),
        })
    }
}

fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    let value = fields.get(name).or_else(|| {
        let (_, value) = fields
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))?;
        Some(value)
    })?;
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn without_echo(mut message: String) -> String {
    let lower = message.to_ascii_lowercase();
    let echo = [
        "server string to sign",
        "stringtosign",
        "canonicalrequest",
        "canonical request",
    ]
    .into_iter()
    .filter_map(|mark| lower.find(mark))
    .min();
    if let Some(at) = echo {
        message.truncate(at);
        message.truncate(message.trim_end().len());
    }
    message
}

#[cfg(test)]
mod tests;
