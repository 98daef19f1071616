use kms_store::{Mode, SecretRecord, Tx, VersionRecord};
use kms_types::{ErrorCode, VersionId, VersionStage};
use kms_wire::{Action, ApiError, request::UpdateSecretVersionStage, response};

use super::{find::Wish, put::check_stages, touch};
use crate::{Caller, Service, failure::Failure};

impl Service {
    /// UpdateSecretVersionStage.
    pub(crate) async fn update_stage(
        &self,
        caller: &Caller,
        call: UpdateSecretVersionStage,
    ) -> Result<response::SecretNamed, Failure> {
        let target = self.target(caller, &call.secret_name)?;
        let now = self.now();
        let wish = Wish {
            caller,
            action: Action::UpdateSecretVersionStage,
            target: &target,
            now,
        };
        {
            let call = &call;
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let secret = self.usable_generic(tx, wish).await?;
                    change(tx, &secret, call).await?;
                    check_stages(tx, &secret).await?;
                    touch(tx, secret, now).await
                })
            })
            .await?;
        }
        Ok(response::SecretNamed {
            secret_name: target.name.to_string(),
        })
    }
}

async fn change(
    tx: &mut dyn Tx,
    secret: &SecretRecord,
    call: &UpdateSecretVersionStage,
) -> Result<(), Failure> {
    let stage = &call.version_stage;
    let bearer = tx.versions().find_by_stage(secret.id, stage).await?;
    if let Some(from) = &call.remove_from {
        version(tx, secret, from).await?;
        if bearer.as_ref().is_none_or(|bearer| bearer.id != *from) {
            return Err(
                invalid_request("the version in RemoveFromVersion has no such stage").into(),
            );
        }
    }
    let Some(to) = &call.move_to else {
        // kms-wire lets no built-in label come here; a third check costs nothing.
        if stage.is_built_in() {
            return Err(invalid_request("a built-in stage can only be moved").into());
        }
        return Ok(tx.versions().remove_stage(secret.id, stage).await?);
    };
    let to = version(tx, secret, to).await?;
    tx.versions().put_stage(secret.id, stage, to.serial).await?;
    // As with a new version: what was current until now is previous. (The cloud's
    // documentation leaves this case open.)
    if let Some(bearer) = bearer
        && *stage == VersionStage::current()
        && bearer.serial != to.serial
    {
        tx.versions()
            .put_stage(secret.id, &VersionStage::previous(), bearer.serial)
            .await?;
    }
    Ok(())
}

async fn version(
    tx: &mut dyn Tx,
    secret: &SecretRecord,
    id: &VersionId,
) -> Result<VersionRecord, Failure> {
    let found = tx.versions().find(secret.id, id).await?;
    found.ok_or_else(|| ApiError::not_found().into())
}

fn invalid_request(why: &str) -> ApiError {
    ApiError::new(
        ErrorCode::InvalidRequest,
        format!("The request is invalid: {why}."),
    )
}
