//! The disk is full, from each write of a rotation on (reference accesskey §4.2). An AccessKey
//! whose secret could not be kept goes, once there is room.

use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use kms_store::{
    AccessKeys, Accounts, Aliases, Authorities, ClientKeys, Documents, KeyVersions, Keyrings, Keys,
    Leases, Markers, Rotations, Sealed, Secrets, Snapshots, SqliteStore, Store, StoreError, Tags,
    Tx, Users, Versions,
};

use super::*;

const HOUR: u64 = 3600;

/// Has room for so many commits that write something, or may.
#[derive(Clone)]
struct Disk {
    store: SqliteStore,
    room: Arc<AtomicU64>,
}

struct OnDisk {
    tx: Box<dyn Tx>,
    room: Arc<AtomicU64>,
}

#[async_trait]
impl Store for Disk {
    async fn begin(&self, mode: Mode) -> Result<Box<dyn Tx>, StoreError> {
        let tx = self.store.begin(mode).await?;
        if mode == Mode::Read {
            return Ok(tx);
        }
        let room = Arc::clone(&self.room);
        Ok(Box::new(OnDisk { tx, room }))
    }
}

macro_rules! as_it_is {
    ($($repository:ident: $kind:ident,)*) => {
        #[async_trait]
        impl Tx for OnDisk {
            $(fn $repository(&mut self) -> &mut dyn $kind {
                self.tx.$repository()
            })*

            async fn commit(self: Box<Self>) -> Result<(), StoreError> {
                let one = |room: u64| room.checked_sub(1);
                let took = self.room.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one);
                took.map_err(|_none| StoreError::Full)?;
                self.tx.commit().await
            }
        }
    };
}

as_it_is! {
    accounts: Accounts,
    authorities: Authorities,
    users: Users,
    access_keys: AccessKeys,
    secrets: Secrets,
    versions: Versions,
    tags: Tags,
    client_keys: ClientKeys,
    documents: Documents,
    keys: Keys,
    key_versions: KeyVersions,
    aliases: Aliases,
    rotations: Rotations,
    leases: Leases,
    markers: Markers,
    sealed: Sealed,
    snapshots: Snapshots,
    keyrings: Keyrings,
}

async fn world() -> (World, Arc<AtomicU64>) {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&dir.path().join("data/kms.db")).await;
    let room = Arc::new(AtomicU64::new(u64::MAX));
    let disk = Disk {
        store: store.unwrap(),
        room: Arc::clone(&room),
    };
    let stand = Stand::over(dir, Arc::new(disk)).await;
    let world = World::over(stand, |_rotation| {});
    let key = world.ram.give("app");
    let data = json!({"AccessKeys": [{"AccessKeyId": key.0, "AccessKeySecret": key.1}]});
    world.host(CONFIG, &data, &[]).await.unwrap();
    world.rotate("v2").await.unwrap();
    (world, room)
}

#[tokio::test]
async fn wherever_the_disk_is_full_no_key_is_left_behind() {
    let mut was_lost = false;
    for writes in 0..12 {
        let (world, room) = world().await;
        let old = world.key_at("ACSCurrent").await.unwrap();
        room.store(writes, Ordering::SeqCst);
        // Long enough for leases to end and for what failed to be tried again.
        for _ in 0..20 {
            let _fails_while_it_is = world.stand.service.rotate("worker-1").await;
            let current = world.key_at("ACSCurrent").await.unwrap();
            let good = (current.clone(), KeyStatus::Active);
            let keys = world.keys();
            assert!(keys.contains(&good), "{writes}: {keys:?}");
            assert!(keys.len() <= 2, "{writes}: {keys:?}");
            world.stand.pass(10 * 60);
        }
        room.store(u64::MAX, Ordering::SeqCst);
        for _ in 0..60 {
            world.after(HOUR).await;
        }
        let new = world.key_at("ACSCurrent").await.unwrap();
        assert_ne!(new, old, "{writes}");
        assert_eq!(world.keys(), [(new, KeyStatus::Active)], "{writes}");
        assert_eq!(world.events().last(), Some(&RotationEvent::IsOver));
        was_lost |= world.ram.deleted().iter().any(|id| *id != old);
    }
    assert!(was_lost, "one was made and could not be kept, and went");
}
