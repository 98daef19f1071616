//! Values as they are shown; nothing for those that there are not.

use std::path::{Path, PathBuf};

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
