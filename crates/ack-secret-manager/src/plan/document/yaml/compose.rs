//! From events to the nodes of one document.

use std::{collections::HashMap, ops::Range};

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};
use zeroize::Zeroizing;

use super::super::{DEPTH, DocumentError};

/// The first document; there may be none.
pub(super) struct Nodes {
    pub(super) root: Option<usize>,
    all: Vec<Node>,
}

/// One node as it stands in the document.
pub(super) struct Node {
    pub(super) kind: Kind,
    /// `!!int`, `!mine`; nothing if none is given, nor `!`.
    pub(super) tag: Option<String>,
}

pub(super) enum Kind {
    Scalar {
        value: Zeroizing<String>,
        /// Not in quotes and not a block.
        plain: bool,
    },
    Sequence(Vec<usize>),
    /// Keys and values in turns.
    Mapping(Vec<usize>),
    /// Of this anchor's node.
    Alias {
        node: usize,
        anchor: usize,
    },
}

/// Why it is no document, and at which character the parser said so.
struct Failure {
    reason: DocumentError,
    at: Option<usize>,
}

struct Composer<'a> {
    text: &'a str,
    has_solidus: bool,
    parser: Parser<'a, StrInput<'a>>,
    nodes: Vec<Node>,
    anchors: HashMap<usize, usize>,
}

/// How many tabs are put right. More are nobody's secret.
const TABS: usize = 100;

/// Reads as far as the end of the first document, as the original does: nobody looks further.
pub(super) fn compose(text: &str) -> Result<Nodes, DocumentError> {
    if !begins_well(text) {
        return Err(DocumentError::Syntax { line: 1, column: 1 });
    }
    match attempt(text) {
        Err(error) if text.contains(":\t") => with_blanks(text, error),
        other => other.map_err(|error| error.reason),
    }
}

/// saphyr-parser takes no tab between a `:` and a value; libyaml does. A tab that it stumbles over
/// becomes a blank.
fn with_blanks(text: &str, mut error: Failure) -> Result<Nodes, DocumentError> {
    let mut text = Zeroizing::new(text.to_owned());
    for _ in 0..TABS {
        let Some(at) = error.at.and_then(|at| tabs_before(&text, at)) else {
            break;
        };
        let blanks = " ".repeat(at.len());
        text.replace_range(at, &blanks);
        match attempt(&text) {
            Ok(nodes) => return Ok(nodes),
            Err(next) => error = next,
        }
    }
    Err(error.reason)
}

/// The tabs that lie between a `:` and this character.
fn tabs_before(text: &str, character: usize) -> Option<Range<usize>> {
    let end = text
        .char_indices()
        .nth(character)
        .map_or(text.len(), |(at, _)| at);
    let before = text.get(..end)?;
    let start = before.trim_end_matches('\t').len();
    (start < end && before.get(..start)?.ends_with(':')).then_some(start..end)
}

fn attempt(text: &str) -> Result<Nodes, Failure> {
    let mut composer = Composer {
        text,
        has_solidus: text.contains("\\/"),
        parser: Parser::new_from_str(text),
        nodes: Vec::new(),
        anchors: HashMap::new(),
    };
    let root = composer.document()?;
    Ok(Nodes {
        root,
        all: composer.nodes,
    })
}

/// Whether what is before the first document is known to libyaml: no directive but `%TAG` and
/// `%YAML 1.1`, and no end of a document that did not begin.
fn begins_well(text: &str) -> bool {
    let lines = text.split(['\n', '\r']).map(str::trim_end);
    let mut before = lines.take_while(|line| *line != "---" && !line.starts_with("--- "));
    let mut directives = true;
    before.all(|line| {
        if line.is_empty() || line.starts_with('#') || !directives {
            return true;
        }
        let mut words = line.split([' ', '\t']).filter(|word| !word.is_empty());
        match words.next() {
            Some("%YAML") => words.next() == Some("1.1"),
            Some("...") => false,
            Some("%TAG") | None => true,
            Some(word) => {
                directives = false;
                !word.starts_with('%')
            }
        }
    })
}

// === impl Nodes ===

impl Nodes {
    /// Nodes are only known by what `compose` counted.
    pub(super) fn get(&self, node: usize) -> Result<&Node, DocumentError> {
        self.all
            .get(node)
            .ok_or(DocumentError::Sense("an alias names nothing"))
    }
}

// === impl Composer ===

impl<'a> Composer<'a> {
    fn event(&mut self) -> Result<Event<'a>, Failure> {
        match self.parser.next_event() {
            Some(Ok((Event::Scalar(_, ScalarStyle::DoubleQuoted, ..), span)))
                if self.escapes_solidus(span) =>
            {
                let marker = span.start;
                Err(DocumentError::Syntax {
                    line: marker.line(),
                    column: marker.col() + 1,
                }
                .into())
            }
            Some(Ok((event, _))) => Ok(event),
            Some(Err(error)) => Err(syntax(&error)),
            None => Ok(Event::StreamEnd),
        }
    }

    /// Whether `\/` is in a text in quotes. JSON knows it, YAML 1.2 does, but `yaml.v3` does not: to
    /// the original such a document is JSON only.
    fn escapes_solidus(&self, span: Span) -> bool {
        if !self.has_solidus {
            return false;
        }
        let start = span.start.index();
        let length = span.end.index().saturating_sub(start);
        let mut escaped = false;
        self.text.chars().skip(start).take(length).any(|c| {
            let found = escaped && c == '/';
            escaped = c == '\\' && !escaped;
            found
        })
    }

    fn document(&mut self) -> Result<Option<usize>, Failure> {
        loop {
            match self.event()? {
                Event::StreamEnd => return Ok(None),
                Event::DocumentStart(_) => break,
                _ => {}
            }
        }
        // Nobody looks at what comes behind it, be it no YAML at all.
        self.tree().map(Some)
    }

    /// A node with all below it. Nothing here recurs, so depth is but a number.
    fn tree(&mut self) -> Result<usize, Failure> {
        let mut open: Vec<usize> = Vec::new();
        loop {
            let done = match self.event()? {
                Event::Scalar(value, style, anchor, tag) => {
                    let plain = style == ScalarStyle::Plain;
                    let value = Zeroizing::new(value.into_owned());
                    self.push(Kind::Scalar { value, plain }, anchor, tag.as_deref())
                }
                Event::SequenceStart(anchor, tag) => {
                    open.push(self.push(Kind::Sequence(Vec::new()), anchor, tag.as_deref()));
                    continue;
                }
                Event::MappingStart(anchor, tag) => {
                    open.push(self.push(Kind::Mapping(Vec::new()), anchor, tag.as_deref()));
                    continue;
                }
                Event::Alias(anchor) => {
                    let named = self.anchors.get(&anchor).copied();
                    let node = named.ok_or(DocumentError::Sense("an alias names nothing"))?;
                    self.push(Kind::Alias { node, anchor }, 0, None)
                }
                Event::SequenceEnd | Event::MappingEnd => open
                    .pop()
                    .ok_or(DocumentError::Sense("it ends before it begins"))?,
                _ => return Err(DocumentError::Sense("it ends too early").into()),
            };
            if open.len() >= DEPTH {
                return Err(DocumentError::Size.into());
            }
            let Some(parent) = open.last() else {
                return Ok(done);
            };
            if let Some(Node {
                kind: Kind::Sequence(items) | Kind::Mapping(items),
                ..
            }) = self.nodes.get_mut(*parent)
            {
                items.push(done);
            }
        }
    }

    fn push(&mut self, kind: Kind, anchor: usize, tag: Option<&Tag>) -> usize {
        let node = self.nodes.len();
        if anchor > 0 {
            self.anchors.insert(anchor, node);
        }
        self.nodes.push(Node {
            kind,
            tag: tag.and_then(short),
        });
        node
    }
}

/// `!!str` for `tag:yaml.org,2002:str`. The tag `!` alone says nothing.
fn short(tag: &Tag) -> Option<String> {
    let full = format!("{}{}", tag.handle, tag.suffix);
    match full.strip_prefix("tag:yaml.org,2002:") {
        Some(name) => Some(format!("!!{name}")),
        None if full == "!" || full.is_empty() => None,
        None => Some(full),
    }
}

/// Where; what the parser says of it may quote the document.
fn syntax(error: &ScanError) -> Failure {
    let marker = error.marker();
    Failure {
        reason: DocumentError::Syntax {
            line: marker.line(),
            column: marker.col() + 1,
        },
        at: Some(marker.index()),
    }
}

// === impl Failure ===

impl From<DocumentError> for Failure {
    fn from(reason: DocumentError) -> Self {
        Self { reason, at: None }
    }
}
