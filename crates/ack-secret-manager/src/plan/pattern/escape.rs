//! What stands behind a backslash.

use super::{Step, Translator};

const UNKNOWN: &str = "what stands behind a \\ is not known";

/// The inside of `[…]` for `\d`, `\s` and `\w`, and for their opposites what is not in it.
pub(super) fn perl_class(letter: char) -> Option<(&'static str, bool)> {
    let inside = match letter.to_ascii_lowercase() {
        'd' => "0-9",
        's' => r"\t\n\f\r ",
        'w' => "0-9A-Za-z_",
        _ => return None,
    };
    Some((inside, letter.is_ascii_uppercase()))
}

impl Translator<'_> {
    /// Outside of a class.
    pub(super) fn escape(&mut self) -> Step {
        let letter = self.rest.chars().next().ok_or("a \\ stands at the end")?;
        if self.take("Q") {
            let (text, rest) = self.rest.split_once("\\E").unwrap_or((self.rest, ""));
            self.rest = rest;
            for c in text.chars() {
                self.literal(c);
            }
            return Ok(());
        }
        let boundary = match letter {
            'b' => Some(r"(?-u:\b)"),
            'B' => Some(r"\B"),
            'A' => Some(r"\A"),
            'z' => Some(r"\z"),
            _ => None,
        };
        if let Some(boundary) = boundary {
            self.next();
            self.out.push_str(boundary);
        } else if let Some((inside, opposite)) = perl_class(letter) {
            self.next();
            let not = if opposite { "^" } else { "" };
            self.out.push_str(&["[", not, inside, "]"].concat());
        } else if matches!(letter, 'p' | 'P') {
            self.unicode_class()?;
        } else {
            let c = self.escaped()?;
            self.literal(c);
        }
        self.atom();
        Ok(())
    }

    /// `pL`, `PL`, `p{Greek}`, `p{^Greek}`: in a class or outside.
    pub(super) fn unicode_class(&mut self) -> Step {
        let mut opposite = self.next() == Some('P');
        let name = if self.take("{") {
            let (name, rest) = self.rest.split_once('}').ok_or(UNKNOWN)?;
            self.rest = rest;
            opposite ^= name.starts_with('^');
            name.strip_prefix('^').unwrap_or(name).to_owned()
        } else {
            self.next().ok_or(UNKNOWN)?.to_string()
        };
        if !name
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        {
            return Err(UNKNOWN);
        }
        let letter = if opposite { r"\P{" } else { r"\p{" };
        self.out.push_str(&[letter, &name, "}"].concat());
        Ok(())
    }

    /// One character: `\n`, `\x41`, `\101`, `\.`.
    pub(super) fn escaped(&mut self) -> Step<char> {
        let c = self.next().ok_or("a \\ stands at the end")?;
        Ok(match c {
            'a' => '\u{7}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            'x' => self.hexadecimal()?,
            // One digit alone would refer to a group, which RE2 does not know.
            '1'..='7' if !self.rest.starts_with(|c: char| c.is_digit(8)) => return Err(UNKNOWN),
            '0'..='7' => {
                let mut code = c.to_digit(8).unwrap_or_default();
                for _ in 0..2 {
                    let Some(digit) = self.rest.chars().next().and_then(|c| c.to_digit(8)) else {
                        break;
                    };
                    self.next();
                    code = code * 8 + digit;
                }
                char::from_u32(code).ok_or(UNKNOWN)?
            }
            _ if c.is_ascii() && !c.is_ascii_alphanumeric() => c,
            _ => return Err(UNKNOWN),
        })
    }

    fn hexadecimal(&mut self) -> Step<char> {
        let digits = if self.take("{") {
            let (digits, rest) = self.rest.split_once('}').ok_or(UNKNOWN)?;
            self.rest = rest;
            digits
        } else {
            let (digits, rest) = self.rest.split_at_checked(2).ok_or(UNKNOWN)?;
            self.rest = rest;
            digits
        };
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(UNKNOWN);
        }
        let code = u32::from_str_radix(digits, 16).or(Err(UNKNOWN))?;
        char::from_u32(code).ok_or(UNKNOWN)
    }
}
