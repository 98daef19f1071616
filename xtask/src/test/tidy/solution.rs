//! docs/solution.md has a row for each capability of the solution (seed 003), with the tests that
//! show it. The page is written from [`ROWS`], and every test that it names is there.

use anyhow::{Context as _, Result, ensure};

use super::{Source, none};

mod rows;

use rows::ROWS;

/// A capability.
struct Row {
    section: &'static str,
    what: &'static str,
    /// `path of a file::name of a test`, or a file that the suite runs as a whole.
    shown_by: &'static [&'static str],
}

const PAGE: &str = "docs/solution.md";

/// As many as the solution has.
const CAPABILITIES: usize = 40;

pub(super) fn check(sources: &[Source]) -> Result<()> {
    ensure!(ROWS.len() == CAPABILITIES, "there are {} rows", ROWS.len());
    none(&missing(ROWS, sources))?;
    let page = find(sources, PAGE).context("docs/solution.md is not there")?;
    let written = written(ROWS);
    ensure!(
        page.text == written,
        "{PAGE} is another; it should be:\n{written}"
    );
    Ok(())
}

/// Tests that are named and are not there, and rows that name none.
fn missing(rows: &[Row], sources: &[Source]) -> Vec<String> {
    let mut findings = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let number = index + 1;
        if row.shown_by.is_empty() {
            findings.push(format!("row {number} names no test"));
        }
        for named in row.shown_by {
            let (path, test) = named.split_once("::").unwrap_or((named, ""));
            let is_there = find(sources, path)
                .is_some_and(|file| test.is_empty() || file.text.contains(&format!("fn {test}(")));
            if !is_there {
                findings.push(format!("row {number} names {named}, which is not there"));
            }
        }
    }
    findings
}

fn written(rows: &[Row]) -> String {
    let mut page = "# What the solution does, and what shows it\n\n\
         Everything that the published solution for hosted AccessKeys does, step by step, and the tests that show it here:\n\
         files of the project, or tests in them. The page is written from a list of the suite's, which fails when a test\n\
         that is named here is not there.\n"
        .to_owned();
    let mut section = "";
    for (index, row) in rows.iter().enumerate() {
        if row.section != section {
            section = row.section;
            page.extend([
                "\n## ",
                section,
                "\n\n| | what | shown by |\n|---|---|---|\n",
            ]);
        }
        let tests: Vec<String> = row
            .shown_by
            .iter()
            .map(|named| format!("`{named}`"))
            .collect();
        let (number, tests) = ((index + 1).to_string(), tests.join("<br>"));
        page.extend(["| ", &number, " | ", row.what, " | ", &tests, " |\n"]);
    }
    page
}

fn find<'a>(sources: &'a [Source], path: &str) -> Option<&'a Source> {
    sources.iter().find(|source| source.path == path)
}

#[cfg(test)]
mod tests {
    use super::{Row, missing, written};
    use crate::test::tidy::Source;

    const ROWS: &[Row] = &[
        Row {
            section: "First",
            what: "it is there",
            shown_by: &["a/tests.rs::it_is", "b.py"],
        },
        Row {
            section: "First",
            what: "it is not",
            shown_by: &["a/tests.rs::it", "c.py"],
        },
        Row {
            section: "Second",
            what: "nothing",
            shown_by: &[],
        },
    ];

    fn file(path: &str, text: &str) -> Source {
        Source {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn tests_that_are_not_there_are_named() {
        let sources = [file("a/tests.rs", "async fn it_is() {"), file("b.py", "")];
        assert_eq!(
            missing(ROWS, &sources),
            [
                "row 2 names a/tests.rs::it, which is not there",
                "row 2 names c.py, which is not there",
                "row 3 names no test",
            ]
        );
    }

    #[test]
    fn sections_have_tables() {
        let page = written(ROWS);
        let table = "## First\n\n| | what | shown by |\n|---|---|---|\n\
             | 1 | it is there | `a/tests.rs::it_is`<br>`b.py` |\n\
             | 2 | it is not | `a/tests.rs::it`<br>`c.py` |\n\n## Second\n";
        assert!(page.contains(table), "{page}");
    }
}
