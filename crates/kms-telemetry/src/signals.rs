//! The process's signals as a [`Lifecycle`]: for `main` only.

use std::io;

use crate::{Lifecycle, LifecycleHandle};

/// Turns SIGTERM and SIGINT into a drain (the second one ends at once) and SIGHUP into a
/// reload, on Windows Ctrl-C and the console's end into a drain, for as long as the
/// runtime lives.
///
/// # Errors
/// If a handler cannot be installed.
pub fn listen() -> io::Result<Lifecycle> {
    let (handle, lifecycle) = Lifecycle::new();
    listen_with(handle)?;
    Ok(lifecycle)
}

#[cfg(unix)]
fn listen_with(handle: LifecycleHandle) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        loop {
            tokio::select! {
                Some(()) = terminate.recv() => handle.stop(),
                Some(()) = interrupt.recv() => handle.stop(),
                Some(()) = hangup.recv() => handle.reload(),
                else => break,
            }
        }
    });
    Ok(())
}

#[cfg(windows)]
fn listen_with(handle: LifecycleHandle) -> io::Result<()> {
    use tokio::signal::windows::{ctrl_c, ctrl_close, ctrl_shutdown};

    let mut interrupt = ctrl_c()?;
    let mut close = ctrl_close()?;
    let mut shutdown = ctrl_shutdown()?;
    tokio::spawn(async move {
        loop {
            tokio::select! {
                Some(()) = interrupt.recv() => handle.stop(),
                Some(()) = close.recv() => handle.stop(),
                Some(()) = shutdown.recv() => handle.stop(),
                else => break,
            }
        }
    });
    Ok(())
}
