use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use anyhow::{Context as _, Result};

/// Says how far a bench is.
pub(super) fn progress(text: &str) {
    // Nobody listening is no reason to stop measuring.
    drop(writeln!(io::stderr(), "bench: {text}"));
}

/// The report on standard output.
pub(super) fn print(report: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{report}")
}

/// Puts the report between its two marks in docs/benchmarks.md, and leaves what people
/// wrote around them as it is.
pub(super) fn write(root: &Path, name: &str, report: &str) -> Result<()> {
    let path = root.join("docs/benchmarks.md");
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = replaced(&text, name, report)
        .with_context(|| format!("{} has lost its marks for `{name}`", path.display()))?;
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn replaced(text: &str, name: &str, report: &str) -> Option<String> {
    let begin = format!("<!-- cargo xtask bench {name} --write -->\n");
    let end = "<!-- end -->";
    let (before, rest) = text.split_once(&begin)?;
    let (_, after) = rest.split_once(end)?;
    let report = report.trim_end();
    Some(format!("{before}{begin}\n{report}\n\n{end}{after}"))
}

#[cfg(test)]
mod tests;
