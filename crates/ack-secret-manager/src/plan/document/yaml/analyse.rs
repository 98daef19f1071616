//! In which styles a scalar may be written: libyaml's rules as `yaml.v3` has them.

/// What may be done with a scalar.
#[expect(
    clippy::struct_excessive_bools,
    reason = "libyaml's own questions, one bit each"
)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Allowed {
    /// It has line ends, and so is no simple key.
    pub(super) multiline: bool,
    pub(super) plain: bool,
    pub(super) single_quoted: bool,
    pub(super) block: bool,
}

/// What stands where in a scalar.
#[expect(
    clippy::struct_excessive_bools,
    reason = "libyaml's own questions, one bit each"
)]
#[derive(Default)]
struct Found {
    indicator: bool,
    line_end: bool,
    special: bool,
    tab: bool,
    blank_or_line_end_outside: bool,
    blank_at_end: bool,
    line_end_then_blank: bool,
    blank_then_line_end: bool,
}

/// Looks at a scalar outside of `[]` and `{}`, which nothing of ours is written in.
pub(super) fn analyse(text: &str) -> Allowed {
    if text.is_empty() {
        return Allowed {
            multiline: false,
            plain: true,
            single_quoted: true,
            block: false,
        };
    }
    let found = Found::of(text);
    let unquotable = found.blank_then_line_end || found.tab || found.special;
    let plain = !(found.blank_or_line_end_outside
        || found.line_end_then_blank
        || unquotable
        || found.line_end
        || found.indicator);
    Allowed {
        multiline: found.line_end,
        plain,
        single_quoted: !(found.line_end_then_blank || unquotable),
        block: !(found.blank_at_end || found.blank_then_line_end || found.special),
    }
}

/// libyaml's five line ends; all but the first are characters like others to Go.
pub(super) fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether `yaml.v3` writes it as it is. It does so with nothing beyond U+FFFF.
pub(super) fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}')
        && c != '\u{FEFF}'
}

// === impl Found ===

impl Found {
    fn of(text: &str) -> Self {
        let mut found = Self {
            indicator: text.starts_with("---") || text.starts_with("..."),
            ..Self::default()
        };
        let mut before = None;
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            let next = rest.peek().copied();
            found.indicator |= indicates(before, c, next);
            found.tab |= c == '\t';
            found.special |= c != '\t' && !is_printable(c);
            let outside = before.is_none() || next.is_none();
            if c == ' ' {
                found.blank_or_line_end_outside |= outside;
                found.blank_at_end |= next.is_none();
                found.line_end_then_blank |= before.is_some_and(is_line_end);
            } else if is_line_end(c) {
                found.line_end = true;
                found.blank_or_line_end_outside |= outside;
                found.blank_then_line_end |= before == Some(' ');
            }
            before = Some(c);
        }
        found
    }
}

/// Whether a character means something to YAML where it stands.
fn indicates(before: Option<char>, c: char, next: Option<char>) -> bool {
    let then_blank = next.is_none_or(|next| next == ' ' || next == '\t');
    let Some(before) = before else {
        return match c {
            '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
            | '@' | '`' => true,
            '?' | ':' | '-' => then_blank,
            _ => false,
        };
    };
    match c {
        ':' => then_blank,
        '#' => before == ' ' || before == '\t' || before == '\0' || is_line_end(before),
        _ => false,
    }
}
