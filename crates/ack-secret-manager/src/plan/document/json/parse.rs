use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::super::{DEPTH, DocumentError, Text, Tree};

struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

/// Whether the original takes a document for JSON: it parses, and begins with `{` or `[` at once.
pub(in crate::plan) fn is_document(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(b'{' | b'[')) && parse(bytes).is_ok()
}

/// As `json.Unmarshal` into an `interface{}`: all numbers are floating-point ones, the last of two
/// equal keys counts, and what is no Unicode is U+FFFD.
pub(in crate::plan) fn parse(bytes: &[u8]) -> Result<Tree, DocumentError> {
    let mut parser = Parser {
        bytes,
        at: 0,
        depth: 0,
    };
    let tree = parser.value()?;
    parser.blanks();
    match parser.peek() {
        None => Ok(tree),
        Some(_) => Err(parser.wrong()),
    }
}

// === impl Parser ===

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn wrong(&self) -> DocumentError {
        let before = self.bytes.get(..self.at).unwrap_or(self.bytes);
        let line_start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        DocumentError::Syntax {
            line: before.split(|byte| *byte == b'\n').count(),
            column: before.len() - line_start + 1,
        }
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn take(&mut self, wanted: u8) -> bool {
        let there = self.peek() == Some(wanted);
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, wanted: u8) -> Result<(), DocumentError> {
        if self.take(wanted) {
            Ok(())
        } else {
            Err(self.wrong())
        }
    }

    fn value(&mut self) -> Result<Tree, DocumentError> {
        self.blanks();
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => Ok(Tree::Text(self.string()?)),
            Some(b't') => self.word(b"true", Tree::Bool(true)),
            Some(b'f') => self.word(b"false", Tree::Bool(false)),
            Some(b'n') => self.word(b"null", Tree::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.wrong()),
        }
    }

    fn nested(
        &mut self,
        read: fn(&mut Self) -> Result<Tree, DocumentError>,
    ) -> Result<Tree, DocumentError> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(DocumentError::Size);
        }
        self.at += 1;
        let tree = read(self)?;
        self.depth -= 1;
        Ok(tree)
    }

    fn object(&mut self) -> Result<Tree, DocumentError> {
        let mut map = BTreeMap::new();
        self.blanks();
        if self.take(b'}') {
            return Ok(Tree::Map(map));
        }
        loop {
            self.blanks();
            let key = self.string()?;
            self.blanks();
            self.expect(b':')?;
            map.insert(key, self.value()?);
            self.blanks();
            if self.take(b'}') {
                return Ok(Tree::Map(map));
            }
            self.expect(b',')?;
        }
    }

    fn array(&mut self) -> Result<Tree, DocumentError> {
        let mut list = Vec::new();
        self.blanks();
        if self.take(b']') {
            return Ok(Tree::List(list));
        }
        loop {
            list.push(self.value()?);
            self.blanks();
            if self.take(b']') {
                return Ok(Tree::List(list));
            }
            self.expect(b',')?;
        }
    }

    fn word(&mut self, word: &[u8], tree: Tree) -> Result<Tree, DocumentError> {
        for byte in word {
            self.expect(*byte)?;
        }
        Ok(tree)
    }

    fn digits(&mut self) -> Result<(), DocumentError> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(self.wrong());
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Tree, DocumentError> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _sign = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        self.bytes
            .get(start..self.at)
            .and_then(|text| std::str::from_utf8(text).ok())
            .and_then(|text| text.parse::<f64>().ok())
            .filter(|number| number.is_finite())
            .map(Tree::Float)
            .ok_or_else(|| self.wrong())
    }

    fn string(&mut self) -> Result<Text, DocumentError> {
        self.expect(b'"')?;
        // As long as it can get at most, so that no part of it is left behind in growing.
        let mut text = Zeroizing::new(Vec::with_capacity(self.until_quote()));
        loop {
            match self.peek().ok_or_else(|| self.wrong())? {
                b'"' => break,
                b'\\' => {
                    self.at += 1;
                    let c = self.escape()?;
                    text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
                0..0x20 => return Err(self.wrong()),
                byte => {
                    text.push(byte);
                    self.at += 1;
                }
            }
        }
        self.at += 1;
        Ok(match std::str::from_utf8(&text) {
            Ok(_) => Text::new(text.as_slice()),
            Err(_) => Text::new(replaced(&text)),
        })
    }

    /// How many bytes are before the quote that ends a string.
    fn until_quote(&self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let mut escaped = false;
        rest.iter()
            .take_while(|byte| {
                let ends = **byte == b'"' && !escaped;
                escaped = **byte == b'\\' && !escaped;
                !ends
            })
            .count()
    }

    fn escape(&mut self) -> Result<char, DocumentError> {
        let letter = self.peek().ok_or_else(|| self.wrong())?;
        let c = match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.at += 1;
                return self.unicode();
            }
            _ => return Err(self.wrong()),
        };
        self.at += 1;
        Ok(c)
    }

    /// Two halves that belong together are one character; a half alone is none.
    fn unicode(&mut self) -> Result<char, DocumentError> {
        let first = self.unit()?;
        if let Some(c) = char::from_u32(first) {
            return Ok(c);
        }
        let after = self.at;
        if first < 0xDC00 && self.take(b'\\') && self.take(b'u') {
            let second = self.unit()?;
            if (0xDC00..0xE000).contains(&second) {
                let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
        self.at = after;
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn unit(&mut self) -> Result<u32, DocumentError> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            unit = unit * 16 + digit.ok_or_else(|| self.wrong())?;
            self.at += 1;
        }
        Ok(unit)
    }
}

/// Each byte that belongs to no character becomes a U+FFFD, as Go reads them one by one.
fn replaced(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() * 3);
    for chunk in text.utf8_chunks() {
        out.extend_from_slice(chunk.valid().as_bytes());
        for _ in chunk.invalid() {
            out.extend_from_slice("\u{FFFD}".as_bytes());
        }
    }
    out
}
