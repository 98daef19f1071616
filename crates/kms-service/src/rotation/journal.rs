//! Rows of the store's journal, and what is written there, whoever rotates.

use jiff::Timestamp;
use kms_store::{Mode, RotationRecord, RotationState, SecretRecord, StoreError, VersionRecord};
use kms_types::{DataType, Secret};

use super::{backoff, outcome};
use crate::{Service, authorise::Target, failure::Failure, secrets::Draft};

/// How a rotation goes about it, and why it began; a row's `kind`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Kind {
    pub(super) engine: Engine,
    /// Begun because its time had come; not by a call.
    pub(super) is_scheduled: bool,
}

/// Who gives the new value to what the secret opens.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Engine {
    /// Somebody else's program.
    Webhook,
    /// This server, at RAM.
    AccessKey,
}

/// Whether a rotation goes on at once.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Done {
    /// Its step was done.
    Goes,
    /// It failed, and waits longer each time.
    Waits,
    /// There is nothing to do before then.
    Until(Timestamp),
}

/// Kinds that calls begin.
pub(super) const CALLED: [&str; 2] = ["webhook", "access-key"];

/// Where a rotation ends that came to nothing.
pub(super) const FAILED: &str = "failed";
/// Where one ends that came to its end.
pub(super) const DONE: &str = "done";

// === impl Kind ===

impl Kind {
    const ALL: [(Self, &'static str); 4] = [
        (Self::new(Engine::Webhook, false), CALLED[0]),
        (Self::new(Engine::AccessKey, false), CALLED[1]),
        (Self::new(Engine::Webhook, true), "webhook-scheduled"),
        (Self::new(Engine::AccessKey, true), "access-key-scheduled"),
    ];

    pub(super) const fn new(engine: Engine, is_scheduled: bool) -> Self {
        Self {
            engine,
            is_scheduled,
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        let of = Self::ALL.iter().find(|(kind, _)| *kind == self);
        of.map_or("", |(_, text)| text)
    }

    /// The row's.
    ///
    /// # Errors
    /// [`Failure::Document`], if something else wrote the row.
    pub(super) fn of(row: &RotationRecord) -> Result<Self, Failure> {
        let of = Self::ALL.iter().find(|(_, text)| *text == row.kind);
        of.map(|(kind, _)| *kind)
            .ok_or(Failure::Document("rotation"))
    }
}

/// The version that there will be, as if it were there; none before there is a value.
pub(super) fn pending(row: &RotationRecord) -> Option<VersionRecord> {
    Some(VersionRecord {
        serial: 0,
        id: row.version.clone(),
        data_type: DataType::Text,
        sealed: row.sealed.clone()?,
        created: row.created,
        stages: Vec::new(),
    })
}

impl Service {
    /// Says in the row when it goes on, writes it and gives it back.
    pub(super) async fn write_down(
        &self,
        mut row: RotationRecord,
        done: Done,
    ) -> Result<(), Failure> {
        self.settle(&mut row, done);
        self.give_back(&row).await
    }

    /// Writes the row as it is and gives it back.
    pub(super) async fn give_back(&self, row: &RotationRecord) -> Result<(), Failure> {
        self.tx(Mode::Record, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                tx.rotations().advance(row).await?;
                Ok::<_, Failure>(tx.rotations().release(&row.id, row.fence).await?)
            })
        })
        .await
    }

    /// Says in the row when it goes on.
    pub(super) fn settle(&self, row: &mut RotationRecord, done: Done) {
        let now = self.now();
        match done {
            Done::Goes | Done::Until(_) => {
                row.attempts = 0;
                row.error.clear();
                row.next_try = now;
            }
            Done::Waits => {
                let wait = backoff::after(row.attempts);
                row.next_try = now.checked_add(wait).unwrap_or(now);
            }
        }
        if let Done::Until(then) = done {
            row.next_try = then;
        }
    }

    /// Writes the row and keeps it.
    pub(super) async fn note(&self, row: &RotationRecord) -> Result<(), Failure> {
        self.tx(Mode::Record, |mut tx| {
            Box::pin(async move { Ok::<_, Failure>((*tx).rotations().advance(row).await?) })
        })
        .await
    }

    /// Ends the rotation; the secret's automatic rotation is then in this state, if one is
    /// given.
    pub(super) async fn finish(
        &self,
        row: &RotationRecord,
        state: Option<RotationState>,
    ) -> Result<(), Failure> {
        let now = self.now();
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                if let Some(state) = state
                    && let Some(mut secret) = tx.secrets().find_by_id(row.secret).await?
                {
                    secret.rotation.state = state;
                    tx.secrets().update(&secret).await?;
                }
                outcome::raise(tx, row, now).await?;
                Ok::<_, Failure>(tx.rotations().finish(row, now).await?)
            })
        })
        .await
    }

    /// Seals the new value as the version that it will be, and writes it down with the row.
    pub(super) async fn hold(
        &self,
        row: &mut RotationRecord,
        secret: &SecretRecord,
        value: &Secret<String>,
    ) -> Result<(), Failure> {
        let (version_id, held) = (row.version.clone(), &*row);
        let sealed = self
            .tx(Mode::Write, |mut tx| {
                let (version_id, mut held) = (version_id.clone(), held.clone());
                Box::pin(async move {
                    let tx = &mut *tx;
                    let target = Target {
                        account: secret.account.clone(),
                        name: secret.name.clone(),
                        is_here: true,
                    };
                    let draft = Draft {
                        target: &target,
                        id: &version_id,
                        data_type: DataType::Text,
                        value,
                    };
                    let version = self.seal_value_of(tx, secret, draft).await?;
                    held.sealed = Some(version.sealed);
                    tx.rotations().advance(&held).await?;
                    Ok::<_, Failure>(held.sealed)
                })
            })
            .await?;
        row.sealed = sealed;
        Ok(())
    }

    /// The row as it is now, if it is still this worker's.
    pub(super) async fn row_now(&self, row: &RotationRecord) -> Result<RotationRecord, Failure> {
        let found = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { Ok::<_, Failure>((*tx).rotations().find(&row.id).await?) })
            })
            .await?;
        found
            .filter(|found| found.fence == row.fence)
            .ok_or(Failure::Store(StoreError::Deposed))
    }
}
