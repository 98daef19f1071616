/// Text in which `*` means any number of characters and `?` means one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Pattern(Vec<char>);

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        Self(text.chars().collect())
    }

    /// Whether the whole text is of this form. Takes at most as many steps as the lengths
    /// multiplied: only the last `*` is ever tried again, for whatever an earlier one
    /// could take, the last one can take as well.
    pub(super) fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let (mut at, mut read) = (0, 0);
        // Where to go on if the text behind the last star does not fit.
        let mut retry: Option<(usize, usize)> = None;
        while let Some(character) = text.get(read) {
            match self.0.get(at) {
                Some('*') => {
                    retry = Some((at, read));
                    at += 1;
                }
                Some(own) if *own == '?' || own == character => {
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
