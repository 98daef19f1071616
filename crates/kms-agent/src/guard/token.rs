use aws_lc_rs::digest::{SHA256, SHA256_OUTPUT_LEN, digest};
use kms_types::Secret;
use subtle::{Choice, ConstantTimeEq};

/// The tokens that open the agent, as digests: comparing those of one length tells
/// nothing about the token, not even how long it is.
#[derive(Clone)]
pub struct AcceptedTokens(Vec<[u8; SHA256_OUTPUT_LEN]>);

impl AcceptedTokens {
    /// One token, or two while an old one is being replaced. Empty ones open nothing.
    pub fn new<'a>(tokens: impl IntoIterator<Item = &'a Secret<String>>) -> Self {
        Self(
            tokens
                .into_iter()
                // EXPOSE: into its digest.
                .map(Secret::expose)
                .filter(|token| !token.is_empty())
                .map(|token| sha256(token.as_bytes()))
                .collect(),
        )
    }

    /// Whether the presented token is one of them, in constant time.
    pub fn accept(&self, presented: &[u8]) -> bool {
        let presented = sha256(presented);
        let mut found = Choice::from(0);
        for own in &self.0 {
            found |= own.as_slice().ct_eq(&presented);
        }
        found.into()
    }
}

impl std::fmt::Debug for AcceptedTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AcceptedTokens({})", self.0.len())
    }
}

fn sha256(bytes: &[u8]) -> [u8; SHA256_OUTPUT_LEN] {
    let mut out = [0; SHA256_OUTPUT_LEN];
    out.copy_from_slice(digest(&SHA256, bytes).as_ref());
    out
}

#[cfg(test)]
mod tests;
