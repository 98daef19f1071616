use serde::{Deserialize, Serialize};

/// Answer of EnableResourceDirectory, InitResourceDirectory and GetResourceDirectory.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ResourceDirectoryAnswer {
    /// The directory.
    pub resource_directory: ResourceDirectory,
}

/// A directory of accounts.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ResourceDirectory {
    /// `rd-…`.
    pub resource_directory_id: String,
    /// The account that manages it.
    pub master_account_id: String,
    /// What that is called.
    pub master_account_name: String,
    /// `r-…`.
    pub root_folder_id: String,
    /// `Disabled`: nothing narrows what its accounts may do.
    pub control_policy_status: String,
    /// `Disabled`: its accounts cannot be deleted.
    pub member_deletion_status: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_time: String,
}

/// Answer of CreateFolder, UpdateFolder and GetFolder.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct FolderAnswer {
    /// The folder.
    pub folder: Folder,
}

/// A folder.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Folder {
    /// `fd-…`, `r-…`.
    pub folder_id: String,
    /// Its name.
    pub folder_name: String,
    /// Where it lies; empty for the root.
    pub parent_folder_id: String,
    /// `rd-…/r-…/fd-…`, down to it.
    pub resource_directory_path: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_time: String,
}

/// Answer of ListFoldersForParent.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListFolders {
    /// The page.
    pub folders: Folders,
    /// From 1.
    pub page_number: u32,
    /// As asked.
    pub page_size: u32,
    /// Of all pages.
    pub total_count: u64,
}

/// Answer of ListAncestors.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Ancestors {
    /// From the root down.
    pub folders: Folders,
}

/// Folders, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Folders {
    /// The folders.
    pub folder: Vec<FolderSummary>,
}

/// A folder in a list.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct FolderSummary {
    /// `fd-…`, `r-…`.
    pub folder_id: String,
    /// Its name.
    pub folder_name: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_time: String,
}

/// Answer of CreateResourceAccount and GetAccount.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AccountAnswer {
    /// The account.
    pub account: Member,
}

/// Answer of ListAccounts and ListAccountsForParent.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListAccounts {
    /// The page.
    pub accounts: Members,
    /// From 1.
    pub page_number: u32,
    /// As asked.
    pub page_size: u32,
    /// Of all pages.
    pub total_count: u64,
}

/// Accounts of a directory, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Members {
    /// The accounts.
    pub account: Vec<Member>,
}

/// An account of a directory.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Member {
    /// Digits.
    pub account_id: String,
    /// `<prefix>@<directory>.aliyunid.com`.
    pub account_name: String,
    /// What people call it.
    pub display_name: String,
    /// Where it is.
    pub folder_id: String,
    /// `created`, or `invited` if it was there before.
    pub join_method: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub join_time: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub modify_time: String,
    /// `rd-…`.
    pub resource_directory_id: String,
    /// `rd-…/r-…/fd-…/<account>`.
    pub resource_directory_path: String,
    /// `CreateSuccess`, `InviteSuccess`.
    pub status: String,
    /// `ResourceAccount`, or `CloudAccount` if it was there before.
    #[serde(rename = "Type")]
    pub kind: String,
}

/// Answer of ListDelegatedAdministrators.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListDelegatedAdministrators {
    /// The page.
    pub accounts: DelegatedAdministrators,
    /// From 1.
    pub page_number: u32,
    /// As asked.
    pub page_size: u32,
    /// Of all pages.
    pub total_count: u64,
}

/// Delegated administrators, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DelegatedAdministrators {
    /// The accounts.
    pub account: Vec<DelegatedAdministrator>,
}

/// An account that administers a service for all accounts of a directory.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DelegatedAdministrator {
    /// Digits.
    pub account_id: String,
    /// What people call it.
    pub display_name: String,
    /// As of an account.
    pub join_method: String,
    /// `config.aliyuncs.com`.
    pub service_principal: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub delegation_enabled_time: String,
}
