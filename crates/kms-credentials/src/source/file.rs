//! Files that people and programs write.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use kms_types::Secret;

use super::SourceError;
use crate::Surroundings;

/// A configuration file.
pub(super) struct Configuration {
    pub(super) path: PathBuf,
    pub(super) text: Secret<String>,
}

/// Configuration files are a few kilobytes.
const LARGEST: usize = 1 << 20;

// === impl Configuration ===

impl Configuration {
    /// The file that the variable names, else the first that there is beneath the home
    /// directory. That there is none is wrong only if it was named.
    pub(super) async fn find(
        variable: &'static str,
        beneath_home: &[&str],
        around: &Surroundings,
    ) -> Result<Self, SourceError> {
        if let Some(named) = around.env.get(variable) {
            return Self::read(PathBuf::from(named), around)
                .await?
                .ok_or_else(|| {
                    SourceError::Broken(format!("{variable} names {named}, which does not exist"))
                });
        }
        let home = around.home.as_ref().ok_or_else(|| {
            SourceError::Absent(format!(
                "there is no home directory, and {variable} is not set"
            ))
        })?;
        let mut missing = Vec::new();
        for beneath in beneath_home {
            let path = home.join(beneath);
            missing.push(path.display().to_string());
            if let Some(found) = Self::read(path, around).await? {
                return Ok(found);
            }
        }
        let verb = if missing.len() == 1 { "does" } else { "do" };
        Err(SourceError::Absent(format!(
            "{} {verb} not exist",
            missing.join(" and ")
        )))
    }

    async fn read(path: PathBuf, around: &Surroundings) -> Result<Option<Self>, SourceError> {
        match text(&path, around).await {
            Ok(text) => Ok(Some(Self { path, text })),
            Err((ErrorKind::NotFound | ErrorKind::NotADirectory, _)) => Ok(None),
            Err((_, why)) => Err(SourceError::Broken(why)),
        }
    }
}

/// A file's text, a byte order mark left out.
pub(super) async fn text(
    path: &Path,
    around: &Surroundings,
) -> Result<Secret<String>, (ErrorKind, String)> {
    let shown = path.display();
    let content = around
        .files
        .read(path, LARGEST)
        .await
        .map_err(|error| (error.kind(), format!("{shown}: {error}")))?;
    // EXPOSE: from bytes to text.
    let text = std::str::from_utf8(content.expose())
        .map_err(|_invalid| (ErrorKind::InvalidData, format!("{shown} is no UTF-8 text")))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Ok(Secret::from(text))
}
