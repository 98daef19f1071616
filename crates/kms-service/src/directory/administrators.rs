use kms_store::Mode;
use kms_types::ErrorCode;
use kms_wire::{
    Action, ApiError,
    request::{
        DeregisterDelegatedAdministrator, ListDelegatedAdministrators,
        RegisterDelegatedAdministrator,
    },
    response,
};

use super::{
    Delegation,
    accounts::{self, find, join_method, resource},
    folders, managed, write_moment,
};
use crate::{Caller, Service, documents, failure::Failure};

impl Service {
    /// RegisterDelegatedAdministrator.
    pub(crate) async fn register_administrator(
        &self,
        caller: &Caller,
        call: RegisterDelegatedAdministrator,
    ) -> Result<response::Empty, Failure> {
        let action = Action::RegisterDelegatedAdministrator;
        let account = self.own(caller, action, resource(&call.account))?;
        let now = self.now();
        let call = &call;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut place = managed(tx, account).await?;
                find(tx, &place, &call.account).await?;
                if place.is_administrator(&call.account, Some(call.service.as_str())) {
                    return Err(exists().into());
                }
                place.directory.body.administrators.push(Delegation {
                    account: call.account.clone(),
                    service: call.service.clone(),
                    since: now.as_millisecond(),
                });
                documents::update(tx, account, &place.directory).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// DeregisterDelegatedAdministrator.
    pub(crate) async fn deregister_administrator(
        &self,
        caller: &Caller,
        call: DeregisterDelegatedAdministrator,
    ) -> Result<response::Empty, Failure> {
        let action = Action::DeregisterDelegatedAdministrator;
        let account = self.own(caller, action, resource(&call.account))?;
        let call = &call;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut place = managed(tx, account).await?;
                find(tx, &place, &call.account).await?;
                let all = &mut place.directory.body.administrators;
                let before = all.len();
                all.retain(|own| own.account != call.account || own.service != call.service);
                if all.len() == before {
                    return Err(unknown().into());
                }
                documents::update(tx, account, &place.directory).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// ListDelegatedAdministrators, in the order that they were registered in.
    pub(crate) async fn list_administrators(
        &self,
        caller: &Caller,
        call: ListDelegatedAdministrators,
    ) -> Result<response::ListDelegatedAdministrators, Failure> {
        let account = self.own(caller, Action::ListDelegatedAdministrators, folders::ALL)?;
        let service = &call.service;
        let all = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let place = managed(tx, account).await?;
                    let mut found = Vec::new();
                    for own in &place.directory.body.administrators {
                        if service
                            .as_ref()
                            .is_some_and(|wanted| *wanted != own.service)
                        {
                            continue;
                        }
                        let member = find(tx, &place, &own.account).await?.body;
                        found.push(response::DelegatedAdministrator {
                            account_id: own.account.to_string(),
                            join_method: join_method(&member).to_owned(),
                            display_name: member.display_name,
                            service_principal: own.service.to_string(),
                            delegation_enabled_time: write_moment(own.since)?,
                        });
                    }
                    Ok::<_, Failure>(found)
                })
            })
            .await?;
        let total_count = u64::try_from(all.len()).unwrap_or(u64::MAX);
        Ok(response::ListDelegatedAdministrators {
            accounts: response::DelegatedAdministrators {
                account: accounts::on_page(all, call.page.number, call.page.size),
            },
            page_number: call.page.number,
            page_size: call.page.size,
            total_count,
        })
    }
}

fn exists() -> ApiError {
    ApiError::new(
        ErrorCode::DelegationExists,
        "The account is a delegated administrator of that service already.",
    )
}

fn unknown() -> ApiError {
    ApiError::new(
        ErrorCode::DelegationNotFound,
        "The account is no delegated administrator of that service.",
    )
}
