//! Calls of a Vault or OpenBao: KV v2 at `secret`, transit at `transit`.

use std::fmt::Write as _;

use crate::{Call, VALUE, VALUE_BASE64};

/// Somebody with a token.
pub(crate) struct Vault {
    token: String,
}

// === impl Vault ===

impl Vault {
    pub(crate) fn new(token: String) -> Self {
        Self { token }
    }

    /// Appends the request.
    pub(crate) fn write(&self, out: &mut String, host: &str, call: Call, name: &str, key: &str) {
        let (path, body) = match call {
            Call::Get | Call::Find => (format!("secret/data/{name}"), String::new()),
            Call::Encrypt => {
                let body = format!(r#"{{"plaintext":"{VALUE_BASE64}"}}"#);
                (format!("transit/encrypt/{key}"), body)
            }
            Call::Fill | Call::Put => {
                let body = format!(r#"{{"data":{{"value":"{VALUE}"}}}}"#);
                (format!("secret/data/{name}"), body)
            }
            // Its list has no pages and no filters.
            Call::List | Call::Filter => ("secret/metadata?list=true".to_owned(), String::new()),
        };
        let method = if body.is_empty() { "GET" } else { "POST" };
        write!(
            out,
            "{method} /v1/{path} HTTP/1.1\r\nHost: {host}\r\nX-Vault-Token: {}\r\n",
            self.token
        )
        .expect("text");
        if !body.is_empty() {
            write!(
                out,
                "Content-Type: application/json\r\nContent-Length: {}\r\n",
                body.len()
            )
            .expect("text");
        }
        out.push_str("\r\n");
        out.push_str(&body);
    }
}
