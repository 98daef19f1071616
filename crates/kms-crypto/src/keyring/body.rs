//! What the root key seals: installation (16 bytes), number of terms (4), and for each
//! term its number (4), when it began (8, seconds) and its key (32).

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{Inner, KeyringError, Term};

const HEAD: usize = 16 + 4;
const TERM: usize = 4 + 8 + 32;

pub(super) fn write(inner: &Inner) -> Zeroizing<Vec<u8>> {
    // Its full size at once: growing would leave copies of keys behind.
    let mut body = Zeroizing::new(Vec::with_capacity(HEAD + TERM * inner.terms.len()));
    body.extend_from_slice(&inner.installation);
    let count = u32::try_from(inner.terms.len()).unwrap_or(u32::MAX);
    body.extend_from_slice(&count.to_be_bytes());
    for term in &inner.terms {
        body.extend_from_slice(&term.number.to_be_bytes());
        body.extend_from_slice(&term.created.as_second().to_be_bytes());
        body.extend_from_slice(term.bytes.as_ref());
    }
    body
}

/// Strict: terms in ascending order, at least one, and nothing behind the last.
pub(super) fn read(body: &[u8]) -> Result<Inner, KeyringError> {
    let (installation, mut rest) = take(body)?;
    let (count, after) = take(rest)?;
    rest = after;
    let mut terms: Vec<Term> = Vec::new();
    for _ in 0..u32::from_be_bytes(count) {
        let (number, after) = take(rest)?;
        let (created, after) = take(after)?;
        let (bytes, after) = take(after)?;
        rest = after;
        let number = u32::from_be_bytes(number);
        if terms.last().is_some_and(|last| last.number >= number) {
            return Err(KeyringError::Damaged);
        }
        let created = Timestamp::from_second(i64::from_be_bytes(created))
            .map_err(|_range| KeyringError::Damaged)?;
        terms.push(Term::new(number, created, Zeroizing::new(bytes))?);
    }
    if terms.is_empty() || !rest.is_empty() {
        return Err(KeyringError::Damaged);
    }
    Ok(Inner {
        installation,
        terms,
    })
}

fn take<const N: usize>(bytes: &[u8]) -> Result<([u8; N], &[u8]), KeyringError> {
    bytes
        .split_first_chunk()
        .map(|(chunk, rest)| (*chunk, rest))
        .ok_or(KeyringError::Damaged)
}

#[cfg(test)]
mod tests;
