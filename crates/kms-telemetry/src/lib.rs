//! What a program tells about itself and how it is told to stop: log files in zap's JSON
//! shape with rotation, the lifecycle (drain, reload) and the service manager.
//!
//! Nothing here is global: a process may run two programs, each with its own log and
//! lifecycle. Only [`signals::listen`] belongs into `main`, for a process has one set of
//! signals.

mod lifecycle;
mod log;
mod notify;
pub mod signals;
mod zap;

pub use lifecycle::{Lifecycle, LifecycleHandle, Shutdown};
pub use log::{LogError, LogOptions, LogSink, LogWriter, open_log};
pub use notify::ServiceManager;
pub use zap::{Verbosity, ZapLayer};
