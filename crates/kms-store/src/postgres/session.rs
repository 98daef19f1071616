//! What a connection and a transaction begin with.

use std::time::Duration;

use super::TURN;
use crate::{Mode, moment::Areas};

/// How long a server may leave a transaction open and say nothing. It may have lost its
/// network; what the transaction locks, others wait for.
const SILENCE: Duration = Duration::from_mins(1);

/// Settings of a new connection; all numbers are ours.
pub(super) fn set_up(statement_timeout: Duration) -> String {
    format!(
        // Never weaker than the disk; a database that waits for its replicas goes on doing so.
        "SELECT set_config('synchronous_commit', 'on', false)
            WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write');
         -- A scan of a whole table would make a serializable transaction collide with all
         -- that write to it.
         SET enable_seqscan = off;
         SET jit = off;
         SET client_min_messages = error;
         SET statement_timeout = {};
         SET lock_timeout = {};
         SET idle_in_transaction_session_timeout = {}",
        statement_timeout.as_millis(),
        TURN.as_millis(),
        SILENCE.as_millis(),
    )
}

/// What begins a transaction, and the lock that it holds. LOCK takes no snapshot: one that waited
/// for others sees what they did.
pub(super) fn begin(mode: Mode) -> &'static str {
    match mode {
        Mode::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        // Whatever concerns a record changes its row: of two who do, one loses. Serializable
        // ones lose to each other by the pages of indexes that they share, too, of which few
        // records have few.
        Mode::Record => {
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE;
             LOCK TABLE write_turn IN ROW SHARE MODE"
        }
        Mode::Write => {
            "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE;
             LOCK TABLE write_turn IN ROW SHARE MODE"
        }
        Mode::Alone => {
            "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE;
             LOCK TABLE write_turn IN EXCLUSIVE MODE"
        }
    }
}

/// What ends one that has written in these areas; the number is ours.
pub(super) fn commit(areas: Areas) -> String {
    if areas.is_empty() {
        return "COMMIT".to_owned();
    }
    format!(
        "INSERT INTO changes (xid, areas) VALUES (pg_current_xact_id(), {}); COMMIT",
        areas.to_bits()
    )
}
