use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
};

use kms_crypto::{AuditKeys, AuditPublicKey, Keyring, KeyringError};
use kms_types::Clock;
use thiserror::Error;

use super::{
    Broken, Call, Ticket,
    chain::Chain,
    device::{Handle, Load},
    entry::Entry,
    file::{FileDevice, FileParts},
    flood::{Counted, Flood, Over},
    own::write_time,
    record,
    sheet::{self, OpenSheet},
};

/// Where the audit log goes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The file, mode 0600; its folder is made, mode 0700, if it is not there.
    pub path: PathBuf,
    /// What this server is called in its lines: servers that share a store have a chain each.
    pub server: String,
    /// When the file is replaced by a new one, in bytes. Old ones are kept.
    pub max_size: u64,
    /// Room on the disk that is set aside for what comes, in bytes; 0 for none.
    pub reserve: u64,
    /// A second place, beside the file.
    pub socket: Option<PathBuf>,
}

/// Why there is no audit log.
#[derive(Debug, Error)]
pub enum AuditError {
    /// The file or its folder.
    #[error("cannot open the audit log {}", path.display())]
    Open {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Something in the middle of the file was changed.
    #[error(
        "the audit log was changed: {0}. Keep the file as evidence, move it elsewhere and start \
         again: a new chain begins then"
    )]
    Damaged(Broken),
    /// No keys.
    #[error("no keys for the audit log")]
    Keys(#[source] KeyringError),
    /// No thread.
    #[error("cannot start the thread that writes the audit log")]
    Thread(#[source] io::Error),
    /// Only on Unix.
    #[error("the audit log cannot go to a socket on this system")]
    NoSockets,
}

/// The audit log of one server. Cheap to clone.
#[derive(Clone)]
pub struct Log(Arc<Inner>);

struct Inner {
    keys: AuditKeys,
    server: String,
    clock: Arc<dyn Clock>,
    devices: Vec<Arc<Handle>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    flood: Flood,
}

// === impl Log ===

impl Log {
    /// Opens the log and goes on where it ended.
    ///
    /// # Errors
    /// [`AuditError`].
    pub fn open(
        options: Options,
        keyring: &Keyring,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AuditError> {
        Self::open_with(options, keyring, clock, Box::new(sheet::open))
    }

    pub(super) fn open_with(
        options: Options,
        keyring: &Keyring,
        clock: Arc<dyn Clock>,
        open: OpenSheet,
    ) -> Result<Self, AuditError> {
        let keys = keyring.audit_keys().map_err(AuditError::Keys)?;
        make_parent(&options.path).map_err(|source| AuditError::Open {
            path: options.path.clone(),
            source,
        })?;
        let parts = FileParts {
            path: options.path,
            server: options.server.clone(),
            max_size: options.max_size,
            reserve: options.reserve,
            clock: Arc::clone(&clock),
            open,
        };
        let (file, torn) = FileDevice::open(parts, keyring)?;
        let mut started =
            vec![Handle::start(file, &options.server, &clock).map_err(AuditError::Thread)?];
        if let Some(path) = options.socket {
            let chain = Chain::new(keys.clone(), keyring.installation());
            started.push(start_socket(path, &options.server, chain, &clock)?);
        }
        let (devices, threads) = started.into_iter().unzip();
        let log = Self(Arc::new(Inner {
            keys,
            server: options.server,
            clock,
            devices,
            threads: Mutex::new(threads),
            flood: Flood::default(),
        }));
        if torn > 0 {
            log.note("log.cut-off", &[("bytes", &torn.to_string())]);
        }
        Ok(log)
    }

    /// Whether a call that is carried out now can be written down. Where it cannot, none
    /// is carried out.
    pub fn is_available(&self) -> bool {
        self.0.devices.iter().any(|device| device.is_well())
    }

    /// What the file has to do, and has done.
    pub fn load(&self) -> Load {
        let first = self.0.devices.first();
        first.map(|device| device.load()).unwrap_or_default()
    }

    /// Writes a call down. The answer must not leave before the ticket is redeemed.
    ///
    /// Of calls that nobody has signed, a hundred in a second are written each by itself;
    /// beyond that they are counted.
    pub fn call(&self, call: &Call<'_>) -> Ticket {
        let now = self.0.clock.monotonic();
        if let Some(over) = self.0.flood.take_over(now) {
            self.note_flood(&over);
        }
        if call.principal.is_none() && call.code != "OK" {
            match self.0.flood.count(now, call.source.ip(), call.code) {
                Counted::Alone => {}
                Counted::First => self.note("flood.begins", &[]),
                Counted::Among => return Ticket::redeemed(),
            }
        }
        self.append(call.to_json(write_time(self.0.clock.now()), &self.0.server))
    }

    /// Writes down what the program did, or what was done to it: `start`, `sweep`. No
    /// detail may hold a value.
    pub fn event(&self, event: &str, about: &[(&str, &str)]) -> Ticket {
        let time = write_time(self.0.clock.now());
        self.append(record::event(time, &self.0.server, event, about))
    }

    /// As [`Log::event`], where nothing waits for it.
    pub fn note(&self, event: &str, about: &[(&str, &str)]) {
        drop(self.event(event, about));
    }

    /// Waits until at least one device has the line and no device that is well has yet to
    /// say so; `false` if none has it within two seconds, or none can.
    pub async fn redeem(&self, ticket: Ticket) -> bool {
        let (is_written, is_late) = ticket.wait().await;
        if is_late {
            for device in &self.0.devices {
                device.note_late();
            }
        }
        is_written
    }

    /// What stands for a secret value or a token in the log: an HMAC-SHA256, the same for
    /// the same value, of no use to who has no key.
    pub fn correlate(&self, value: &[u8]) -> String {
        hex::encode(self.0.keys.correlate(value))
    }

    /// What verifies this log's checkpoints; auditors need no more.
    pub fn public_key(&self) -> AuditPublicKey {
        self.0.keys.public()
    }

    /// Opens the file anew, after somebody has moved it away.
    pub fn reopen(&self) {
        for device in &self.0.devices {
            device.reopen();
        }
    }

    /// Writes what waits, signs it, and ends. Lines that come later are refused.
    pub async fn close(&self) {
        if let Some(over) = self.0.flood.end() {
            self.note_flood(&over);
        }
        for device in &self.0.devices {
            device.close();
        }
        let threads = {
            let mut threads = self
                .0
                .threads
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *threads)
        };
        let joined = tokio::task::spawn_blocking(move || {
            for thread in threads {
                // A panic there has been reported by the hook.
                drop(thread.join());
            }
        });
        // A disk that hangs must not keep the program from ending.
        drop(tokio::time::timeout(super::entry::PATIENCE, joined).await);
    }

    fn note_flood(&self, over: &Over) {
        let about = over.to_text();
        let about: Vec<_> = about
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        self.note("flood", &about);
    }

    fn append(&self, body: Vec<u8>) -> Ticket {
        let devices = &self.0.devices;
        let well = devices.iter().filter(|device| device.is_well()).count();
        let waited_for = if well == 0 { devices.len() } else { well };
        let (entry, ticket) = Entry::new(body, waited_for);
        let entry = Arc::new(entry);
        let mut left = waited_for;
        for device in devices {
            // What becomes well meanwhile is not waited for: the count is the count.
            let is_waited_for = left > 0 && (well == 0 || device.is_well());
            left -= usize::from(is_waited_for);
            device.give(&entry, is_waited_for);
        }
        // One that fell ill meanwhile and was not counted must not be waited for.
        for _ in 0..left {
            entry.report(true, false);
        }
        ticket
    }
}

#[cfg(unix)]
fn start_socket(
    path: PathBuf,
    server: &str,
    chain: Chain,
    clock: &Arc<dyn Clock>,
) -> Result<(Arc<Handle>, JoinHandle<()>), AuditError> {
    let device = super::socket::SocketDevice::new(path, server, chain, Arc::clone(clock));
    Handle::start(device, server, clock).map_err(AuditError::Thread)
}

#[cfg(not(unix))]
fn start_socket(
    _path: PathBuf,
    _server: &str,
    _chain: Chain,
    _clock: &Arc<dyn Clock>,
) -> Result<(Arc<Handle>, JoinHandle<()>), AuditError> {
    Err(AuditError::NoSockets)
}

fn make_parent(path: &Path) -> io::Result<()> {
    let Some(dir) = path.parent().filter(|dir| !dir.as_os_str().is_empty()) else {
        return Ok(());
    };
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}
