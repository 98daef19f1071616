//! From events to the nodes of one document.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};
use zeroize::Zeroizing;

use super::{
    super::{DEPTH, DocumentError},
    mend::{Fault, mend},
};

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

/// Why it is no document, and what may be mended, at which character.
struct Failure {
    reason: DocumentError,
    fault: Option<(Fault, usize)>,
}

struct Composer<'a> {
    text: &'a str,
    has_solidus: bool,
    /// It ends within a line.
    open_ended: bool,
    /// In characters.
    length: usize,
    parser: Parser<'a, StrInput<'a>>,
    nodes: Vec<Node>,
    anchors: HashMap<usize, usize>,
}

/// How many faults are mended. More are nobody's secret.
const FAULTS: usize = 100;

/// Reads as far as the end of the first document, as the original does: nobody looks further.
pub(super) fn compose(text: &str) -> Result<Nodes, DocumentError> {
    let mut failure = match attempt(text) {
        Ok(nodes) => return Ok(nodes),
        Err(failure) => failure,
    };
    let mut text = Zeroizing::new(text.to_owned());
    for _ in 0..FAULTS {
        let Some((fault, at)) = failure.fault else {
            break;
        };
        let Some(mended) = mend(&text, fault, at) else {
            break;
        };
        text = mended;
        match attempt(&text) {
            Ok(nodes) => return Ok(nodes),
            Err(next) => failure = next,
        }
    }
    Err(failure.reason)
}

fn attempt(text: &str) -> Result<Nodes, Failure> {
    let mut composer = Composer {
        text,
        has_solidus: text.contains("\\/"),
        open_ended: !text.ends_with(['\n', '\r', ' ', '\t']),
        length: text.chars().count(),
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
    fn event(&mut self) -> Result<(Event<'a>, Span), Failure> {
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
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(syntax(&error)),
            None => Err(DocumentError::Sense("it ends too early").into()),
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

    /// Whether a block ends with the text, within a line. To libyaml that line has no end, so none
    /// is in the block; saphyr-parser adds one, as YAML 1.2 has it.
    fn is_cut(&self, style: ScalarStyle, span: Span) -> bool {
        matches!(style, ScalarStyle::Literal | ScalarStyle::Folded)
            && self.open_ended
            && span.end.index() >= self.length
    }

    fn document(&mut self) -> Result<Option<usize>, Failure> {
        loop {
            match self.event()?.0 {
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
            let (event, span) = self.event()?;
            let done = match event {
                Event::Scalar(value, style, anchor, tag) => {
                    let plain = style == ScalarStyle::Plain;
                    let mut value = Zeroizing::new(value.into_owned());
                    if self.is_cut(style, span) && value.ends_with('\n') {
                        value.pop();
                    }
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
        fault: Fault::of(error).map(|fault| (fault, marker.index())),
    }
}

// === impl Failure ===

impl From<DocumentError> for Failure {
    fn from(reason: DocumentError) -> Self {
        Self {
            reason,
            fault: None,
        }
    }
}
