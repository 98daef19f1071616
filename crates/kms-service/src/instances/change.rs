use kms_store::Mode;
use kms_types::InstanceId;
use kms_wire::{
    Action,
    request::{SetDeletionProtection, UpdateKmsInstance},
    response,
};

use super::Instance;
use crate::{
    Caller, Service, authorise::Resource, documents, failure::Failure, keys::check_reason,
};

impl Service {
    /// UpdateKmsInstance.
    pub(crate) async fn update_instance(
        &self,
        caller: &Caller,
        call: UpdateKmsInstance,
    ) -> Result<response::Empty, Failure> {
        let name = call.name.as_str();
        self.change_instance(caller, Action::UpdateKmsInstance, &call.instance, |own| {
            name.clone_into(&mut own.label);
        })
        .await
    }

    /// SetDeletionProtection, of an instance.
    pub(crate) async fn protect_instance(
        &self,
        caller: &Caller,
        id: &InstanceId,
        call: &SetDeletionProtection,
    ) -> Result<response::Empty, Failure> {
        let reason = call.description.as_deref().unwrap_or_default();
        check_reason(reason)?;
        let protection = call.enabled.0.then(|| reason.to_owned());
        self.change_instance(caller, Action::SetDeletionProtection, id, |own| {
            own.protection.clone_from(&protection);
        })
        .await
    }

    async fn change_instance(
        &self,
        caller: &Caller,
        action: Action,
        id: &InstanceId,
        change: impl Fn(&mut Instance) + Send + Sync,
    ) -> Result<response::Empty, Failure> {
        let account = self.own(caller, action, Resource::instance(id.as_str()))?;
        let change = &change;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut found = documents::find::<Instance>(tx, account, id.as_str()).await?;
                change(&mut found.body);
                documents::update(tx, account, &found).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }
}
