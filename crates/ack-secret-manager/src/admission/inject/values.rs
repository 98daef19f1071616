use std::{fmt, str::FromStr};

use thiserror::Error;

/// Text that is not what is wanted. The text itself is not repeated.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("not {expected}")]
pub struct ParseValueError {
    expected: &'static str,
}

macro_rules! value {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $is:path) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, PartialEq)]
        pub struct $name(String);

        impl $name {
            /// As text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = ParseValueError;

            fn from_str(text: &str) -> Result<Self, ParseValueError> {
                if $is(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(ParseValueError { expected: $expected })
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

value! {
    /// An image's name, with a tag or a digest as a rule.
    Image, "an image such as registry.example.com/kms-agent:1.0", is_image
}

value! {
    /// The name of a ConfigMap or a Secret.
    ObjectName, "a name of 1 to 253 lower-case letters, digits, hyphens and dots", is_object_name
}

value! {
    /// An amount of a resource: 50m, 64Mi.
    Quantity, "an amount such as 50m or 64Mi", is_quantity
}

value! {
    /// An ACK cluster's id, after which its OIDC provider is named.
    ClusterId, "a cluster's id of 1 to 64 letters, digits and hyphens", is_cluster_id
}

value! {
    /// A folder in a container.
    MountPath, "a folder such as /var/run/kms, without . and .., a colon or a slash at its end", is_mount_path
}

// === impl Quantity ===

impl Quantity {
    /// One of ours.
    pub(super) fn of(text: &'static str) -> Self {
        Self(text.to_owned())
    }
}

/// What Kubernetes takes is looked at by whoever pulls it; here only what cannot be one.
fn is_image(text: &str) -> bool {
    (1..=512).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_graphic())
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// RFC 1123, as Kubernetes has it.
fn is_object_name(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

fn is_cluster_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

const SUFFIXES: [&str; 12] = [
    "", "m", "k", "M", "G", "T", "P", "Ki", "Mi", "Gi", "Ti", "Pi",
];

fn is_quantity(text: &str) -> bool {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let (whole, rest) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    (1..=20).contains(&text.len())
        && digits(whole)
        && digits(rest)
        && number.bytes().any(|b| (b'1'..=b'9').contains(&b))
        && SUFFIXES.contains(&suffix)
}

fn is_mount_path(text: &str) -> bool {
    let clean = |part: &str| !matches!(part, "" | "." | "..");
    text.len() <= 1024
        && text
            .bytes()
            .all(|b| (b.is_ascii_graphic() || b == b' ') && b != b':')
        && text
            .strip_prefix('/')
            .is_some_and(|rest| rest.split('/').all(clean))
}

#[cfg(test)]
mod tests;
