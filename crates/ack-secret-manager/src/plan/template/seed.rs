use std::{cell::Cell, fmt};

use aws_lc_rs::digest::{self, SHA256};

/// Where the chance of a template comes from: the same seed gives the same bytes, so that a Secret
/// is not written anew in each round (reference k8s-sync §2 item 19). The caller makes it of the
/// object's uid and a digest of all that goes in, values included: whoever knows neither cannot
/// tell what comes out.
#[derive(Clone, Copy)]
pub struct Seed(pub [u8; 32]);

/// The chance of one template: another's does not move when a template is added.
pub(super) struct Random {
    key: [u8; 32],
    count: Cell<u64>,
}

// === impl Seed ===

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed([redacted])")
    }
}

// === impl Random ===

impl Random {
    /// The chance of the template that goes by this name.
    pub(super) fn new(seed: &Seed, name: &str) -> Self {
        Self {
            key: hash(&[&seed.0, name.as_bytes()]),
            count: Cell::new(0),
        }
    }

    /// The next bytes, which depend on these too: what must not be the same for different inputs
    /// (an initialisation vector) names them.
    pub(super) fn bytes(&self, count: usize, inputs: &[&[u8]]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(count + 32);
        while bytes.len() < count {
            let number = self.count.get();
            self.count.set(number.wrapping_add(1));
            let number = number.to_be_bytes();
            let mut parts: Vec<&[u8]> = vec![&self.key, &number];
            parts.extend_from_slice(inputs);
            bytes.extend_from_slice(&hash(&parts));
        }
        bytes.truncate(count);
        bytes
    }

    /// A number below a limit, each as likely as the others; 0 if there is none.
    pub(super) fn below(&self, limit: u64) -> u64 {
        let Some(rest) = u64::MAX.checked_rem(limit) else {
            return 0;
        };
        loop {
            let bytes = self.bytes(8, &[]);
            let number = bytes
                .iter()
                .fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
            // The last, incomplete run of numbers would favour the small ones.
            if number < u64::MAX - rest || rest + 1 == limit {
                return number % limit;
            }
        }
    }
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Random([redacted])")
    }
}

/// A digest of parts with their lengths, so that no two lists of parts read alike.
fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = digest::Context::new(&SHA256);
    for part in parts {
        context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        context.update(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.finish().as_ref());
    out
}
