//! The fenced blocks of a page.

/// One block.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Block<'a> {
    /// What the fence calls it.
    language: &'a str,
    /// Its lines.
    pub(crate) text: String,
}

// === impl Block ===

impl Block<'_> {
    pub(crate) fn is(&self, language: &str) -> bool {
        self.language == language
    }
}

/// What a reader may paste: all blocks but pictures, in their order.
pub(crate) fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, Vec<&str>)> = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(language), None) => open = Some((language, Vec::new())),
            (Some(_), Some((language, lines))) => blocks.push(Block {
                language,
                text: lines.join("\n"),
            }),
            (None, Some((language, mut lines))) => {
                lines.push(line);
                open = Some((language, lines));
            }
            (None, None) => {}
        }
    }
    blocks.retain(|block| block.language != "text");
    blocks
}

#[cfg(test)]
mod tests {
    use super::{Block, blocks};

    #[test]
    fn pictures_are_left_out() {
        let page = "# T\n```text\n|x|\n```\ntext\n```sh\ncargo run\n\nls\n```\n```json\n{}\n```\n";
        let expected = [
            Block {
                language: "sh",
                text: "cargo run\n\nls".to_owned(),
            },
            Block {
                language: "json",
                text: "{}".to_owned(),
            },
        ];
        assert_eq!(blocks(page), expected);
    }
}
