use kms_types::{AccountId, FolderId};

use super::names::{AccountNamePrefix, DisplayName, NoTags};
use crate::request::{keys::operations, param::Page};

operations! {
    /// Makes an account in the directory. Tags are refused: this server keeps none on accounts.
    CreateResourceAccount -> AccountAnswer {
        /// What people call it.
        display_name: DisplayName = "DisplayName",
        /// How its name begins; random if absent.
        prefix: Option<AccountNamePrefix> = "AccountNamePrefix",
        /// Where it is; in the root if absent.
        parent: Option<FolderId> = "ParentFolderId",
        /// None.
        tags: NoTags = "Tag",
    }

    /// Reads an account of the directory.
    GetAccount -> AccountAnswer {
        /// Which.
        account: AccountId = "AccountId",
    }

    /// Lists the accounts of the directory.
    ListAccounts -> ListAccounts {
        /// Of 10 unless said otherwise.
        page: Page<10> = "PageNumber",
    }

    /// Lists the accounts in a folder, not those in the folders below it.
    ListAccountsForParent -> ListAccounts {
        /// In which; in the root if absent.
        parent: Option<FolderId> = "ParentFolderId",
        /// Those alone whose display name or id contains it.
        keyword: Option<String> = "QueryKeyword",
        /// Of 10 unless said otherwise.
        page: Page<10> = "PageNumber",
    }

    /// Puts an account into another folder.
    MoveAccount -> Empty {
        /// Which.
        account: AccountId = "AccountId",
        /// Where it is from now on.
        folder: FolderId = "DestinationFolderId",
    }

    /// Asks an account to come into the directory. Known, and refused: who runs this server
    /// puts accounts of it into directories.
    InviteAccountToResourceDirectory -> Empty {
        /// Whom.
        target: String = "TargetEntity",
        /// What names it: `Account` or `Email`.
        kind: String = "TargetType",
    }
}
