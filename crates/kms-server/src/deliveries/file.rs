//! A file of JSON lines for each channel, in the data folder: where findings go that nobody
//! said another place for.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use async_trait::async_trait;

use super::{Parcel, Place, Refusal};
use crate::files::{append_private, make_private_dir};

/// The files of all channels.
pub(super) struct Lines {
    pub(super) folder: PathBuf,
}

#[async_trait]
impl Place for Lines {
    fn kind(&self) -> &'static str {
        "file"
    }

    async fn put(&self, parcel: &Parcel<'_>) -> Result<(), Refusal> {
        let line = format!("{}\n", parcel.body);
        let folder = self.folder.clone();
        let file = folder.join(format!("{}.jsonl", parcel.channel));
        tokio::task::spawn_blocking(move || append(&folder, &file, &line))
            .await
            .map_err(|_panicked| Refusal::of("the file's writer broke"))?
            .map_err(|reason| Refusal {
                shown: "its file cannot be written".to_owned(),
                more: Some(format!("its file cannot be written: {}", reason.kind())),
            })
    }
}

/// The line is on the disk when this is done, whole.
fn append(folder: &Path, path: &Path, line: &str) -> io::Result<()> {
    make_private_dir(folder)?;
    let mut file = append_private(path)?;
    file.write_all(line.as_bytes())?;
    file.sync_all()
}
