use std::time::Duration;

/// The service manager that started the program, if it wants to be told (systemd's
/// `Type=notify`). Says nothing where there is none.
#[derive(Clone, Copy, Debug, Default)]
pub struct ServiceManager(());

#[cfg(unix)]
impl ServiceManager {
    /// The one named by `NOTIFY_SOCKET`.
    pub fn from_process() -> Self {
        Self(())
    }

    /// How often the manager wants a sign of life at least (`WATCHDOG_USEC`, `WATCHDOG_PID`).
    pub fn watchdog(self) -> Option<Duration> {
        sd_notify::watchdog_enabled()
    }

    /// The program serves.
    pub fn ready(self) {
        tell(&[sd_notify::NotifyState::Ready]);
    }

    /// The program ends by its own will.
    pub fn stopping(self) {
        tell(&[sd_notify::NotifyState::Stopping]);
    }

    /// A sign of life.
    pub fn alive(self) {
        tell(&[sd_notify::NotifyState::Watchdog]);
    }
}

#[cfg(unix)]
fn tell(state: &[sd_notify::NotifyState<'_>]) {
    // Without NOTIFY_SOCKET this does nothing; a manager that went away is no reason to stop serving.
    if let Err(error) = sd_notify::notify(state) {
        tracing::debug!(%error, "the service manager cannot be told");
    }
}

#[cfg(not(unix))]
impl ServiceManager {
    /// There is none.
    pub fn from_process() -> Self {
        Self(())
    }

    /// Never.
    pub fn watchdog(self) -> Option<Duration> {
        None
    }

    /// Does nothing.
    pub fn ready(self) {}

    /// Does nothing.
    pub fn stopping(self) {}

    /// Does nothing.
    pub fn alive(self) {}
}
