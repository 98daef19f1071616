//! Whether a log is what was written: file by file, line by line, in order.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use kms_crypto::{AuditPublicKey, Keyring};
use thiserror::Error;

use super::line::LONGEST;

mod walk;

pub(super) use walk::{Unwalked, Walk};

/// What a log is verified with.
#[derive(Clone, Debug)]
pub enum Trust {
    /// The installation's keyring: each line is verified.
    Keyring(Keyring),
    /// The public key alone: each line in front of a checkpoint is.
    Public(AuditPublicKey),
}

/// What was verified.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Report {
    /// The files, in the order of their lines.
    pub files: Vec<PathBuf>,
    /// All lines.
    pub lines: u64,
    /// Signed checkpoints among them.
    pub checkpoints: u64,
    /// Lines behind the last checkpoint of their chain.
    pub unsigned: u64,
    /// Where a chain begins that goes on from no other file: the first file, as a rule.
    pub begins: Vec<Beginning>,
}

/// Where a chain begins, as far as the files at hand tell.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Beginning {
    /// The file.
    pub file: PathBuf,
    /// Whose chain it is.
    pub server: String,
    /// The number of the first line; above 1, earlier files are not at hand.
    pub seq: u64,
}

/// The first line that is not what was written.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{}, line {line}: {flaw}", file.display())]
pub struct Broken {
    /// The file.
    pub file: PathBuf,
    /// The line in it, from 1.
    pub line: u64,
    /// What is wrong.
    pub flaw: Flaw,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum Flaw {
    /// No line of an audit log.
    #[error("it is no line of an audit log")]
    Unreadable,
    /// The file ends within it.
    #[error("the file ends within it: the program was cut off, or is writing now")]
    Incomplete,
    /// Numbers are missing, or come twice.
    #[error("it has the number {found} where {expected} is due")]
    Sequence {
        /// What would have come next.
        expected: u64,
        /// What is there.
        found: u64,
    },
    /// The code is not the line's.
    #[error("it, or the one before it, was changed")]
    Changed,
    /// The checkpoint is over other lines.
    #[error("the checkpoint is over other lines than these: one before it was changed")]
    Digest,
    /// The checkpoint was signed by somebody else.
    #[error("the checkpoint's signature is wrong")]
    Signature,
    /// The file does not begin with its beginning.
    #[error("a log file does not begin so: its first lines are missing")]
    NoBegin,
    /// A beginning within a file.
    #[error("a file's beginning in the middle of a file")]
    Misplaced,
    /// It goes on from a line that is not the last one.
    #[error("it goes on from another line than {last}: a file is missing or was cut short")]
    Gap {
        /// The number of the last line at hand.
        last: u64,
    },
    /// Another installation's, or signed with another key.
    #[error("it is another installation's log, or another key's")]
    Foreign,
    /// The keyring has no such term.
    #[error("it was begun under the term {0}, which the keyring does not hold")]
    UnknownTerm(u32),
    /// Written by a later version of this program.
    #[error("it is of the unknown format {0}")]
    Format(u32),
}

/// Why a log could not be verified.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// It is not what was written.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// It cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// Verifies the files of a log, in whatever order they are given.
///
/// # Errors
/// [`VerifyError`]; of several flaws, the first.
pub fn verify(files: &[PathBuf], trust: &Trust) -> Result<Report, VerifyError> {
    let mut ordered = Vec::with_capacity(files.len());
    for path in files {
        let first = first_line(path).map_err(|source| VerifyError::Read {
            path: path.clone(),
            source,
        })?;
        ordered.push((walk::order(&first), path));
    }
    ordered.sort();
    let mut walk = Walk::new(trust);
    let mut last_server = String::new();
    for ((server, ..), path) in ordered {
        if server != last_server {
            walk.leave();
            last_server = server;
        }
        walk.file(path).map_err(|reason| match reason {
            Unwalked::Broken(broken) => broken.into(),
            Unwalked::Io(source) => VerifyError::Read {
                path: path.clone(),
                source,
            },
        })?;
    }
    Ok(walk.into_report())
}

/// The lines of a file, each with its line feed if it has one.
struct Lines {
    reader: BufReader<File>,
}

// === impl Lines ===

impl Lines {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("not a regular file"));
        }
        Ok(Self {
            reader: BufReader::with_capacity(64 << 10, file),
        })
    }

    /// The next line, or as much of it as a line may be long; `false` at the end.
    fn next(&mut self, line: &mut Vec<u8>) -> io::Result<bool> {
        line.clear();
        let most = u64::try_from(LONGEST).unwrap_or(u64::MAX);
        Ok(self.reader.by_ref().take(most).read_until(b'\n', line)? > 0)
    }

    /// Whether there is nothing more.
    fn is_over(&mut self) -> io::Result<bool> {
        Ok(self.reader.fill_buf()?.is_empty())
    }
}

fn first_line(path: &Path) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    Lines::open(path)?.next(&mut line)?;
    Ok(line)
}
