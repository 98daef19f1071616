use std::{io, process::Stdio, time::Duration};

use async_trait::async_trait;
use kms_types::Secret;
use tokio::{io::AsyncReadExt, process::Command, time::timeout};

/// Programs that print credentials: mode `External` of the CLI's configuration.
#[async_trait]
pub trait Commands: Send + Sync {
    /// What the command line prints on standard output, at most `limit` bytes, if it ends
    /// with 0 within `time`.
    async fn run(&self, line: &str, limit: usize, time: Duration) -> io::Result<Secret<Vec<u8>>>;
}

/// The machine's own programs, run without a shell.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemCommands;

#[async_trait]
impl Commands for SystemCommands {
    async fn run(&self, line: &str, limit: usize, time: Duration) -> io::Result<Secret<Vec<u8>>> {
        timeout(time, run(line, limit))
            .await
            .unwrap_or_else(|_elapsed| Err(io::Error::from(io::ErrorKind::TimedOut)))
    }
}

async fn run(line: &str, limit: usize) -> io::Result<Secret<Vec<u8>>> {
    // Split at white space and no more, as the official SDKs do: no quotes, no shell.
    let mut words = line.split_whitespace();
    let program = words
        .next()
        .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    let mut child = Command::new(program)
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        // Its complaints may hold anything.
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let mut output = zeroize::Zeroizing::new(Vec::new());
    if let Some(stdout) = child.stdout.take() {
        let most = u64::try_from(limit).unwrap_or(u64::MAX);
        stdout
            .take(most.saturating_add(1))
            .read_to_end(&mut output)
            .await?;
    }
    if output.len() > limit {
        return Err(io::Error::other(format!("printed more than {limit} bytes")));
    }
    let status = child.wait().await?;
    if !status.success() {
        return Err(io::Error::other(format!("ended with {status}")));
    }
    Ok(Secret::new(std::mem::take(&mut *output)))
}
