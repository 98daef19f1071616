//! What has changed, asked for many callers at once. A caller that arrives while a question is
//! on its way waits for the next: its answer is from after it arrived, so that it knows of
//! whatever was acknowledged before, by whichever server. The nonces of those who wait go along.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use sqlx::{
    ConnectOptions as _, Connection as _, PgConnection, Row as _,
    postgres::{PgConnectOptions, PgRow},
};
use tokio::sync::oneshot;

use super::{failed, failure};
use crate::{
    Moment, StoreError,
    moment::{Areas, Numbers},
};

/// Asks on a connection of its own.
pub(super) struct Pulse {
    options: PgConnectOptions,
    set_up: String,
    line: Mutex<Line>,
    state: tokio::sync::Mutex<State>,
}

/// A nonce by its hash, and its minute.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Nonce {
    pub(super) hash: i64,
    pub(super) bucket: i64,
}

/// Who waits for the next question.
#[derive(Default)]
struct Line {
    waiting: Vec<Waiting>,
    is_served: bool,
}

struct Waiting {
    nonce: Option<Nonce>,
    tell: oneshot::Sender<Result<(bool, Moment), StoreError>>,
}

#[derive(Default)]
struct State {
    connection: Option<PgConnection>,
    /// On this connection.
    has_answered: bool,
    is_closed: bool,
    numbers: Numbers,
    /// What the last answer saw; none for a new connection, whose database may be another's copy
    /// in which the same numbers mean other transactions.
    last: Option<Arc<str>>,
    /// What an answer of some time ago saw.
    former: Option<Arc<str>>,
}

struct Answer {
    snapshot: Arc<str>,
    changed: Areas,
    noted: Vec<i64>,
}

/// The areas in which transactions have changed something that the snapshot does not see, and
/// whether some of those are not listed any more. All of it, and what `pg_current_snapshot` is,
/// is as this one statement sees the database.
macro_rules! changed_since {
    ($snapshot:literal) => {
        concat!(
            "(SELECT coalesce(bit_or(areas), 0) FROM changes
              WHERE xid >= pg_snapshot_xmin(",
            $snapshot,
            "::text::pg_snapshot)
                AND NOT pg_visible_in_snapshot(xid, ",
            $snapshot,
            "::text::pg_snapshot)) AS areas,
             (SELECT before > pg_snapshot_xmin(",
            $snapshot,
            "::text::pg_snapshot)
              FROM changes_pruned WHERE id = 1) AS is_late"
        )
    };
}

pub(super) const CHANGED_SINCE: &str = concat!("SELECT ", changed_since!("$1"));

const ASK: &str = concat!(
    "SELECT pg_current_snapshot()::text AS snapshot, '{}'::bigint[] AS noted, ",
    changed_since!("$1")
);

/// A nonce is on disk within a second or so, not at once: a crash of the database, not one of
/// a server, may forget the last ones. The setting holds for this statement alone. In the order
/// of their hashes, so that of two servers with the same nonces none waits for the other in turn.
const ASK_AND_NOTE: &str = concat!(
    "WITH noted AS (
        INSERT INTO nonces (hash, bucket)
        SELECT n.hash, n.bucket
        FROM set_config('synchronous_commit', 'off', true),
             unnest($2::bigint[], $3::bigint[]) AS n (hash, bucket)
        ORDER BY n.hash
        ON CONFLICT DO NOTHING
        RETURNING hash)
     SELECT pg_current_snapshot()::text AS snapshot,
            ARRAY(SELECT hash FROM noted) AS noted, ",
    changed_since!("$1")
);

/// Rows that no server needs whose last answer is younger than the snapshot; and such as cannot
/// be, after a copy of the database was put in its place.
const PRUNE: &str = "WITH gone AS (
        DELETE FROM changes
        WHERE xid < pg_snapshot_xmin($1::text::pg_snapshot)
           OR xid >= pg_snapshot_xmax(pg_current_snapshot()))
    UPDATE changes_pruned SET before = pg_snapshot_xmin($1::text::pg_snapshot)
    WHERE id = 1 AND (before < pg_snapshot_xmin($1::text::pg_snapshot)
                      OR before >= pg_snapshot_xmax(pg_current_snapshot()))";

// === impl Pulse ===

impl Pulse {
    pub(super) fn new(options: PgConnectOptions, set_up: String) -> Self {
        Self {
            options,
            set_up,
            line: Mutex::default(),
            state: tokio::sync::Mutex::default(),
        }
    }

    /// The store now, and whether the nonce, if there is one, was noted by nobody before.
    pub(super) async fn ask(
        self: &Arc<Self>,
        nonce: Option<Nonce>,
    ) -> Result<(bool, Moment), StoreError> {
        let (tell, told) = oneshot::channel();
        let is_served = {
            let mut line = self.line();
            line.waiting.push(Waiting { nonce, tell });
            mem::replace(&mut line.is_served, true)
        };
        if !is_served {
            // In a task of its own: others count on it even if this caller goes.
            tokio::spawn(Arc::clone(self).serve());
        }
        told.await.unwrap_or(Err(LOST))
    }

    /// Takes from the list of changes what no server needs that was answered since this was
    /// called before.
    pub(super) async fn prune(&self) -> Result<(), StoreError> {
        let state = &mut *self.state.lock().await;
        let former = mem::replace(&mut state.former, state.last.clone());
        let (Some(former), Some(connection)) = (former, &mut state.connection) else {
            return Ok(());
        };
        let done = sqlx::query(PRUNE).bind(&*former).execute(connection).await;
        done.map(|_done| ()).map_err(failed)
    }

    /// Hangs up, for good.
    pub(super) async fn close(&self) {
        let mut state = self.state.lock().await;
        state.is_closed = true;
        state.last = None;
        if let Some(connection) = state.connection.take() {
            // There is nothing left to lose on it.
            let _ = connection.close().await;
        }
    }

    async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        let mut connection = self.options.connect().await?;
        let set_up = sqlx::AssertSqlSafe(self.set_up.clone());
        sqlx::raw_sql(set_up).execute(&mut connection).await?;
        // Each question is a transaction by itself, and waits for no other's reads.
        sqlx::raw_sql("SET default_transaction_isolation = 'read committed'")
            .execute(&mut connection)
            .await?;
        Ok(connection)
    }

    /// One question after another, until nobody waits.
    async fn serve(self: Arc<Self>) {
        loop {
            let waiting = {
                let mut line = self.line();
                if line.waiting.is_empty() {
                    line.is_served = false;
                    return;
                }
                mem::take(&mut line.waiting)
            };
            self.answer(waiting).await;
        }
    }

    async fn answer(&self, waiting: Vec<Waiting>) {
        let mut nonces: Vec<Nonce> = waiting.iter().filter_map(|one| one.nonce).collect();
        nonces.sort_unstable();
        nonces.dedup_by_key(|nonce| nonce.hash);
        let mut state = self.state.lock().await;
        let mut is_repeated = false;
        let mut answer = state.ask(self, &nonces).await;
        if let Err(error) = &answer
            && state.has_answered
            && failure::is_hung_up(error)
        {
            // It lay idle, most likely, while the database started anew.
            is_repeated = true;
            state.hang_up();
            answer = state.ask(self, &nonces).await;
        }
        match answer {
            Ok(answer) => {
                let moment = state.moment(&answer);
                drop(state);
                tell_all(waiting, answer.noted, &moment, is_repeated);
            }
            Err(error) => {
                state.hang_up();
                drop(state);
                let error = failed(error);
                for Waiting { tell, .. } in waiting {
                    // Whoever does not listen any more has gone.
                    let _ = tell.send(Err(alike(&error)));
                }
            }
        }
    }

    /// Nothing in here is half done when a thread dies.
    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// === impl State ===

impl State {
    async fn ask(&mut self, pulse: &Pulse, nonces: &[Nonce]) -> Result<Answer, sqlx::Error> {
        if self.is_closed {
            return Err(sqlx::Error::PoolClosed);
        }
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => pulse.connect().await?,
        };
        let connection = self.connection.insert(connection);
        let last = self.last.as_deref();
        let query = if nonces.is_empty() {
            sqlx::query(ASK).bind(last)
        } else {
            let hashes: Vec<i64> = nonces.iter().map(|nonce| nonce.hash).collect();
            let buckets: Vec<i64> = nonces.iter().map(|nonce| nonce.bucket).collect();
            sqlx::query(ASK_AND_NOTE)
                .bind(last)
                .bind(hashes)
                .bind(buckets)
        };
        let row = query.fetch_one(connection).await?;
        self.has_answered = true;
        let snapshot: String = row.try_get("snapshot")?;
        Ok(Answer {
            snapshot: snapshot.into(),
            changed: changed(&row)?,
            noted: row.try_get("noted")?,
        })
    }

    fn hang_up(&mut self) {
        self.connection = None;
        self.has_answered = false;
        self.last = None;
        self.former = None;
    }

    fn moment(&mut self, answer: &Answer) -> Moment {
        for area in answer.changed.iter() {
            if let Some(number) = self.numbers.get_mut(area.place()) {
                *number += 1;
            }
        }
        self.last = Some(Arc::clone(&answer.snapshot));
        Moment::new(self.numbers, self.last.clone())
    }
}

/// The areas that have changed, by what [`CHANGED_SINCE`] answers.
pub(super) fn changed(row: &PgRow) -> Result<Areas, sqlx::Error> {
    let areas: i64 = row.try_get("areas")?;
    // Nobody knows without a snapshot to compare with.
    let is_late: Option<bool> = row.try_get("is_late")?;
    Ok(match is_late {
        Some(false) => Areas::from_bits(areas),
        Some(true) | None => Areas::ALL,
    })
}

/// Tells each who waited.
fn tell_all(waiting: Vec<Waiting>, mut noted: Vec<i64>, moment: &Moment, is_repeated: bool) {
    noted.sort_unstable();
    for Waiting { nonce, tell } in waiting {
        // Of several in line with the same one, the first has it.
        let is_first = nonce.is_some_and(|nonce| take(&mut noted, nonce.hash));
        // Noted by somebody else, or by the question that got no answer: nobody knows.
        let is_unknown = is_repeated && nonce.is_some() && !is_first;
        let told = if is_unknown {
            Err(LOST)
        } else {
            Ok((is_first, moment.clone()))
        };
        // Whoever does not listen any more has gone.
        let _ = tell.send(told);
    }
}

/// Takes it out of those.
fn take(noted: &mut Vec<i64>, hash: i64) -> bool {
    match noted.binary_search(&hash) {
        Ok(at) => {
            noted.remove(at);
            true
        }
        Err(_nowhere) => false,
    }
}

const LOST: StoreError = StoreError::Unavailable("the database did not answer");

/// The same for each who waits.
fn alike(error: &StoreError) -> StoreError {
    match error {
        StoreError::Unavailable(why) => StoreError::Unavailable(why),
        StoreError::Address(why) => StoreError::Address(why),
        StoreError::Full => StoreError::Full,
        _ => LOST,
    }
}
