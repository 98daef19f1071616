use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn id(text: &str) -> AccessKeyId {
    text.parse().unwrap()
}

fn code(done: Result<(), ApiError>) -> Option<ErrorCode> {
    done.err().map(|error| error.code)
}

#[test]
fn a_nonce_serves_once_for_each_key() {
    let nonces = Nonces::new(10);
    let oldest = at(-900);
    assert_eq!(code(nonces.remember(&id("a"), "n", at(0), oldest)), None);
    assert_eq!(
        code(nonces.remember(&id("a"), "n", at(0), oldest)),
        Some(ErrorCode::SignatureNonceUsed)
    );
    assert_eq!(
        code(nonces.remember(&id("a"), "n", at(300), oldest)),
        Some(ErrorCode::SignatureNonceUsed),
        "another timestamp does not help"
    );
    assert_eq!(code(nonces.remember(&id("b"), "n", at(0), oldest)), None);
    // Not the same text at another boundary.
    assert_eq!(code(nonces.remember(&id("an"), "", at(0), oldest)), None);
}

#[test]
fn a_nonce_is_kept_as_long_as_its_call_could_be_played_again() {
    let nonces = Nonces::new(10);
    nonces.remember(&id("a"), "n", at(900), at(-900)).unwrap();
    for now in [0, 1_000, 1_799, 1_800] {
        assert_eq!(
            code(nonces.remember(&id("a"), "n", at(900), at(now - 900))),
            Some(ErrorCode::SignatureNonceUsed),
            "{now}"
        );
    }
    // A minute later at the latest there is room for it again.
    assert_eq!(
        code(nonces.remember(&id("a"), "n", at(1_900), at(960))),
        None
    );
}

#[test]
fn full_it_throttles_and_forgets_nothing() {
    let nonces = Nonces::new(3);
    let oldest = at(-900);
    for nonce in ["1", "2", "3"] {
        nonces.remember(&id("a"), nonce, at(0), oldest).unwrap();
    }
    assert_eq!(
        code(nonces.remember(&id("a"), "4", at(0), oldest)),
        Some(ErrorCode::Throttling)
    );
    for nonce in ["1", "2", "3"] {
        assert_eq!(
            code(nonces.remember(&id("a"), nonce, at(0), oldest)),
            Some(ErrorCode::SignatureNonceUsed)
        );
    }
    // Time makes room.
    assert_eq!(
        code(nonces.remember(&id("a"), "4", at(1_000), at(100))),
        None
    );
}

#[derive(Default)]
struct Notes(Mutex<Vec<UsedNonce>>);

impl NonceJournal for Notes {
    fn note(&self, nonce: UsedNonce) {
        self.0.lock().unwrap().push(nonce);
    }
}

fn after(key: [u8; 32], used: Vec<UsedNonce>) -> (Nonces, Arc<Notes>) {
    let notes = Arc::new(Notes::default());
    let history = NonceHistory {
        key,
        used,
        journal: notes.clone(),
    };
    (Nonces::with_history(10, history), notes)
}

#[test]
fn what_was_used_before_the_start_stays_used() {
    let oldest = at(-900);
    let (nonces, notes) = after([7; 32], Vec::new());
    nonces.remember(&id("a"), "n", at(0), oldest).unwrap();
    nonces.remember(&id("a"), "n", at(0), oldest).unwrap_err();
    let written = notes.0.lock().unwrap().clone();
    assert_eq!(written.len(), 1, "what is refused is not noted");
    // 1,700,000,000 s are 28,333,333 minutes and 20 s.
    assert_eq!(written[0].minute, 28_333_333);

    let (next, _) = after([7; 32], written.clone());
    assert_eq!(
        code(next.remember(&id("a"), "n", at(0), oldest)),
        Some(ErrorCode::SignatureNonceUsed)
    );
    assert_eq!(code(next.remember(&id("a"), "m", at(0), oldest)), None);
    // For as long as it could be played again.
    assert_eq!(
        code(next.remember(&id("a"), "n", at(1_900), at(1_000))),
        None
    );

    let (other_key, _) = after([8; 32], written);
    assert_eq!(code(other_key.remember(&id("a"), "n", at(0), oldest)), None);
}

/// What several servers share, less the database.
#[derive(Default)]
struct Table {
    key: Mutex<Option<[u8; 32]>>,
    used: Mutex<BTreeMap<u64, i64>>,
    forgotten: Mutex<Vec<i64>>,
}

#[async_trait::async_trait]
impl SharedNonces for Table {
    async fn key(&self, fresh: [u8; 32]) -> Result<[u8; 32], StoreError> {
        Ok(*self.key.lock().unwrap().get_or_insert(fresh))
    }

    async fn note(&self, bucket: i64, hash: u64) -> Result<(bool, Option<Moment>), StoreError> {
        let former = self.used.lock().unwrap().insert(hash, bucket);
        Ok((former.is_none(), None))
    }

    async fn forget(&self, before: i64) -> Result<u64, StoreError> {
        self.forgotten.lock().unwrap().push(before);
        Ok(0)
    }
}

#[tokio::test]
async fn a_nonce_serves_once_on_all_servers() {
    let table = Table::default();
    let servers = [Nonces::new(10), Nonces::new(10)];
    let note = async |server: usize, who: &str, nonce: &str, now: i64| {
        let done = servers[server]
            .remember_for_all(&table, &id(who), nonce, at(now), at(now - 900))
            .await;
        done.map(|_moment| ()).map_err(Failure::into_api_error)
    };
    assert_eq!(code(note(0, "a", "n", 0).await), None);
    for server in [0, 1] {
        assert_eq!(
            code(note(server, "a", "n", 1).await),
            Some(ErrorCode::SignatureNonceUsed)
        );
    }
    assert_eq!(code(note(1, "b", "n", 0).await), None);
    assert_eq!(code(note(1, "a", "m", 0).await), None);
    // Each server looks after what is old, once a minute.
    assert_eq!(code(note(0, "a", "o", 60).await), None);
    let first = minute(at(-900));
    let forgotten = table.forgotten.lock().unwrap().clone();
    assert_eq!(forgotten, [first, first, first + 1]);
}
