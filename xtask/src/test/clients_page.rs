//! docs/clients.md says which client does what; the checks that a part has just passed say
//! whether that is so.

use std::{collections::BTreeMap, fs};

use anyhow::{Context as _, Result, bail, ensure};

use super::Stage;

const PAGE: &str = "docs/clients.md";

/// What the columns behind the first three are about, and how checks of that are called.
const COLUMNS: [(&str, &[&str]); 8] = [
    ("creates", &["-create-and-read-"]),
    ("reads", &["-create-and-read-", "-reads-"]),
    ("lists", &["-list"]),
    ("tags secrets", &["-tag"]),
    ("tags keys", &["-key-tags"]),
    ("encrypts", &["-encrypt-and-decrypt-"]),
    ("signs", &["-sign-and-verify"]),
    ("meets errors", &["-missing-secret", "-missing-key"]),
];

/// One client of the page.
struct Row<'a> {
    name: &'a str,
    part: &'a str,
    /// What its checks' names begin with.
    prefixes: Vec<&'a str>,
    cells: Vec<&'a str>,
}

/// Compares the rows of this part with what it has passed.
pub(super) fn check(stage: &mut Stage<'_>) -> Result<()> {
    let path = stage.project.root.join(PAGE);
    let page = fs::read_to_string(&path).with_context(|| format!("reading {PAGE}"))?;
    let passed = stage.passed_by_name()?;
    let mut rows = rows(&page)?;
    rows.retain(|row| row.part == stage.name());
    ensure!(!rows.is_empty(), "{PAGE} has no client of this part");
    for row in rows {
        let found = compare(&row, &passed);
        stage.check(&format!("the-page-about-{}", row.name), found);
    }
    Ok(())
}

fn compare(row: &Row<'_>, passed: &[String]) -> Result<()> {
    let own: Vec<&str> = row
        .prefixes
        .iter()
        .flat_map(|prefix| {
            passed
                .iter()
                .filter_map(move |name| name.strip_prefix(prefix))
        })
        .collect();
    for ((what, marks), cell) in COLUMNS.iter().zip(&row.cells) {
        let is_done = own
            .iter()
            .any(|name| marks.iter().any(|mark| is_of(name, mark)));
        let expected = if is_done { "yes" } else { "–" };
        ensure!(
            *cell == expected,
            "{PAGE}: {} {what}: \"{cell}\", but by the checks that passed it is \"{expected}\"",
            row.name
        );
    }
    Ok(())
}

/// A mark that ends in a hyphen is followed by a kind of value, others end the name or a
/// word of it.
fn is_of(name: &str, mark: &str) -> bool {
    name.strip_prefix(mark)
        .is_some_and(|rest| mark.ends_with('-') || rest.is_empty() || rest.starts_with('-'))
}

fn rows(page: &str) -> Result<Vec<Row<'_>>> {
    let heads: BTreeMap<usize, &str> = (3..).zip(COLUMNS.map(|(what, _)| what)).collect();
    let mut rows = Vec::new();
    // Other sections have tables of another kind.
    let page = page.split("\n## ").next().unwrap_or_default();
    for line in page.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        ensure!(cells.len() == 3 + COLUMNS.len(), "{PAGE}: cells of {line}");
        if cells.first() == Some(&"client") {
            let wrong = heads
                .iter()
                .find(|(at, what)| cells.get(**at) != Some(*what));
            ensure!(wrong.is_none(), "{PAGE}: no column is called {wrong:?}");
            continue;
        }
        let [name, part, prefixes, cells @ ..] = cells.as_slice() else {
            bail!("{PAGE}: {line}");
        };
        if name.starts_with('-') {
            continue;
        }
        rows.push(Row {
            name,
            part,
            prefixes: prefixes
                .split(' ')
                .map(|own| own.trim_matches('`'))
                .collect(),
            cells: cells.to_vec(),
        });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests;
