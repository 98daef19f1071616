//! The machine of a case: its files, its programs, its log.

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use kms_credentials::{Commands, Files, SystemFiles};
use kms_types::Secret;
use serde::Deserialize;
use tracing_subscriber::fmt::MakeWriter;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Generated {
    bytes: usize,
}

/// The real reader, in a folder that stands for `/`.
pub(crate) struct Rooted {
    root: PathBuf,
    generated: HashMap<PathBuf, Generated>,
}

impl Rooted {
    pub(crate) fn new(root: PathBuf, generated: HashMap<PathBuf, Generated>) -> Self {
        Self { root, generated }
    }
}

#[async_trait]
impl Files for Rooted {
    async fn read(&self, path: &Path, limit: usize) -> io::Result<Secret<Vec<u8>>> {
        if let Some(generated) = self.generated.get(path) {
            let mut file = tempfile::NamedTempFile::new()?;
            io::Write::write_all(&mut file, &vec![b' '; generated.bytes])?;
            return SystemFiles.read(file.path(), limit).await;
        }
        let below = path.strip_prefix("/").expect("an absolute path");
        SystemFiles.read(&self.root.join(below), limit).await
    }
}

/// Programs by their whole command line.
pub(crate) struct Programs(pub(crate) HashMap<String, HashMap<String, String>>);

#[async_trait]
impl Commands for Programs {
    async fn run(&self, line: &str, limit: usize, time: Duration) -> io::Result<Secret<Vec<u8>>> {
        assert_eq!((limit, time), (64 << 10, Duration::from_mins(1)));
        let program = self.0.get(line).expect("a program of the case");
        match program.get("error") {
            Some(error) => Err(io::Error::other(error.clone())),
            None => Ok(Secret::new(program["stdout"].clone().into_bytes())),
        }
    }
}

#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
