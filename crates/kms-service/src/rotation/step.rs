//! What each step does, here and at the rotator.

use kms_store::{Mode, RotationRecord, RotationState, SecretRecord, Tx};
use kms_types::{Secret, SecretType, VersionStage};
use serde_json::{Map, Value};

use super::{
    RotationAsk, RotationEvent, RotationStep, RotatorError, backoff,
    journal::{self, Done},
};
use crate::{
    Service,
    failure::Failure,
    secrets::{Credential, managed_type, promote},
};

/// A step, ready to be asked for.
struct Work {
    step: RotationStep,
    ask: RotationAsk,
    /// What the new value is to open: the account that has the old one.
    whose: Credential,
    secret: SecretRecord,
}

impl Service {
    /// Does the next step of a rotation that a webhook does.
    pub(super) async fn ask_rotator(&self, row: &RotationRecord) -> Result<(), Failure> {
        match self.prepare(row).await? {
            Some(work) => self.do_step(row, work).await,
            // The secret is gone: there is nobody to rotate for.
            None => self.end_without_secret(row).await,
        }
    }

    /// Reads what the step needs, and makes the new value if there is none yet: it is in the
    /// journal before anybody is told of it. None if the secret is gone.
    async fn prepare(&self, row: &RotationRecord) -> Result<Option<Work>, Failure> {
        let step = RotationStep::parse(&row.step).ok_or(Failure::Document("rotation"))?;
        let found = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let Some(secret) = tx.secrets().find_by_id(row.secret).await? else {
                        return Ok(None);
                    };
                    let secret_type = managed_type(&secret)?;
                    let current = self.value_at(tx, &secret, &VersionStage::current()).await?;
                    let current = current.ok_or(Failure::Document("secret"))?;
                    // Of two accounts the idle one gets the new value.
                    let idle = if has_two_accounts(secret_type, &secret) {
                        self.value_at(tx, &secret, &VersionStage::previous())
                            .await?
                    } else {
                        None
                    };
                    let whose = idle.as_ref().unwrap_or(&current);
                    let whose = Credential::of_value(whose).ok_or(Failure::Document("secret"))?;
                    let pending = match journal::pending(row) {
                        Some(version) => Some(self.open_value(tx, None, &secret, &version).await?),
                        None => None,
                    };
                    Ok::<_, Failure>(Some((secret, secret_type, current, whose, pending)))
                })
            })
            .await?;
        let Some((secret, secret_type, current, whose, mut pending)) = found else {
            return Ok(None);
        };
        let mut row = row.clone();
        if pending.is_none()
            && let Some(renewed) = whose.renewed()?
        {
            let value = renewed.to_value("")?;
            self.hold(&mut row, &secret, &value).await?;
            pending = Some(value);
        }
        let ask = RotationAsk {
            step,
            account: secret.account.clone(),
            secret: secret.name.clone(),
            secret_type,
            extended_config: secret.extended_config.clone(),
            version: row.version.clone(),
            current,
            pending,
        };
        Ok(Some(Work {
            step,
            ask,
            whose,
            secret,
        }))
    }

    /// Asks the rotator and writes down what came of it.
    async fn do_step(&self, row: &RotationRecord, work: Work) -> Result<(), Failure> {
        let answer = self.rotation().rotators.ask(&work.ask).await;
        match answer.and_then(|value| checked(&work, value)) {
            Ok(value) => self.done(row, work, value).await,
            Err(error) => self.failed(row, &work, &error).await,
        }
    }

    async fn done(
        &self,
        row: &RotationRecord,
        work: Work,
        value: Option<Secret<String>>,
    ) -> Result<(), Failure> {
        let mut row = self.row_now(row).await?;
        match work.step {
            RotationStep::Create => {
                if let Some(value) = value {
                    self.hold(&mut row, &work.secret, &value).await?;
                }
                self.go_to(row, RotationStep::Set).await
            }
            RotationStep::Set => self.go_to(row, RotationStep::Test).await,
            RotationStep::Test => self.promote(row, &work.secret).await,
            RotationStep::Finish => {
                journal::DONE.clone_into(&mut row.step);
                row.error.clear();
                self.finish(&row, None).await?;
                self.tell(&work.secret, &row.version, RotationEvent::IsOver);
                Ok(())
            }
        }
    }

    /// Tries again later, or gives up: after the new value is current there is nothing to
    /// give up but the rotator's word that it knows.
    async fn failed(
        &self,
        row: &RotationRecord,
        work: &Work,
        error: &RotatorError,
    ) -> Result<(), Failure> {
        let mut row = self.row_now(row).await?;
        row.attempts += 1;
        row.error = error.to_string();
        let is_over = row.attempts >= backoff::MOST_TRIES;
        tracing::warn!(
            account = %work.secret.account,
            secret = %work.secret.name,
            version = %row.version,
            step = work.step.as_str(),
            attempts = row.attempts,
            error = %error,
            is_over,
            "a step of a rotation failed"
        );
        if !is_over {
            return self.write_down(row, Done::Waits).await;
        }
        if work.step == RotationStep::Finish {
            journal::DONE.clone_into(&mut row.step);
            self.finish(&row, None).await?;
            self.tell(&work.secret, &row.version, RotationEvent::IsOver);
            return Ok(());
        }
        journal::FAILED.clone_into(&mut row.step);
        self.finish(&row, Some(RotationState::Invalid)).await?;
        self.tell(&work.secret, &row.version, RotationEvent::GivenUp);
        Ok(())
    }

    async fn end_without_secret(&self, row: &RotationRecord) -> Result<(), Failure> {
        let mut row = row.clone();
        journal::FAILED.clone_into(&mut row.step);
        "the secret was deleted".clone_into(&mut row.error);
        self.finish(&row, None).await
    }

    /// Makes the new value the secret's current one, in the transaction that writes it down.
    async fn promote(&self, mut row: RotationRecord, whose: &SecretRecord) -> Result<(), Failure> {
        RotationStep::Finish.as_str().clone_into(&mut row.step);
        row.attempts = 0;
        row.error.clear();
        let now = self.now();
        row.next_try = now;
        let row = &row;
        let is_current = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let pending = journal::pending(row).ok_or(Failure::Document("rotation"))?;
                    let secret = tx.secrets().find_by_id(row.secret).await?;
                    let is_there = secret.is_some();
                    if let Some(secret) = secret {
                        promote(tx, secret, pending, now).await?;
                    }
                    tx.rotations().advance(row).await?;
                    tx.rotations().release(&row.id, row.fence).await?;
                    Ok::<_, Failure>(is_there)
                })
            })
            .await?;
        if is_current {
            self.tell(whose, &row.version, RotationEvent::IsCurrent);
        }
        Ok(())
    }

    async fn go_to(&self, mut row: RotationRecord, step: RotationStep) -> Result<(), Failure> {
        step.as_str().clone_into(&mut row.step);
        self.write_down(row, Done::Goes).await
    }

    /// The value that the label is on.
    pub(super) async fn value_at(
        &self,
        tx: &mut dyn Tx,
        secret: &SecretRecord,
        stage: &VersionStage,
    ) -> Result<Option<Secret<String>>, Failure> {
        let Some(version) = tx.versions().find_by_stage(secret.id, stage).await? else {
            return Ok(None);
        };
        self.open_value(tx, None, secret, &version).await.map(Some)
    }
}

/// A value in an answer must be of the kind, and open the same account; one must be there if
/// none was made here.
fn checked(
    work: &Work,
    value: Option<Secret<String>>,
) -> Result<Option<Secret<String>>, RotatorError> {
    if work.step != RotationStep::Create {
        return Ok(None);
    }
    let Some(value) = value else {
        return match work.ask.pending {
            Some(_) => Ok(None),
            None => Err(RotatorError::Answer("it holds no new value")),
        };
    };
    let read = Credential::of_value(&value)
        .filter(|read| read.is_like(&work.whose))
        .ok_or(RotatorError::Answer(
            "its value is not of the secret's form",
        ))?;
    read.to_value("")
        .map(Some)
        .map_err(|_cannot_be| RotatorError::Answer("its value cannot be written"))
}

fn has_two_accounts(secret_type: SecretType, secret: &SecretRecord) -> bool {
    let config: Map<String, Value> =
        serde_json::from_str(&secret.extended_config).unwrap_or_default();
    matches!(
        secret_type,
        SecretType::Rds | SecretType::Redis | SecretType::PolarDb
    ) && config.get("SecretSubType").and_then(Value::as_str) == Some("DoubleUsers")
}
