//! Snapshots from either database into either, and what opening refuses.
#![cfg(all(unix, feature = "postgres", feature = "sqlite"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::Path};

use jiff::Timestamp;
use kms_store::{
    AccessKeyRecord, AccountRecord, AliasRecord, AuthorityRecord, ClientKeyRecord, DocumentKind,
    DocumentRecord, KeyRecord, KeyStatus, KeyVersionRecord, KeyringRecord, Mode, NewRotation,
    NewSecret, NewVersion, PostgresSettings, PostgresStore, SealedKind, SealedPlace, SecretId,
    SecretRotation, SqliteStore, Store, StoreError, TagRecord, Tagged, UserRecord, export, import,
    snapshot_header,
};
use kms_testkit::Postgres;
use kms_types::{
    AccountId, DataType, KeyOrigin, KeySpec, KeyState, KeyUsage, Secret, VersionStage,
};
use tempfile::TempDir;

const VERSION: &str = "11111111-1111-4111-8111-111111111111";

fn account() -> AccountId {
    "1234567890123456".parse().unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_millisecond(1_735_891_157_123 + second * 1_000).unwrap()
}

async fn on_sqlite() -> (TempDir, SqliteStore) {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open_for_import(&dir.path().join("kms.db")).await;
    (dir, store.unwrap())
}

async fn settings() -> PostgresSettings {
    PostgresSettings::new(Secret::new(Postgres::shared().database().await))
}

/// One of everything, with values at the edges.
#[expect(clippy::too_many_lines, reason = "everything is much")]
async fn furnish(store: &dyn Store) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    let created = at(0);
    let keyring = KeyringRecord {
        revision: 1,
        wrapped: b"keyring".to_vec(),
    };
    tx.keyrings().save(&keyring).await.unwrap();
    let owner = AccountRecord {
        id: account(),
        created,
    };
    tx.accounts().insert(&owner).await.unwrap();
    let user = UserRecord {
        account: account(),
        id: "2000".to_owned(),
        name: "alice".to_owned(),
        created,
    };
    tx.users().insert(&user).await.unwrap();
    let access_key = AccessKeyRecord {
        id: "LTAI5tFirst".parse().unwrap(),
        account: account(),
        user_id: user.id,
        sealed_secret: vec![0, 1, 0xff],
        status: KeyStatus::Inactive,
        created,
        last_used: None,
    };
    tx.access_keys().insert(&access_key).await.unwrap();
    let document = DocumentRecord {
        account: account(),
        kind: DocumentKind::Role,
        name: "role".to_owned(),
        body: "{\"a\":\"\u{503c}'\"}".to_owned(),
        created,
    };
    tx.documents().insert(&document).await.unwrap();
    let client_key = ClientKeyRecord {
        id: "KAAP.first".parse().unwrap(),
        account: account(),
        access_point: "aap".to_owned(),
        public_key: Vec::new(),
        certificate: String::new(),
        not_before: at(1),
        not_after: at(2),
        created,
        last_used: Some(at(6)),
    };
    tx.client_keys().insert(&client_key).await.unwrap();
    for number in 0..3 {
        let id = tx
            .secrets()
            .insert(&new_secret(&format!("s{number}")))
            .await
            .unwrap();
        let version = NewVersion {
            id: "v1".parse().unwrap(),
            data_type: DataType::Binary,
            sealed: b"value".to_vec(),
            created,
        };
        let serial = tx.versions().insert(id, &version).await.unwrap();
        let current = VersionStage::current();
        tx.versions().put_stage(id, &current, serial).await.unwrap();
        let tag = TagRecord {
            key: "team".to_owned(),
            value: String::new(),
        };
        tx.tags().put(&id.into(), &tag).await.unwrap();
    }
    // The last number is one that is gone.
    let gone = tx.secrets().insert(&new_secret("gone")).await.unwrap();
    tx.secrets().remove(gone).await.unwrap();
    add_key(tx.as_mut()).await;
    let rotation = NewRotation {
        id: "r1".to_owned(),
        account: account(),
        secret: gone,
        subject: "user/alice".to_owned(),
        version: "v2".parse().unwrap(),
        kind: "ram".to_owned(),
        step: "create".to_owned(),
        body: String::new(),
        sealed: Some(b"half".to_vec()),
        next_try: at(5),
        window_end: None,
        created,
    };
    tx.rotations().insert(&rotation).await.unwrap();
    let authority = AuthorityRecord {
        name: "instances".to_owned(),
        certificate: "PEM".to_owned(),
        sealed: b"signs".to_vec(),
        created,
    };
    tx.authorities().insert(&authority).await.unwrap();
    let again = tx.authorities().insert(&authority).await;
    assert!(matches!(again, Err(StoreError::Taken)));
    let found = tx.authorities().find("instances").await.unwrap();
    assert_eq!(found, Some(authority));
    assert_eq!(tx.authorities().find("other").await.unwrap(), None);
    tx.markers().put("rekey", "here").await.unwrap();
    tx.commit().await.unwrap();
}

async fn add_key(tx: &mut dyn kms_store::Tx) {
    let key = KeyRecord {
        account: account(),
        id: "key-1".parse().unwrap(),
        spec: KeySpec::Aes256,
        usage: KeyUsage::EncryptDecrypt,
        origin: KeyOrigin::Kms,
        state: KeyState::Enabled,
        description: String::new(),
        instance_id: String::new(),
        creator: "acs:ram::1234567890123456:user/alice".to_owned(),
        created: at(0),
        rotation_seconds: Some(i64::MAX),
        last_rotation: None,
        next_rotation: None,
        deletion_protection: true,
        protection_description: String::new(),
        planned_delete: None,
        material_expires: None,
        policy: String::new(),
        primary_version: VERSION.parse().unwrap(),
    };
    tx.keys().insert(&key).await.unwrap();
    let version = KeyVersionRecord {
        key: key.id.clone(),
        id: VERSION.parse().unwrap(),
        sealed: Some(b"material".to_vec()),
        created: at(0),
    };
    tx.key_versions().insert(&version).await.unwrap();
    let empty = KeyVersionRecord {
        id: "22222222-2222-4222-8222-222222222222".parse().unwrap(),
        sealed: None,
        ..version
    };
    tx.key_versions().insert(&empty).await.unwrap();
    let alias = AliasRecord {
        account: account(),
        name: "alias/app".parse().unwrap(),
        key: key.id.clone(),
        created: at(0),
    };
    tx.aliases().insert(&alias).await.unwrap();
    let tag = TagRecord {
        key: "a".to_owned(),
        value: "b".to_owned(),
    };
    tx.tags().put(&Tagged::Key(key.id), &tag).await.unwrap();
}

fn new_secret(name: &str) -> NewSecret {
    NewSecret {
        account: account(),
        name: name.parse().unwrap(),
        secret_type: "Generic".to_owned(),
        description: String::new(),
        encryption_key_id: String::new(),
        instance_id: String::new(),
        extended_config: String::new(),
        policy: String::new(),
        rotation: SecretRotation::default(),
        created: at(0),
    }
}

async fn snapshot(store: &dyn Store) -> Vec<u8> {
    let mut bytes = Vec::new();
    export(store, "root key 0123", &mut bytes).await.unwrap();
    bytes
}

async fn restored(store: &dyn Store, bytes: &[u8]) -> Result<u64, StoreError> {
    import(store, &mut &*bytes).await
}

#[tokio::test]
async fn a_store_moves_between_databases() {
    let (_dir, first) = on_sqlite().await;
    furnish(&first).await;
    let bytes = snapshot(&first).await;
    let header = snapshot_header(&mut bytes.as_slice()).unwrap();
    assert_eq!((header.schema, header.last_secret), (8, 4));
    assert_eq!(header.note, "root key 0123");
    assert!(
        bytes.windows(5).any(|window| window == b"value"),
        "as sealed"
    );

    let settings = settings().await;
    let second = PostgresStore::open_for_import(&settings).await.unwrap();
    // One of each of 17 kinds, and two more secrets with version, stage and tag, and another
    // key version.
    assert_eq!(restored(&second, &bytes).await.unwrap(), 17 + 2 * 4 + 1);
    assert!(snapshot(&second).await == bytes);
    let (dir, third) = on_sqlite().await;
    restored(&third, &bytes).await.unwrap();
    assert!(snapshot(&third).await == bytes);

    let both: [&dyn Store; 2] = [&second, &third];
    for store in both {
        let mut tx = store.begin(Mode::Write).await.unwrap();
        let secret = tx.secrets().find(&account(), &"s1".parse().unwrap()).await;
        let secret = secret.unwrap().unwrap();
        assert_eq!(secret.id, SecretId(2));
        let current = tx
            .versions()
            .find_by_stage(secret.id, &VersionStage::current())
            .await;
        assert_eq!(current.unwrap().unwrap().sealed, b"value");
        let next = tx.secrets().insert(&new_secret("next")).await.unwrap();
        assert_eq!(next, SecretId(5), "no number is used again");
    }
    third.close().await;
    SqliteStore::open_existing(&dir.path().join("kms.db"))
        .await
        .unwrap();
    PostgresStore::open_existing(&settings).await.unwrap();
}

#[tokio::test]
async fn what_is_not_whole_is_refused_and_leaves_a_mark() {
    let (_dir, first) = on_sqlite().await;
    furnish(&first).await;
    let bytes = snapshot(&first).await;
    let (dir, store) = on_sqlite().await;
    let mut spoilt: Vec<Vec<u8>> = (0..bytes.len())
        .step_by(131)
        .map(|length| bytes[..length].to_vec())
        .collect();
    spoilt.extend((0..bytes.len()).step_by(53).map(|at| {
        let mut changed = bytes.clone();
        changed[at] ^= 0x20;
        changed
    }));
    spoilt.push([&bytes[..], b"!"].concat());
    for bytes in spoilt {
        let refused = restored(&store, &bytes).await;
        assert!(refused.is_err(), "{} bytes", bytes.len());
    }
    store.close().await;
    let path = dir.path().join("kms.db");
    for opened in [
        SqliteStore::open(&path).await,
        SqliteStore::open_existing(&path).await,
    ] {
        let opened = opened.map(|_store| ());
        assert!(
            matches!(opened, Err(StoreError::HalfRestored)),
            "{opened:?}"
        );
    }
    let store = SqliteStore::open_for_import(&path).await.unwrap();
    restored(&store, &bytes).await.unwrap();
    assert!(snapshot(&store).await == bytes);
    store.close().await;
    SqliteStore::open(&path).await.unwrap();

    let settings = settings().await;
    let store = PostgresStore::open_for_import(&settings).await.unwrap();
    assert!(restored(&store, &bytes[..bytes.len() - 1]).await.is_err());
    let opened = PostgresStore::open(&settings).await.map(|_store| ());
    assert!(
        matches!(opened, Err(StoreError::HalfRestored)),
        "{opened:?}"
    );
}

#[tokio::test]
async fn only_an_empty_store_of_this_schema_is_filled() {
    let (_dir, first) = on_sqlite().await;
    furnish(&first).await;
    let mut bytes = snapshot(&first).await;
    let refused = restored(&first, &bytes).await;
    assert!(matches!(refused, Err(StoreError::NotEmpty)), "{refused:?}");
    assert!(snapshot(&first).await == bytes, "and is left alone");

    let schema = b"kms-store-snapshot-1\n".len()..;
    bytes[schema][..8].copy_from_slice(&2_i64.to_be_bytes());
    let (_dir, second) = on_sqlite().await;
    let refused = restored(&second, &bytes).await;
    assert!(
        matches!(
            refused,
            Err(StoreError::SnapshotSchema { found: 2, known: 8 })
        ),
        "{refused:?}"
    );
}

#[tokio::test]
async fn opening_what_exists_makes_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kms.db");
    let opened = SqliteStore::open_existing(&path).await.map(|_store| ());
    assert!(matches!(opened, Err(StoreError::Absent)), "{opened:?}");
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 0);
    of_schema_1(&path).await;
    assert_eq!(SqliteStore::schema(&path).await.unwrap(), (1, 8));
    let opened = SqliteStore::open_existing(&path).await.map(|_store| ());
    assert!(
        matches!(opened, Err(StoreError::SchemaTooOld { found: 1, known: 8 })),
        "{opened:?}"
    );
    assert_eq!(SqliteStore::schema(&path).await.unwrap(), (1, 8));

    let settings = settings().await;
    assert_eq!(PostgresStore::schema(&settings).await.unwrap(), (0, 8));
    let opened = PostgresStore::open_existing(&settings)
        .await
        .map(|_store| ());
    assert!(matches!(opened, Err(StoreError::Absent)), "{opened:?}");
    assert_eq!(PostgresStore::schema(&settings).await.unwrap(), (0, 8));
    PostgresStore::open(&settings).await.unwrap();
    assert_eq!(PostgresStore::schema(&settings).await.unwrap(), (8, 8));
    PostgresStore::open_existing(&settings).await.unwrap();
}

async fn of_schema_1(path: &Path) {
    use sqlx::{ConnectOptions as _, Connection as _};
    let mut connection = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .connect()
        .await
        .unwrap();
    sqlx::raw_sql(include_str!("golden/schema-1.sql"))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn everything_sealed_is_found_and_replaced() {
    let (_dir, sqlite) = on_sqlite().await;
    let postgres = PostgresStore::open(&settings().await).await.unwrap();
    let both: [&dyn Store; 2] = [&sqlite, &postgres];
    for store in both {
        furnish(store).await;
        let mut tx = store.begin(Mode::Write).await.unwrap();
        let mut found = Vec::new();
        for kind in SealedKind::ALL {
            let mut after: Option<String> = None;
            loop {
                let next = tx.sealed().next(kind, after.as_deref(), 2).await.unwrap();
                after = next.last().map(|record| record.cursor.clone());
                let is_last = next.len() < 2;
                found.extend(next);
                if is_last {
                    break;
                }
            }
        }
        let sealed: Vec<&[u8]> = found.iter().map(|one| one.sealed.as_slice()).collect();
        let expected: [&[u8]; 7] = [
            &[0, 1, 0xff],
            b"material",
            b"half",
            b"value",
            b"value",
            b"value",
            b"signs",
        ];
        assert_eq!(sealed, expected);
        assert!(matches!(
            &found[5].place,
            SealedPlace::SecretVersion { secret, serial: 1, .. } if secret.as_str() == "s2"
        ));
        for record in &found {
            let anew = [&record.sealed[..], b" anew"].concat();
            let sealed = tx.sealed();
            assert!(
                sealed
                    .replace(&record.place, &record.sealed, &anew)
                    .await
                    .unwrap()
            );
            let again = sealed.replace(&record.place, &record.sealed, &anew).await;
            assert!(!again.unwrap(), "{:?} was changed meanwhile", record.place);
        }
        let next = tx
            .sealed()
            .next(SealedKind::AccessKey, None, 9)
            .await
            .unwrap();
        assert_eq!(next[0].sealed, [&[0, 1, 0xff][..], b" anew"].concat());
        tx.commit().await.unwrap();
    }
}
