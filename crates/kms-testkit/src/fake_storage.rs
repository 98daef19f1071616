//! What findings are delivered to: OSS, S3 and SLS in one, which takes only what is signed as they
//! want it. It checks by the published rules, with other libraries than what it tests.

use std::{
    collections::VecDeque,
    io,
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

mod connection;
mod verify;

/// A fake of them on a free port of 127.0.0.1, with a thread per connection; ends when dropped.
pub struct FakeStorage {
    shared: Arc<Shared>,
    address: SocketAddr,
}

/// A request that was taken or refused.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Stored {
    /// `PUT` or `POST`.
    pub method: String,
    /// As it travelled, encoded.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Why it was not taken.
    pub refused: Option<String>,
}

struct Shared {
    id: String,
    secret: String,
    kept: Mutex<Vec<Stored>>,
    refusals: Mutex<VecDeque<(u16, String)>>,
    ended: AtomicBool,
}

// === impl FakeStorage ===

impl FakeStorage {
    /// Takes what this AccessKey signs.
    ///
    /// # Errors
    /// No port is free.
    pub fn start(id: &str, secret: &str) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            id: id.to_owned(),
            secret: secret.to_owned(),
            kept: Mutex::default(),
            refusals: Mutex::default(),
            ended: AtomicBool::new(false),
        });
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            for socket in listener.incoming() {
                if serving.ended.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(socket) = socket else { continue };
                let shared = Arc::clone(&serving);
                thread::spawn(move || connection::serve(socket, &shared));
            }
        });
        Ok(Self { shared, address })
    }

    /// What a configuration calls its endpoint.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Refuses the next request so, whatever it is; those after it by what was said after that.
    pub fn refuse_next(&self, status: u16, code: &str) {
        lock(&self.shared.refusals).push_back((status, code.to_owned()));
    }

    /// All requests so far, taken or not, in their order.
    pub fn all(&self) -> Vec<Stored> {
        lock(&self.shared.kept).clone()
    }

    /// Those that were taken.
    pub fn taken(&self) -> Vec<Stored> {
        let mut all = self.all();
        all.retain(|one| one.refused.is_none());
        all
    }
}

impl Drop for FakeStorage {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        drop(TcpStream::connect_timeout(
            &self.address,
            Duration::from_secs(1),
        ));
    }
}

// === impl Stored ===

impl Stored {
    /// A header's value, the first of several; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        let mut headers = self.headers.iter();
        let found = headers.find(|(own, _)| own == name);
        found.map_or("", |(_, value)| value)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
