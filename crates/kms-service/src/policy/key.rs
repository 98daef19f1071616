/// The time of the call; comes from [`super::Call::now`].
pub(super) const CURRENT_TIME: &str = "acs:CurrentTime";

/// Keys that a condition may look at. Each comes in the context of a call, as far as the
/// call has it.
pub const KEYS: &[&str] = &[
    CURRENT_TIME,
    "acs:PrincipalARN",
    "acs:SecureTransport",
    "acs:SourceIp",
    "oidc:aud",
    "oidc:iss",
    "oidc:sub",
    "sts:ExternalId",
];

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
    if own && !KEYS.iter().any(|known| known.eq_ignore_ascii_case(key)) {
        return Err("is a condition key that this server does not support");
    }
    Ok(())
}
