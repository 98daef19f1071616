use std::sync::Arc;

use jiff::SignedDuration;
use kms_store::{Mode, NewRotation, RotationRecord, SecretId, Store, StoreError, run_tx};

use super::{account, at, furnished};

const LONG: SignedDuration = SignedDuration::from_mins(5);
/// Over as soon as it began, by whichever clock.
const OVER: SignedDuration = SignedDuration::ZERO;

fn new(id: &str, secret: SecretId) -> NewRotation {
    NewRotation {
        id: id.to_owned(),
        account: account(),
        secret,
        subject: format!("secret/{}", secret.0),
        version: "v2".parse().unwrap(),
        kind: "webhook".to_owned(),
        step: "create".to_owned(),
        body: String::from("{}"),
        sealed: None,
        next_try: at(10),
        window_end: None,
        created: at(0),
    }
}

async fn journal(store: &dyn Store, news: &[NewRotation]) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    for new in news {
        tx.rotations().insert(new).await.unwrap();
    }
    tx.commit().await.unwrap();
}

pub(crate) async fn walks_from_claim_to_finish(store: Arc<dyn Store>) {
    let secret = furnished(store.as_ref()).await;
    let other = NewRotation {
        next_try: at(9),
        ..new("r2", SecretId(secret.0 + 1))
    };
    journal(store.as_ref(), &[new("r1", secret), other]).await;

    let mut tx = store.begin(Mode::Write).await.unwrap();
    let rotations = tx.rotations();
    assert_eq!(rotations.claim("w", at(8), LONG).await.unwrap(), None);
    let first = rotations.claim("w", at(10), LONG).await.unwrap().unwrap();
    assert_eq!(first.id, "r2", "the one that is due for longer");
    let mut claimed = rotations.claim("w", at(10), LONG).await.unwrap().unwrap();
    let expected = RotationRecord {
        id: "r1".to_owned(),
        account: account(),
        secret,
        subject: format!("secret/{}", secret.0),
        version: "v2".parse().unwrap(),
        kind: "webhook".to_owned(),
        step: "create".to_owned(),
        body: String::from("{}"),
        sealed: None,
        fence: 1,
        owner: "w".to_owned(),
        attempts: 0,
        next_try: at(10),
        window_end: None,
        error: String::new(),
        created: at(0),
        finished: None,
    };
    assert_eq!(claimed, expected);
    assert_eq!(rotations.claim("x", at(99), LONG).await.unwrap(), None);

    claimed.step = String::from("set");
    claimed.body = String::from(r#"{"new":"LTAI5t"}"#);
    claimed.sealed = Some(vec![1, 2, 0]);
    claimed.attempts = 3;
    claimed.next_try = at(20);
    claimed.window_end = Some(at(30));
    claimed.error = String::from("refused");
    rotations.advance(&claimed).await.unwrap();
    rotations
        .renew("r1", claimed.fence, at(15), LONG)
        .await
        .unwrap();
    let found = rotations.find("r1").await.unwrap();
    assert_eq!(found.as_ref(), Some(&claimed));
    rotations.release("r1", claimed.fence).await.unwrap();
    assert_eq!(rotations.claim("x", at(19), LONG).await.unwrap(), None);
    let mut again = rotations.claim("x", at(20), LONG).await.unwrap().unwrap();
    assert_eq!((again.fence, again.owner.as_str()), (2, "x"));
    assert_eq!(again.sealed, claimed.sealed);

    again.step = String::from("finished");
    again.error.clear();
    rotations.finish(&again, at(40)).await.unwrap();
    let done = rotations.find("r1").await.unwrap().unwrap();
    assert_eq!((done.finished, done.sealed), (Some(at(40)), None));
    assert_eq!(done.step, "finished");
    assert_eq!(rotations.claim("x", at(99), LONG).await.unwrap(), None);

    let next = NewRotation {
        created: at(50),
        ..new("r3", secret)
    };
    rotations.insert(&next).await.unwrap();
    let of_secret = rotations.of_secret(secret, 10).await.unwrap();
    let ids: Vec<&str> = of_secret.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["r3", "r1"]);
    assert_eq!(rotations.of_secret(secret, 1).await.unwrap().len(), 1);
    for (since, expected) in [(0, 3), (1, 1), (50, 1), (51, 0)] {
        let kinds = ["webhook", "other"];
        let count = rotations.count_since(&account(), &kinds, at(since)).await;
        assert_eq!(count.unwrap(), expected, "since {since}");
    }
    // Not those of the first test's that ended.
    assert_eq!(rotations.count_unfinished().await.unwrap(), 2);
    for none in [&["other"][..], &[]] {
        let count = rotations.count_since(&account(), none, at(0)).await;
        assert_eq!(count.unwrap(), 0, "{none:?}");
    }
    assert_eq!(rotations.forget(at(40)).await.unwrap(), 0);
    assert_eq!(rotations.forget(at(41)).await.unwrap(), 1);
    assert_eq!(rotations.find("r1").await.unwrap(), None);
    tx.commit().await.unwrap();
}

pub(crate) async fn one_at_a_time_for_secret_and_subject(store: Arc<dyn Store>) {
    let secret = furnished(store.as_ref()).await;
    let of_user = |id: &str, secret| NewRotation {
        subject: "user/alice".to_owned(),
        ..new(id, secret)
    };
    journal(store.as_ref(), &[of_user("r1", secret)]).await;
    let mut tx = store.begin(Mode::Write).await.unwrap();
    let rotations = tx.rotations();
    let elsewhere = SecretId(secret.0 + 1);
    for (refused, why) in [
        (new("r1", elsewhere), "the id"),
        (new("r2", secret), "the secret"),
        (of_user("r2", elsewhere), "the user"),
    ] {
        let inserted = rotations.insert(&refused).await;
        assert!(
            matches!(inserted, Err(StoreError::Taken)),
            "{why}: {inserted:?}"
        );
    }
    let claimed = rotations.claim("w", at(10), LONG).await.unwrap().unwrap();
    rotations.finish(&claimed, at(11)).await.unwrap();
    rotations.insert(&of_user("r2", secret)).await.unwrap();
    tx.commit().await.unwrap();
}

pub(crate) async fn the_deposed_write_nothing(store: Arc<dyn Store>) {
    let secret = furnished(store.as_ref()).await;
    journal(store.as_ref(), &[new("r1", secret)]).await;
    let mut tx = store.begin(Mode::Write).await.unwrap();
    let rotations = tx.rotations();
    let mut slow = rotations
        .claim("slow", at(10), OVER)
        .await
        .unwrap()
        .unwrap();
    let quick = rotations
        .claim("quick", at(10), LONG)
        .await
        .unwrap()
        .unwrap();
    assert!(quick.fence > slow.fence);
    tx.commit().await.unwrap();

    slow.step = String::from("stolen");
    let mut tx = store.begin(Mode::Write).await.unwrap();
    tx.secrets().remove(secret).await.unwrap();
    for refused in [
        tx.rotations().advance(&slow).await,
        tx.rotations().renew("r1", slow.fence, at(10), LONG).await,
        tx.rotations().release("r1", slow.fence).await,
        tx.rotations().finish(&slow, at(11)).await,
    ] {
        assert!(matches!(refused, Err(StoreError::Deposed)), "{refused:?}");
    }
    drop(tx);
    let mut tx = store.begin(Mode::Write).await.unwrap();
    let found = tx.rotations().find("r1").await.unwrap();
    assert_eq!(found, Some(quick.clone()));

    // And the journal outlives the secret.
    tx.secrets().remove(secret).await.unwrap();
    tx.rotations().advance(&quick).await.unwrap();
    tx.commit().await.unwrap();
}

pub(crate) async fn is_claimed_by_one(store: Arc<dyn Store>) {
    let secret = furnished(store.as_ref()).await;
    let news: Vec<NewRotation> = (0..12)
        .map(|at| new(&format!("r{at:02}"), SecretId(secret.0 + at)))
        .collect();
    journal(store.as_ref(), &news).await;
    let workers: Vec<_> = (0..4)
        .map(|worker| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let owner = format!("w{worker}");
                let mut claimed = Vec::new();
                while let Some(one) = claim(store.as_ref(), &owner).await {
                    claimed.push(one);
                }
                claimed
            })
        })
        .collect();
    let mut claimed = Vec::new();
    for worker in workers {
        claimed.extend(worker.await.unwrap());
    }
    claimed.sort();
    let expected: Vec<String> = news.into_iter().map(|new| new.id).collect();
    assert_eq!(claimed, expected, "each by one worker");
}

pub(crate) async fn all_leases_end_at_once(store: Arc<dyn Store>) {
    let secret = furnished(store.as_ref()).await;
    let news = [new("r1", secret), new("r2", SecretId(secret.0 + 1))];
    journal(store.as_ref(), &news).await;
    let mut tx = store.begin(Mode::Write).await.unwrap();
    let rotations = tx.rotations();
    let dead = rotations.claim("w", at(10), LONG).await.unwrap().unwrap();
    assert_eq!(rotations.release_all().await.unwrap(), 1);
    assert_eq!(rotations.release_all().await.unwrap(), 0);
    let again = rotations.claim("x", at(10), LONG).await.unwrap().unwrap();
    assert_eq!((again.id.as_str(), again.owner.as_str()), ("r1", "x"));
    let late = rotations.advance(&dead).await;
    assert!(matches!(late, Err(StoreError::Deposed)), "{late:?}");
    tx.commit().await.unwrap();
}

async fn claim(store: &dyn Store, owner: &str) -> Option<String> {
    let claimed = run_tx::<_, StoreError, _>(store, Mode::Write, |mut tx| {
        Box::pin(async move { tx.rotations().claim(owner, at(10), LONG).await })
    });
    claimed.await.unwrap().map(|one| one.id)
}
