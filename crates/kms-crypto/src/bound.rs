/// Facts that a ciphertext is bound to, each with its length in front: ("ab", "c") and
/// ("a", "bc") are different (reference security §6.2).
pub(crate) struct Bound(Vec<u8>);

impl Bound {
    /// Begins with what the ciphertext is for.
    pub(crate) fn to(purpose: &str) -> Self {
        Self(Vec::new()).and(purpose.as_bytes())
    }

    /// One more fact.
    pub(crate) fn and(mut self, fact: &[u8]) -> Self {
        // A `usize` never exceeds 64 bits on a machine that Rust runs on.
        let len = u64::try_from(fact.len()).unwrap_or(u64::MAX);
        self.0.extend_from_slice(&len.to_be_bytes());
        self.0.extend_from_slice(fact);
        self
    }

    /// As the cipher takes it.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}
