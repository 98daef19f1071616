//! A TCP relay that breaks connections on order.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

/// What happens to connections that are made from now on.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Fault {
    /// Nothing: bytes pass.
    #[default]
    None,
    /// Connections are reset as soon as they are made, and those that are open are cut.
    Refuse,
    /// Connections are taken, and nothing passes.
    Silence,
    /// Answers pass after this pause.
    Delay(Duration),
    /// So many bytes of the answer pass, then the end.
    Truncate(usize),
    /// The answer's bytes are all inverted.
    Garble,
}

/// The relay, on a free port of 127.0.0.1; ends when dropped.
pub struct FaultProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    fault: Mutex<Fault>,
    open: Mutex<Vec<TcpStream>>,
    accepted: AtomicUsize,
    ended: AtomicBool,
}

impl FaultProxy {
    /// Relays to `target`.
    ///
    /// # Errors
    /// No port is free.
    pub fn start(target: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming() {
                if serving.ended.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(client) = client else { continue };
                serving.accepted.fetch_add(1, Ordering::SeqCst);
                let fault = serving.fault();
                if fault == Fault::Refuse {
                    reset_at_end(&client);
                    continue;
                }
                let shared = Arc::clone(&serving);
                // Errors end the connection, which is all that there is to do.
                thread::spawn(move || drop(relay(&client, target, fault, &shared)));
            }
        });
        Ok(Self { address, shared })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Orders a fault, or its end.
    pub fn set(&self, fault: Fault) {
        *self
            .shared
            .fault
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = fault;
        if fault == Fault::Refuse {
            self.shared.cut();
        }
    }

    /// How many connections were made so far.
    pub fn accepted(&self) -> usize {
        self.shared.accepted.load(Ordering::SeqCst)
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        self.shared.cut();
        drop(TcpStream::connect_timeout(
            &self.address,
            Duration::from_secs(1),
        ));
    }
}

impl Shared {
    fn fault(&self) -> Fault {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cut(&self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        for socket in open.drain(..) {
            drop(socket.shutdown(Shutdown::Both));
        }
    }
}

fn relay(client: &TcpStream, target: SocketAddr, fault: Fault, shared: &Shared) -> io::Result<()> {
    let server = TcpStream::connect(target)?;
    {
        let mut open = shared.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.push(client.try_clone()?);
    }
    if fault == Fault::Silence {
        let mut client = client.try_clone()?;
        io::copy(&mut client, &mut io::sink())?;
        return Ok(());
    }
    let (mut from, mut to) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || {
        drop(io::copy(&mut from, &mut to));
        drop(to.shutdown(Shutdown::Write));
    });
    answer(&server, client, fault)?;
    client.shutdown(Shutdown::Both)
}

fn answer(mut server: &TcpStream, mut client: &TcpStream, fault: Fault) -> io::Result<()> {
    let mut passed = 0;
    let mut piece = [0; 8192];
    loop {
        let len = server.read(&mut piece)?;
        let bytes = piece.get_mut(..len).unwrap_or_default();
        if bytes.is_empty() {
            return Ok(());
        }
        match fault {
            Fault::Truncate(most) => {
                let room = bytes.len().min(most - passed);
                client.write_all(bytes.get(..room).unwrap_or_default())?;
                passed += room;
                if passed < most {
                    continue;
                }
                return Ok(());
            }
            Fault::Delay(pause) => {
                #[expect(clippy::disallowed_methods, reason = "a slow network is a real one")]
                thread::sleep(pause);
            }
            Fault::Garble => bytes.iter_mut().for_each(|byte| *byte = !*byte),
            Fault::None | Fault::Refuse | Fault::Silence => {}
        }
        client.write_all(bytes)?;
    }
}

/// Closing will be a reset.
fn reset_at_end(socket: &TcpStream) {
    drop(socket2::SockRef::from(socket).set_linger(Some(Duration::ZERO)));
}
