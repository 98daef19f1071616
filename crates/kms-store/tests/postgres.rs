//! The contract over PostgreSQL, and what is PostgreSQL's alone: several servers, lost
//! connections, a writer that dies.
#![cfg(all(unix, feature = "postgres"))]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod contract;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use contract::{account, add_account, at, contract_tests, furnished, version};
use kms_store::{
    AccountRecord, Area, DocumentKind, DocumentRecord, Mode, PostgresSettings, PostgresStore,
    Store, StoreError, Tx,
};
use kms_testkit::Postgres;
use kms_types::Secret;

async fn store_at(url: &str) -> Result<PostgresStore, StoreError> {
    PostgresStore::open(&PostgresSettings::new(Secret::from(url))).await
}

async fn open() -> ((), Arc<dyn Store>) {
    let url = Postgres::shared().database().await;
    ((), Arc::new(store_at(&url).await.unwrap()))
}

contract_tests!(open());

/// Several servers on one database, each call to the next of them.
struct InTurn {
    servers: Vec<PostgresStore>,
    next: AtomicUsize,
}

#[async_trait]
impl Store for InTurn {
    async fn begin(&self, mode: Mode) -> Result<Box<dyn Tx>, StoreError> {
        let next = self.next.fetch_add(1, Ordering::Relaxed) % self.servers.len();
        self.servers[next].begin(mode).await
    }
}

async fn several() -> ((), Arc<dyn Store>) {
    let url = Postgres::shared().database().await;
    // All at once: one of them makes the schema, the others wait.
    let opened = [(); 3].map(|()| {
        let url = url.clone();
        tokio::spawn(async move { store_at(&url).await })
    });
    let mut servers = Vec::new();
    for server in opened {
        servers.push(server.await.unwrap().unwrap());
    }
    let next = AtomicUsize::new(0);
    ((), Arc::new(InTurn { servers, next }))
}

mod several_servers {
    use super::{contract, contract_tests, several};

    contract_tests! { several();
        races::two_writers_never_lose_a_label,
        races::readers_never_see_a_label_missing,
        races::counting_loses_nothing,
        races::a_limit_holds,
        races::a_name_is_taken_once,
        journal::is_claimed_by_one,
        journal::the_deposed_write_nothing,
        transactions::a_reader_sees_one_moment,
    }
}

#[tokio::test]
async fn a_nonce_serves_once_on_all_servers() {
    let url = Postgres::shared().database().await;
    let stores = [store_at(&url).await.unwrap(), store_at(&url).await.unwrap()];
    let [one, other] = [&stores[0], &stores[1]].map(|store| store.nonces().unwrap());
    let key = one.key([1; 32]).await.unwrap();
    assert_eq!(key, [1; 32]);
    assert_eq!(other.key([2; 32]).await.unwrap(), key, "the first one's");

    assert!(one.note(10, u64::MAX).await.unwrap().0);
    assert!(!one.note(10, u64::MAX).await.unwrap().0);
    assert!(
        !other.note(11, u64::MAX).await.unwrap().0,
        "in no other bucket"
    );
    assert!(other.note(11, 0).await.unwrap().0);
    assert_eq!(one.forget(10).await.unwrap(), 0);
    assert_eq!(one.forget(11).await.unwrap(), 1);
    assert!(other.note(12, u64::MAX).await.unwrap().0);
    assert!(!one.note(12, 0).await.unwrap().0);

    // Of many at once one wins.
    let store = Arc::new(store_at(&url).await.unwrap());
    let callers: Vec<_> = (0..8)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.nonces().unwrap().note(12, 7).await.unwrap().0 })
        })
        .collect();
    let mut won = 0;
    for caller in callers {
        won += usize::from(caller.await.unwrap());
    }
    assert_eq!(won, 1);
    // And what they do weakens no commit after it.
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    tx.commit().await.unwrap();
}

/// In this process the test; in the one that it starts, the writer that gets killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_writer_leaves_nothing() {
    use std::{
        env,
        io::{BufRead as _, BufReader},
        process::{Command, Stdio},
    };
    const WRITER: &str = "KMS_TEST_KILLED_WRITER";
    const HALFWAY: &str = "halfway";

    #[expect(clippy::disallowed_methods, reason = "how a test tells its own child")]
    let told = env::var(WRITER);
    if let Ok(url) = told {
        let store = store_at(&url).await.unwrap();
        let mut tx = store.begin(Mode::Alone).await.unwrap();
        add_account(tx.as_mut()).await;
        eprintln!("{HALFWAY}");
        std::future::pending::<()>().await;
    }
    let url = Postgres::shared().database().await;
    let store = store_at(&url).await.unwrap();
    let mut writer = Command::new(env::current_exe().unwrap())
        .args(["a_killed_writer_leaves_nothing", "--exact", "--nocapture"])
        .env(WRITER, &url)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(writer.stderr.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap() == HALFWAY));
    writer.kill().unwrap();
    writer.wait().unwrap();

    // Waits until the database has let go of what the dead one held.
    let mut tx = store.begin(Mode::Alone).await.unwrap();
    assert_eq!(tx.accounts().list().await.unwrap(), []);
    add_account(tx.as_mut()).await;
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn lost_connections_are_replaced() {
    let url = Postgres::shared().database().await;
    let store = store_at(&url).await.unwrap();
    let secret = furnished(&store).await;
    let hang_up = format!(
        "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = '{}'",
        database(&url)
    );

    // Several that lie idle, and one in the middle of its work.
    let mut readers = Vec::new();
    for _ in 0..4 {
        readers.push(store.begin(Mode::Read).await.unwrap());
    }
    for reader in readers {
        reader.commit().await.unwrap();
    }
    let mut tx = store.begin(Mode::Write).await.unwrap();
    tx.secrets().remove(secret).await.unwrap();
    Postgres::shared().administer(&hang_up).await;
    let lost = tx.versions().of(secret).await;
    assert!(matches!(lost, Err(StoreError::Unavailable(_))), "{lost:?}");
    let lost = tx.commit().await;
    assert!(matches!(lost, Err(StoreError::Unavailable(_))), "{lost:?}");

    let current = version(&store, secret, "ACSCurrent").await.unwrap();
    assert!(current.is_some(), "and the removal never happened");
    Postgres::shared().administer(&hang_up).await;
    let mut tx = store.begin(Mode::Write).await.unwrap();
    tx.secrets().remove(secret).await.unwrap();
    tx.commit().await.unwrap();
}

/// COMMIT of such a transaction is a rollback that looks like success.
#[tokio::test]
async fn a_failed_statement_keeps_the_rest_from_being_committed() {
    let (_kept, store) = open().await;
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    assert!(tx.documents().insert(&of_nobody("{}")).await.is_err());
    let committed = tx.commit().await;
    assert!(
        matches!(committed, Err(StoreError::Unavailable(_))),
        "{committed:?}"
    );
    let mut tx = store.begin(Mode::Read).await.unwrap();
    assert_eq!(tx.accounts().list().await.unwrap(), []);
}

/// The weak and the strong turn: whoever is alone waits for those who write, and sees what
/// they wrote.
#[tokio::test]
async fn who_is_alone_sees_what_others_were_writing() {
    let (_kept, store) = open().await;
    let mut writer = store.begin(Mode::Write).await.unwrap();
    add_account(writer.as_mut()).await;
    let alone = tokio::spawn({
        let store = Arc::clone(&store);
        async move {
            let mut tx = store.begin(Mode::Alone).await.unwrap();
            let found = tx.accounts().find(&account()).await.unwrap();
            tx.commit().await.unwrap();
            found
        }
    });
    tokio::task::yield_now().await;
    writer.commit().await.unwrap();
    let expected = AccountRecord {
        id: account(),
        created: at(0),
    };
    assert_eq!(alone.await.unwrap(), Some(expected));
}

/// A database as schema 2, the first on PostgreSQL, left it; each released schema gets such
/// a file.
#[tokio::test]
async fn opens_a_database_of_schema_2() {
    let url = Postgres::shared().database().await;
    run(&url, include_str!("golden/postgres-schema-2.sql")).await;
    contract::golden::is_read(&store_at(&url).await.unwrap()).await;
}

#[tokio::test]
async fn opens_a_database_of_schema_3() {
    let url = Postgres::shared().database().await;
    run(&url, include_str!("golden/postgres-schema-3.sql")).await;
    let store = store_at(&url).await.unwrap();
    contract::golden::is_read(&store).await;
    contract::golden::has_documents(&store).await;
    contract::golden::has_keys(&store).await;
}

#[tokio::test]
async fn opens_a_database_of_schema_4() {
    let url = Postgres::shared().database().await;
    run(&url, include_str!("golden/postgres-schema-4.sql")).await;
    let store = store_at(&url).await.unwrap();
    contract::golden::is_read(&store).await;
    contract::golden::has_documents(&store).await;
    contract::golden::has_keys(&store).await;
}

#[tokio::test]
async fn tells_its_time_and_its_connections() {
    let url = Postgres::shared().database().await;
    let store = store_at(&url).await.unwrap();
    let tx = store.begin(Mode::Read).await.unwrap();
    let connections = store.connections();
    assert!(connections.open > connections.idle, "{connections:?}");
    let before = store.clock().await.unwrap().unwrap();
    let after = store.clock().await.unwrap().unwrap();
    assert!(at(0) < before && before <= after, "{before} {after}");
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn what_another_server_wrote_is_known_at_the_next_moment() {
    let url = Postgres::shared().database().await;
    let [one, other] = [store_at(&url).await.unwrap(), store_at(&url).await.unwrap()];
    let secret = furnished(&one).await;
    let before = other.moment().await.unwrap().unwrap();
    let still = other.moment().await.unwrap().unwrap();
    assert_eq!(still.number(Area::Secrets), before.number(Area::Secrets));

    let mut tx = one.begin(Mode::Write).await.unwrap();
    tx.secrets().remove(secret).await.unwrap();
    let meanwhile = other.moment().await.unwrap().unwrap();
    assert_eq!(
        meanwhile.number(Area::Secrets),
        before.number(Area::Secrets)
    );
    tx.commit().await.unwrap();
    let after = other.moment().await.unwrap().unwrap();
    assert!(after.number(Area::Secrets) > before.number(Area::Secrets));
    assert_eq!(after.number(Area::Keys), before.number(Area::Keys));
}

#[tokio::test]
async fn who_has_not_asked_for_long_takes_everything_for_changed() {
    let url = Postgres::shared().database().await;
    let [one, other] = [store_at(&url).await.unwrap(), store_at(&url).await.unwrap()];
    let secret = furnished(&one).await;
    let before = other.moment().await.unwrap().unwrap();
    let mut tx = one.begin(Mode::Write).await.unwrap();
    tx.secrets().remove(secret).await.unwrap();
    tx.commit().await.unwrap();

    // What is younger than the last time stays listed, or than a transaction of another test.
    let mut listed = 1;
    for _minute in 0..500 {
        one.moment().await.unwrap();
        one.nonces().unwrap().forget(0).await.unwrap();
        listed = number(&url, "SELECT count(*) FROM changes").await;
        if listed == 0 {
            break;
        }
    }
    assert_eq!(listed, 0);
    let after = other.moment().await.unwrap().unwrap();
    for area in Area::ALL {
        assert!(after.number(area) > before.number(area), "{area:?}");
    }
    let later = other.moment().await.unwrap().unwrap();
    assert_eq!(later.number(Area::Keys), after.number(Area::Keys));
}

#[tokio::test]
async fn after_the_connection_was_lost_everything_counts_as_changed() {
    let url = Postgres::shared().database().await;
    let store = store_at(&url).await.unwrap();
    let nonces = store.nonces().unwrap();
    let before = store.moment().await.unwrap().unwrap();
    run(
        &url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .await;
    let (is_first, moment) = nonces.note(10, 1).await.unwrap();
    assert!(is_first, "it went to no connection that was lost");
    let moment = moment.unwrap();
    for area in Area::ALL {
        assert!(moment.number(area) > before.number(area), "{area:?}");
    }
    assert!(!nonces.note(10, 1).await.unwrap().0);
}

#[tokio::test]
async fn refuses_a_schema_from_the_future() {
    let url = Postgres::shared().database().await;
    store_at(&url).await.unwrap().close().await;
    run(&url, "UPDATE kms_schema SET version = 1000").await;
    let opened = store_at(&url).await.map(|_store| ());
    assert!(
        matches!(
            opened,
            Err(StoreError::SchemaTooNew {
                found: 1000,
                known: 8
            })
        ),
        "{opened:?}"
    );
}

#[tokio::test]
async fn refuses_databases_of_others_and_leaves_them_alone() {
    let url = Postgres::shared().database().await;
    run(&url, "CREATE TABLE somebody_elses (x int)").await;
    let opened = store_at(&url).await.map(|_store| ());
    assert!(matches!(opened, Err(StoreError::NotOurs(_))), "{opened:?}");
    run(&url, "SELECT x FROM somebody_elses").await;
    run(&url, "CREATE TABLE accounts (x int)").await;

    // A schema of its own beside theirs does.
    run(&url, "CREATE SCHEMA ours").await;
    let ours = format!("{url}&options=-c%20search_path%3Dours");
    furnished(&store_at(&ours).await.unwrap()).await;
    run(&url, "SELECT id FROM ours.accounts").await;

    Postgres::shared()
        .administer(
            "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc",
        )
        .await;
    let opened = store_at(&Postgres::shared().url("latin"))
        .await
        .map(|_store| ());
    assert!(matches!(opened, Err(StoreError::NotOurs(_))), "{opened:?}");
}

const CANARY: &str = "canary-9b1c4e77";

#[tokio::test]
async fn errors_tell_neither_values_nor_the_url() {
    let url = Postgres::shared().database().await;
    let with_password = url.replacen("kms@", &format!("kms:{CANARY}@"), 1);
    let store = store_at(&with_password).await.unwrap();
    let mut errors = Vec::new();

    // PostgreSQL quotes the row of a broken reference in its detail.
    let mut tx = store.begin(Mode::Write).await.unwrap();
    let document = of_nobody(CANARY);
    errors.push(tx.documents().insert(&document).await.unwrap_err());
    // And text that it cannot keep in its message.
    let mut tx = store.begin(Mode::Write).await.unwrap();
    let name = format!("{CANARY}\0");
    let kind = DocumentKind::Role;
    errors.push(
        tx.documents()
            .find(&account(), kind, &name)
            .await
            .unwrap_err(),
    );
    let mut tx = store.begin(Mode::Read).await.unwrap();
    errors.push(tx.documents().insert(&document).await.unwrap_err());

    for wrong in [
        with_password.replacen("/test_", &format!("/{CANARY}_"), 1),
        with_password.replacen("kms:", &format!("{CANARY}:"), 1),
        format!("postgres://kms:{CANARY}@localhost/kms?host=/nowhere/{CANARY}"),
    ] {
        errors.push(store_at(&wrong).await.map(|_store| ()).unwrap_err());
    }
    for error in errors {
        let mut cause: Option<&dyn std::error::Error> = Some(&error);
        while let Some(error) = cause {
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains(CANARY), "{shown}");
            cause = error.source();
        }
    }
    let shown = format!("{:?}", PostgresSettings::new(Secret::new(with_password)));
    assert!(!shown.contains(CANARY), "{shown}");
}

#[tokio::test]
async fn commits_wait_for_the_disk() {
    let url = Postgres::shared().database().await;
    run(
        &url,
        &format!(
            "ALTER DATABASE {} SET synchronous_commit = off",
            database(&url)
        ),
    )
    .await;
    let store = store_at(&url).await.unwrap();
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    // Seen from within, by a default that only a connection of the store computes.
    tx.commit().await.unwrap();
    run(
        &url,
        "ALTER TABLE accounts ADD COLUMN seen TEXT DEFAULT NULL;
         ALTER TABLE accounts ALTER COLUMN seen SET DEFAULT
            current_setting('synchronous_commit') || ' ' || current_setting('statement_timeout')",
    )
    .await;
    let mut tx = store.begin(Mode::Write).await.unwrap();
    tx.accounts()
        .insert(&AccountRecord {
            id: "1111".parse().unwrap(),
            created: at(0),
        })
        .await
        .unwrap();
    tx.commit().await.unwrap();
    run(
        &url,
        "DO $$ BEGIN ASSERT (SELECT seen FROM accounts WHERE id = '1111') = 'on 30s'; END $$",
    )
    .await;
}

fn of_nobody(body: &str) -> DocumentRecord {
    DocumentRecord {
        account: "9999".parse().unwrap(),
        kind: DocumentKind::Role,
        name: CANARY.to_owned(),
        body: body.to_owned(),
        created: at(0),
    }
}

fn database(url: &str) -> &str {
    url.split(['/', '?']).nth(3).unwrap()
}

async fn number(url: &str, sql: &'static str) -> i64 {
    use sqlx::Connection as _;
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    let number = sqlx::query_scalar(sql).fetch_one(&mut connection).await;
    connection.close().await.unwrap();
    number.unwrap()
}

async fn run(url: &str, sql: &str) {
    use sqlx::Connection as _;
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}
