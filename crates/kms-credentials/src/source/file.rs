//! Files that people and programs write.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use kms_types::Secret;

use super::SourceError;
use crate::Surroundings;

/// A file at a place that the user named, or at its usual one.
pub(super) struct Place {
    pub(super) path: PathBuf,
    /// The variable that names it.
    named_by: Option<&'static str>,
}

/// Configuration files are a few kilobytes.
const LARGEST: usize = 1 << 20;

// === impl Place ===

impl Place {
    /// By the variable if it is set, else beneath the home directory.
    pub(super) fn find(
        variable: &'static str,
        beneath_home: &str,
        around: &Surroundings,
    ) -> Result<Self, SourceError> {
        if let Some(path) = around.env.get(variable) {
            return Ok(Self {
                path: PathBuf::from(path),
                named_by: Some(variable),
            });
        }
        let home = around.home.as_ref().ok_or_else(|| {
            SourceError::Absent(format!(
                "there is no home directory, and {variable} is not set"
            ))
        })?;
        Ok(Self {
            path: home.join(beneath_home),
            named_by: None,
        })
    }

    /// The file's text. That it does not exist is wrong only if it was named.
    pub(super) async fn read(&self, around: &Surroundings) -> Result<Secret<String>, SourceError> {
        let shown = self.path.display();
        match text(&self.path, around).await {
            Ok(text) => Ok(text),
            Err((ErrorKind::NotFound | ErrorKind::NotADirectory, _)) => Err(match self.named_by {
                Some(variable) => {
                    SourceError::Broken(format!("{variable} names {shown}, which does not exist"))
                }
                None => SourceError::Absent(format!("{shown} does not exist")),
            }),
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
