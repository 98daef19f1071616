use kms_types::FolderId;

use super::names::{FolderName, NoTags};
use crate::request::{keys::operations, param::Page};

operations! {
    /// Makes a folder. Tags are refused: this server keeps none on folders.
    CreateFolder -> FolderAnswer {
        /// Its name, unique where it lies.
        name: FolderName = "FolderName",
        /// Where it lies; in the root if absent.
        parent: Option<FolderId> = "ParentFolderId",
        /// None.
        tags: NoTags = "Tag",
    }

    /// Gives a folder another name.
    UpdateFolder -> FolderAnswer {
        /// Which.
        folder: FolderId = "FolderId",
        /// Its name from now on.
        name: FolderName = "NewFolderName",
    }

    /// Takes a folder away that is empty.
    DeleteFolder -> Empty {
        /// Which.
        folder: FolderId = "FolderId",
    }

    /// Reads a folder.
    GetFolder -> FolderAnswer {
        /// Which.
        folder: FolderId = "FolderId",
    }

    /// Lists the folders in a folder.
    ListFoldersForParent -> ListFolders {
        /// In which; in the root if absent.
        parent: Option<FolderId> = "ParentFolderId",
        /// Those alone whose name contains it.
        keyword: Option<String> = "QueryKeyword",
        /// Of 10 unless said otherwise.
        page: Page<10> = "PageNumber",
    }

    /// Lists the folders that a folder lies in, the root first.
    ListAncestors -> Ancestors {
        /// Which folder or account.
        child: String = "ChildId",
    }
}
