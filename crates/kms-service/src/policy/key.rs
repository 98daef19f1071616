/// The time of the call; comes from [`super::Call::now`].
pub(super) const CURRENT_TIME: &str = "acs:CurrentTime";

/// Before the key of a tag that a secret or key has, as KMS's manual calls it ("Condition
/// keys").
pub const KMS_TAG: &str = "kms:tag/";
/// The same, as RAM's manual calls it for all services.
pub const RESOURCE_TAG: &str = "acs:ResourceTag/";
/// Before the key of a tag that the call gives.
pub const REQUEST_TAG: &str = "acs:RequestTag/";

/// Keys that a condition may look at. Each comes in the context of a call, as far as the
/// call has it. None has `acs:SourceVpc`: no call comes to this server out of a VPC.
pub const KEYS: &[&str] = &[
    CURRENT_TIME,
    "acs:PrincipalARN",
    "acs:RequestTag/<tag>",
    "acs:ResourceTag/<tag>",
    "acs:SecureTransport",
    "acs:SourceIp",
    "acs:SourceVpc",
    "kms:tag/<tag>",
    "oidc:aud",
    "oidc:iss",
    "oidc:sub",
    "sts:ExternalId",
];

/// What stands in [`KEYS`] for the key of any tag.
const ANY_TAG: &str = "<tag>";

/// Prefixes of keys that are this server's to fill.
const OWN: &[&str] = &["acs", "kms", "oidc", "ram", "saml", "sts"];

/// Refuses what is no key, and keys that the cloud would fill and this server does not.
/// Keys of other services are absent from every call here, as they are in the cloud.
pub(super) fn check(key: &str) -> Result<(), &'static str> {
    let Some((service, name)) = key.split_once(':') else {
        return Err("is not of the form <service>:<key>");
    };
    if service.is_empty() || name.is_empty() {
        return Err("is not of the form <service>:<key>");
    }
    let own = OWN.iter().any(|own| own.eq_ignore_ascii_case(service));
    if own && !KEYS.iter().any(|known| covers(known, key)) {
        return Err("is a condition key that this server does not support");
    }
    Ok(())
}

/// Whether two keys are the same: in upper and lower case, but for the key of a tag, of
/// which there can be two that differ in nothing else.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    let (one, one_tag) = parts(one);
    let (other, other_tag) = parts(other);
    one.eq_ignore_ascii_case(other) && one_tag == other_tag
}

/// Whether the key is that of a tag.
pub(super) fn is_of_tag(key: &str) -> bool {
    parts(key).1.is_some()
}

/// A row of [`KEYS`] and a key.
fn covers(known: &str, key: &str) -> bool {
    let ((known, any), (key, tag)) = (parts(known), parts(key));
    let has_tag = tag.is_some_and(|tag| !tag.is_empty());
    known.eq_ignore_ascii_case(key) && (any == Some(ANY_TAG)) == has_tag
}

/// The key and, behind a slash, that of a tag.
fn parts(key: &str) -> (&str, Option<&str>) {
    match key.split_once('/') {
        Some((key, tag)) => (key, Some(tag)),
        None => (key, None),
    }
}
