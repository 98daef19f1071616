use std::{fmt, path::PathBuf};

use kms_types::{Env, Secret};

use super::{TokenError, clean, file};

/// Where the token comes from.
#[derive(Clone, Debug)]
pub struct TokenSource {
    variable: String,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    File(PathBuf),
    Plain(Secret<String>),
}

impl TokenSource {
    /// The first of the variables that is set: the token itself, or `file://` and a path.
    /// Quotes around the value are taken off, for seed 000's compose file puts them there.
    ///
    /// # Errors
    /// [`TokenError::NotSet`], [`TokenError::Empty`] or [`TokenError::Unusable`].
    pub fn find(env: &Env, variables: &[String]) -> Result<Self, TokenError> {
        let Some(variable) = variables.iter().find(|name| env.is_present(name)) else {
            return Err(TokenError::NotSet {
                variables: variables.join(", "),
            });
        };
        let value = unquoted(env.get(variable).unwrap_or_default().trim());
        let place = || format!("the variable {variable}");
        let kind = match value.strip_prefix("file://") {
            Some("") => return Err(TokenError::Empty { place: place() }),
            Some(path) => Kind::File(local_path(path)),
            None => Kind::Plain(clean(value, place)?),
        };
        Ok(Self {
            variable: variable.clone(),
            kind,
        })
    }

    /// The token. With `create`, a file that does not exist is made with a fresh one, as
    /// the seeds have it at the agent's start.
    ///
    /// # Errors
    /// [`TokenError`], naming the file.
    pub fn read(&self, create: bool) -> Result<Secret<String>, TokenError> {
        match &self.kind {
            Kind::Plain(token) => Ok(token.clone()),
            Kind::File(path) if create => file::read_or_create(path),
            Kind::File(path) => file::read(path),
        }
    }

    /// Whether it is a file that does not exist yet.
    pub fn is_missing(&self) -> bool {
        matches!(&self.kind, Kind::File(path) if !path.exists())
    }

    /// Whether reading again can give another token.
    pub fn is_file(&self) -> bool {
        matches!(self.kind, Kind::File(_))
    }
}

/// For people: the variable, and the file's path.
impl fmt::Display for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Plain(_) => write!(f, "the variable {}", self.variable),
            Kind::File(path) => write!(
                f,
                "{} (from the variable {})",
                path.display(),
                self.variable
            ),
        }
    }
}

fn unquoted(text: &str) -> &str {
    ['\'', '"']
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(text)
}

/// `/C:/token` is how a URL writes `C:/token`.
fn local_path(path: &str) -> PathBuf {
    let drive = cfg!(windows)
        .then(|| path.strip_prefix('/'))
        .flatten()
        .filter(|rest| rest.as_bytes().get(1) == Some(&b':'));
    PathBuf::from(drive.unwrap_or(path))
}
