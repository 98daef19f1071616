//! Go's regular expressions in the words of the crate regex. Both are RE2's kind and find the same
//! things, but `\d`, `\w`, `\s` and `\b` are of ASCII in Go, where some texts are literal that the
//! crate has a meaning for (`a{`, `[a&&b]`, `\<`), and others are errors (`a**`, `(?x)`).
//! What remains different: `\B` beside letters that are not ASCII's.

mod class;
mod escape;

use regex::{Captures, Regex};

/// A compiled expression and the names of its groups, which may begin with a digit in Go.
pub(super) struct Pattern {
    regex: Regex,
    names: Vec<Option<String>>,
}

/// How often something may be repeated, repetitions within it counted.
const REPEATS: u32 = 1000;

struct Translator<'a> {
    rest: &'a str,
    out: String,
    names: Vec<Option<String>>,
    /// Of each open group, how often what is in it is repeated at most.
    open: Vec<u32>,
    last: Last,
}

/// What stands before.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Last {
    /// Nothing that could be repeated.
    Nothing,
    /// Something in which this many repetitions are.
    Atom(u32),
    /// A repetition, which cannot be repeated.
    Repetition,
}

/// Parts of a translation.
type Step<T = ()> = Result<T, &'static str>;

// === impl Pattern ===

impl Pattern {
    pub(super) fn compile(source: &str) -> Result<Self, String> {
        let mut translator = Translator {
            rest: source,
            out: String::with_capacity(source.len() * 2),
            names: vec![None],
            open: vec![1],
            last: Last::Nothing,
        };
        translator.expression()?;
        let Translator { out, names, .. } = translator;
        match Regex::new(&out) {
            Ok(regex) => Ok(Self { regex, names }),
            Err(_) => Err("it is too large, or names a class that is not known".to_owned()),
        }
    }

    /// Whether it is found anywhere in the text, as Go's `MatchString`.
    pub(super) fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    pub(super) fn captures_at<'t>(&self, text: &'t str, at: usize) -> Option<Captures<'t>> {
        self.regex.captures_at(text, at)
    }

    /// What the group of this name or number found. Of several groups of one name, that counts which
    /// found something.
    pub(super) fn group<'t>(&self, found: &Captures<'t>, name: &str) -> &'t str {
        let is_number = name.bytes().all(|byte| byte.is_ascii_digit())
            && (name == "0" || !name.starts_with('0'));
        let group = match name.parse::<usize>() {
            Ok(number) if is_number && number < 100_000_000 => found.get(number),
            _ => {
                let named = self.names.iter().enumerate();
                named
                    .filter(|(_, known)| known.as_deref() == Some(name))
                    .find_map(|(number, _)| found.get(number))
            }
        };
        group.map_or("", |group| group.as_str())
    }
}

// === impl Translator ===

impl Translator<'_> {
    fn expression(&mut self) -> Step {
        while let Some(c) = self.next() {
            match c {
                '(' => self.open_group()?,
                ')' => self.close_group()?,
                '[' => self.class()?,
                '\\' => self.escape()?,
                '*' | '+' | '?' => self.repeat(c, 1)?,
                '{' => self.braces()?,
                '|' => {
                    self.out.push(c);
                    self.last = Last::Nothing;
                }
                '.' | '^' | '$' => {
                    self.out.push(c);
                    self.atom();
                }
                _ => self.literal(c),
            }
        }
        if self.open.len() > 1 {
            return Err("a ( is not closed");
        }
        Ok(())
    }

    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let c = chars.next()?;
        self.rest = chars.as_str();
        Some(c)
    }

    fn take(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn atom(&mut self) {
        self.last = Last::Atom(1);
    }

    fn literal(&mut self, c: char) {
        self.out
            .push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
        self.atom();
    }

    fn open_group(&mut self) -> Step {
        if self.take("?P<") || self.take("?<") {
            return self.named_group();
        }
        if self.take("?") {
            return self.flags();
        }
        self.names.push(None);
        self.enter("(");
        Ok(())
    }

    fn enter(&mut self, text: &str) {
        self.out.push_str(text);
        self.open.push(1);
        self.last = Last::Nothing;
    }

    fn named_group(&mut self) -> Step {
        let (name, rest) = self
            .rest
            .split_once('>')
            .ok_or("the name of a group does not end")?;
        let fits = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !fits {
            return Err("the name of a group is none");
        }
        self.names.push(Some(name.to_owned()));
        self.rest = rest;
        self.enter("(");
        Ok(())
    }

    /// `(?i)`, `(?i:…)`, `(?:…)`.
    fn flags(&mut self) -> Step {
        const UNKNOWN: &str = "what stands behind (? is not known";
        let end = self.rest.find([':', ')']).ok_or(UNKNOWN)?;
        let (flags, rest) = self.rest.split_at_checked(end).ok_or(UNKNOWN)?;
        let (on, off) = match flags.split_once('-') {
            Some((on, off)) if !off.is_empty() => (on, off),
            Some(_) => return Err(UNKNOWN),
            None => (flags, ""),
        };
        if !on
            .chars()
            .chain(off.chars())
            .all(|flag| "imsU".contains(flag))
        {
            return Err(UNKNOWN);
        }
        self.rest = rest;
        if self.take(":") {
            self.enter(&format!("(?{flags}:"));
        } else {
            self.take(")");
            if !flags.is_empty() {
                self.out.push_str(&["(?", flags, ")"].concat());
            }
        }
        Ok(())
    }

    fn close_group(&mut self) -> Step {
        let within = self.open.pop().filter(|_| !self.open.is_empty());
        let within = within.ok_or("a ) closes nothing")?;
        self.out.push(')');
        self.last = Last::Atom(within);
        self.weigh(within);
        Ok(())
    }

    /// Remembers how often something in this group is repeated.
    fn weigh(&mut self, repeats: u32) {
        if let Some(most) = self.open.last_mut() {
            *most = repeats.max(*most);
        }
    }

    fn repeat(&mut self, operator: impl std::fmt::Display, count: u32) -> Step {
        let within = match self.last {
            Last::Atom(within) => within,
            Last::Nothing => return Err("nothing is there to be repeated"),
            Last::Repetition => return Err("a repetition is repeated"),
        };
        let repeats = within.saturating_mul(count.max(1));
        if count > 0 && repeats > REPEATS {
            return Err("it repeats too often");
        }
        self.weigh(repeats);
        self.out.push_str(&operator.to_string());
        if self.take("?") {
            self.out.push('?');
        }
        self.last = Last::Repetition;
        Ok(())
    }

    /// `{2}`, `{2,}`, `{2,5}`; anything else in braces is what it is.
    fn braces(&mut self) -> Step {
        let Some((inside, rest)) = self.rest.split_once('}') else {
            self.literal('{');
            return Ok(());
        };
        let (least, most) = match inside.split_once(',') {
            Some((least, "")) => (number(least), None),
            Some((least, most)) => match number(most) {
                Some(most) => (number(least), Some(most)),
                None => (None, None),
            },
            None => (number(inside), number(inside)),
        };
        let Some(least) = least else {
            self.literal('{');
            return Ok(());
        };
        let largest = most.unwrap_or(least);
        if least > REPEATS || largest > REPEATS || largest < least {
            return Err("it repeats too often, or less than it does");
        }
        self.rest = rest;
        self.repeat(format!("{{{inside}}}"), largest)
    }
}

/// Digits, without a zero before them.
fn number(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty();
    let plain = digits && (text == "0" || !text.starts_with('0'));
    plain.then(|| text.parse().unwrap_or(u32::MAX))
}
