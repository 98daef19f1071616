//! Keeps keys and secrets out of core dumps and of other users' reach, as far as the
//! system allows; none of it is a condition for starting (security reference §2.2).

/// Before anything secret is in memory: no core, no ptrace, no file that others can read.
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
    umask(Mode::from_raw_mode(0o077));
}

#[cfg(not(unix))]
pub(crate) fn process() {}
