use std::{collections::VecDeque, time::Duration};

use serde_json::json;

use super::Call;

/// What a call is answered with.
#[derive(Clone, Debug)]
pub enum Reply {
    /// 200 and the value as text, in the version and stage that were asked for, else
    /// `v2` and `ACSCurrent`.
    Text(String),
    /// The same, binary: base64.
    Binary(String),
    /// An error of KMS.
    Error {
        /// The HTTP status.
        status: u16,
        /// The code.
        code: &'static str,
        /// The message.
        message: String,
    },
    /// A body as it is, with its right length.
    Body(u16, Vec<u8>),
    /// These bytes instead of an HTTP answer; then the connection is closed.
    Wire(Vec<u8>),
    /// 200, `Content-Length` of 10 GB, and bytes for as long as they are taken.
    Endless,
    /// Nothing, until the other end gives up.
    Never,
    /// The connection is closed without a byte.
    HangUp,
    /// The reply, later.
    After(Duration, Box<Reply>),
    /// One after the other; the last for ever.
    InTurn(VecDeque<Reply>),
}

/// What goes over the wire.
pub(super) enum Bytes {
    Answer(Vec<u8>),
    ThenClose(Vec<u8>),
    Endless,
    Never,
    Later(Duration, Box<Bytes>),
}

impl Reply {
    /// The secret does not exist.
    pub fn not_found() -> Self {
        Self::Error {
            status: 404,
            code: "Forbidden.ResourceNotFound",
            message: "The specified resource is not found.".to_owned(),
        }
    }

    /// The identity may not read it.
    pub fn forbidden() -> Self {
        Self::Error {
            status: 403,
            code: "Forbidden.NoPermission",
            message: "This operation is forbidden by permission system.".to_owned(),
        }
    }

    /// KMS is out of order.
    pub fn unavailable() -> Self {
        Self::Error {
            status: 503,
            code: "ServiceUnavailableTemporary",
            message: "The request has failed due to a temporary failure of the server.".to_owned(),
        }
    }

    /// A list of replies, used up one by one but for the last.
    pub fn in_turn(replies: impl IntoIterator<Item = Self>) -> Self {
        Self::InTurn(replies.into_iter().collect())
    }

    /// Takes what is due for this call.
    pub(super) fn next(&mut self, call: &Call, number: usize) -> Bytes {
        let request_id = format!("00000000-0000-4000-8000-{number:012}");
        match self {
            Self::Text(data) => Bytes::Answer(value(call, &request_id, "text", data)),
            Self::Binary(data) => Bytes::Answer(value(call, &request_id, "binary", data)),
            Self::Error {
                status,
                code,
                message,
            } => Bytes::Answer(http(
                *status,
                json!({
                    "Code": code, "Message": message, "RequestId": request_id,
                    "HostId": "kms.cn-hangzhou.aliyuncs.com", "Recommend": ""
                })
                .to_string()
                .as_bytes(),
            )),
            Self::Body(status, body) => Bytes::Answer(http(*status, body)),
            Self::Wire(bytes) => Bytes::ThenClose(bytes.clone()),
            Self::HangUp => Bytes::ThenClose(Vec::new()),
            Self::Endless => Bytes::Endless,
            Self::Never => Bytes::Never,
            Self::After(pause, reply) => Bytes::Later(*pause, Box::new(reply.next(call, number))),
            Self::InTurn(replies) => {
                let due = match replies.len() {
                    0 | 1 => replies.front().cloned(),
                    _ => replies.pop_front(),
                };
                due.unwrap_or(Self::HangUp).next(call, number)
            }
        }
    }
}

/// As KMS writes it; the field names are those of seed 002's sample. And as OOS does (2019-06-01,
/// GetSecretParameter), whatever the type.
fn value(call: &Call, request_id: &str, data_type: &str, data: &str) -> Vec<u8> {
    if call.action == "GetSecretParameter" {
        let body = json!({
            "RequestId": request_id,
            "Parameter": {
                "Id": "p-00000000000000000000",
                "Name": call.secret,
                "ParameterVersion": 1,
                "Type": "Secret",
                "Value": data,
            },
        });
        return http(200, body.to_string().as_bytes());
    }
    let version = call.version_id.as_deref().unwrap_or("v2");
    let stage = call.version_stage.as_deref().unwrap_or("ACSCurrent");
    let body = json!({
        "CreateTime": "2025-01-03T07:59:17Z",
        "RequestId": request_id,
        "SecretData": data,
        "SecretDataType": data_type,
        "SecretName": call.secret,
        "SecretType": "Generic",
        "VersionId": version,
        "VersionStages": {"VersionStage": [stage]},
    });
    http(200, body.to_string().as_bytes())
}

fn http(status: u16, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut bytes = format!(
        "HTTP/1.1 {status} Status\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}
