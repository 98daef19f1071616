//! A source file has one subject, and a length to match.

use anyhow::Result;

use super::{Source, none};

/// More lines than this are two subjects.
const MOST: usize = 600;

/// More lines than this are named, for whoever looks for a second room.
const MANY: usize = 500;

/// Half of all files are shorter than this.
const MEDIAN: usize = 200;

/// How many files there are and how long, for whoever runs the suite.
pub(super) fn overview(sources: &[Source]) -> Vec<String> {
    let sizes = sizes(sources);
    let mut lines = vec![format!(
        "{} Rust files, median {} lines",
        sizes.len(),
        median(&sizes)
    )];
    let many = sizes.iter().filter(|(lines, _)| *lines > MANY);
    lines.extend(many.map(|(lines, path)| format!("{path} has {lines} lines")));
    lines
}

pub(super) fn check(sources: &[Source]) -> Result<()> {
    let sizes = sizes(sources);
    let mut offences: Vec<String> = sizes
        .iter()
        .filter(|(lines, _)| *lines > MOST)
        .map(|(lines, path)| format!("{path} has {lines} lines, more than {MOST}"))
        .collect();
    let median = median(&sizes);
    if median >= MEDIAN {
        offences.push(format!("the median is {median} lines, not below {MEDIAN}"));
    }
    none(&offences)
}

/// Lines and path of each file in Rust, the shortest first.
fn sizes(sources: &[Source]) -> Vec<(usize, &str)> {
    let mut sizes: Vec<(usize, &str)> = sources
        .iter()
        .filter(|source| source.ends_in("rs"))
        .map(|source| (source.text.lines().count(), source.path.as_str()))
        .collect();
    sizes.sort_unstable();
    sizes
}

fn median(sizes: &[(usize, &str)]) -> usize {
    sizes.get(sizes.len() / 2).map_or(0, |(lines, _)| *lines)
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
