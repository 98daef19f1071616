//! A server that runs.

use std::{
    io::{BufRead, BufReader, Read},
    net::{SocketAddr, TcpStream},
    process::{Child, Command},
    thread::{self, JoinHandle},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};

use crate::place::Place;

/// Killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) https: SocketAddr,
    pub(crate) http: SocketAddr,
    pub(crate) instance: Option<SocketAddr>,
    pub(crate) admin: Option<SocketAddr>,
    pub(crate) dns: Option<SocketAddr>,
    errors: Option<JoinHandle<String>>,
}

impl Server {
    /// `serve`, until it is ready.
    pub(crate) fn start(place: &Place) -> Self {
        Self::from(&mut place.command(&["serve"]))
    }

    /// As [`Server::start`], by a command with more in it.
    pub(crate) fn from(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut errors = child.stderr.take().unwrap();
        let errors = thread::spawn(move || {
            let mut text = String::new();
            errors.read_to_string(&mut text).unwrap();
            text
        });
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut said = String::new();
        while !said.ends_with("ready\n") {
            if out.read_line(&mut said).unwrap() == 0 {
                let errors = errors.join().unwrap();
                panic!("ended: {said}{errors}");
            }
        }
        // Kept open: the program may print, and nobody reads on.
        child.stdout = Some(out.into_inner());
        let at = |what: &str| {
            let mut lines = said.lines();
            let found = lines.find_map(|line| line.strip_prefix(&format!("{what} ")));
            found.map(|address| address.parse().unwrap())
        };
        Self {
            child,
            https: at("https").unwrap(),
            http: at("http").unwrap(),
            instance: at("instance"),
            admin: at("admin"),
            dns: at("dns"),
            errors: Some(errors),
        }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// SIGTERM, and what it wrote to standard error until it ended well.
    pub(crate) fn stop(self) -> String {
        self.signal(Signal::TERM);
        self.ended()
    }

    /// Waits until nobody new is let in: it is on its way to the end.
    #[expect(clippy::disallowed_methods, reason = "the program's time is real")]
    pub(crate) fn listens_no_more(&self) {
        for _ in 0..600 {
            if TcpStream::connect(self.http).is_err() {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("new connections are taken");
    }

    /// Waits for a good end.
    pub(crate) fn ended(mut self) -> String {
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        self.errors.take().unwrap().join().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
