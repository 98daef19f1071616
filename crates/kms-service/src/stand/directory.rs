//! Accounts in a directory, and what they share.

use kms_types::{AccountId, FolderId};

use super::*;

impl Stand {
    /// A directory that the caller's account manages and whose accounts may share; its id.
    pub(crate) async fn directory(&self) -> String {
        let made = self.call("EnableResourceDirectory", &[]).await.unwrap();
        let sharing = "EnableSharingWithResourceDirectory";
        self.call(sharing, &[]).await.unwrap();
        let directory = &made["ResourceDirectory"];
        directory["ResourceDirectoryId"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// A folder of it, in its root or in that folder; its id.
    pub(crate) async fn folder(&self, name: &str, parent: Option<&str>) -> String {
        let mut params = vec![("FolderName", name)];
        params.extend(parent.map(|parent| ("ParentFolderId", parent)));
        let made = self.call("CreateFolder", &params).await.unwrap();
        made["Folder"]["FolderId"].as_str().unwrap().to_owned()
    }

    /// An account in it, in its root or in that folder, with somebody who may do everything
    /// there.
    pub(crate) async fn member(&self, account: &str, folder: Option<&str>) -> Caller {
        let admin = self.stranger(account, "admin").await;
        let account: AccountId = account.parse().unwrap();
        let folder: Option<FolderId> = folder.map(|folder| folder.parse().unwrap());
        let manager = self.caller.principal.account().unwrap();
        self.service
            .join_directory(manager, &account, folder.as_ref())
            .await
            .unwrap();
        admin
    }

    /// Shares a thing of the caller's with the target; the share's id.
    pub(crate) async fn share(
        &self,
        owner: &Caller,
        (kind, id): (&str, &str),
        target: &str,
    ) -> String {
        let params = [
            ("ResourceShareName", "share"),
            ("Resources.1.ResourceId", id),
            ("Resources.1.ResourceType", kind),
            ("Targets.1", target),
        ];
        let made = self.call_as(owner, "CreateResourceShare", &params).await;
        let made = made.unwrap();
        made["ResourceShare"]["ResourceShareId"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}
