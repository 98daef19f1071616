use bstr::ByteSlice as _;

/// Lines that begin with `#`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Comments {
    /// Are none of the pairs: in the function parseKeyValue.
    Skipped,
    /// Are lines as others: in what a template with `templateAs: KeysAndValues` gives.
    Kept,
}

/// Keys and values of lines `key=value`, without the blanks around them. A line without `=` says
/// nothing.
pub(super) fn parse(text: &[u8], comments: Comments) -> impl Iterator<Item = (&[u8], &[u8])> {
    text.lines().filter_map(move |line| {
        let line = line.trim();
        if comments == Comments::Skipped && line.starts_with(b"#") {
            return None;
        }
        let (key, value) = line.split_once_str("=")?;
        Some((key.trim(), value.trim()))
    })
}
