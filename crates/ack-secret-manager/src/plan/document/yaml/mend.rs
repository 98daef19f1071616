//! What libyaml takes and saphyr-parser does not, for YAML 1.2 forbids it. Blanks are put where the
//! parser stumbles, and they change no value there.

use saphyr_parser::ScanError;
use zeroize::Zeroizing;

/// What the parser stumbles over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Fault {
    /// A tab between a `:` and a value.
    Tab,
    /// A text in quotes goes on at the beginning of a line.
    Outdented,
}

// === impl Fault ===

impl Fault {
    pub(super) fn of(error: &ScanError) -> Option<Self> {
        match error.info() {
            "':' must be followed by a valid YAML whitespace" => Some(Self::Tab),
            "invalid indentation in quoted scalar" => Some(Self::Outdented),
            _ => None,
        }
    }
}

/// The text without this fault, which the parser met at this character.
pub(super) fn mend(text: &str, fault: Fault, character: usize) -> Option<Zeroizing<String>> {
    let at = text
        .char_indices()
        .nth(character)
        .map_or(text.len(), |(at, _)| at);
    match fault {
        Fault::Tab => without_tabs(text, at),
        Fault::Outdented => indented(text, at),
    }
}

/// Blanks for the tabs that lie between a `:` and this place.
fn without_tabs(text: &str, at: usize) -> Option<Zeroizing<String>> {
    let (before, after) = text.split_at_checked(at)?;
    let kept = before.trim_end_matches('\t');
    let tabs = before.len() - kept.len();
    (tabs > 0 && kept.ends_with(':'))
        .then(|| Zeroizing::new([kept, &" ".repeat(tabs), after].concat()))
}

/// The lines of the text in quotes that begins here, set in behind the quote.
fn indented(text: &str, at: usize) -> Option<Zeroizing<String>> {
    let (before, quoted) = text.split_at_checked(at)?;
    let (quoted, after) = quoted.split_at_checked(length(quoted)?)?;
    let column = before.rsplit(['\n', '\r']).next()?.chars().count() + 1;
    let mut lines = quoted.split('\n');
    // To libyaml these end a document, wherever they stand.
    if lines.any(|line| {
        let mark = line.strip_prefix("---").or(line.strip_prefix("..."));
        mark.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r']))
    }) {
        return None;
    }
    let set_in = format!("\n{}", " ".repeat(column));
    let quoted = Zeroizing::new(quoted.replace('\n', &set_in));
    Some(Zeroizing::new([before, &quoted, after].concat()))
}

/// How long the text in quotes is, with them.
fn length(text: &str) -> Option<usize> {
    let quote = text.chars().next()?;
    let mut rest = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = rest.next() {
        if c == '\\' && quote == '"' {
            rest.next();
        } else if c == quote && (quote == '"' || rest.next_if(|(_, next)| *next == quote).is_none())
        {
            return Some(at + 1);
        }
    }
    None
}
