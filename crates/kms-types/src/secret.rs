use std::{fmt, sync::Arc};

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

/// A value that must never be seen: no `Display`, no `Serialize`, a `Debug` that
/// tells nothing, wiped when the last owner lets go.
///
/// Clones share one allocation, so a secret is in memory once however many hold it.
pub struct Secret<T: Zeroize>(Arc<Zeroizing<T>>);

impl<T: Zeroize> Secret<T> {
    /// Takes the value into custody.
    pub fn new(value: T) -> Self {
        Self(Arc::new(Zeroizing::new(value)))
    }

    /// Shows the value. Each call outside tests carries a comment `EXPOSE:` that
    /// says where the value goes.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize + AsRef<[u8]>> Secret<T> {
    /// Compares in time that depends on the lengths only.
    pub fn matches(&self, other: &[u8]) -> bool {
        let own: &[u8] = (**self.0).as_ref();
        own.ct_eq(other).into()
    }
}

impl<T: Zeroize> Clone for Secret<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl From<&str> for Secret<String> {
    fn from(value: &str) -> Self {
        Self::new(value.to_owned())
    }
}

#[cfg(test)]
mod tests;
