//! Loads a server over keep-alive connections on this machine, and prints a line of JSON:
//! answers, refusals, how long they took, and what asking cost.
//!
//! Each call is written, and with an AccessKey signed, when it is sent; one thread does it all.

#![expect(
    clippy::expect_used,
    reason = "a measurement that cannot be made has nothing to go on with"
)]

use std::{
    env,
    fmt::Write as _,
    fs,
    io::{self, Write as _},
    path::PathBuf,
    rc::Rc,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use kms_types::{Clock as _, SystemClock};
use rustix::time::{ClockId, clock_gettime};
use serde::Deserialize;
use tokio::{net::TcpStream, task::LocalSet};

mod http;
mod signed;
mod vault;

use signed::Signed;
use vault::Vault;

/// What is to be done; `xtask` writes it.
#[derive(Deserialize)]
struct Order {
    /// Host and port.
    address: String,
    identity: Identity,
    call: Call,
    /// What is encrypted with.
    key: String,
    connections: u64,
    /// Zero for each secret once.
    millis: u64,
    secrets: u64,
}

#[derive(Clone, Copy, Deserialize)]
enum Call {
    Fill,
    Get,
    Encrypt,
    Put,
    Find,
    List,
    Filter,
}

/// Files that say who asks.
#[derive(Deserialize)]
enum Identity {
    AccessKey(PathBuf),
    Token(PathBuf),
}

/// Writes requests.
enum Client {
    Signed(Signed),
    Vault(Vault),
}

/// What all connections share.
struct Run {
    order: Order,
    client: Client,
    until: Duration,
    calls: u64,
    next: AtomicU64,
}

/// What one connection saw.
#[derive(Default)]
struct Seen {
    micros: Vec<u64>,
    refused: u64,
    first_refusal: String,
}

/// Secrets on one page of a list.
const PAGE: u64 = 20;

/// 64 bytes, as a password or a token has.
const VALUE: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// The same, in Base64.
const VALUE_BASE64: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVm\
    MDEyMzQ1Njc4OWFiY2RlZg==";

fn main() -> io::Result<()> {
    let order = env::args().nth(1).expect("an order, as JSON");
    let order: Order = serde_json::from_str(&order).expect("an order");
    let client = match &order.identity {
        Identity::AccessKey(file) => Client::Signed(Signed::new(&fs::read_to_string(file)?)),
        Identity::Token(file) => Client::Vault(Vault::new(fs::read_to_string(file)?)),
    };
    let began = SystemClock.monotonic();
    let (until, calls) = if order.millis == 0 {
        (Duration::MAX, order.secrets)
    } else {
        (began + Duration::from_millis(order.millis), u64::MAX)
    };
    let run = Rc::new(Run {
        order,
        client,
        until,
        calls,
        next: AtomicU64::new(0),
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let seen = LocalSet::new().block_on(&runtime, async {
        let tasks: Vec<_> = (0..run.order.connections)
            .map(|_| tokio::task::spawn_local(connection(Rc::clone(&run))))
            .collect();
        let mut all = Seen::default();
        for task in tasks {
            let seen = task.await.expect("a connection's task");
            all.join(seen.expect("the connection holds"));
        }
        all
    });
    report(seen, SystemClock.monotonic().saturating_sub(began))
}

/// One call after the other.
async fn connection(run: Rc<Run>) -> io::Result<Seen> {
    let mut seen = Seen::default();
    let mut stream = TcpStream::connect(&run.order.address).await?;
    stream.set_nodelay(true)?;
    let (mut request, mut answer) = (String::new(), Vec::with_capacity(64 << 10));
    loop {
        let number = run.next.fetch_add(1, Ordering::Relaxed);
        if number >= run.calls {
            return Ok(seen);
        }
        request.clear();
        run.write(&mut request, number);
        let began = SystemClock.monotonic();
        if began >= run.until {
            return Ok(seen);
        }
        let status = http::exchange(&mut stream, request.as_bytes(), &mut answer).await?;
        let took = SystemClock.monotonic().saturating_sub(began);
        seen.micros
            .push(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
        if !(200..300).contains(&status) {
            seen.refused += 1;
            if seen.first_refusal.is_empty() {
                seen.first_refusal = String::from_utf8_lossy(&answer).into_owned();
            }
        }
    }
}

fn report(mut seen: Seen, took: Duration) -> io::Result<()> {
    seen.micros.sort_unstable();
    let count = seen.micros.len();
    let at = |percent: usize| {
        let index = (count * percent / 100).min(count.saturating_sub(1));
        seen.micros.get(index).copied().unwrap_or(0)
    };
    if seen.refused > 0 {
        writeln!(io::stderr(), "{}", seen.first_refusal)?;
    }
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    let nanos = i128::from(spent.tv_sec) * 1_000_000_000 + i128::from(spent.tv_nsec);
    let figure = serde_json::json!({
        "answers": count,
        "refused": seen.refused,
        "micros": u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        "p50": at(50),
        "p99": at(99),
        "nanos": u64::try_from(nanos / i128::try_from(count.max(1)).unwrap_or(1)).unwrap_or(0),
    });
    writeln!(io::stdout(), "{figure}")
}

// === impl Run ===

impl Run {
    /// Appends the request of that number.
    fn write(&self, out: &mut String, number: u64) {
        let Order {
            address,
            call,
            key,
            secrets,
            ..
        } = &self.order;
        let secret = match call {
            Call::Fill => number,
            // All in turn, far apart: 7919 is a prime, and no factor of how many there are.
            _ => number.wrapping_mul(7919) % (*secrets).max(1),
        };
        // Of one length, so that no name is the beginning of another.
        let mut name = String::with_capacity(16);
        write!(name, "bench-{secret:06}").expect("text");
        match &self.client {
            Client::Signed(client) => {
                let page = secret / PAGE + 1;
                client.write(out, address, *call, (&name, key, page), number);
            }
            Client::Vault(client) => client.write(out, address, *call, &name, key),
        }
    }
}

// === impl Seen ===

impl Seen {
    fn join(&mut self, other: Self) {
        self.micros.extend(other.micros);
        self.refused += other.refused;
        if self.first_refusal.is_empty() {
            self.first_refusal = other.first_refusal;
        }
    }
}
