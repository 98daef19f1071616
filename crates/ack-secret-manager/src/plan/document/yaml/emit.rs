//! Values as `yaml.Marshal` writes them: blocks, four blanks a level, keys in natural order.

use zeroize::Zeroizing;

use super::{
    super::{Text, Tree, number},
    order,
    scalar::Scalar,
};

/// How far a level is set in.
const STEP: usize = 4;

/// The text so far, and where libyaml's emitter stands in it.
pub(super) struct Emitter {
    out: Zeroizing<Vec<u8>>,
    column: usize,
    /// The last thing was a blank.
    whitespace: bool,
    /// There was but indentation in this line so far.
    indention: bool,
    /// Nothing before the first level.
    indent: Option<usize>,
    /// What comes is an item of a list, and begins in the line of its `-`.
    item: bool,
}

/// What is one level's content.
enum Node<'a> {
    Scalar(Scalar),
    List(&'a [Tree]),
    Map(Vec<(Node<'a>, &'a Tree)>),
}

/// The document that means this value.
pub(in crate::plan) fn write(tree: &Tree) -> Zeroizing<Vec<u8>> {
    let mut emitter = Emitter {
        out: Zeroizing::new(Vec::with_capacity(4096)),
        column: 0,
        whitespace: true,
        indention: true,
        indent: None,
        item: false,
    };
    emitter.node(&Node::of(tree), false);
    emitter.indent();
    emitter.out
}

// === impl Node ===

impl<'a> Node<'a> {
    fn of(tree: &'a Tree) -> Self {
        Self::Scalar(match tree {
            Tree::Null => Scalar::plain("null".to_owned()),
            Tree::Bool(truth) => Scalar::plain(truth.to_string()),
            Tree::Int(number) => Scalar::plain(number.to_string()),
            Tree::Uint(number) => Scalar::plain(number.to_string()),
            Tree::Float(number) => Scalar::plain(float(*number)),
            Tree::Text(text) => Scalar::text(text.as_bytes()),
            Tree::Time(time) => Scalar::plain(time.to_string()),
            Tree::List(list) => return Self::List(list),
            Tree::Map(map) => {
                let mut pairs: Vec<(&Text, &Tree)> = map.iter().collect();
                order::sort(&mut pairs, |(a, _), (b, _)| order::text_before(a, b));
                let text = |key: &Text| Self::Scalar(Scalar::text(key.as_bytes()));
                return Self::Map(pairs.into_iter().map(|(k, v)| (text(k), v)).collect());
            }
            Tree::AnyMap(pairs) => {
                let mut pairs: Vec<&(Tree, Tree)> = pairs.iter().collect();
                order::sort(&mut pairs, |(a, _), (b, _)| order::before(a, b));
                return Self::Map(pairs.into_iter().map(|(k, v)| (Self::of(k), v)).collect());
            }
        })
    }
}

fn float(value: f64) -> String {
    if value.is_nan() {
        ".nan".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { ".inf" } else { "-.inf" }.to_owned()
    } else {
        number::general(value)
    }
}

// === impl Emitter ===

impl Emitter {
    fn node(&mut self, node: &Node<'_>, simple_key: bool) {
        match node {
            Node::Scalar(scalar) => scalar.write(self, simple_key),
            Node::List([]) => self.empty("[", "]"),
            Node::List(items) => self.indented(false, |emitter| emitter.list(items)),
            Node::Map(pairs) if pairs.is_empty() => self.empty("{", "}"),
            Node::Map(pairs) => self.indented(false, |emitter| emitter.map(pairs)),
        }
    }

    fn empty(&mut self, open: &str, close: &str) {
        self.indicator(open, true, true, false);
        self.indicator(close, false, false, false);
    }

    fn list(&mut self, items: &[Tree]) {
        for item in items {
            self.indent();
            self.indicator("-", true, false, true);
            self.item = true;
            self.node(&Node::of(item), false);
        }
        self.item = false;
    }

    fn map(&mut self, pairs: &[(Node<'_>, &Tree)]) {
        for (key, value) in pairs {
            self.indent();
            let simple = match key {
                Node::Scalar(scalar) => scalar.is_simple_key(),
                _ => false,
            };
            if simple {
                self.node(key, true);
                self.indicator(":", false, false, false);
            } else {
                self.indicator("?", true, false, true);
                self.node(key, false);
                self.indent();
                self.indicator(":", true, false, true);
            }
            self.node(&Node::of(value), false);
        }
    }

    /// Runs one level further in. Within a list the first level goes as far as its `-` does.
    pub(super) fn indented(&mut self, scalar: bool, write: impl FnOnce(&mut Self)) {
        let before = self.indent;
        self.indent = Some(match before {
            None if scalar => STEP,
            None => 0,
            Some(indent) if self.item => indent + 2,
            Some(indent) => STEP * ((indent + STEP) / STEP),
        });
        self.item = false;
        write(self);
        self.indent = before;
    }

    /// To the column of this level, in a new line if need be.
    pub(super) fn indent(&mut self) {
        let indent = self.indent.unwrap_or_default();
        let there = self.column == indent && self.whitespace;
        if !self.indention || (self.column >= indent && !there) {
            self.line_end('\n');
        }
        while self.column < indent {
            self.put(' ');
        }
        self.whitespace = true;
    }

    pub(super) fn indicator(&mut self, text: &str, blank_before: bool, blank: bool, indents: bool) {
        if blank_before {
            self.blank();
        }
        for c in text.chars() {
            self.put(c);
        }
        self.whitespace = blank;
        self.indention &= indents;
    }

    /// A blank, if there is none.
    pub(super) fn blank(&mut self) {
        if !self.whitespace {
            self.put(' ');
        }
    }

    pub(super) fn put(&mut self, c: char) {
        self.out
            .extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        self.column += 1;
    }

    pub(super) fn line_end(&mut self, c: char) {
        self.put(c);
        self.column = 0;
        self.indention = true;
    }

    pub(super) fn text_follows(&mut self) {
        self.indention = false;
    }

    pub(super) fn block_follows(&mut self) {
        self.whitespace = true;
    }

    pub(super) fn after_text(&mut self, nothing: bool) {
        if !nothing {
            self.whitespace = false;
        }
        self.indention = false;
    }
}
