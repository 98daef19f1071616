//! What Kubernetes takes as keys, no less and no more (reference k8s-sync §2 item 19: the original
//! drops legal ones).

/// A key of a Secret's data.
pub(crate) fn is_secret_key(key: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=253).contains(&key.len()) && key.bytes().all(legal) && key != "." && !key.starts_with("..")
}

/// A label's key: a name, with a domain and a slash in front or without.
pub(crate) fn is_label_key(key: &str) -> bool {
    match key.split_once('/') {
        Some((domain, name)) => is_domain(domain) && is_name(name),
        None => is_name(key),
    }
}

/// An annotation's key: the same, without regard to case.
pub(crate) fn is_annotation_key(key: &str) -> bool {
    is_label_key(&key.to_ascii_lowercase())
}

/// A label's value: empty, or as a name.
pub(crate) fn is_label_value(value: &str) -> bool {
    value.is_empty() || is_name(value)
}

fn is_name(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let is_edge = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    name.len() <= 63
        && name.bytes().all(inner)
        && is_edge(name.bytes().next())
        && is_edge(name.bytes().last())
}

/// RFC 1123's, in lower case: the name of a Secret or ConfigMap.
pub(crate) fn is_domain(domain: &str) -> bool {
    let is_part = |part: &str| {
        let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !part.is_empty()
            && part.bytes().all(legal)
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    domain.len() <= 253 && domain.split('.').all(is_part)
}
