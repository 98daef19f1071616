//! Inputs by chance, the same ones for the same seed.

/// A small generator (splitmix64): quality is no matter here, repeatability is.
pub(crate) struct Chance(u64);

/// What parsers look for: put in at random places, it opens more doors than random bytes.
const TOKENS: &[&str] = &[
    "%",
    "%00",
    "%0A",
    "%25",
    "%C3",
    "&",
    "=",
    "+",
    ";",
    ",",
    "/",
    "..",
    ":",
    "\0",
    "\r\n",
    "\n",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "{",
    "}",
    "[",
    "]",
    "<",
    "]]>",
    "&#1;",
    "-1",
    "0",
    "4294967296",
    "99999999999999999999",
    "1e999",
    "true",
    "null",
    "值",
    "\u{fffe}",
    "😀",
    "Signature=",
    "Credential=",
    "SignedHeaders=host",
    "x-acs-",
    "x-kms-",
    "ACS3-HMAC-SHA256 ",
    "ACS4-HMAC-SHA256 ",
    "Bearer ",
    "$Auto",
    "acs:kms:",
    "secret/",
    "2024-02-30T25:61:61Z",
    "HTTP/1.1\r\n",
    "X-KMS-Token: ",
    "Content-Length: 0\r\n",
    "?versionId=",
    "[Kms]\n",
    "Endpoint = \"http://",
    "-----BEGIN CERTIFICATE-----\n",
    "*",
    "?",
    "acs:ram::",
    "Allow",
    "Deny",
];

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A good input, changed in one to eight places.
    pub(crate) fn spoil(&mut self, good: &[Vec<u8>]) -> Vec<u8> {
        let mut input = self.pick(good).cloned().unwrap_or_default();
        for _ in 0..=self.below(8) {
            self.change(&mut input, good);
        }
        input.truncate(1 << 16);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>, good: &[Vec<u8>]) {
        let at = self.below(input.len() + 1);
        match self.below(8) {
            0 => input.truncate(at),
            1 => {
                let bit = 1 << self.below(8);
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= bit;
                }
            }
            2 => {
                let byte = self.byte();
                input.insert(at, byte);
            }
            3 if at < input.len() => {
                input.remove(at);
            }
            4 => {
                // A piece once more, so that names and headers occur twice.
                let end = (at + self.below(64)).min(input.len());
                let piece = input.get(at..end).unwrap_or_default().to_owned();
                input.splice(at..at, piece);
            }
            5 => {
                // The end of another good input.
                let other = self.pick(good).cloned().unwrap_or_default();
                let from = self.below(other.len() + 1);
                input.truncate(at);
                input.extend_from_slice(other.get(from..).unwrap_or_default());
            }
            6 => {
                let end = (at + self.below(16)).min(input.len());
                input.drain(at..end);
            }
            _ => {
                let token = self.pick(TOKENS).copied().unwrap_or_default();
                input.splice(at..at, token.bytes());
            }
        }
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len().max(1)))
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap_or(0)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
