//! What makes of lines a chain: numbers without gaps, a keyed code that goes on from line to
//! line, and from time to time a signed digest of everything so far.
//!
//! Whoever holds the store's root key can verify each line; whoever holds the public key
//! alone, each line in front of a checkpoint.

use jiff::Timestamp;
use kms_crypto::{AuditDigest, AuditKeys};

use super::{
    line,
    own::{Begin, Checkpoint, write_time},
};

/// Where a chain has come to. Cloned before lines are tried, so that those that do not
/// reach the disk leave no trace.
#[derive(Clone)]
pub(super) struct Chain {
    pub(super) keys: AuditKeys,
    pub(super) installation: [u8; 16],
    /// The last line's number; 0 before the first one.
    pub(super) seq: u64,
    /// The last line's code; zeros before the first one.
    pub(super) mac: [u8; 32],
    /// Over all lines since the last checkpoint, that one included.
    pub(super) digest: AuditDigest,
    /// How many these are.
    pub(super) since: u64,
}

/// The most lines between two checkpoints.
pub(super) const STRIDE: u64 = 10_000;

// === impl Chain ===

impl Chain {
    /// Before its first line.
    pub(super) fn new(keys: AuditKeys, installation: [u8; 16]) -> Self {
        Self {
            keys,
            installation,
            seq: 0,
            mac: [0; 32],
            digest: AuditDigest::after(&[0; 32]),
            since: 0,
        }
    }

    /// The digest of everything so far.
    pub(super) fn digest(&self) -> [u8; 32] {
        self.digest.value()
    }

    /// Writes one more line, and a checkpoint when one is due.
    pub(super) fn append(&mut self, out: &mut Vec<u8>, body: &[u8], now: Timestamp) {
        self.put(out, body);
        if self.since >= STRIDE {
            self.checkpoint(out, now);
        }
    }

    /// Writes a checkpoint.
    pub(super) fn checkpoint(&mut self, out: &mut Vec<u8>, now: Timestamp) {
        let digest = self.digest();
        let signed = signed_text(&self.installation, self.seq, &digest);
        let checkpoint = Checkpoint {
            time: write_time(now),
            kind: Checkpoint::KIND.to_owned(),
            lines: self.since,
            digest: hex::encode(digest),
            signature: hex::encode(self.keys.sign(&signed)),
        };
        self.put(out, &checkpoint.to_json());
        self.digest = AuditDigest::after(&self.digest());
        self.since = 0;
    }

    /// Writes what a file begins with.
    pub(super) fn begin(&mut self, out: &mut Vec<u8>, server: &str, now: Timestamp) {
        let begin = Begin {
            time: write_time(now),
            kind: Begin::KIND.to_owned(),
            server: server.to_owned(),
            format: Begin::FORMAT,
            installation: hex::encode(self.installation),
            term: self.keys.term(),
            public_key: self.keys.public().to_hex(),
            previous: (self.seq > 0).then(|| hex::encode(self.mac)),
            digest: (self.seq > 0).then(|| hex::encode(self.digest())),
            build: super::record::BUILD.to_owned(),
        };
        // Goes on where the file before it ended, whose digest the next checkpoint covers.
        self.digest = AuditDigest::after(&if self.seq > 0 { self.digest() } else { [0; 32] });
        self.since = 0;
        self.put(out, &begin.to_json());
    }

    fn put(&mut self, out: &mut Vec<u8>, body: &[u8]) {
        let from = out.len();
        self.seq += 1;
        let (keys, previous) = (&self.keys, &self.mac);
        self.mac = line::write(out, self.seq, body, |head| keys.link(previous, head));
        self.digest.update(out.get(from..).unwrap_or_default());
        self.since += 1;
    }
}

/// What a checkpoint's signature is over; every part has a fixed length.
pub(super) fn signed_text(installation: &[u8; 16], seq: u64, digest: &[u8; 32]) -> Vec<u8> {
    [
        b"kms/audit/checkpoint/1".as_slice(),
        installation,
        &seq.to_be_bytes(),
        digest,
    ]
    .concat()
}
