//! A socket of this machine: syslog's (RFC 5424 in datagrams), or one that takes lines.
//! What listens there decides how safe a line is; the file is what calls wait for.

#[cfg(unix)]
pub(super) use unix::SocketDevice;

#[cfg(unix)]
mod unix {
    use std::{
        io::{self, Write},
        os::unix::net::{UnixDatagram, UnixStream},
        path::PathBuf,
        sync::Arc,
    };

    use kms_types::Clock;

    use crate::audit::{
        chain::Chain,
        device::{Device, Refused},
        entry::{Entry, PATIENCE},
        own::write_time,
    };

    /// A socket, connected anew whenever it was lost; the chain begins anew with it.
    pub(in crate::audit) struct SocketDevice {
        path: PathBuf,
        server: String,
        fresh: Chain,
        clock: Arc<dyn Clock>,
        open: Option<(Socket, Chain)>,
    }

    enum Socket {
        Datagrams(UnixDatagram),
        Lines(UnixStream),
    }

    /// authpriv.notice (RFC 5424 §6.2.1).
    const PRIORITY: u8 = 10 * 8 + 5;

    impl SocketDevice {
        pub(in crate::audit) fn new(
            path: PathBuf,
            server: &str,
            fresh: Chain,
            clock: Arc<dyn Clock>,
        ) -> Self {
            Self {
                path,
                server: server.to_owned(),
                fresh,
                clock,
                open: None,
            }
        }

        fn connect(&self) -> io::Result<(Socket, Chain)> {
            let datagrams = UnixDatagram::unbound()?;
            let mut socket = if datagrams.connect(&self.path).is_ok() {
                datagrams.set_write_timeout(Some(PATIENCE))?;
                Socket::Datagrams(datagrams)
            } else {
                let lines = UnixStream::connect(&self.path)?;
                lines.set_write_timeout(Some(PATIENCE))?;
                Socket::Lines(lines)
            };
            let mut chain = self.fresh.clone();
            let mut out = Vec::new();
            chain.begin(&mut out, &self.server, self.clock.now());
            socket.send(&out, &self.head())?;
            Ok((socket, chain))
        }

        /// What stands in front of a message.
        fn head(&self) -> String {
            let time = write_time(self.clock.now());
            let (time, _nanos) = time.split_at_checked(26).unwrap_or((&time, ""));
            let host: String = self.server.chars().filter(char::is_ascii_graphic).collect();
            let pid = std::process::id();
            format!("<{PRIORITY}>1 {time}Z {host} kms-server {pid} audit - ")
        }

        fn send(&mut self, entries: &[Arc<Entry>]) -> io::Result<()> {
            let (mut socket, mut chain) = match self.open.take() {
                Some(open) => open,
                None => self.connect()?,
            };
            let now = self.clock.now();
            let mut out = Vec::new();
            for entry in entries {
                chain.append(&mut out, &entry.body, now);
            }
            socket.send(&out, &self.head())?;
            self.open = Some((socket, chain));
            Ok(())
        }
    }

    impl Device for SocketDevice {
        fn name(&self) -> String {
            self.path.display().to_string()
        }

        fn write(&mut self, entries: &[Arc<Entry>]) -> Result<(), Refused> {
            Ok(self.send(entries)?)
        }

        fn checkpoint(&mut self) -> Result<(), Refused> {
            let head = self.head();
            let Some((socket, chain)) = self.open.as_mut().filter(|(_, chain)| chain.since > 1)
            else {
                return Ok(());
            };
            let mut out = Vec::new();
            chain.checkpoint(&mut out, self.clock.now());
            let sent = socket.send(&out, &head);
            if sent.is_err() {
                self.open = None;
            }
            Ok(sent?)
        }

        fn reopen(&mut self) -> Result<(), Refused> {
            self.open = None;
            Ok(())
        }
    }

    impl Socket {
        fn send(&mut self, lines: &[u8], head: &str) -> io::Result<()> {
            match self {
                Self::Lines(stream) => stream.write_all(lines),
                Self::Datagrams(socket) => {
                    for line in lines
                        .split(|byte| *byte == b'\n')
                        .filter(|line| !line.is_empty())
                    {
                        socket.send(&[head.as_bytes(), line].concat())?;
                    }
                    Ok(())
                }
            }
        }
    }
}
