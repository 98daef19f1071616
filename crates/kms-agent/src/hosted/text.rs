//! What stands in a rendered file.

use kms_client::AccessKeyPair;
use kms_types::Secret;
use serde_json::json;

use crate::{RenderFormat, RenderSettings};

/// By this the agent knows a file of its own again: no other is ever replaced.
const MARK: &str = "alibabacloud-kms-agent";

/// The line of files that may have comments.
const COMMENT: &str =
    "# Written by alibabacloud-kms-agent, which replaces this file when the key is rotated.\n";

/// The whole file. `None` if the key has characters that would not be themselves in every one
/// of the formats; keys of the cloud have letters and digits.
pub(super) fn text(
    settings: &RenderSettings,
    region: &str,
    key: &AccessKeyPair,
) -> Option<Secret<String>> {
    let id = key.id.as_str();
    // EXPOSE: into the file that was asked for, whose mode keeps others out.
    let secret = key.secret.expose();
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"+/=_.-".contains(&b);
    if !secret.bytes().all(plain) {
        return None;
    }
    let name = &settings.profile;
    let text = match settings.format {
        RenderFormat::Profile => {
            let config = json!({
                "written_by": MARK,
                "current": name,
                "profiles": [{
                    "name": name, "mode": "AK", "access_key_id": id, "access_key_secret": secret,
                    "region_id": region, "output_format": "json", "language": "en",
                }],
            });
            format!("{config:#}\n")
        }
        // Some of the official SDKs pass over a section that does not say `enable`.
        RenderFormat::Ini => format!(
            "{COMMENT}[{name}]\nenable = true\ntype = access_key\naccess_key_id = {id}\n\
             access_key_secret = {secret}\n"
        ),
        RenderFormat::Env => format!(
            "{COMMENT}ALIBABA_CLOUD_ACCESS_KEY_ID={id}\nALIBABA_CLOUD_ACCESS_KEY_SECRET={secret}\n"
        ),
    };
    Some(Secret::new(text))
}

/// Whether the agent wrote this.
pub(super) fn is_ours(format: RenderFormat, content: &[u8]) -> bool {
    match format {
        RenderFormat::Profile => serde_json::from_slice::<serde_json::Value>(content)
            .is_ok_and(|config| config.get("written_by").is_some_and(|by| by == MARK)),
        RenderFormat::Ini | RenderFormat::Env => content.starts_with(COMMENT.as_bytes()),
    }
}

#[cfg(test)]
mod tests;
