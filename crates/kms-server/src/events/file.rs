//! A file of JSON lines for each channel, in the data folder: where findings go that nobody
//! said another place for.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use kms_service::Notice;

use super::{Receiver, body};
use crate::files::{append_private, make_private_dir};

/// The file of a channel.
pub(super) struct Lines {
    pub(super) folder: PathBuf,
    pub(super) channel: String,
    /// Whether annotations are text in it.
    pub(super) has_text: bool,
}

#[async_trait]
impl Receiver for Lines {
    fn name(&self) -> String {
        format!("channel/{}", self.channel)
    }

    fn wants(&self, _notice: &Notice) -> bool {
        true
    }

    async fn tell(&self, notice: &Notice) -> Result<(), String> {
        let mut line = body::finding(notice, self.has_text).to_string();
        line.push('\n');
        let (folder, file) = (
            self.folder.clone(),
            self.folder.join(format!("{}.jsonl", self.channel)),
        );
        tokio::task::spawn_blocking(move || append(&folder, &file, &line))
            .await
            .map_err(|_panicked| "the file's writer broke".to_owned())?
            .map_err(|reason| format!("its file cannot be written: {}", reason.kind()))
    }
}

/// The line is on the disk when this is done, whole.
fn append(folder: &Path, path: &Path, line: &str) -> io::Result<()> {
    make_private_dir(folder)?;
    let mut file = append_private(path)?;
    file.write_all(line.as_bytes())?;
    file.sync_all()
}
