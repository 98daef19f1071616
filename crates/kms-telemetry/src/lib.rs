//! What a program tells about itself and how it is told to stop: log files in zap's JSON
//! shape with rotation, the lifecycle (drain, reload), the service manager, how it ends, and
//! what keeps it from being looked into.
//!
//! Nothing of logs and lifecycles is global: a process may run two programs, each with its
//! own. What a process has once belongs into `main`: [`signals::listen`],
//! [`harden::process`], [`report_panics`].

mod ending;
pub mod harden;
mod lifecycle;
mod log;
mod notify;
pub mod signals;
mod zap;

pub use ending::{Exit, Failure, finish, report_panics, say};
pub use lifecycle::{Lifecycle, LifecycleHandle, Shutdown};
pub use log::{LogError, LogOptions, LogSink, LogWriter, open_log};
pub use notify::ServiceManager;
pub use zap::{Verbosity, ZapLayer};
