use kms_store::Mode;
use kms_types::{AccountId, DirectoryId, ErrorCode, FolderId};
use kms_wire::{Action, ApiError, response, write_timestamp};

use super::{Directory, Folder, Membership, Place, damaged, managed, none, of};
use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Named},
    failure::Failure,
    random,
};

impl Service {
    /// EnableResourceDirectory, and InitResourceDirectory of before.
    pub(crate) async fn enable_directory(
        &self,
        caller: &Caller,
        action: Action,
    ) -> Result<response::ResourceDirectoryAnswer, Failure> {
        let account = self.own(caller, action, Resource::Account)?;
        let now = self.now();
        let directory = Named {
            name: format!("rd-{}", *random::alphanumeric(6)?),
            body: Directory {
                root: format!("r-{}", *random::alphanumeric(6)?)
                    .parse()
                    .map_err(|_no_id| damaged())?,
                shares: false,
                administrators: Vec::new(),
            },
            created: now,
        };
        {
            let directory = &directory;
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    match of(tx, account).await? {
                        Some(place) if place.manager == *account => return Err(exists().into()),
                        Some(_) => return Err(in_other().into()),
                        None => {}
                    }
                    documents::create(tx, account, &directory.name, &directory.body, now).await
                })
            })
            .await?;
        }
        answer(account, &directory)
    }

    /// GetResourceDirectory, for whoever is in one.
    pub(crate) async fn get_directory(
        &self,
        caller: &Caller,
    ) -> Result<response::ResourceDirectoryAnswer, Failure> {
        let account = self.own(caller, Action::GetResourceDirectory, Resource::Account)?;
        let place = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { of(&mut *tx, account).await })
            })
            .await?
            .ok_or_else(none)?;
        answer(&place.manager, &place.directory)
    }

    /// DestroyResourceDirectory, for one without accounts and folders. Shares that name it or
    /// were made in it share with nobody from then on.
    pub(crate) async fn destroy_directory(
        &self,
        caller: &Caller,
    ) -> Result<response::Empty, Failure> {
        let account = self.own(caller, Action::DestroyResourceDirectory, Resource::Account)?;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let Place { id, directory, .. } = &managed(tx, account).await?;
                if !documents::everywhere::<Membership>(tx, Some(id.as_str()))
                    .await?
                    .is_empty()
                {
                    return Err(has_accounts().into());
                }
                if documents::count::<Folder>(tx, account).await? > 0 {
                    return Err(has_folders().into());
                }
                documents::remove::<Directory>(tx, account, &directory.name).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }
}

pub(super) fn in_other() -> ApiError {
    ApiError::new(
        ErrorCode::AccountInOtherDirectory,
        "The account is in another resource directory.",
    )
}

fn exists() -> ApiError {
    ApiError::new(
        ErrorCode::DirectoryExists,
        "The account manages a resource directory already.",
    )
}

fn has_accounts() -> ApiError {
    ApiError::new(
        ErrorCode::DirectoryHasAccounts,
        "The resource directory still has accounts.",
    )
}

fn has_folders() -> ApiError {
    ApiError::new(
        ErrorCode::DirectoryHasFolders,
        "The resource directory still has folders.",
    )
}

fn answer(
    manager: &AccountId,
    directory: &Named<Directory>,
) -> Result<response::ResourceDirectoryAnswer, Failure> {
    let id: DirectoryId = directory.name.parse().map_err(|_no_id| damaged())?;
    let root: &FolderId = &directory.body.root;
    Ok(response::ResourceDirectoryAnswer {
        resource_directory: response::ResourceDirectory {
            resource_directory_id: id.to_string(),
            master_account_id: manager.to_string(),
            master_account_name: manager.to_string(),
            root_folder_id: root.to_string(),
            control_policy_status: "Disabled".to_owned(),
            member_deletion_status: "Disabled".to_owned(),
            create_time: write_timestamp(directory.created),
        },
    })
}
