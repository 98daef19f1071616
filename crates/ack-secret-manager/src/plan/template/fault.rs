use std::{borrow::Cow, fmt};

/// Why a template gave nothing. Unlike Go's errors it quotes neither arguments nor results: they
/// are secrets as often as not, and this text ends in a status and in logs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Fault {
    line: Option<usize>,
    function: Option<&'static str>,
    what: Cow<'static, str>,
}

// === impl Fault ===

impl Fault {
    /// What is wrong, in words that hold no value.
    pub(super) fn new(what: impl Into<Cow<'static, str>>) -> Self {
        Self {
            line: None,
            function: None,
            what: what.into(),
        }
    }

    /// Says in which function, if no inner one has been named.
    pub(super) fn within(mut self, function: &'static str) -> Self {
        self.function.get_or_insert(function);
        self
    }

    /// Says on which line of the template, if no inner one has been named.
    pub(super) fn at(mut self, line: usize) -> Self {
        self.line.get_or_insert(line);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if let Some(function) = self.function {
            write!(f, "{function}: ")?;
        }
        f.write_str(&self.what)
    }
}
