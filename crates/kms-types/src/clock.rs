use std::time::Duration;

use jiff::Timestamp;

/// Where the time comes from. A parameter everywhere, so that windows, TTLs and
/// expiries are tested in microseconds.
pub trait Clock: Send + Sync {
    /// Wall-clock time: for signatures, records and dates shown to people.
    fn now(&self) -> Timestamp;

    /// Time since some fixed moment, for ages and TTLs: unmoved by changes of the
    /// wall clock, and counting on while the machine sleeps.
    fn monotonic(&self) -> Duration;
}

/// The machine's own clocks.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "this is where time enters")]
        Timestamp::now()
    }

    #[cfg(target_os = "linux")]
    fn monotonic(&self) -> Duration {
        // Boot time, for CLOCK_MONOTONIC stands still while a laptop sleeps and would
        // then serve an hours-old secret as fresh.
        let spec = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        Duration::new(
            u64::try_from(spec.tv_sec).unwrap_or(0),
            u32::try_from(spec.tv_nsec).unwrap_or(0),
        )
    }

    #[cfg(not(target_os = "linux"))]
    fn monotonic(&self) -> Duration {
        use std::{sync::OnceLock, time::Instant};
        static START: OnceLock<Instant> = OnceLock::new();
        #[expect(clippy::disallowed_methods, reason = "this is where time enters")]
        let now = Instant::now();
        now.duration_since(*START.get_or_init(|| now))
    }
}
