//! Values as they are shown; nothing for those that there are not.

use std::path::{Path, PathBuf};

use jiff::SignedDuration;

pub(super) fn shown(path: &Path) -> String {
    path.display().to_string()
}

pub(super) fn optional(path: Option<&PathBuf>) -> String {
    path.map(|path| shown(path)).unwrap_or_default()
}

pub(super) fn list<T: ToString>(items: &[T]) -> String {
    let items: Vec<_> = items.iter().map(ToString::to_string).collect();
    items.join(", ")
}

/// As it is written: in the largest unit that leaves no rest; two days are 48 hours.
pub(super) fn shown_span(span: SignedDuration) -> String {
    let seconds = span.as_secs();
    let units = [(86_400, 'd', 3), (3600, 'h', 1), (60, 'm', 1)];
    units
        .into_iter()
        .find(|(unit, _, least)| seconds % unit == 0 && seconds / unit >= *least)
        .map_or_else(
            || format!("{seconds}s"),
            |(unit, letter, _)| format!("{}{letter}", seconds / unit),
        )
}
