//! A line as it lies in a file: `{"seq":N,` what it says `,"mac":"…"}`. The code at its end
//! is over everything in front of it, and over the code of the line before.

/// A line taken apart. Only the form that [`write()`] gives it is taken: there is one way to
/// write a line, so that no change of it goes unnoticed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Line<'a> {
    /// Its number, from 1, without gaps.
    pub(super) seq: u64,
    /// What the code is over.
    pub(super) head: &'a [u8],
    /// The code.
    pub(super) mac: [u8; 32],
}

const START: &[u8] = b"{\"seq\":";
const MAC: &[u8] = b",\"mac\":\"";
const END: &[u8] = b"\"}";
const DIGITS: usize = 64;

/// The longest that is read as one line. The longest that is written has 50 names of 512
/// bytes.
pub(super) const LONGEST: usize = 256 << 10;

// === impl Line ===

impl<'a> Line<'a> {
    /// Takes a line apart, its line feed taken off.
    pub(super) fn parse(line: &'a [u8]) -> Option<Self> {
        let (head, tail) = line.split_at_checked(line.len().checked_sub(TAIL)?)?;
        let digits = tail.strip_prefix(MAC)?.strip_suffix(END)?;
        let mut mac = [0; 32];
        hex::decode_to_slice(digits, &mut mac).ok()?;
        if hex::encode(mac).as_bytes() != digits {
            return None;
        }
        let rest = head.strip_prefix(START)?;
        let number = rest.split(|byte| *byte == b',').next()?;
        if !number.iter().all(u8::is_ascii_digit) || number.first() == Some(&b'0') {
            return None;
        }
        let seq = std::str::from_utf8(number).ok()?.parse().ok()?;
        Some(Self { seq, head, mac })
    }

    /// What the line says, as JSON.
    pub(super) fn json(&self) -> Vec<u8> {
        [self.head, b"}"].concat()
    }
}

const TAIL: usize = MAC.len() + DIGITS + END.len();

/// Writes a line: `body` is a JSON object with at least one member. What the code is, is
/// said by `link`, and given back.
pub(super) fn write(
    out: &mut Vec<u8>,
    seq: u64,
    body: &[u8],
    link: impl FnOnce(&[u8]) -> [u8; 32],
) -> [u8; 32] {
    let from = out.len();
    out.extend_from_slice(START);
    out.extend_from_slice(seq.to_string().as_bytes());
    out.push(b',');
    let inside = body
        .strip_prefix(b"{")
        .and_then(|body| body.strip_suffix(b"}"));
    out.extend_from_slice(inside.unwrap_or_default());
    let mac = link(out.get(from..).unwrap_or_default());
    out.extend_from_slice(MAC);
    let mut digits = [0; DIGITS];
    // There is room for all of them.
    let _is_written = hex::encode_to_slice(mac, &mut digits);
    out.extend_from_slice(&digits);
    out.extend_from_slice(END);
    out.push(b'\n');
    mac
}

#[cfg(test)]
mod tests;
