use kms_store::{Mode, Tx};
use kms_types::AccountId;
use kms_wire::{
    Action, ApiError,
    request::{Payment, ReleaseKmsInstance},
    response,
};

use super::{Attachment, Instance, wrong_state};
use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Named},
    failure::Failure,
    networks,
};

impl Service {
    /// ReleaseKmsInstance: gives back what is paid afterwards. What was paid beforehand is
    /// refunded instead (RefundInstance).
    pub(crate) async fn release_instance(
        &self,
        caller: &Caller,
        call: ReleaseKmsInstance,
    ) -> Result<response::Empty, Failure> {
        let id = call.instance.as_str();
        let resource = Resource::instance(id);
        let account = self.own(caller, Action::ReleaseKmsInstance, resource)?;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let found = documents::find::<Instance>(tx, account, id).await?;
                match &found.body.purchase {
                    None => Err(not_bought().into()),
                    Some(own) if own.goods.payment == Payment::Subscription => Err(wrong_state(
                        "The KMS instance was paid for beforehand: it is refunded, not released.",
                    )
                    .into()),
                    Some(_) => give_back(tx, account, &found).await,
                }
            })
        })
        .await?;
        Ok(response::Empty {})
    }
}

/// Takes an instance away. What lives in it must have gone before: nobody could read it any
/// more.
///
/// # Errors
/// `Forbidden.DKMSInstanceStateInvalid`.
pub(crate) async fn give_back(
    tx: &mut dyn Tx,
    owner: &AccountId,
    instance: &Named<Instance>,
) -> Result<(), Failure> {
    if instance.body.protection.is_some() {
        return Err(wrong_state("The KMS instance is protected from deletion.").into());
    }
    let keys = tx.keys().count_in_instance(&instance.name).await?;
    let secrets = tx.secrets().count_in_instance(&instance.name).await?;
    if keys > 0 || secrets > 0 {
        return Err(wrong_state(
            "The KMS instance still has keys or secrets, or some that wait for deletion.",
        )
        .into());
    }
    give_addresses(tx, &instance.body.networks, &instance.name).await?;
    documents::remove::<Instance>(tx, owner, &instance.name).await
}

/// Gives back the addresses that an instance has in these networks.
pub(super) async fn give_addresses(
    tx: &mut dyn Tx,
    left: &[Attachment],
    id: &str,
) -> Result<(), Failure> {
    for own in left {
        networks::give_back(tx, &own.owner, &own.vswitch, id).await?;
    }
    Ok(())
}

/// It is the configuration's.
pub(super) fn not_bought() -> ApiError {
    wrong_state("The KMS instance was not bought: it is of this server's configuration.")
}
