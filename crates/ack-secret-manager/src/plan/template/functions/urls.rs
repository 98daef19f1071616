//! Sprig's URLs: Go's `net/url`, as far as its dicts show it.

use std::collections::BTreeMap;

use bstr::ByteSlice as _;

use super::{Args, Fault, Function, Map, Text, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("urlParse", 1, |_, args| {
        let url = Url::parse(args.text(0)?).ok_or_else(|| Fault::new("this is no URL"))?;
        Ok(Value::map(url.dict()))
    }),
    Function::new("urlJoin", 1, |_, args| Ok(Value::text(join(args)?))),
];

/// A URL with its parts unescaped.
#[derive(Debug, Default)]
struct Url {
    scheme: Vec<u8>,
    opaque: Vec<u8>,
    user: Option<Vec<u8>>,
    host: Vec<u8>,
    path: Vec<u8>,
    query: Vec<u8>,
    fragment: Vec<u8>,
}

/// Which part of a URL is written: each leaves other characters as they are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Part {
    Path,
    User,
    Host,
    Fragment,
    Query,
}

/// `url.QueryEscape`.
pub(super) fn escape_query(text: &[u8]) -> Vec<u8> {
    escape(text, Part::Query)
}

fn escape(text: &[u8], part: Part) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        if is_kept(*byte, part) {
            out.push(*byte);
        } else if *byte == b' ' && part == Part::Query {
            out.push(b'+');
        } else {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        }
    }
    out
}

fn is_kept(byte: u8, part: Part) -> bool {
    let more: &[u8] = match part {
        Part::Path => b"$&+,/:;=@",
        Part::User => b"$&+,;=",
        Part::Host => b"!$&'()*+,;=:[]<>\"",
        Part::Fragment => b"$&+,/:;=?@!()*",
        Part::Query => b"",
    };
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) || more.contains(&byte)
}

fn unescape(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        if *byte == b'%' {
            let (digits, after) = after.split_at_checked(2)?;
            out.extend(data_encoding::HEXLOWER_PERMISSIVE.decode(digits).ok()?);
            rest = after;
        } else {
            out.push(*byte);
            rest = after;
        }
    }
    Some(out)
}

// === impl Url ===

impl Url {
    fn parse(text: &[u8]) -> Option<Self> {
        let mut url = Self::default();
        if text.iter().any(u8::is_ascii_control) {
            return None;
        }
        let (text, fragment) = text.split_once_str("#").unwrap_or((text, b""));
        url.fragment = unescape(fragment)?;
        let (scheme, rest) = scheme(text)?;
        url.scheme = scheme.to_ascii_lowercase();
        let (rest, query) = rest.split_once_str("?").unwrap_or((rest, b""));
        url.query = query.to_vec();
        if !rest.starts_with(b"/") {
            if !url.scheme.is_empty() {
                url.opaque = rest.to_vec();
                return Some(url);
            }
            // The first part of a path would be read as a scheme.
            if rest.split_str("/").next()?.contains(&b':') {
                return None;
            }
        }
        let has_authority = !url.scheme.is_empty() || !rest.starts_with(b"///");
        let path = match rest.strip_prefix(b"//").filter(|_| has_authority) {
            Some(after) => {
                let end = after.find_byte(b'/').unwrap_or(after.len());
                let (authority, path) = after.split_at_checked(end)?;
                url.authority(authority)?;
                path
            }
            None => rest,
        };
        url.path = unescape(path)?;
        Some(url)
    }

    fn authority(&mut self, text: &[u8]) -> Option<()> {
        let host = match text.rsplit_once_str("@") {
            Some((user, host)) => {
                self.user = Some(userinfo(user)?);
                host
            }
            None => text,
        };
        if host.iter().any(|byte| b" /?".contains(byte)) {
            return None;
        }
        let port = match host.strip_prefix(b"[") {
            Some(rest) => rest.split_once_str("]")?.1,
            None => host
                .find_byte(b':')
                .and_then(|at| host.get(at..))
                .unwrap_or_default(),
        };
        let digits = port.strip_prefix(b":").unwrap_or(port);
        let legal =
            port.is_empty() || (port.starts_with(b":") && digits.iter().all(u8::is_ascii_digit));
        self.host = unescape(host)?;
        legal.then_some(())
    }

    fn hostname(&self) -> &[u8] {
        match self.host.strip_prefix(b"[") {
            Some(rest) => rest.split_once_str("]").map_or(rest, |(name, _)| name),
            None => self.host.split_str(":").next().unwrap_or_default(),
        }
    }

    fn dict(self) -> BTreeMap<Text, Value> {
        let hostname = self.hostname().to_vec();
        let parts = [
            ("scheme", self.scheme),
            ("host", self.host),
            ("hostname", hostname),
            ("path", self.path),
            ("query", self.query),
            ("opaque", self.opaque),
            ("fragment", self.fragment),
            ("userinfo", self.user.unwrap_or_default()),
        ];
        let entries = parts.into_iter();
        entries
            .map(|(name, part)| (Text::from(name.as_bytes()), Value::text(part)))
            .collect()
    }
}

/// The scheme and what is behind it; without one, all is behind it.
fn scheme(text: &[u8]) -> Option<(&[u8], &[u8])> {
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at > 0 => return Some((text.get(..at)?, text.get(at + 1..)?)),
            b':' => return None,
            _ => break,
        }
    }
    Some((b"", text))
}

/// User and password, escaped as Go writes them.
fn userinfo(text: &[u8]) -> Option<Vec<u8>> {
    let legal = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(byte);
    if !text.iter().all(legal) {
        return None;
    }
    let part = |text: &[u8]| unescape(text).map(|text| escape(&text, Part::User));
    Some(match text.split_once_str(":") {
        Some((user, password)) => [&part(user)?[..], b":", &part(password)?].concat(),
        None => part(text)?,
    })
}

/// A text of the dict, empty if there is none.
fn part(map: &Map, name: &str) -> Result<Vec<u8>, Fault> {
    match map.get(name.as_bytes()) {
        None => Ok(Vec::new()),
        Some(Value::Text(text)) => Ok(text.to_vec()),
        Some(other) => {
            let other = other.type_name();
            Err(Fault::new(format!("{name} is {other}, not string")))
        }
    }
}

fn join(args: Args<'_>) -> Result<Vec<u8>, Fault> {
    let map = args.map(0)?;
    let (scheme, host, path) = (part(map, "scheme")?, part(map, "host")?, part(map, "path")?);
    let (opaque, query) = (part(map, "opaque")?, part(map, "query")?);
    let (fragment, user) = (part(map, "fragment")?, part(map, "userinfo")?);
    let user = if user.is_empty() {
        None
    } else {
        Some(userinfo(&user).ok_or_else(|| Fault::new("userinfo cannot stand in a URL"))?)
    };
    let mut out = Vec::new();
    if !scheme.is_empty() {
        out.extend_from_slice(&scheme);
        out.push(b':');
    }
    if opaque.is_empty() {
        let has_place = !host.is_empty() || user.is_some();
        if has_place || (!scheme.is_empty() && !path.is_empty()) {
            out.extend_from_slice(b"//");
        }
        if let Some(user) = user {
            out.extend_from_slice(&user);
            out.push(b'@');
        }
        out.extend_from_slice(&escape(&host, Part::Host));
        let path = if path == b"*" {
            path
        } else {
            escape(&path, Part::Path)
        };
        if !path.is_empty() && !path.starts_with(b"/") && !host.is_empty() {
            out.push(b'/');
        }
        let first = path.split_str("/").next().unwrap_or_default();
        if out.is_empty() && first.contains(&b':') {
            out.extend_from_slice(b"./");
        }
        out.extend_from_slice(&path);
    } else {
        out.extend_from_slice(&opaque);
    }
    if !query.is_empty() {
        out.push(b'?');
        out.extend_from_slice(&query);
    }
    if !fragment.is_empty() {
        out.push(b'#');
        out.extend_from_slice(&escape(&fragment, Part::Fragment));
    }
    Ok(out)
}
