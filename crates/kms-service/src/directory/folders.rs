use kms_store::{Mode, Tx};
use kms_types::{AccountId, ErrorCode, FolderId};
use kms_wire::{
    Action, ApiError,
    request::{
        CreateFolder, DeleteFolder, FolderName, GetFolder, ListAncestors, ListFoldersForParent,
        UpdateFolder,
    },
    response, write_timestamp,
};

use super::{Folder, People, Place, damaged, managed, seen};
use crate::{
    Caller, Service,
    authorise::Resource,
    directory::accounts,
    documents::{self, Named},
    failure::Failure,
    random,
};

/// How deep folders may lie (ResourceDirectoryMaster's manual, CreateFolder).
const DEEPEST: usize = 5;

/// How many folders a directory may have. The cloud's own quota is not published.
const MOST_FOLDERS: u64 = 1000;

impl Service {
    /// CreateFolder.
    pub(crate) async fn create_folder(
        &self,
        caller: &Caller,
        call: CreateFolder,
    ) -> Result<response::FolderAnswer, Failure> {
        let account = self.own(caller, Action::CreateFolder, ALL)?;
        let now = self.now();
        let id: FolderId = format!("fd-{}", *random::alphanumeric(10)?)
            .parse()
            .map_err(|_no_id| damaged())?;
        let (id, call) = (&id, &call);
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let place = managed(tx, account).await?;
                let people = People::of(tx, &place).await?;
                let parent = call.parent.as_ref().unwrap_or(place.root());
                check(&place, &people, parent)?;
                // The parent's path has the root, which is no level.
                if people.path(parent).len() > DEEPEST {
                    return Err(too_deep().into());
                }
                if documents::count::<Folder>(tx, account).await? >= MOST_FOLDERS {
                    return Err(too_many().into());
                }
                check_name(tx, account, parent, &call.name).await?;
                let folder = Named {
                    name: id.to_string(),
                    body: Folder {
                        name: call.name.clone(),
                        parent: parent.clone(),
                    },
                    created: now,
                };
                documents::create(tx, account, &folder.name, &folder.body, now).await?;
                let people = People::of(tx, &place).await?;
                Ok(answer(&place, &people, id, Some(&folder)))
            })
        })
        .await
    }

    /// UpdateFolder. The root has no name of one's own choosing.
    pub(crate) async fn update_folder(
        &self,
        caller: &Caller,
        call: UpdateFolder,
    ) -> Result<response::FolderAnswer, Failure> {
        let account = self.own(caller, Action::UpdateFolder, resource(&call.folder))?;
        let call = &call;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let place = managed(tx, account).await?;
                let mut folder = find(tx, &place, &call.folder).await?;
                if folder.body.name != call.name {
                    check_name(tx, account, &folder.body.parent, &call.name).await?;
                    folder.body.name = call.name.clone();
                    documents::update(tx, account, &folder).await?;
                }
                let people = People::of(tx, &place).await?;
                Ok(answer(&place, &people, &call.folder, Some(&folder)))
            })
        })
        .await
    }

    /// DeleteFolder, for one that is empty. Shares that name it share with nobody by that.
    pub(crate) async fn delete_folder(
        &self,
        caller: &Caller,
        call: DeleteFolder,
    ) -> Result<response::Empty, Failure> {
        let account = self.own(caller, Action::DeleteFolder, resource(&call.folder))?;
        let id = &call.folder;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let place = managed(tx, account).await?;
                let folder = find(tx, &place, id).await?;
                let people = People::of(tx, &place).await?;
                if people.count_in(id) > 0 {
                    return Err(has_accounts().into());
                }
                if people.folders_in(id) > 0 {
                    return Err(has_folders().into());
                }
                documents::remove::<Folder>(tx, account, &folder.name).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// GetFolder.
    pub(crate) async fn get_folder(
        &self,
        caller: &Caller,
        call: GetFolder,
    ) -> Result<response::FolderAnswer, Failure> {
        let account = self.own(caller, Action::GetFolder, resource(&call.folder))?;
        let id = &call.folder;
        self.tx(Mode::Read, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let place = seen(tx, account).await?;
                let folder = if id == place.root() {
                    None
                } else {
                    Some(find(tx, &place, id).await?)
                };
                let people = People::of(tx, &place).await?;
                Ok(answer(&place, &people, id, folder.as_ref()))
            })
        })
        .await
    }

    /// ListFoldersForParent, by id.
    pub(crate) async fn list_folders(
        &self,
        caller: &Caller,
        call: ListFoldersForParent,
    ) -> Result<response::ListFolders, Failure> {
        let account = self.own(caller, Action::ListFoldersForParent, ALL)?;
        let parent = &call.parent;
        let folders = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let place = seen(tx, account).await?;
                    let people = People::of(tx, &place).await?;
                    let parent = parent.as_ref().unwrap_or(place.root());
                    check(&place, &people, parent)?;
                    let mut all = documents::all::<Folder>(tx, &place.manager).await?;
                    all.retain(|folder| folder.body.parent == *parent);
                    Ok::<_, Failure>(all)
                })
            })
            .await?;
        let keyword = call.keyword.as_deref().unwrap_or_default();
        let found: Vec<_> = folders
            .iter()
            .filter(|folder| folder.body.name.as_str().contains(keyword))
            .map(summary)
            .collect();
        let total_count = u64::try_from(found.len()).unwrap_or(u64::MAX);
        Ok(response::ListFolders {
            folders: response::Folders {
                folder: accounts::on_page(found, call.page.number, call.page.size),
            },
            page_number: call.page.number,
            page_size: call.page.size,
            total_count,
        })
    }

    /// ListAncestors, of a folder or an account.
    pub(crate) async fn list_ancestors(
        &self,
        caller: &Caller,
        call: ListAncestors,
    ) -> Result<response::Ancestors, Failure> {
        let account = self.own(caller, Action::ListAncestors, ALL)?;
        let child = call.child.as_str();
        self.tx(Mode::Read, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let place = seen(tx, account).await?;
                let people = People::of(tx, &place).await?;
                let (at, skip) = match child.parse::<FolderId>() {
                    Ok(folder) => {
                        check(&place, &people, &folder)?;
                        (folder, 1)
                    }
                    Err(_an_account) => (accounts::folder_of(tx, &place, child).await?, 0),
                };
                let all = documents::all::<Folder>(tx, &place.manager).await?;
                let mut folder: Vec<_> = people
                    .path(&at)
                    .into_iter()
                    .skip(skip)
                    .map(|id| {
                        let mut all = all.iter();
                        let found = all.find(|folder| folder.name == id.as_str());
                        found.map_or_else(|| root_summary(&place), summary)
                    })
                    .collect();
                folder.reverse();
                Ok(response::Ancestors {
                    folders: response::Folders { folder },
                })
            })
        })
        .await
    }
}

/// All folders of the caller's directory.
pub(super) const ALL: Resource<'static> = Resource::Of {
    product: "resourcemanager",
    kind: "folder",
    name: "*",
};

pub(super) fn resource(id: &FolderId) -> Resource<'_> {
    Resource::Of {
        product: "resourcemanager",
        kind: "folder",
        name: id.as_str(),
    }
}

/// Whether the directory has that folder, its root among them.
///
/// # Errors
/// `EntityNotExists.Folder`.
pub(super) fn check(place: &Place, people: &People, id: &FolderId) -> Result<(), ApiError> {
    let target = kms_wire::request::ShareTarget::Folder(id.clone());
    if id == place.root() || people.has(&target) {
        return Ok(());
    }
    Err(unknown())
}

/// `rd-…/r-…/fd-…`, down to the folder.
pub(super) fn path(place: &Place, people: &People, id: &FolderId) -> String {
    let mut path = place.id.to_string();
    for folder in people.path(id).into_iter().rev() {
        path.push('/');
        path.push_str(folder.as_str());
    }
    path
}

async fn find(tx: &mut dyn Tx, place: &Place, id: &FolderId) -> Result<Named<Folder>, Failure> {
    let found = documents::look_up::<Folder>(tx, &place.manager, id.as_str()).await?;
    found.ok_or_else(|| unknown().into())
}

async fn check_name(
    tx: &mut dyn Tx,
    account: &AccountId,
    parent: &FolderId,
    name: &FolderName,
) -> Result<(), Failure> {
    let all = documents::all::<Folder>(tx, account).await?;
    let mut beside = all.iter().filter(|folder| folder.body.parent == *parent);
    if beside.any(|folder| folder.body.name == *name) {
        return Err(ApiError::new(
            ErrorCode::FolderExists,
            "A folder of that name is there already.",
        )
        .into());
    }
    Ok(())
}

fn unknown() -> ApiError {
    ApiError::new(
        ErrorCode::FolderNotFound,
        "The resource directory has no such folder.",
    )
}

fn has_accounts() -> ApiError {
    ApiError::new(
        ErrorCode::FolderHasAccounts,
        "The folder still has accounts.",
    )
}

fn has_folders() -> ApiError {
    ApiError::new(ErrorCode::FolderHasFolders, "The folder still has folders.")
}

fn too_deep() -> ApiError {
    ApiError::new(
        ErrorCode::FolderLimit,
        format!("Folders lie at most {DEEPEST} levels deep."),
    )
}

fn too_many() -> ApiError {
    ApiError::new(
        ErrorCode::FolderLimit,
        format!("A resource directory has at most {MOST_FOLDERS} folders."),
    )
}

/// Without a document it is the root.
fn answer(
    place: &Place,
    people: &People,
    id: &FolderId,
    folder: Option<&Named<Folder>>,
) -> response::FolderAnswer {
    let summary = folder.map_or_else(|| root_summary(place), summary);
    response::FolderAnswer {
        folder: response::Folder {
            folder_id: summary.folder_id,
            folder_name: summary.folder_name,
            parent_folder_id: folder
                .map(|own| own.body.parent.to_string())
                .unwrap_or_default(),
            resource_directory_path: path(place, people, id),
            create_time: summary.create_time,
        },
    }
}

fn summary(folder: &Named<Folder>) -> response::FolderSummary {
    response::FolderSummary {
        folder_id: folder.name.clone(),
        folder_name: folder.body.name.to_string(),
        create_time: write_timestamp(folder.created),
    }
}

fn root_summary(place: &Place) -> response::FolderSummary {
    response::FolderSummary {
        folder_id: place.root().to_string(),
        folder_name: "Root".to_owned(),
        create_time: write_timestamp(place.directory.created),
    }
}
