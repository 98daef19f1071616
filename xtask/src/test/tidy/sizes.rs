//! A source file has one subject, and a length to match.

use anyhow::Result;

use super::{Source, none};
use crate::test::report;

/// More lines than this are two subjects.
const MOST: usize = 600;

/// More lines than this are named, for whoever looks for a second room.
const MANY: usize = 500;

/// Half of all files are shorter than this.
const MEDIAN: usize = 200;

pub(super) fn check(sources: &[Source]) -> Result<()> {
    let mut sizes: Vec<(usize, &str)> = sources
        .iter()
        .filter(|source| source.ends_in("rs"))
        .map(|source| (source.text.lines().count(), source.path.as_str()))
        .collect();
    sizes.sort_unstable();
    let median = sizes.get(sizes.len() / 2).map_or(0, |(lines, _)| *lines);
    report::say(&format!(
        "  {} Rust files, median {median} lines",
        sizes.len()
    ));
    for (lines, path) in sizes.iter().filter(|(lines, _)| *lines > MANY) {
        report::say(&format!("  {path} has {lines} lines"));
    }
    let mut offences: Vec<String> = sizes
        .iter()
        .filter(|(lines, _)| *lines > MOST)
        .map(|(lines, path)| format!("{path} has {lines} lines, more than {MOST}"))
        .collect();
    if median >= MEDIAN {
        offences.push(format!("the median is {median} lines, not below {MEDIAN}"));
    }
    none(&offences)
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::test::tidy::Source;

    fn file(name: &str, lines: usize) -> Source {
        Source {
            path: name.to_owned(),
            text: "x\n".repeat(lines),
        }
    }

    #[test]
    fn one_long_file_is_named() {
        let error = check(&[
            file("a.rs", 3),
            file("b.rs", 601),
            file("a2.rs", 4),
            file("c.md", 9000),
        ])
        .unwrap_err();
        assert_eq!(error.to_string(), "b.rs has 601 lines, more than 600");
    }

    #[test]
    fn many_long_files_fail_by_their_median() {
        let error = check(&[file("a.rs", 3), file("b.rs", 300), file("c.rs", 200)]).unwrap_err();
        assert_eq!(error.to_string(), "the median is 200 lines, not below 200");
    }
}
