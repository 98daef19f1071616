//! What every backend does. A backend's own test file calls [`contract_tests`] with an
//! expression that opens an empty store; PostgreSQL and SQLite answer alike.

pub(crate) mod aliases;
pub(crate) mod documents;
pub(crate) mod golden;
pub(crate) mod journal;
pub(crate) mod keyring;
pub(crate) mod keys;
pub(crate) mod leases;
pub(crate) mod listing;
pub(crate) mod paging;
pub(crate) mod people;
pub(crate) mod races;
pub(crate) mod recall;
pub(crate) mod secrets;
pub(crate) mod tags;
pub(crate) mod transactions;
pub(crate) mod versions;

use jiff::Timestamp;
use kms_store::{
    AccountRecord, Mode, NewSecret, NewVersion, SecretId, SecretRotation, Store, StoreError, Tx,
    UserRecord, VersionRecord,
};
use kms_types::{AccountId, DataType, VersionStage};

/// One test for each case of the suite.
macro_rules! contract_tests {
    ($open:expr) => {
        contract_tests! { $open;
            documents::are_found_in_all_accounts,
            documents::come_change_and_go,
            documents::client_keys_come_and_go,
            aliases::aliases_come_change_and_go,
            aliases::are_listed_in_pages,
            journal::walks_from_claim_to_finish,
            journal::one_at_a_time_for_secret_and_subject,
            journal::the_deposed_write_nothing,
            journal::is_claimed_by_one,
            journal::all_leases_end_at_once,
            keyring::is_written_in_revisions,
            keys::keys_are_found_changed_and_removed,
            keys::are_listed_by_what_they_are,
            keys::are_due_for_what_was_planned,
            keys::versions_keep_their_material,
            leases::have_one_owner,
            leases::markers_come_and_go,
            listing::filters_and_pages,
            listing::leaves_out_what_is_due,
            listing::prefixes_are_text_and_not_patterns,
            paging::pages_are_parts_of_the_list,
            people::accounts_users_and_keys,
            people::keys_change_and_go,
            people::users_are_listed_renamed_and_removed,
            races::two_writers_never_lose_a_label,
            races::readers_never_see_a_label_missing,
            races::counting_loses_nothing,
            races::a_limit_holds,
            races::a_name_is_taken_once,
            recall::tells_what_was_written_from_the_next_moment_on,
            recall::mixes_no_moments,
            recall::has_a_number_for_each_area,
            secrets::are_found_changed_and_removed,
            secrets::numbers_are_not_used_again,
            secrets::keep_policy_and_rotation,
            secrets::are_due_earlier_where_rotation_takes_a_while,
            tags::come_and_go,
            tags::are_listed_for_several,
            transactions::a_dropped_one_never_happened,
            transactions::work_that_fails_never_happened,
            transactions::a_reader_sees_one_moment,
            transactions::a_reader_cannot_write,
            versions::are_added_in_order,
            versions::a_label_is_on_one_version,
            versions::a_labelled_version_stays,
        }
    };
    ($open:expr; $($group:ident::$case:ident,)*) => { $(
        #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn $case() {
            let (_kept, store) = $open.await;
            contract::$group::$case(store).await;
        }
    )* };
}
pub(crate) use contract_tests;

pub(crate) fn at(second: i64) -> Timestamp {
    // With milliseconds, for stores keep those.
    Timestamp::from_millisecond(1_735_891_157_123 + second * 1_000).unwrap()
}

pub(crate) fn account() -> AccountId {
    "1234567890123456".parse().unwrap()
}

pub(crate) fn stage(label: &str) -> VersionStage {
    label.parse().unwrap()
}

pub(crate) fn new_secret(name: &str) -> NewSecret {
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

pub(crate) fn new_version(id: &str) -> NewVersion {
    NewVersion {
        id: id.parse().unwrap(),
        data_type: DataType::Text,
        sealed: format!("sealed {id}").into_bytes(),
        created: at(0),
    }
}

/// An account with a user, and a secret with one version that is current.
pub(crate) async fn furnished(store: &dyn Store) -> SecretId {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    let id = add_secret(tx.as_mut(), "app/db").await;
    tx.commit().await.unwrap();
    id
}

pub(crate) async fn add_account(tx: &mut dyn Tx) {
    tx.accounts()
        .insert(&AccountRecord {
            id: account(),
            created: at(0),
        })
        .await
        .unwrap();
    tx.users()
        .insert(&UserRecord {
            account: account(),
            id: "200000".to_owned(),
            name: "alice".to_owned(),
            created: at(0),
        })
        .await
        .unwrap();
}

pub(crate) async fn add_secret(tx: &mut dyn Tx, name: &str) -> SecretId {
    let id = tx.secrets().insert(&new_secret(name)).await.unwrap();
    let serial = tx.versions().insert(id, &new_version("v1")).await.unwrap();
    tx.versions()
        .put_stage(id, &VersionStage::current(), serial)
        .await
        .unwrap();
    id
}

pub(crate) async fn version(
    store: &dyn Store,
    secret: SecretId,
    label: &str,
) -> Result<Option<VersionRecord>, StoreError> {
    let mut tx = store.begin(Mode::Read).await?;
    let found = tx.versions().find_by_stage(secret, &stage(label)).await?;
    tx.commit().await?;
    Ok(found)
}
