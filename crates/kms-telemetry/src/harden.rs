//! Keeps secrets out of core dumps, of other processes' reach and of swap, as far as
//! the system allows; none of it is a condition for starting (security reference §2.2).

/// Who but the owner may get at files that a program makes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Sharing {
    /// Nobody.
    Owner,
    /// The group, reading.
    Group,
}

/// Before anything secret is in memory: no core, no ptrace, no file that others can get at.
/// Belongs into `main`.
#[cfg(unix)]
pub fn process(sharing: Sharing) {
    use rustix::{
        fs::Mode,
        process::{Resource, Rlimit, setrlimit, umask},
    };

    // A system that refuses one of these is no reason not to serve.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Core, none);
    let closed = Mode::from_raw_mode(match sharing {
        Sharing::Owner => 0o077,
        Sharing::Group => 0o027,
    });
    // What was closed before stays closed as well.
    let before = umask(closed);
    umask(before | closed);
}

/// Nothing of it on this system.
#[cfg(not(unix))]
pub fn process(_sharing: Sharing) {}

/// Keeps all memory, present and future, out of swap. Pages are locked once they are
/// used, so this takes no memory that would not be taken anyway.
///
/// Only where the limit on locked memory is off (`LimitMEMLOCK=infinity`, `ulimits:
/// memlock: -1`): under a limit, allocations would fail once it is reached.
///
/// # Errors
/// Why memory is not locked, for the log.
#[cfg(target_os = "linux")]
pub fn lock_memory() -> Result<(), String> {
    use rustix::{
        mm::{MlockAllFlags, mlockall},
        process::{Resource, getrlimit},
    };

    if let Some(limit) = getrlimit(Resource::Memlock).current {
        return Err(format!(
            "the limit on locked memory is {limit} bytes; without one (LimitMEMLOCK=infinity) secrets stay out of swap"
        ));
    }
    mlockall(MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT)
        .map_err(|why| format!("the system refuses: {why}"))
}

/// Nothing of it on this system.
///
/// # Errors
/// Always.
#[cfg(not(target_os = "linux"))]
pub fn lock_memory() -> Result<(), String> {
    Err("only done on Linux".to_owned())
}
