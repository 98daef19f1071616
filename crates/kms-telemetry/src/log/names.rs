//! Names of rotated files: `<stem>-2026-11-24T15-02-03.123-000.log`, UTC, the last part
//! counting those of one millisecond. They sort by age.

use std::{fs, io, path::Path};

use jiff::Timestamp;

/// The name of a file rotated at that time.
pub(super) fn rotated(stem: &str, at: Timestamp, counter: u32) -> String {
    format!("{stem}-{}-{counter:03}.log", at.strftime(TIME))
}

/// Deletes the oldest rotated files but `keep`; 0 keeps all. Touches nothing whose name
/// was not made by [`rotated`].
pub(super) fn prune(dir: &Path, stem: &str, keep: usize) -> io::Result<()> {
    if keep == 0 {
        return Ok(());
    }
    let mut found: Vec<_> = fs::read_dir(dir)?
        .filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            Some((age(stem, &name)?, name))
        })
        .collect();
    found.sort_unstable();
    let surplus = found.len().saturating_sub(keep);
    for (_, name) in found.into_iter().take(surplus) {
        match fs::remove_file(dir.join(name)) {
            // Another process with the same directory was faster.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => other?,
        }
    }
    Ok(())
}

/// What sorts rotated files from old to new; `None` for any other name.
fn age(stem: &str, name: &str) -> Option<(String, u32)> {
    let rest = name.strip_prefix(stem)?.strip_prefix('-')?;
    let (time, counter) = rest.strip_suffix(".log")?.rsplit_once('-')?;
    let parsed = jiff::civil::DateTime::strptime(TIME, time).ok()?;
    let canonical = parsed.strftime(TIME).to_string() == time;
    let digits = counter.len() >= 3 && counter.bytes().all(|b| b.is_ascii_digit());
    let counter = counter.parse().ok()?;
    (canonical && digits).then(|| (time.to_owned(), counter))
}

const TIME: &str = "%Y-%m-%dT%H-%M-%S.%3f";

#[cfg(test)]
mod tests;
