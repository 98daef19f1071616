use std::path::Path;

/// Whether both lie on one filesystem, as far as can be told: of a path that is not there
/// yet the nearest folder above counts.
#[cfg(unix)]
pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    match (device(one), device(other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

#[cfg(unix)]
fn device(path: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;

    path.ancestors()
        .find_map(|path| path.metadata().ok())
        .map(|metadata| metadata.dev())
}

#[cfg(not(unix))]
pub(super) fn is_same(_one: &Path, _other: &Path) -> bool {
    false
}
