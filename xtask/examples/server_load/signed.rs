//! Calls of a KMS, signed with V3.

use std::fmt::Write as _;

use kms_types::{Clock as _, Secret, SystemClock};
use kms_wire::{
    Params,
    sign::{SigningKey, Unsigned, sign_acs3},
};

use crate::{Call, PAGE, VALUE, VALUE_BASE64};

/// Somebody with an AccessKey.
pub(crate) struct Signed {
    key: SigningKey,
    /// What makes the nonces of this run others than those before.
    run: i128,
}

// === impl Signed ===

impl Signed {
    /// Of the lines that `kms-server init` writes.
    pub(crate) fn new(lines: &str) -> Self {
        let value = |name: &str| {
            let line = lines.lines().find_map(|line| {
                let line = line.strip_prefix("export ").unwrap_or(line);
                line.strip_prefix(name)?.strip_prefix('=')
            });
            line.expect("both halves of an AccessKey").to_owned()
        };
        Self {
            key: SigningKey {
                access_key_id: value("ALIBABA_CLOUD_ACCESS_KEY_ID").parse().expect("an id"),
                access_key_secret: Secret::new(value("ALIBABA_CLOUD_ACCESS_KEY_SECRET")),
                security_token: None,
            },
            run: SystemClock.now().as_nanosecond(),
        }
    }

    /// Appends the request.
    pub(crate) fn write(
        &self,
        out: &mut String,
        host: &str,
        call: Call,
        (name, key, page): (&str, &str, u64),
        number: u64,
    ) {
        let mut params = Params::default();
        let action = match call {
            Call::Fill => {
                params.push("SecretName", name);
                params.push("SecretData", VALUE);
                params.push("VersionId", "v1");
                "CreateSecret"
            }
            Call::Get | Call::Find => {
                params.push("SecretName", name);
                "GetSecretValue"
            }
            Call::Encrypt => {
                params.push("KeyId", key);
                params.push("Plaintext", VALUE_BASE64);
                "Encrypt"
            }
            Call::Put => {
                params.push("SecretName", name);
                params.push("SecretData", VALUE);
                params.push("VersionId", format!("v-{:x}-{number}", self.run));
                "PutSecretValue"
            }
            Call::List => {
                params.push("PageNumber", page.to_string());
                params.push("PageSize", PAGE.to_string());
                "ListSecrets"
            }
            Call::Filter => {
                let filter = format!(r#"[{{"Key":"SecretName","Values":["{name}"]}}]"#);
                params.push("Filters", filter);
                "ListSecrets"
            }
        };
        let nonce = format!("{number:016x}{:016x}", self.run);
        let call = Unsigned {
            version: "2016-01-20",
            action,
            params: &params,
            host,
            user_agent: "bench",
            provider: "",
            now: SystemClock.now(),
            nonce: &nonce,
        };
        let signed = sign_acs3(&call, &self.key);
        write!(out, "{} {} HTTP/1.1\r\n", signed.method, signed.target).expect("text");
        for (name, value) in &signed.headers {
            out.extend([name, ": ", value, "\r\n"]);
        }
        // Short calls go into the query, so that there is no body to send.
        assert!(signed.body.is_empty(), "a call with a body");
        out.push_str("\r\n");
    }
}
