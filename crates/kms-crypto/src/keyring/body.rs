//! What the root key seals: installation (16 bytes), number of terms (4), and for each
//! term its number (4), when it began (8, seconds) and its key (32). Behind the terms, if one
//! was taken away, what the audit log's keys are derived from: the first term's number (4) and
//! HKDF's pseudorandom key (32).

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{AuditHeir, Inner, KeyringError, Term};

const HEAD: usize = 16 + 4;
const TERM: usize = 4 + 8 + 32;
const HEIR: usize = 4 + 32;

pub(super) fn write(inner: &Inner) -> Zeroizing<Vec<u8>> {
    // Its full size at once: growing would leave copies of keys behind.
    let mut body = Zeroizing::new(Vec::with_capacity(HEAD + TERM * inner.terms.len() + HEIR));
    body.extend_from_slice(&inner.installation);
    let count = u32::try_from(inner.terms.len()).unwrap_or(u32::MAX);
    body.extend_from_slice(&count.to_be_bytes());
    for term in &inner.terms {
        body.extend_from_slice(&term.number.to_be_bytes());
        body.extend_from_slice(&term.created.as_second().to_be_bytes());
        body.extend_from_slice(term.bytes.as_ref());
    }
    if let Some(heir) = &inner.heir {
        body.extend_from_slice(&heir.term.to_be_bytes());
        body.extend_from_slice(heir.prk.as_ref());
    }
    body
}

/// Strict: terms in ascending order, at least one, and nothing behind what is expected.
pub(super) fn read(body: &[u8], has_heir: bool) -> Result<Inner, KeyringError> {
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
    let mut heir = None;
    if has_heir {
        let (term, after) = take(rest)?;
        let (prk, after) = take(after)?;
        rest = after;
        let term = u32::from_be_bytes(term);
        // It is of a term that is gone, and was before all others.
        if terms.first().is_none_or(|first| first.number <= term) {
            return Err(KeyringError::Damaged);
        }
        let prk = Zeroizing::new(prk);
        heir = Some(AuditHeir { term, prk });
    }
    if terms.is_empty() || !rest.is_empty() {
        return Err(KeyringError::Damaged);
    }
    Ok(Inner {
        installation,
        terms,
        heir,
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
