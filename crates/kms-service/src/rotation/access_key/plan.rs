//! Looks at the secret and at the user's keys, and makes room for one. Nothing is made.

use jiff::{SignedDuration, Timestamp};
use kms_store::{Mode, RotationRecord, SecretId, VersionRecord};
use kms_types::{AccessKeyId, VersionStage};

use super::{Body, Next, Ram, RamError, RamKey, RamUser, Step, Work, check::Stored, orphans};
use crate::{Service, failure::Failure};

/// Rotations before this one that are looked at for keys that they left.
const LOOKED_AT: u32 = 20;

/// Why a key has to wait for its end.
pub(super) const USED: &str = "was used not long ago, or may have been";

/// What is known of a key beside the current one.
pub(super) enum Other {
    /// It may go; the version that it is the value of, if it is.
    Idle(Option<VersionRecord>),
    /// It may not, for this reason.
    Stays(&'static str),
    /// It may not yet: somebody used it not long ago, or may have.
    StaysYet,
}

/// How a key came to be the secret's own.
#[derive(Clone, Copy)]
enum Own {
    /// It was the secret's value until then.
    Until(Timestamp),
    /// It never was: nobody was given it.
    Never,
}

/// What is known of a user's keys.
pub(super) struct Known<'a> {
    pub(super) previous: Option<&'a Stored>,
    /// The secret's rotations before.
    pub(super) before: &'a [RotationRecord],
    pub(super) window: SignedDuration,
}

impl Service {
    pub(super) async fn plan(&self, work: &mut Work) -> Result<Next, Failure> {
        let (current, previous) = match self.stored_keys(work.secret()?).await {
            Ok(stored) => stored,
            // Nothing was made yet: as long as the key that protects the secret does not
            // work, no AccessKey is made that could not be kept.
            Err(Failure::Refused(error)) => return Ok(work.wait(protects(&error.message))),
            Err(failure) => return Err(failure),
        };
        work.body.old_key = Some(current.key.id.clone());
        work.body.old_version = Some(current.version.id.clone());
        let mut keys = match work.keys().await {
            Ok(keys) => keys,
            Err(error) => return Ok(work.ram_failed(&error)),
        };
        if keys.len() >= 2 {
            match self
                .make_room(work, &keys, (&current, previous.as_ref()))
                .await?
            {
                Ok(gone) => keys.retain(|key| key.id != gone),
                Err(next) => return Ok(next),
            }
        }
        work.body.baseline = keys.iter().map(|key| key.id.clone()).collect();
        work.listed = Some(keys);
        Ok(Next::Step(Step::Create))
    }

    /// Takes away a key that is this secret's and that nobody needs; which one.
    async fn make_room(
        &self,
        work: &mut Work,
        keys: &[RamKey],
        (current, previous): (&Stored, Option<&Stored>),
    ) -> Result<Result<AccessKeyId, Next>, Failure> {
        let before = self.rotations_before(work.row.secret).await?;
        let known = Known {
            previous,
            before: &before,
            window: SignedDuration::from_secs(work.body.window_seconds),
        };
        let (mut stays, mut is_for_people) = (Vec::new(), false);
        for key in keys.iter().filter(|key| key.id != current.key.id) {
            match self
                .look_at(work.ram.as_ref(), &work.user, key, &known)
                .await
            {
                Err(error) => return Ok(Err(work.ram_failed(&error))),
                Ok(Other::Stays(why)) => {
                    is_for_people = true;
                    stays.push(format!("{} {why}", key.id));
                }
                Ok(Other::StaysYet) => stays.push(format!("{} {USED}", key.id)),
                Ok(Other::Idle(version)) => {
                    work.body.surplus = Some(key.id.clone());
                    work.go_to(Step::Plan)?;
                    self.note(&work.row).await?;
                    match work.ram.delete_key(&work.user, &key.id).await {
                        Ok(()) | Err(RamError::NoKey) => {}
                        Err(error) => return Ok(Err(work.ram_failed(&error))),
                    }
                    if let Some(version) = version {
                        self.purge(work.row.secret, &version).await?;
                    }
                    return Ok(Ok(key.id.clone()));
                }
            }
        }
        let why = format!(
            "the RAM user has two AccessKeys and none of them may be removed here ({}); delete \
             one that is not in use, then rotate the secret",
            stays.join("; ")
        );
        Ok(Err(work.give_up(why, is_for_people)))
    }

    /// The secret's rotations, newest first.
    pub(super) async fn rotations_before(
        &self,
        secret: SecretId,
    ) -> Result<Vec<RotationRecord>, Failure> {
        self.tx(Mode::Read, |mut tx| {
            Box::pin(async move {
                Ok::<_, Failure>((*tx).rotations().of_secret(secret, LOOKED_AT).await?)
            })
        })
        .await
    }

    /// Whether a key beside the current one may go: it has to be the secret's own, and
    /// nobody may have used it for as long as readers have to let go of one.
    pub(super) async fn look_at(
        &self,
        ram: &dyn Ram,
        user: &RamUser,
        key: &RamKey,
        known: &Known<'_>,
    ) -> Result<Other, RamError> {
        let version = known.previous.filter(|stored| stored.key.id == key.id);
        let own = version
            .map(|stored| Own::Until(stored.version.created))
            .or_else(|| own(key, known.before));
        let Some(own) = own else {
            return Ok(Other::Stays("is not this secret's"));
        };
        let last = match ram.last_used(user, &key.id).await {
            Ok(last) => last,
            Err(RamError::NoKey) => None,
            // Nobody may know; then it counts since when it could have been let go.
            Err(RamError::Denied(_)) => match own {
                Own::Until(since) => Some(since),
                Own::Never => None,
            },
            Err(error) => return Err(error),
        };
        let now = self.now();
        Ok(match (last, own) {
            (Some(_), Own::Never) => {
                Other::Stays("is used by somebody, though it was never given out")
            }
            (Some(last), Own::Until(_)) if now.duration_since(last) < known.window => {
                Other::StaysYet
            }
            _ => Other::Idle(version.map(|stored| stored.version.clone())),
        })
    }

    /// Takes the version away that bears the label of the value before.
    async fn purge(&self, id: SecretId, version: &VersionRecord) -> Result<(), Failure> {
        let now = self.now();
        self.tx(Mode::Record, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let previous = VersionStage::previous();
                let found = tx.versions().find_by_stage(id, &previous).await?;
                let secret = tx.secrets().find_by_id(id).await?;
                if let (Some(found), Some(mut secret)) = (found, secret)
                    && found.serial == version.serial
                {
                    tx.versions().remove_stage(id, &previous).await?;
                    tx.versions().remove(id, found.serial).await?;
                    secret.updated = now;
                    tx.secrets().update(&secret).await?;
                }
                Ok::<_, Failure>(())
            })
        })
        .await
    }
}

/// Whether a rotation before left the key behind, and how.
fn own(key: &RamKey, before: &[RotationRecord]) -> Option<Own> {
    before
        .iter()
        .filter_map(|row| Some((row.finished?, Body::parse(&row.body).ok()?)))
        .find_map(|(finished, body)| {
            let is_new = body.new_key.as_ref() == Some(&key.id);
            if (is_new && body.promoted.is_some())
                || body.old_key.as_ref() == Some(&key.id)
                || body.leftovers.contains(&key.id)
            {
                return Some(Own::Until(finished));
            }
            let is_orphan = body.orphans.contains(&key.id)
                || (body.unanswered() > 0 && orphans::is_candidate(&body, key));
            (is_new || is_orphan).then_some(Own::Never)
        })
}

/// What is wrong with the KMS key that protects a secret.
pub(super) fn protects(why: &str) -> String {
    format!("the KMS key that protects the secret cannot be used: {why}")
}
