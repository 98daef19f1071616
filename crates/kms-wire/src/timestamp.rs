use jiff::Timestamp;

/// Writes a moment as everything on this wire does: `YYYY-MM-DDThh:mm:ssZ`, UTC, whole
/// seconds.
pub fn write_timestamp(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Reads `YYYY-MM-DDThh:mm:ssZ` and nothing else that jiff would also read.
pub fn parse_timestamp(text: &str) -> Option<Timestamp> {
    let is_shaped = text.len() == 20
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            10 => byte == b'T',
            13 | 16 => byte == b':',
            19 => byte == b'Z',
            _ => byte.is_ascii_digit(),
        });
    text.parse().ok().filter(|_moment| is_shaped)
}
