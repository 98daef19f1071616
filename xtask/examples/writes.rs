//! Writes to a store of SQLite in the given folder as often as it takes, and prints a line of
//! JSON for each number of callers: writes per second, each of them synced to the disk.

#![expect(
    clippy::expect_used,
    reason = "a measurement that cannot be made has nothing to go on with"
)]

use std::{
    io::{self, Write as _},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use jiff::Timestamp;
use kms_store::{AccountRecord, Mode, SqliteStore, Store};
use kms_types::{Clock as _, SystemClock};
use tokio::task::JoinSet;

#[tokio::main]
async fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().expect("a folder"));
    let millis: u64 = arguments
        .next()
        .and_then(|text| text.parse().ok())
        .expect("milliseconds per figure");
    let store = SqliteStore::open(&folder.join("kms.db"))
        .await
        .expect("a store");
    let store = Arc::new(store);
    // Account ids are digits: one for each write.
    let next = Arc::new(AtomicU64::new(1_000_000_000_000_000));
    for callers in [1, 16, 64] {
        let rate = measure(&store, &next, callers, Duration::from_millis(millis)).await;
        writeln!(
            io::stdout(),
            "{{\"callers\": {callers}, \"writes\": {rate}}}"
        )?;
    }
    store.close().await;
    Ok(())
}

/// Writes per second while so many callers write, each its next one when the last is on disk.
async fn measure(
    store: &Arc<SqliteStore>,
    next: &Arc<AtomicU64>,
    callers: u32,
    time: Duration,
) -> u64 {
    let began = SystemClock.monotonic();
    let mut tasks = JoinSet::new();
    for _ in 0..callers {
        let (store, next) = (Arc::clone(store), Arc::clone(next));
        tasks.spawn(async move {
            let mut done = 0_u64;
            while SystemClock.monotonic().saturating_sub(began) < time {
                write(&store, next.fetch_add(1, Relaxed)).await;
                done += 1;
            }
            done
        });
    }
    let done: u64 = tasks.join_all().await.iter().sum();
    let took = SystemClock.monotonic().saturating_sub(began).as_millis();
    let rate = u128::from(done) * 1000 / took.max(1);
    u64::try_from(rate).expect("a rate that fits")
}

/// Adds a record.
async fn write(store: &SqliteStore, id: u64) {
    let account = AccountRecord {
        id: id.to_string().parse().expect("an account's id"),
        created: Timestamp::UNIX_EPOCH,
    };
    let mut tx = store.begin(Mode::Write).await.expect("a transaction");
    tx.accounts().insert(&account).await.expect("a record");
    tx.commit().await.expect("a commit");
}
