//! A directory of accounts: folders, the accounts in them, and who administers what for all of
//! them (ResourceDirectoryMaster 2022-04-19; the same actions are ResourceManager's of 2020-03-31).

use super::service::bare;

mod accounts;
mod administrators;
mod folders;
mod names;

pub use accounts::{
    CreateResourceAccount, GetAccount, InviteAccountToResourceDirectory, ListAccounts,
    ListAccountsForParent, MoveAccount,
};
pub use administrators::{
    DeregisterDelegatedAdministrator, ListDelegatedAdministrators, RegisterDelegatedAdministrator,
};
pub use folders::{
    CreateFolder, DeleteFolder, GetFolder, ListAncestors, ListFoldersForParent, UpdateFolder,
};
pub use names::{AccountNamePrefix, DisplayName, FolderName, ServicePrincipal};

bare! {
    /// Makes a directory that the caller's account manages. Always of the account itself: what
    /// else can be said (EnableMode and who is called) is for a cloud that makes accounts anew.
    EnableResourceDirectory -> ResourceDirectoryAnswer;

    /// The same, as ResourceManager's first version calls it.
    InitResourceDirectory -> ResourceDirectoryAnswer;

    /// Reads the directory that the caller's account is in.
    GetResourceDirectory -> ResourceDirectoryAnswer;

    /// Takes a directory away that has neither accounts nor folders.
    DestroyResourceDirectory -> Empty;
}
