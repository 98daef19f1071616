use std::{
    io::{self, BufReader, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result};

use crate::bench::{
    kms::{answer, read, secret_name},
    process::Stopwatch,
};

/// A KMS that has every secret, counts who asks, and changes one when told.
#[derive(Clone)]
pub(super) struct Kms {
    port: u16,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    reads: AtomicU64,
    changed: Mutex<Option<Changed>>,
}

/// A secret with another value than before.
struct Changed {
    name: String,
    value: String,
    /// Since it was told for the first time.
    told: Option<Stopwatch>,
}

// === impl Kms ===

impl Kms {
    pub(super) fn start() -> Result<Self> {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("binding the KMS of the bench")?;
        let port = listener.local_addr()?.port();
        let state = Arc::<State>::default();
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                // The operator may break off.
                thread::spawn(move || drop(serve(&socket, &state)));
            }
        });
        Ok(Self { port, state })
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// How often it was asked for a value.
    pub(super) fn reads(&self) -> u64 {
        self.state.reads.load(Ordering::Relaxed)
    }

    /// Gives a secret another value.
    pub(super) fn change(&self, name: &str, value: &str) {
        *lock(&self.state.changed) = Some(Changed {
            name: name.to_owned(),
            value: value.to_owned(),
            told: None,
        });
    }

    /// How long ago the other value was told for the first time.
    pub(super) fn told(&self) -> Option<Duration> {
        let changed = lock(&self.state.changed);
        changed.as_ref()?.told.map(Stopwatch::elapsed)
    }
}

fn serve(socket: &TcpStream, state: &State) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let mut reader = BufReader::new(socket);
    while let Some(request) = read(&mut reader)? {
        let name = secret_name(&request).unwrap_or_default();
        state.reads.fetch_add(1, Ordering::Relaxed);
        let body = answer(&name, &value(&name, state));
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let mut socket = socket;
        socket.write_all(&[head.as_bytes(), body.as_bytes()].concat())?;
    }
    Ok(())
}

fn value(name: &str, state: &State) -> String {
    match lock(&state.changed).as_mut() {
        Some(changed) if changed.name == name => {
            changed.told.get_or_insert_with(Stopwatch::start);
            changed.value.clone()
        }
        // As long as a password and what belongs to it.
        _ => format!("{name}-{}", "s".repeat(140)),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
