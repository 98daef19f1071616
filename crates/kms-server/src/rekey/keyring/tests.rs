use std::time::Duration;

use kms_crypto::{Keyring, Place, RootKey};
use kms_store::{Mode, NewRotation, SealedKind, SecretId, Store, run_tx};
use kms_types::{AccountId, Clock as _, DataType, Secret, SecretName, VersionId};
use kms_wire::{Action, Params, Request, Response};

use super::{
    BATCH, Noted, Progress, RekeyError, batch, begin, count_under_older_terms, left, reseal_in,
    retire::{Retired, retire_in},
    round, stored,
};
use crate::dev::stand::{Kms, Stand, caller};

const DAY: Duration = Duration::from_hours(25);

async fn call(kms: &Kms, action: Action, params: &[(&str, &str)]) -> Response {
    let mut given = Params::default();
    for (name, value) in params {
        given.push(*name, *value);
    }
    let request = Request::parse(action, &given).unwrap();
    let caller = caller(kms).await;
    kms.backend.service.call(&caller, request).await.unwrap()
}

async fn create(kms: &Kms, name: &str) {
    let params = [
        ("SecretName", name),
        ("SecretData", name),
        ("VersionId", "1"),
    ];
    call(kms, Action::CreateSecret, &params).await;
}

async fn value(kms: &Kms, name: &str) -> Secret<String> {
    let read = call(kms, Action::GetSecretValue, &[("SecretName", name)]).await;
    match read {
        Response::GetSecretValue(read) => read.secret_data,
        other => panic!("{other:?}"),
    }
}

/// With a record of each kind but rotations', which the store's own tests list, and more
/// secrets than one batch has.
async fn filled(stand: &Stand) -> (Kms, RootKey) {
    let kms = stand.open().await;
    for number in 0..BATCH + 20 {
        create(&kms, &format!("s{number}")).await;
    }
    call(&kms, Action::CreateKey, &[]).await;
    let authority = kms_service::InstanceAuthority {
        certificate: String::new(),
        key: Secret::from("signs"),
    };
    let service = &kms.backend.service;
    service.keep_instance_authority(&authority).await.unwrap();
    (kms, stand.root_key())
}

async fn count(store: &dyn Store, kind: SealedKind) -> usize {
    run_tx(store, Mode::Read, |mut tx| {
        Box::pin(async move { (*tx).sealed().next(kind, None, 1000).await })
    })
    .await
    .unwrap()
    .len()
}

#[tokio::test]
async fn everything_is_sealed_anew_and_a_server_that_runs_learns_the_term() {
    let stand = Stand::new();
    let (kms, root) = filled(&stand).await;
    let store = kms.backend.database.store();
    let mut all = 0;
    for kind in SealedKind::ALL {
        let count = count(&*store, kind).await;
        assert!(count > 0 || kind == SealedKind::Rotation, "{kind:?}");
        all += count;
    }
    kms.backend.service.set_root_keys(vec![root.clone()]);
    let (done, keyring) = reseal_in(&*store, &root, stand.clock.now(), &|_| {})
        .await
        .unwrap();
    assert_eq!((done.term, done.is_resumed), (2, false));
    assert_eq!(done.records, u64::try_from(all).unwrap());
    assert_eq!(left(&*store, &keyring).await.unwrap(), 0);
    // Opened though it was sealed under a term that the service did not know.
    assert_eq!(value(&kms, "s7").await.expose(), "s7");
    create(&kms, "new").await;
    assert_eq!(
        left(&*store, &keyring).await.unwrap(),
        0,
        "sealed under the old"
    );
    assert_eq!(value(&kms, "new").await.expose(), "new");
}

#[tokio::test]
async fn without_root_keys_a_server_does_not_read_what_is_of_a_new_term() {
    let stand = Stand::new();
    let (kms, root) = filled(&stand).await;
    let store = kms.backend.database.store();
    reseal_in(&*store, &root, stand.clock.now(), &|_| {})
        .await
        .unwrap();
    let caller = caller(&kms).await;
    let mut params = Params::default();
    params.push("SecretName", "s7");
    let request = Request::parse(Action::GetSecretValue, &params).unwrap();
    kms.backend
        .service
        .call(&caller, request)
        .await
        .unwrap_err();
}

#[tokio::test]
async fn a_run_that_was_cut_off_goes_on_where_it_was() {
    let stand = Stand::new();
    let (kms, root) = filled(&stand).await;
    let store = kms.backend.database.store();
    let (keyring, progress, is_resumed) = begin(&*store, &root, stand.clock.now()).await.unwrap();
    assert!(!is_resumed);
    // One batch of secrets, and no more.
    let versions = 3;
    let at = Progress {
        kind: versions,
        ..progress
    };
    let resealed = run_tx(&*store, Mode::Write, |mut tx| {
        let (keyring, at) = (&keyring, &at);
        Box::pin(async move {
            let tx = &mut *tx;
            let (count, next) = batch(tx, keyring, SealedKind::ALL[versions], at).await?;
            next.note(tx).await?;
            Ok::<_, RekeyError>(count)
        })
    })
    .await
    .unwrap();
    assert_eq!(resealed, u64::from(BATCH));
    let early = retire_in(&*store, &root, stand.clock.now()).await;
    assert!(matches!(early, Err(RekeyError::Unfinished)), "{early:?}");

    let (done, keyring) = reseal_in(&*store, &root, stand.clock.now(), &|_| {})
        .await
        .unwrap();
    assert_eq!((done.term, done.is_resumed), (2, true));
    assert_eq!(left(&*store, &keyring).await.unwrap(), 0);
    // It is over: the next run is another one.
    let (done, _) = reseal_in(&*store, &root, stand.clock.now(), &|_| {})
        .await
        .unwrap();
    assert_eq!((done.term, done.is_resumed), (3, false));
}

#[tokio::test]
async fn a_term_goes_once_nothing_is_under_it_and_no_token_can_be() {
    let stand = Stand::new();
    let (kms, root) = filled(&stand).await;
    let store = kms.backend.database.store();
    let retire = async || retire_in(&*store, &root, stand.clock.now()).await;
    let (done, _) = retire().await.unwrap();
    assert_eq!(done, Retired { term: 1, terms: 0 });

    reseal_in(&*store, &root, stand.clock.now(), &|_| {})
        .await
        .unwrap();
    let early = retire().await;
    assert!(matches!(early, Err(RekeyError::TooEarly(_))), "{early:?}");
    // A server that has no root keys learns nothing, and seals under the old term.
    create(&kms, "late").await;
    stand.clock.advance(DAY);
    let (done, keyring) = retire().await.unwrap();
    assert_eq!(done, Retired { term: 2, terms: 1 });
    assert_eq!(keyring.terms().count(), 1);
    assert_eq!(left(&*store, &keyring).await.unwrap(), 0);
    kms.backend.close().await;

    // The next run opens everything with what is left, the audit log among it.
    let kms = stand.open().await;
    for name in ["s7", "late", "agent-test"] {
        let read = value(&kms, name).await;
        assert!(read.expose() == name || name == "agent-test");
    }
    kms.backend.close().await;
    let files = crate::dev::audit_files(stand.home.path()).unwrap();
    let keyring = crate::dev::keyring(stand.home.path()).await.unwrap();
    crate::audit::verify(&files, &crate::audit::Trust::Keyring(keyring)).unwrap();
}

#[tokio::test]
async fn what_is_still_under_an_old_term_keeps_it() {
    let stand = Stand::new();
    let (kms, root) = filled(&stand).await;
    let store = kms.backend.database.store();
    let (keyring, ..) = begin(&*store, &root, stand.clock.now()).await.unwrap();
    let term = keyring.newest_term();
    let older = run_tx(&*store, Mode::Read, |mut tx| {
        Box::pin(async move { count_under_older_terms(&mut *tx, term).await })
    });
    assert!(older.await.unwrap() > u64::from(BATCH));
    // A run that somebody has begun meanwhile is not disturbed.
    let other = Progress::beginning(9);
    run_tx(&*store, Mode::Write, |mut tx| {
        let other = &other;
        Box::pin(async move { other.note(&mut *tx).await })
    })
    .await
    .unwrap();
    let overtaken = round(
        &*store,
        &keyring,
        Progress::beginning(term),
        Noted::Yes(&|_| {}),
    )
    .await;
    assert!(matches!(overtaken, Err(RekeyError::Overtaken)));
}

#[tokio::test]
async fn another_root_key_comes_first() {
    let stand = Stand::new();
    let (kms, _root) = filled(&stand).await;
    let store = kms.backend.database.store();
    let refused = reseal_in(
        &*store,
        &RootKey::random().unwrap(),
        stand.clock.now(),
        &|_| {},
    )
    .await;
    assert!(matches!(refused, Err(RekeyError::RootFirst)));
}

#[tokio::test]
async fn what_a_rotation_holds_is_sealed_anew_if_there_is_anybody_to_open_it() {
    let stand = Stand::new();
    let (kms, root) = filled(&stand).await;
    let store = kms.backend.database.store();
    let account: AccountId = "1000000000000001".parse().unwrap();
    let (name, version): (SecretName, VersionId) = ("s1".parse().unwrap(), "2".parse().unwrap());
    let place = Place::SecretValue {
        account: &account,
        secret: &name,
        version: &version,
        data_type: DataType::Text,
    };
    let (now, value) = (stand.clock.now(), b"the new password");
    run_tx(&*store, Mode::Write, |mut tx| {
        let (account, name, version, root) = (&account, &name, &version, &root);
        Box::pin(async move {
            let tx = &mut *tx;
            let (_, keyring) = stored::load(tx, root).await?;
            let secret = tx.secrets().find(account, name).await?.unwrap();
            for (id, secret) in [("one", secret.id), ("gone", SecretId(i64::MAX))] {
                let rotation = NewRotation {
                    id: id.to_owned(),
                    account: account.clone(),
                    secret,
                    subject: id.to_owned(),
                    version: version.clone(),
                    kind: "webhook".to_owned(),
                    step: "set".to_owned(),
                    body: String::new(),
                    sealed: Some(keyring.seal(&place, value).unwrap()),
                    next_try: now,
                    window_end: None,
                    created: now,
                };
                tx.rotations().insert(&rotation).await?;
            }
            Ok::<_, RekeyError>(())
        })
    })
    .await
    .unwrap();
    let (_, keyring) = reseal_in(&*store, &root, now, &|_| {}).await.unwrap();
    let sealed = run_tx(&*store, Mode::Read, |mut tx| {
        Box::pin(async move { (*tx).sealed().next(SealedKind::Rotation, None, 9).await })
    })
    .await
    .unwrap();
    let terms: Vec<_> = sealed
        .iter()
        .map(|record| (record.cursor.as_str(), Keyring::term_of(&record.sealed)))
        .collect();
    assert_eq!(terms, [("gone", Ok(1)), ("one", Ok(2))]);
    let opened = keyring.open(&place, &sealed[1].sealed).unwrap();
    assert_eq!(opened.expose(), value);
    // The one that nobody opens keeps no term.
    stand.clock.advance(DAY);
    let (done, _) = retire_in(&*store, &root, stand.clock.now()).await.unwrap();
    assert_eq!(done, Retired { term: 2, terms: 1 });
}
