/// Text in which `*` means any number of characters and `?` means one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Pattern(Vec<char>);

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        Self(text.chars().collect())
    }

    /// Whether the whole text is of this form.
    pub(super) fn matches(&self, text: &str) -> bool {
        if self.0 == ['*'] {
            return true;
        }
        if text.is_ascii() {
            let bytes = text.as_bytes();
            return self.fits(|at| bytes.get(at).copied().map(char::from));
        }
        let text: Vec<char> = text.chars().collect();
        self.fits(|at| text.get(at).copied())
    }

    /// Takes at most as many steps as the lengths multiplied: only the last `*` is ever tried
    /// again, for whatever an earlier one could take, the last one can take as well.
    fn fits(&self, text: impl Fn(usize) -> Option<char>) -> bool {
        let (mut at, mut read) = (0, 0);
        // Where to go on if the text behind the last star does not fit.
        let mut retry: Option<(usize, usize)> = None;
        while let Some(character) = text(read) {
            match self.0.get(at) {
                Some('*') => {
                    retry = Some((at, read));
                    at += 1;
                }
                Some(own) if *own == '?' || *own == character => {
                    at += 1;
                    read += 1;
                }
                _ => {
                    let Some((star, from)) = retry else {
                        return false;
                    };
                    at = star + 1;
                    read = from + 1;
                    retry = Some((star, read));
                }
            }
        }
        self.0
            .get(at..)
            .is_none_or(|rest| rest.iter().all(|own| *own == '*'))
    }
}

#[cfg(test)]
mod tests;
