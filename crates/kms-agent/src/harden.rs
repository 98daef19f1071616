//! Keeps secrets out of core dumps, of other processes' reach and of swap, as far as
//! the system allows; none of it is a condition for starting (security reference §2.2).

/// Before anything secret is in memory: no core, no ptrace, no group or world writable files.
#[cfg(unix)]
pub(crate) fn process() {
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
    // What was set before stays closed as well.
    let before = umask(Mode::from_raw_mode(0o027));
    umask(before | Mode::from_raw_mode(0o027));
}

#[cfg(not(unix))]
pub(crate) fn process() {}

/// Keeps all memory, present and future, out of swap. Pages are locked once they are
/// used, so this takes no memory that would not be taken anyway.
///
/// Only where the limit on locked memory is off (`LimitMEMLOCK=infinity`, `ulimits:
/// memlock: -1`): under a limit, allocations would fail once it is reached.
///
/// # Errors
/// Why memory is not locked, for the log.
#[cfg(target_os = "linux")]
pub(crate) fn lock_memory() -> Result<(), String> {
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

#[cfg(not(target_os = "linux"))]
pub(crate) fn lock_memory() -> Result<(), String> {
    Err("only done on Linux".to_owned())
}
