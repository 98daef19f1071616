use kms_store::{AliasRecord, Mode, Page, StoreError, Tx};
use kms_types::{AccountId, AliasName, KeyId, KeyName};
use kms_wire::{
    Action, ApiError,
    request::{CreateAlias, DeleteAlias, ListAliases, ListAliasesByKeyId, UpdateAlias},
    response,
};

use super::{
    MOST_ALIASES,
    find::own_account,
    refusal::{alias_exists, alias_not_found, limit_exceeded},
};
use crate::{Caller, Service, authorise::Resource, failure::Failure};

impl Service {
    /// CreateAlias: asks for the right to it on the alias and on the key.
    pub(crate) async fn create_alias(
        &self,
        caller: &Caller,
        call: CreateAlias,
    ) -> Result<response::Empty, Failure> {
        let account = self.own_alias(caller, Action::CreateAlias, &call.alias)?;
        check_free(&call.alias)?;
        let wish = self.wish(caller, Action::CreateAlias, &call.key);
        let name = &call.alias;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let key = self.key(tx, wish).await?;
                // A key of another account gets its names there.
                check_own(account, &key.account)?;
                let page = Page { number: 1, size: 1 };
                if tx.aliases().list(account, page).await?.1 >= MOST_ALIASES {
                    let why = "There are as many aliases as there may be";
                    return Err(limit_exceeded(why).into());
                }
                let alias = AliasRecord {
                    account: account.clone(),
                    name: name.clone(),
                    key: key.id,
                    created: wish.now,
                };
                match tx.aliases().insert(&alias).await {
                    Err(StoreError::Taken) => Err(Failure::from(alias_exists())),
                    done => Ok(done?),
                }
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// UpdateAlias: asks on the alias and on the key that it names then.
    pub(crate) async fn update_alias(
        &self,
        caller: &Caller,
        call: UpdateAlias,
    ) -> Result<response::Empty, Failure> {
        let account = self.own_alias(caller, Action::UpdateAlias, &call.alias)?;
        check_free(&call.alias)?;
        let wish = self.wish(caller, Action::UpdateAlias, &call.key);
        let name = &call.alias;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let key = self.key(tx, wish).await?;
                check_own(account, &key.account)?;
                let mut alias = existing(tx, account, name).await?;
                alias.key = key.id;
                Ok::<_, Failure>(tx.aliases().update(&alias).await?)
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// DeleteAlias: asks on the alias and on the key that it names.
    pub(crate) async fn delete_alias(
        &self,
        caller: &Caller,
        call: DeleteAlias,
    ) -> Result<response::Empty, Failure> {
        let account = self.own_alias(caller, Action::DeleteAlias, &call.alias)?;
        let name = &call.alias;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let alias = existing(tx, account, name).await?;
                let key = KeyName::Id(alias.key).into();
                self.key(tx, self.wish(caller, Action::DeleteAlias, &key))
                    .await?;
                Ok::<_, Failure>(tx.aliases().remove(account, name).await?)
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// ListAliases: the caller's account's, by name.
    pub(crate) async fn list_aliases(
        &self,
        caller: &Caller,
        call: ListAliases,
    ) -> Result<response::ListAliases, Failure> {
        let account = self.own(caller, Action::ListAliases, Resource::ALIASES)?;
        let page = Page {
            number: call.page.number,
            size: call.page.size,
        };
        let found = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { Ok::<_, Failure>(tx.aliases().list(account, page).await?) })
            })
            .await?;
        Ok(self.write_aliases(found, page))
    }

    /// ListAliasesByKeyId.
    pub(crate) async fn list_aliases_of_key(
        &self,
        caller: &Caller,
        call: ListAliasesByKeyId,
    ) -> Result<response::ListAliases, Failure> {
        let wish = self.wish(caller, Action::ListAliasesByKeyId, &call.key);
        let page = Page {
            number: call.page.number,
            size: call.page.size,
        };
        let found = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let id: KeyId = self.key(tx, wish).await?.id;
                    Ok::<_, Failure>(tx.aliases().of_key(&id, page).await?)
                })
            })
            .await?;
        Ok(self.write_aliases(found, page))
    }

    fn own_alias<'c>(
        &self,
        caller: &'c Caller,
        action: Action,
        name: &AliasName,
    ) -> Result<&'c AccountId, ApiError> {
        let account = own_account(caller)?;
        self.authorise(caller, action, Resource::Alias { account, name })?;
        Ok(account)
    }

    fn write_aliases(
        &self,
        (aliases, total_count): (Vec<AliasRecord>, u64),
        page: Page,
    ) -> response::ListAliases {
        let alias = aliases
            .into_iter()
            .map(|alias| response::AliasSummary {
                alias_arn: self.resource_arn(
                    &alias.account,
                    Resource::Alias {
                        account: &alias.account,
                        name: &alias.name,
                    },
                ),
                alias_name: alias.name.to_string(),
                key_id: alias.key.to_string(),
            })
            .collect();
        response::ListAliases {
            aliases: response::Aliases { alias },
            page_number: page.number,
            page_size: page.size,
            total_count,
        }
    }
}

async fn existing(
    tx: &mut dyn Tx,
    account: &AccountId,
    name: &AliasName,
) -> Result<AliasRecord, Failure> {
    let found = tx.aliases().find(account, name).await?;
    found.ok_or_else(|| alias_not_found().into())
}

/// The cloud's own products have these.
fn check_free(name: &AliasName) -> Result<(), ApiError> {
    if name.is_reserved() {
        return Err(ApiError::invalid_parameter(
            "AliasName",
            "must not begin with alias/acs",
        ));
    }
    Ok(())
}

fn check_own(own: &AccountId, owner: &AccountId) -> Result<(), ApiError> {
    if own == owner {
        return Ok(());
    }
    Err(ApiError::invalid_parameter(
        "KeyId",
        "is of another account",
    ))
}
