//! Servers that are killed at any moment, while a client keeps a ledger of what was
//! acknowledged.
#![cfg(all(unix, feature = "postgres", feature = "sqlite"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeSet,
    env,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    thread,
};

use jiff::Timestamp;
use kms_store::{
    AccountRecord, Mode, NewSecret, NewVersion, PostgresSettings, PostgresStore, SecretId,
    SecretRotation, SqliteStore, Store, StoreError, TagRecord, run_tx,
};
use kms_testkit::Postgres;
use kms_types::{AccountId, DataType, Secret, VersionStage};

/// Where the store is, for the process that gets killed.
const STORE: &str = "KMS_TEST_KILLED_STORE";
/// What its versions are called.
const NAME: &str = "KMS_TEST_KILLED_NAME";
/// Callers at once in each.
const CALLERS: usize = 4;

fn account() -> AccountId {
    "1234567890123456".parse().unwrap()
}

async fn open(url: &str) -> Arc<dyn Store> {
    if url.starts_with("postgres:") {
        let settings = PostgresSettings::new(Secret::from(url));
        return Arc::new(PostgresStore::open(&settings).await.unwrap());
    }
    Arc::new(SqliteStore::open(Path::new(url)).await.unwrap())
}

/// A new version that becomes the current one, the former the previous, and a tag beside it:
/// four writes that belong together.
async fn put(store: &dyn Store, secret: SecretId, name: &str) -> Result<(), StoreError> {
    run_tx(store, Mode::Write, |mut tx| {
        Box::pin(async move {
            let version = NewVersion {
                id: name.parse().unwrap(),
                data_type: DataType::Text,
                sealed: name.as_bytes().to_vec(),
                created: Timestamp::UNIX_EPOCH,
            };
            let current = VersionStage::current();
            let former = tx.versions().find_by_stage(secret, &current).await?;
            let serial = tx.versions().insert(secret, &version).await?;
            if let Some(former) = former {
                let previous = VersionStage::previous();
                tx.versions()
                    .put_stage(secret, &previous, former.serial)
                    .await?;
            }
            tx.versions().put_stage(secret, &current, serial).await?;
            let tag = TagRecord {
                key: name.to_owned(),
                value: String::new(),
            };
            tx.tags().put(&secret.into(), &tag).await
        })
    })
    .await
}

/// In the process that gets killed: writes for ever, saying what is acknowledged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_gets_killed() {
    #[expect(clippy::disallowed_methods, reason = "how a test tells its own child")]
    let (Ok(url), Ok(name)) = (env::var(STORE), env::var(NAME)) else {
        return;
    };
    let store = open(&url).await;
    let mut callers = Vec::new();
    for caller in 0..CALLERS {
        let store = Arc::clone(&store);
        let name = name.clone();
        callers.push(tokio::spawn(async move {
            for number in 0.. {
                let secret = SecretId(1 + i64::from(number % 3));
                let version = format!("{name}-{caller}-{number}");
                match put(store.as_ref(), secret, &version).await {
                    Ok(()) => eprintln!("acknowledged {} {version} .", secret.0),
                    Err(StoreError::Conflict) => {}
                    Err(error) => panic!("{error:?}"),
                }
            }
        }));
    }
    for caller in callers {
        caller.await.unwrap();
    }
}

fn start(url: &str, name: &str) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["a_server_that_gets_killed", "--exact", "--nocapture"])
        .env(STORE, url)
        .env(NAME, name)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Lets it acknowledge that many and kills it; all that it acknowledged, which may be more.
fn kill_after(mut server: Child, acknowledged: usize) -> Vec<(i64, String)> {
    let lines = BufReader::new(server.stderr.take().unwrap()).lines();
    let mut ledger = Vec::new();
    for line in lines {
        let line = line.unwrap();
        // The end of a line says that it is whole: of one that is cut off nobody was told.
        let mut words = line.split(' ');
        if let (Some("acknowledged"), Some(secret), Some(version), Some(".")) =
            (words.next(), words.next(), words.next(), words.next())
        {
            ledger.push((secret.parse().unwrap(), version.to_owned()));
        } else {
            assert!(!line.contains("panicked"), "{line}");
        }
        if ledger.len() == acknowledged {
            server.kill().unwrap();
        }
    }
    server.wait().unwrap();
    assert!(ledger.len() >= acknowledged, "it ended by itself");
    ledger
}

async fn furnish(url: &str) {
    let store = open(url).await;
    let mut tx = store.begin(Mode::Write).await.unwrap();
    let owner = AccountRecord {
        id: account(),
        created: Timestamp::UNIX_EPOCH,
    };
    tx.accounts().insert(&owner).await.unwrap();
    for name in ["a", "b", "c"] {
        let secret = NewSecret {
            account: account(),
            name: name.parse().unwrap(),
            secret_type: "Generic".to_owned(),
            description: String::new(),
            encryption_key_id: String::new(),
            instance_id: String::new(),
            extended_config: String::new(),
            policy: String::new(),
            rotation: SecretRotation::default(),
            created: Timestamp::UNIX_EPOCH,
        };
        tx.secrets().insert(&secret).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Everything acknowledged is there, everything else wholly or not at all, and each secret
/// has one current version.
async fn check(store: &dyn Store, ledger: &[(i64, String)]) {
    let mut tx = store.begin(Mode::Read).await.unwrap();
    for id in 1..=3 {
        let secret = SecretId(id);
        let versions = tx.versions().of(secret).await.unwrap();
        let there: BTreeSet<&str> = versions.iter().map(|one| one.id.as_str()).collect();
        let tags = tx.tags().of(&secret.into()).await.unwrap();
        let whole: BTreeSet<&str> = tags.iter().map(|tag| tag.key.as_str()).collect();
        assert_eq!(
            there, whole,
            "secret {id}: versions without tag, or tags without version"
        );
        for (_, version) in ledger.iter().filter(|(of, _)| *of == id) {
            assert!(there.contains(version.as_str()), "lost {version}");
        }
        let bearers = |stage: &VersionStage| {
            versions
                .iter()
                .filter(|one| one.stages.contains(stage))
                .count()
        };
        let expected = (
            versions.len().min(1),
            versions.len().saturating_sub(1).min(1),
        );
        let found = (
            bearers(&VersionStage::current()),
            bearers(&VersionStage::previous()),
        );
        assert_eq!(found, expected, "secret {id}");
        let last = versions
            .last()
            .map(|one| one.stages.contains(&VersionStage::current()));
        assert!(last.unwrap_or(true), "secret {id}: the newest is current");
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_server_on_sqlite_loses_nothing_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kms.db");
    let url = path.to_str().unwrap();
    furnish(url).await;
    let mut ledger = Vec::new();
    for round in 0..12 {
        let server = start(url, &format!("r{round}"));
        ledger.extend(kill_after(server, 3 + round * 7));
        let store = SqliteStore::open(&path).await.unwrap();
        check(&store, &ledger).await;
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_on_postgresql_lose_nothing_acknowledged() {
    let url = Postgres::shared().database().await;
    furnish(&url).await;
    let store = open(&url).await;
    let servers: Vec<_> = ["x", "y", "z"]
        .into_iter()
        .map(|name| {
            let url = url.clone();
            thread::spawn(move || {
                let mut ledger = Vec::new();
                for round in 0..4 {
                    let server = start(&url, &format!("{name}{round}"));
                    ledger.extend(kill_after(server, 3 + round * 5));
                }
                ledger
            })
        })
        .collect();
    // Another server reads all the while, and sees whole transactions alone.
    while !servers.iter().all(thread::JoinHandle::is_finished) {
        check(store.as_ref(), &[]).await;
    }
    let mut ledger = Vec::new();
    for server in servers {
        ledger.extend(server.join().unwrap());
    }
    check(store.as_ref(), &ledger).await;
}
