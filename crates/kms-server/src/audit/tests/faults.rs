//! A disk that is full, fails, or hangs.

use std::{
    io,
    sync::{
        Condvar, Mutex,
        atomic::{AtomicBool, AtomicU8, Ordering},
    },
    time::Duration,
};

use super::*;
use crate::audit::sheet::{self, Sheet};

/// What the disk does next.
#[derive(Default)]
struct Disk {
    fault: AtomicU8,
    is_hanging: Mutex<bool>,
    /// Something waits for it while it hangs.
    is_waited_for: AtomicBool,
    moves: Condvar,
}

const FULL: u8 = 1;
const SYNC_FAILS: u8 = 2;

struct Faulty {
    inner: Box<dyn Sheet>,
    disk: Arc<Disk>,
}

impl Disk {
    fn sheets(self: &Arc<Self>) -> OpenSheet {
        let disk = Arc::clone(self);
        Box::new(move |path| {
            Ok(Box::new(Faulty {
                inner: sheet::open(path)?,
                disk: Arc::clone(&disk),
            }))
        })
    }

    fn set(&self, fault: u8) {
        self.fault.store(fault, Ordering::SeqCst);
    }

    fn hang(&self, hangs: bool) {
        *self.is_hanging.lock().unwrap() = hangs;
        self.is_waited_for.store(false, Ordering::SeqCst);
        self.moves.notify_all();
    }

    /// Until the device's thread stands in front of it.
    async fn until_waited_for(&self) {
        while !self.is_waited_for.load(Ordering::SeqCst) {
            tokio::task::yield_now().await;
        }
    }
}

impl Sheet for Faulty {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.disk.fault.load(Ordering::SeqCst) == FULL {
            // As a disk does that is nearly full.
            self.inner.append(&bytes[..bytes.len() / 2])?;
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.inner.append(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        let hanging = self.disk.is_hanging.lock().unwrap();
        self.disk.is_waited_for.store(*hanging, Ordering::SeqCst);
        drop(self.disk.moves.wait_while(hanging, |hangs| *hangs).unwrap());
        if self.disk.fault.load(Ordering::SeqCst) == SYNC_FAILS {
            return Err(io::Error::other("the disk is gone"));
        }
        self.inner.sync()
    }

    fn cut(&mut self, size: u64) -> io::Result<()> {
        self.inner.cut(size)
    }

    fn reserve(&mut self, size: u64, room: u64) -> io::Result<()> {
        self.inner.reserve(size, room)
    }

    fn is_at(&self, path: &Path) -> bool {
        self.inner.is_at(path)
    }
}

async fn one(log: &Log) -> bool {
    let ticket = log.event("test", &[]);
    log.redeem(ticket).await
}

#[tokio::test]
async fn a_full_disk_refuses_and_goes_on_by_itself() {
    let (stand, disk) = (Stand::new(), Arc::new(Disk::default()));
    let log = stand.open_on(disk.sheets());
    write(&log, 2).await;
    disk.set(FULL);
    assert!(!one(&log).await);
    assert!(!log.is_available());
    assert!(!one(&log).await);
    disk.set(0);
    // Nobody asks for anything: it tries by itself.
    for _ in 0..200 {
        if log.is_available() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(log.is_available());
    write(&log, 1).await;
    log.close().await;
    let found = lines(&stand.path());
    let resumed = found
        .iter()
        .find(|line| line["event"] == "log.resumed")
        .unwrap();
    assert_eq!(resumed["about"]["missed"], "2");
    // begin, 2, resumed, 1, checkpoint: of what failed nothing is left.
    assert_eq!(found.len(), 6);
    stand.verify();
}

#[tokio::test]
async fn a_disk_that_failed_to_sync_is_not_asked_again() {
    let (stand, disk) = (Stand::new(), Arc::new(Disk::default()));
    let log = stand.open_on(disk.sheets());
    write(&log, 1).await;
    disk.set(SYNC_FAILS);
    assert!(!one(&log).await);
    disk.set(0);
    assert!(!one(&log).await);
    assert!(!log.is_available());
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert!(!log.is_available());
    assert!(!one(&log).await);
    log.close().await;
}

#[tokio::test]
async fn a_disk_that_hangs_is_waited_for_two_seconds() {
    let (stand, disk) = (Stand::new(), Arc::new(Disk::default()));
    let log = stand.open_on(disk.sheets());
    write(&log, 1).await;
    disk.hang(true);
    let ticket = log.event("test", &[]);
    disk.until_waited_for().await;
    stand.clock.advance(Duration::from_secs(2));
    // From here on nothing moves but time.
    tokio::time::pause();
    let began = tokio::time::Instant::now();
    assert!(!log.redeem(ticket).await);
    // Timers are up to a millisecond late.
    assert!((2000..=2001).contains(&began.elapsed().as_millis()));
    tokio::time::resume();
    assert!(!log.is_available());
    disk.hang(false);
    for _ in 0..200 {
        if log.is_available() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    write(&log, 1).await;
    log.close().await;
    // Late, but written: the call was refused, its line tells it nevertheless.
    assert_eq!(stand.verify().lines, 5);
}

#[cfg(unix)]
#[tokio::test]
async fn a_second_device_is_enough() {
    use std::os::unix::net::UnixDatagram;

    let (stand, disk) = (Stand::new(), Arc::new(Disk::default()));
    let socket = stand.dir.path().join("syslog.sock");
    let receiver = UnixDatagram::bind(&socket).unwrap();
    let options = Options {
        socket: Some(socket),
        ..stand.options()
    };
    let clock = Arc::new(stand.clock.clone());
    let log = Log::open_with(options, &stand.keyring, clock, disk.sheets()).unwrap();
    write(&log, 1).await;
    disk.set(FULL);
    assert!(one(&log).await);
    assert!(log.is_available());
    assert!(one(&log).await);
    disk.set(0);
    write(&log, 1).await;
    log.close().await;
    drop(receiver);
    let found = lines(&stand.path());
    assert!(found.iter().any(|line| line["event"] == "log.resumed"));
    stand.verify();
}

#[tokio::test]
async fn what_nobody_has_signed_cannot_fill_the_log() {
    let stand = Stand::new();
    let log = stand.open();
    let call = Call {
        request_id: kms_types::RequestId::random(),
        source: "192.0.2.1:7".parse().unwrap(),
        gateway: "shared",
        tls: false,
        protocol: "openapi",
        product: None,
        action: None,
        principal: None,
        account: None,
        access_key_id: None,
        resources: &[],
        version: None,
        code: "MissingParameter",
        status: 400,
        micros: 1,
        value: None,
        token: None,
        issued_token: None,
    };
    for _ in 0..1000 {
        assert!(log.redeem(log.call(&call)).await);
    }
    // Who has signed is written, flood or not.
    let signed = Call {
        principal: Some("acs:ram::1000000000000001:user/dev"),
        ..call
    };
    for _ in 0..150 {
        assert!(log.redeem(log.call(&signed)).await);
    }
    log.close().await;
    let found = lines(&stand.path());
    let calls = found.iter().filter(|line| line["kind"] == "call").count();
    assert_eq!(calls, 101 + 150);
    let flood = found.iter().find(|line| line["event"] == "flood").unwrap();
    assert_eq!(flood["about"]["calls"], "899");
    assert_eq!(flood["about"]["codes"], "MissingParameter 899");
}

#[tokio::test]
async fn what_waits_for_the_disk_and_what_it_took_is_told() {
    let (stand, disk) = (Stand::new(), Arc::new(Disk::default()));
    let log = stand.open_on(disk.sheets());
    write(&log, 3).await;
    let before = log.load();
    assert_eq!((before.waiting, before.writes), (0, 3));
    assert_eq!(before.spent, Duration::ZERO, "the clock stood still");
    disk.hang(true);
    let ticket = log.event("test", &[]);
    disk.until_waited_for().await;
    // One is being written; these wait for it.
    let others = [log.event("test", &[]), log.event("test", &[])];
    assert_eq!(log.load().waiting, 2);
    stand.clock.advance(Duration::from_millis(40));
    disk.hang(false);
    assert!(log.redeem(ticket).await);
    for other in others {
        assert!(log.redeem(other).await);
    }
    let after = log.load();
    assert_eq!((after.waiting, after.writes), (0, 5));
    assert_eq!(after.spent, Duration::from_millis(40));
    log.close().await;
}
