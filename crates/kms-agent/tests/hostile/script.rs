//! Requests as text files, so that what is sent can be read:
//!
//! ```text
//! @ Server: MaxConn = 3          a line of config.toml, for all cases of the file
//! == what the case is about
//! > GET /v1/foo HTTP/1.1         a line, sent with CR LF; `\` at its end leaves them out
//! > {host}                       Host: localhost:<port>
//! > {token}                      X-KMS-Token: <token>
//! >
//! = 200 403 close calls=1        the answers' statuses; `close`: the agent ends the
//!                                connection; how many calls reach KMS, none unless said
//! ```
//!
//! `{port}`, `{TOKEN}`, `{a * 60000}` and `{lines 90}` (as many header lines) stand for
//! what they say; `\xHH`, `\r`, `\n`, `\t` and `\\` are bytes.

use std::fmt::Write as _;

use kms_testkit::agent::TOKEN;

/// One file.
#[derive(Debug, Default)]
pub(crate) struct Script {
    pub(crate) config: Vec<(String, String)>,
    pub(crate) cases: Vec<Case>,
}

/// One request, or what passes for one, and what has to come back.
#[derive(Debug, Default)]
pub(crate) struct Case {
    pub(crate) title: String,
    lines: Vec<String>,
    pub(crate) statuses: Vec<u16>,
    pub(crate) close: bool,
    pub(crate) calls: usize,
}

impl Script {
    pub(crate) fn parse(text: &str) -> Self {
        let mut script = Self::default();
        for line in text.lines() {
            let (kind, rest) = line.split_at(line.len().min(1));
            let rest = rest.strip_prefix(' ').unwrap_or(rest);
            match kind {
                "" | "#" => {}
                "@" => {
                    let (section, line) = rest.split_once(": ").unwrap();
                    script.config.push((section.to_owned(), line.to_owned()));
                }
                "=" if line.starts_with("==") => script.cases.push(Case {
                    title: line.trim_start_matches("==").trim().to_owned(),
                    ..Case::default()
                }),
                ">" => script.last().lines.push(rest.to_owned()),
                "=" => script.last().expect(rest),
                _ => panic!("what is this line? {line}"),
            }
        }
        script
    }

    fn last(&mut self) -> &mut Case {
        self.cases.last_mut().expect("a case begins with ==")
    }
}

impl Case {
    fn expect(&mut self, words: &str) {
        for word in words.split_ascii_whitespace() {
            if word == "close" {
                self.close = true;
            } else if let Some(calls) = word.strip_prefix("calls=") {
                self.calls = calls.parse().unwrap();
            } else {
                self.statuses.push(word.parse().unwrap());
            }
        }
        assert!(self.close || !self.statuses.is_empty(), "{}", self.title);
    }

    /// The bytes to send.
    pub(crate) fn bytes(&self, port: u16) -> Vec<u8> {
        let mut bytes = Vec::new();
        for line in &self.lines {
            let (line, end) = match line.strip_suffix('\\') {
                Some(line) if !line.ends_with('\\') => (line, ""),
                _ => (line.as_str(), "\r\n"),
            };
            bytes.extend(unescape(&expand(line, port)));
            bytes.extend_from_slice(end.as_bytes());
        }
        bytes
    }
}

fn expand(line: &str, port: u16) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, inner)) = rest.split_once('{') {
        let (word, after) = inner.split_once('}').expect("a closing brace");
        out.push_str(before);
        match word {
            "host" => write!(out, "Host: localhost:{port}").unwrap(),
            "token" => write!(out, "X-KMS-Token: {TOKEN}").unwrap(),
            "port" => write!(out, "{port}").unwrap(),
            "TOKEN" => out.push_str(TOKEN),
            _ => match (word.split_once(" * "), word.strip_prefix("lines ")) {
                (Some((text, count)), _) => out.push_str(&text.repeat(count.parse().unwrap())),
                (_, Some(count)) => {
                    let lines: Vec<_> = (0..count.parse::<usize>().unwrap())
                        .map(|number| format!("X-Line-{number}: x"))
                        .collect();
                    out.push_str(&lines.join("\r\n"));
                }
                _ => panic!("what is {{{word}}}?"),
            },
        }
        rest = after;
    }
    out + rest
}

fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            continue;
        }
        match chars.next() {
            Some('r') => bytes.push(b'\r'),
            Some('n') => bytes.push(b'\n'),
            Some('t') => bytes.push(b'\t'),
            Some('s') => bytes.push(b' '),
            Some('\\') => bytes.push(b'\\'),
            Some('x') => {
                let digits: String = chars.by_ref().take(2).collect();
                bytes.push(u8::from_str_radix(&digits, 16).unwrap());
            }
            other => panic!("what is \\{other:?}?"),
        }
    }
    bytes
}
