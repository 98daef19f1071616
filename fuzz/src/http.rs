//! Just enough of HTTP/1.1 to turn bytes into a raw request, wrong ones too.

use kms_wire::RawRequest;

/// Shows the bytes as a request: a request line, header lines, an empty line, the body.
/// None if they have not even that shape.
pub(crate) fn with_request<T>(input: &[u8], look: impl FnOnce(&RawRequest<'_>) -> T) -> Option<T> {
    let end = input.windows(4).position(|four| four == b"\r\n\r\n")?;
    let (head, body) = (input.get(..end)?, input.get(end + 4..)?);
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let mut words = std::str::from_utf8(lines.next()?).ok()?.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut headers = Vec::new();
    for line in lines {
        let at = line.iter().position(|byte| *byte == b':')?;
        let name = std::str::from_utf8(line.get(..at)?).ok()?;
        headers.push((name.to_ascii_lowercase(), line.get(at + 1..)?.trim_ascii()));
    }
    let headers: Vec<(&str, &[u8])> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), *value))
        .collect();
    Some(look(&RawRequest {
        method,
        path,
        query,
        headers: &headers,
        body,
    }))
}
