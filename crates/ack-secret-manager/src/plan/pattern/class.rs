//! What stands in `[…]`. Go knows single characters, ranges and classes, but no classes within
//! classes, nor what the crate does with `&&`, `--` and `~~`.

use super::{Step, Translator, escape::perl_class};

const NAMES: &[&str] = &[
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];

const OPEN: &str = "a [ is not closed";

impl Translator<'_> {
    pub(super) fn class(&mut self) -> Step {
        self.out.push('[');
        if self.take("^") {
            self.out.push('^');
        }
        let mut first = true;
        // A ] at the beginning is one to be found.
        while first || !self.take("]") {
            first = false;
            self.class_item()?;
        }
        self.out.push(']');
        self.atom();
        Ok(())
    }

    fn class_item(&mut self) -> Step {
        if self.rest.starts_with("[:")
            && let Some((name, rest)) = self.rest.get(2..).and_then(|rest| rest.split_once(":]"))
        {
            if !NAMES.contains(&name.strip_prefix('^').unwrap_or(name)) {
                return Err("a class of characters is not known");
            }
            self.out.push_str(&["[:", name, ":]"].concat());
            self.rest = rest;
            return Ok(());
        }
        if let Some(rest) = self.rest.strip_prefix('\\') {
            let letter = rest.chars().next().ok_or(OPEN)?;
            if let Some((inside, opposite)) = perl_class(letter) {
                self.next();
                self.next();
                let inside = if opposite {
                    format!("[^{inside}]")
                } else {
                    inside.to_owned()
                };
                self.out.push_str(&inside);
                return Ok(());
            }
            if matches!(letter, 'p' | 'P') {
                self.next();
                return self.unicode_class();
            }
        }
        let low = self.class_char()?;
        let mut high = low;
        if self.rest.starts_with('-') && !self.rest.starts_with("-]") && self.rest.len() > 1 {
            self.next();
            high = self.class_char()?;
        }
        if high < low {
            return Err("a range of characters goes backwards");
        }
        let code = |c: char| format!("\\x{{{:x}}}", u32::from(c));
        self.out.push_str(&[code(low), code(high)].join("-"));
        Ok(())
    }

    fn class_char(&mut self) -> Step<char> {
        match self.next().ok_or(OPEN)? {
            '\\' => self.escaped(),
            c => Ok(c),
        }
    }
}
