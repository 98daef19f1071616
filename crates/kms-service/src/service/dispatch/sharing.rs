//! Directories of accounts, and what accounts share (ResourceManager,
//! ResourceDirectoryMaster, ResourceSharing).

use kms_wire::{Request, Response as R};

use super::{Answer, answer, done, no};
use crate::{Caller, Service, authorise::Resource, service::refusal::refused};

impl Service {
    pub(super) fn run_sharing<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        match request {
            Request::AssociateResourceShare(call) => {
                answer(R::ResourceShareAssociations, self.associate(caller, call))
            }
            Request::CheckSharingWithResourceDirectoryStatus(_) => answer(
                R::CheckSharingWithResourceDirectoryStatus,
                self.check_sharing(caller),
            ),
            Request::CreateResourceShare(call) => {
                answer(R::ResourceShareAnswer, self.create_share(caller, call))
            }
            Request::DeleteResourceShare(call) => answer(R::Empty, self.delete_share(caller, call)),
            Request::DisassociateResourceShare(call) => answer(
                R::ResourceShareAssociations,
                self.disassociate(caller, call),
            ),
            Request::EnableSharingWithResourceDirectory(_) => {
                answer(R::Empty, self.enable_sharing(caller))
            }
            Request::GetPermission(call) => {
                done(R::GetPermission, self.get_share_permission(caller, &call))
            }
            Request::ListPermissions(call) => done(
                R::ListPermissions,
                self.list_share_permissions(caller, &call),
            ),
            Request::ListResourceShareAssociations(call) => answer(
                R::ResourceShareAssociations,
                self.list_associations(caller, call),
            ),
            Request::ListResourceSharePermissions(call) => answer(
                R::ListPermissions,
                self.list_permissions_of_share(caller, call),
            ),
            Request::ListResourceShares(call) => {
                answer(R::ListResourceShares, self.list_shares(caller, call))
            }
            Request::ListSharedResources(call) => answer(
                R::ListSharedResources,
                self.list_shared_resources(caller, call),
            ),
            Request::ListSharedTargets(call) => {
                answer(R::ListSharedTargets, self.list_shared_targets(caller, call))
            }
            Request::UpdateResourceShare(call) => {
                answer(R::ResourceShareAnswer, self.update_share(caller, call))
            }
            other => self.run_directory(caller, other),
        }
    }

    fn run_directory<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        let action = request.action();
        match request {
            Request::CreateFolder(call) => {
                answer(R::FolderAnswer, self.create_folder(caller, call))
            }
            Request::CreateResourceAccount(call) => {
                answer(R::AccountAnswer, self.create_resource_account(caller, call))
            }
            Request::DeleteFolder(call) => answer(R::Empty, self.delete_folder(caller, call)),
            Request::DeregisterDelegatedAdministrator(call) => {
                answer(R::Empty, self.deregister_administrator(caller, call))
            }
            Request::DestroyResourceDirectory(_) => {
                answer(R::Empty, self.destroy_directory(caller))
            }
            Request::EnableResourceDirectory(_) | Request::InitResourceDirectory(_) => answer(
                R::ResourceDirectoryAnswer,
                self.enable_directory(caller, action),
            ),
            Request::GetAccount(call) => answer(R::AccountAnswer, self.get_account(caller, call)),
            Request::GetFolder(call) => answer(R::FolderAnswer, self.get_folder(caller, call)),
            Request::GetResourceDirectory(_) => {
                answer(R::ResourceDirectoryAnswer, self.get_directory(caller))
            }
            Request::ListAccounts(call) => {
                answer(R::ListAccounts, self.list_accounts(caller, call))
            }
            Request::ListAccountsForParent(call) => {
                answer(R::ListAccounts, self.list_accounts_in(caller, call))
            }
            Request::ListAncestors(call) => answer(R::Ancestors, self.list_ancestors(caller, call)),
            Request::ListDelegatedAdministrators(call) => answer(
                R::ListDelegatedAdministrators,
                self.list_administrators(caller, call),
            ),
            Request::ListFoldersForParent(call) => {
                answer(R::ListFolders, self.list_folders(caller, call))
            }
            Request::MoveAccount(call) => answer(R::Empty, self.move_account(caller, call)),
            Request::RegisterDelegatedAdministrator(call) => {
                answer(R::Empty, self.register_administrator(caller, call))
            }
            Request::UpdateFolder(call) => {
                answer(R::FolderAnswer, self.update_folder(caller, call))
            }
            other => self.run_resource_groups(caller, other),
        }
    }

    fn run_resource_groups<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        let action = request.action();
        match request {
            Request::CreateResourceGroup(call) => answer(
                R::ResourceGroupAnswer,
                self.create_resource_group(caller, call),
            ),
            Request::DeleteResourceGroup(call) => answer(
                R::ResourceGroupAnswer,
                self.delete_resource_group(caller, call),
            ),
            Request::GetResourceGroup(call) => answer(
                R::ResourceGroupAnswer,
                self.get_resource_group(caller, call),
            ),
            Request::ListResourceGroups(call) => answer(
                R::ListResourceGroups,
                self.list_resource_groups(caller, call),
            ),
            Request::ListResources(call) => {
                answer(R::ListResources, self.list_grouped_resources(caller, call))
            }
            Request::MoveResources(call) => {
                answer(R::MoveResources, self.move_resources(caller, call))
            }
            Request::UpdateResourceGroup(call) => answer(
                R::ResourceGroupAnswer,
                self.update_resource_group(caller, call),
            ),
            _ => {
                // What kms-wire knows and this crate does not do.
                let own = self.own(caller, action, Resource::Account);
                no(own.err().unwrap_or_else(|| refused(action)))
            }
        }
    }
}
