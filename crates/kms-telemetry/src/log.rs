use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::Arc,
    thread::JoinHandle,
};

use kms_types::Clock;
use thiserror::Error;

use self::{queue::Queue, target::Target};

mod file;
mod names;
mod queue;
mod target;
mod writer;

/// Where a log goes and how much of it is kept.
#[derive(Clone)]
pub struct LogOptions {
    /// The directory; made (mode 0750) if it is not there. `/dev/stdout` stands for standard output,
    /// which is neither rotated nor bounded.
    pub dir: PathBuf,
    /// The file's name without `.log`; rotated files begin with it too.
    pub stem: String,
    /// The most that one file holds, in bytes. A single longer line still gets its own file.
    pub max_size: u64,
    /// How many rotated files are kept beside the live one; 0 keeps all, as the rotation
    /// of the original does.
    pub max_backups: usize,
    /// Names rotated files.
    pub clock: Arc<dyn Clock>,
}

/// Why a log cannot be opened.
#[derive(Debug, Error)]
pub enum LogError {
    /// The directory or the file in it.
    #[error("cannot open {}: check that the directory exists and that this user may write to it", path.display())]
    Open {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The thread that writes.
    #[error("cannot start the thread that writes the log")]
    Thread(#[source] io::Error),
}

/// Takes lines for a log file; clones write to the same one. Never blocks on the disk:
/// lines wait in memory (one shard per thread, bounded) for the writer's thread, which
/// has them in the file within milliseconds.
#[derive(Clone)]
pub struct LogSink(Arc<Queue>);

/// The thread that writes a log. Dropping it, or [`close`](Self::close), writes what waits.
pub struct LogWriter {
    queue: Arc<Queue>,
    thread: Option<JoinHandle<()>>,
    path: PathBuf,
}

/// Opens `dir/stem.log` for appending, or standard output, and starts its writer.
///
/// # Errors
/// [`LogError`], if the file cannot be opened now. What breaks later is ridden out: the
/// writer tries again until it can write, and the sink fills up meanwhile.
pub fn open_log(options: LogOptions) -> Result<(LogSink, LogWriter), LogError> {
    let target = Target::open(options)?;
    let path = target.path().to_owned();
    let queue = Arc::new(Queue::default());
    let thread = writer::start(target, Arc::clone(&queue)).map_err(LogError::Thread)?;
    let sink = LogSink(Arc::clone(&queue));
    let writer = LogWriter {
        queue,
        thread: Some(thread),
        path,
    };
    Ok((sink, writer))
}

// === impl LogSink ===

impl LogSink {
    /// Takes one line, without its line feed; `false`, and nothing taken, if the memory
    /// for waiting lines is used up, as it is when the disk is full for a while. The
    /// order of lines from different threads may differ by milliseconds.
    pub fn append(&self, line: &[u8]) -> bool {
        self.0.append(line)
    }

    /// Waits until [`append`](Self::append) is worth another try.
    pub async fn ready(&self) {
        self.0.ready().await;
    }

    /// Takes one line about the program itself. These cannot wait, so they have a
    /// reserve beyond what [`append`](Self::append) may fill; past that they are
    /// counted, and the count is written once the disk takes lines again.
    pub fn append_diagnostic(&self, line: &[u8]) {
        self.0.append_diagnostic(line);
    }

    /// Whether the last write succeeded.
    pub fn is_healthy(&self) -> bool {
        self.0.is_healthy()
    }
}

impl fmt::Debug for LogSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogSink").finish_non_exhaustive()
    }
}

// === impl LogWriter ===

impl LogWriter {
    /// The live file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes what waits and ends the thread. If the disk takes nothing for two seconds,
    /// the rest goes to standard error.
    pub fn close(mut self) {
        self.join();
    }

    fn join(&mut self) {
        self.queue.close();
        if let Some(thread) = self.thread.take() {
            // A panic there has been reported by the hook.
            drop(thread.join());
        }
    }
}

impl Drop for LogWriter {
    fn drop(&mut self) {
        self.join();
    }
}

impl fmt::Debug for LogWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogWriter")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
