//! Which use case a request is for.

use kms_wire::{
    Product, Request, Response as R,
    request::{DeleteLoginProfile, GetLoginProfile, GetUserMFAInfo, UnbindMFADevice},
};

use super::refused;
use crate::{
    Caller, Service,
    authorise::Resource,
    failure::Failure,
    ram::{Holder, PolicyRef},
};

mod keys;

impl Service {
    pub(super) async fn run(&self, caller: &Caller, request: Request) -> Result<R, Failure> {
        let action = request.action();
        Self::check_gateway(caller, action)?;
        match action.product() {
            Product::Kms => self.run_secrets(caller, request).await,
            _ => self.run_identities(caller, request).await,
        }
    }

    async fn run_secrets(&self, caller: &Caller, request: Request) -> Result<R, Failure> {
        Ok(match request {
            Request::CreateSecret(call) => R::CreateSecret(self.create_secret(caller, call).await?),
            Request::DeleteSecret(call) => R::DeleteSecret(self.delete_secret(caller, call).await?),
            Request::DescribeSecret(call) => {
                R::DescribeSecret(self.describe_secret(caller, call).await?)
            }
            Request::GetSecretPolicy(call) => {
                R::SecretPolicy(self.get_secret_policy(caller, call).await?)
            }
            Request::GetRandomPassword(call) => {
                R::GetRandomPassword(self.random_password(caller, &call)?)
            }
            Request::GetSecretValue(call) => {
                R::GetSecretValue(self.secret_value(caller, call).await?)
            }
            Request::ListSecretVersionIds(call) => {
                R::ListSecretVersionIds(self.list_versions(caller, call).await?)
            }
            Request::ListSecrets(call) => R::ListSecrets(self.list_secrets(caller, call).await?),
            Request::PutSecretValue(call) => {
                R::PutSecretValue(self.put_secret_value(caller, call).await?)
            }
            Request::RestoreSecret(call) => {
                R::SecretNamed(self.restore_secret(caller, call).await?)
            }
            Request::RotateSecret(call) => R::RotateSecret(self.rotate_secret(caller, call).await?),
            Request::SetSecretPolicy(call) => R::Empty(self.set_secret_policy(caller, call).await?),
            Request::UpdateSecret(call) => R::SecretNamed(self.update_secret(caller, call).await?),
            Request::UpdateSecretVersionStage(call) => {
                R::SecretNamed(self.update_stage(caller, call).await?)
            }
            Request::BatchGetSecretValue(call) => {
                R::BatchGetSecretValue(self.secret_values(caller, call).await?)
            }
            Request::UpdateSecretRotationPolicy(call) => {
                R::SecretNamed(self.update_secret_rotation(caller, call).await?)
            }
            other => self.run_tags(caller, other).await?,
        })
    }

    /// Tags, and what belongs to no resource.
    async fn run_tags(&self, caller: &Caller, request: Request) -> Result<R, Failure> {
        Ok(match request {
            Request::DescribeAccountKmsStatus(call) => {
                R::DescribeAccountKmsStatus(self.account_status(caller, call)?)
            }
            Request::DescribeRegions(call) => {
                R::DescribeRegions(self.describe_regions(caller, call)?)
            }
            Request::GetDefaultKmsInstance(call) => {
                R::GetDefaultKmsInstance(self.default_instance(caller, call)?)
            }
            Request::ListResourceTags(call) => {
                R::ListResourceTags(self.resource_tags(caller, call).await?)
            }
            Request::ListTagResources(call) => {
                R::ListTagResources(self.list_tag_resources(caller, call).await?)
            }
            Request::OpenKmsService(call) => R::Empty(self.open_service(caller, call)?),
            Request::TagResource(call) => R::Empty(self.tag_resource(caller, call).await?),
            Request::TagResources(call) => R::Empty(self.tag_resources(caller, call).await?),
            Request::UntagResource(call) => R::Empty(self.untag_resource(caller, call).await?),
            Request::UntagResources(call) => R::Empty(self.untag_resources(caller, call).await?),
            other => self.run_access(caller, other).await?,
        })
    }

    /// Instances, and who comes in by a ClientKey.
    async fn run_access(&self, caller: &Caller, request: Request) -> Result<R, Failure> {
        Ok(match request {
            Request::CreateApplicationAccessPoint(call) => {
                R::AccessPoint(self.create_access_point(caller, call).await?)
            }
            Request::CreateClientKey(call) => {
                R::CreateClientKey(self.create_client_key(caller, call).await?)
            }
            Request::CreateNetworkRule(call) => {
                R::NetworkRule(self.create_network_rule(caller, call).await?)
            }
            Request::CreatePolicy(call) => R::Policy(self.create_policy(caller, call).await?),
            Request::DeleteApplicationAccessPoint(call) => {
                R::Empty(self.delete_access_point(caller, call).await?)
            }
            Request::DeleteClientKey(call) => R::Empty(self.delete_client_key(caller, call).await?),
            Request::DeleteNetworkRule(call) => {
                R::Empty(self.delete_network_rule(caller, call).await?)
            }
            Request::DeletePolicy(call) => R::Empty(self.delete_policy(caller, call).await?),
            Request::DescribeApplicationAccessPoint(call) => {
                R::AccessPoint(self.describe_access_point(caller, call).await?)
            }
            Request::DescribeNetworkRule(call) => {
                R::DescribeNetworkRule(self.describe_network_rule(caller, call).await?)
            }
            Request::DescribePolicy(call) => {
                R::DescribePolicy(self.describe_policy(caller, call).await?)
            }
            Request::GetClientKey(call) => R::ClientKey(self.get_client_key(caller, call).await?),
            Request::GetKmsInstance(call) => {
                R::GetKmsInstance(self.get_instance(caller, call).await?)
            }
            Request::ListApplicationAccessPoints(call) => {
                R::ListApplicationAccessPoints(self.list_access_points(caller, call).await?)
            }
            Request::ListClientKeys(call) => {
                R::ListClientKeys(self.list_client_keys(caller, call).await?)
            }
            Request::ListKmsInstances(call) => {
                R::ListKmsInstances(self.list_instances(caller, call).await?)
            }
            Request::ListNetworkRules(call) => {
                R::ListNetworkRules(self.list_network_rules(caller, call).await?)
            }
            Request::ListPolicies(call) => R::ListPolicies(self.list_policies(caller, call).await?),
            Request::UpdateApplicationAccessPoint(call) => {
                R::Empty(self.update_access_point(caller, call).await?)
            }
            Request::UpdateNetworkRule(call) => {
                R::Empty(self.update_network_rule(caller, call).await?)
            }
            Request::UpdatePolicy(call) => R::Empty(self.update_policy(caller, call).await?),
            other => self.run_keys(caller, other).await?,
        })
    }

    /// RAM, its identity providers, and STS.
    async fn run_identities(&self, caller: &Caller, request: Request) -> Result<R, Failure> {
        Ok(match request {
            Request::AddClientIdToOIDCProvider(call) => {
                R::OidcProviderAnswer(self.add_client_id(caller, call).await?)
            }
            Request::AddFingerprintToOIDCProvider(call) => {
                R::OidcProviderAnswer(self.add_fingerprint(caller, call).await?)
            }
            Request::AssumeRole(call) => R::AssumeRole(self.assume_role(caller, call).await?),
            Request::AssumeRoleWithOIDC(call) => {
                R::AssumeRoleWithOidc(self.assume_role_with_oidc(caller, call).await?)
            }
            Request::CreateOIDCProvider(call) => {
                R::OidcProviderAnswer(self.create_oidc_provider(caller, call).await?)
            }
            Request::CreateRole(call) => R::RoleAnswer(self.create_role(caller, call).await?),
            Request::DeleteOIDCProvider(call) => {
                R::Empty(self.delete_oidc_provider(caller, call).await?)
            }
            Request::DeleteRole(call) => R::Empty(self.delete_role(caller, call).await?),
            Request::GetCallerIdentity(_) => R::GetCallerIdentity(self.caller_identity(caller)?),
            Request::GetOIDCProvider(call) => {
                R::OidcProviderAnswer(self.get_oidc_provider(caller, call).await?)
            }
            Request::GetRole(call) => R::RoleAnswer(self.get_role(caller, call).await?),
            Request::ListOIDCProviders(call) => {
                R::ListOidcProviders(self.list_oidc_providers(caller, call).await?)
            }
            Request::ListRoles(call) => R::ListRoles(self.list_roles(caller, call).await?),
            Request::RemoveClientIdFromOIDCProvider(call) => {
                R::OidcProviderAnswer(self.remove_client_id(caller, call).await?)
            }
            Request::RemoveFingerprintFromOIDCProvider(call) => {
                R::OidcProviderAnswer(self.remove_fingerprint(caller, call).await?)
            }
            Request::UpdateOIDCProvider(call) => {
                R::OidcProviderAnswer(self.update_oidc_provider(caller, call).await?)
            }
            Request::UpdateRole(call) => R::RoleAnswer(self.update_role(caller, call).await?),
            other => self.run_users(caller, other).await?,
        })
    }

    /// RAM's users, their AccessKeys and groups.
    async fn run_users(&self, caller: &Caller, request: Request) -> Result<R, Failure> {
        Ok(match request {
            Request::AddUserToGroup(call) => R::Empty(self.add_user_to_group(caller, call).await?),
            Request::CreateAccessKey(call) => {
                R::CreateAccessKey(self.ram_create_access_key(caller, call).await?)
            }
            Request::CreateGroup(call) => R::GroupAnswer(self.create_group(caller, call).await?),
            Request::CreateUser(call) => R::RamUserAnswer(self.create_user(caller, call).await?),
            Request::DeleteAccessKey(call) => R::Empty(self.delete_access_key(caller, call).await?),
            Request::DeleteGroup(call) => R::Empty(self.delete_group(caller, call).await?),
            Request::DeleteUser(call) => R::Empty(self.delete_user(caller, call).await?),
            Request::UpdateGroup(call) => R::GroupAnswer(self.update_group(caller, call).await?),
            Request::GetAccessKeyLastUsed(call) => {
                R::GetAccessKeyLastUsed(self.access_key_last_used(caller, call).await?)
            }
            Request::GetGroup(call) => R::GroupAnswer(self.get_group(caller, call).await?),
            Request::GetUser(call) => R::RamUserAnswer(self.get_user(caller, call).await?),
            Request::ListAccessKeys(call) => {
                R::ListAccessKeys(self.list_access_keys(caller, call).await?)
            }
            Request::ListGroups(call) => R::ListGroups(self.list_groups(caller, call).await?),
            Request::ListGroupsForUser(call) => {
                R::ListGroupsForUser(self.groups_of_user(caller, call).await?)
            }
            Request::ListUsers(call) => R::ListUsers(self.list_users(caller, call).await?),
            Request::ListUsersForGroup(call) => {
                R::ListUsersForGroup(self.users_in_group(caller, call).await?)
            }
            Request::RemoveUserFromGroup(call) => {
                R::Empty(self.remove_user_from_group(caller, call).await?)
            }
            Request::UpdateAccessKey(call) => R::Empty(self.update_access_key(caller, call).await?),
            Request::UpdateUser(call) => R::RamUserAnswer(self.update_user(caller, call).await?),
            other => self.run_policies(caller, other).await?,
        })
    }

    /// RAM's policies, and who has them.
    async fn run_policies(&self, caller: &Caller, request: Request) -> Result<R, Failure> {
        let action = request.action();
        Ok(match request {
            Request::AttachPolicyToGroup(call) => {
                let policy = PolicyRef::new(call.policy_type, &call.policy_name);
                let holder = Holder::Group(&call.group_name);
                R::Empty(self.attach_policy(caller, action, holder, policy).await?)
            }
            Request::AttachPolicyToRole(call) => {
                let policy = PolicyRef::new(call.policy_type, &call.policy_name);
                let holder = Holder::Role(&call.role_name);
                R::Empty(self.attach_policy(caller, action, holder, policy).await?)
            }
            Request::AttachPolicyToUser(call) => {
                let policy = PolicyRef::new(call.policy_type, &call.policy_name);
                let holder = Holder::User(&call.user_name);
                R::Empty(self.attach_policy(caller, action, holder, policy).await?)
            }
            Request::CreatePolicyVersion(call) => {
                R::PolicyVersionAnswer(self.create_policy_version(caller, call).await?)
            }
            Request::DeletePolicyVersion(call) => {
                R::Empty(self.delete_policy_version(caller, call).await?)
            }
            Request::DetachPolicyFromGroup(call) => {
                let policy = PolicyRef::new(call.policy_type, &call.policy_name);
                let holder = Holder::Group(&call.group_name);
                R::Empty(self.detach_policy(caller, action, holder, policy).await?)
            }
            Request::DetachPolicyFromRole(call) => {
                let policy = PolicyRef::new(call.policy_type, &call.policy_name);
                let holder = Holder::Role(&call.role_name);
                R::Empty(self.detach_policy(caller, action, holder, policy).await?)
            }
            Request::DetachPolicyFromUser(call) => {
                let policy = PolicyRef::new(call.policy_type, &call.policy_name);
                let holder = Holder::User(&call.user_name);
                R::Empty(self.detach_policy(caller, action, holder, policy).await?)
            }
            Request::GetPolicy(call) => R::GetPolicy(self.get_ram_policy(caller, call).await?),
            Request::GetPolicyVersion(call) => {
                R::PolicyVersionAnswer(self.get_policy_version(caller, call).await?)
            }
            Request::ListEntitiesForPolicy(call) => {
                R::ListEntitiesForPolicy(self.entities_for_policy(caller, call).await?)
            }
            Request::ListPoliciesForGroup(call) => {
                let holder = Holder::Group(&call.group_name);
                R::ListAttachedPolicies(self.policies_of(caller, action, holder).await?)
            }
            Request::ListPoliciesForRole(call) => {
                let holder = Holder::Role(&call.role_name);
                R::ListAttachedPolicies(self.policies_of(caller, action, holder).await?)
            }
            Request::ListPoliciesForUser(call) => {
                let holder = Holder::User(&call.user_name);
                R::ListAttachedPolicies(self.policies_of(caller, action, holder).await?)
            }
            Request::ListPolicyVersions(call) => {
                R::ListPolicyVersions(self.list_policy_versions(caller, call).await?)
            }
            Request::RamCreatePolicy(call) => {
                R::PolicyAnswer(self.create_ram_policy(caller, call).await?)
            }
            Request::RamDeletePolicy(call) => R::Empty(self.delete_ram_policy(caller, call).await?),
            Request::RamListPolicies(call) => {
                R::RamListPolicies(self.list_ram_policies(caller, call).await?)
            }
            Request::UpdatePolicyDescription(call) => {
                R::PolicyAnswer(self.update_policy_description(caller, call).await?)
            }
            Request::DeleteLoginProfile(DeleteLoginProfile { user_name })
            | Request::GetLoginProfile(GetLoginProfile { user_name }) => {
                return Err(self.no_login_profile(caller, action, &user_name).await);
            }
            Request::GetUserMFAInfo(GetUserMFAInfo { user_name })
            | Request::UnbindMFADevice(UnbindMFADevice { user_name }) => {
                return Err(self.no_mfa_device(caller, action, &user_name).await);
            }
            Request::SetDefaultPolicyVersion(call) => {
                R::Empty(self.set_default_version(caller, call).await?)
            }
            // What kms-wire knows and this crate does not do.
            _ => {
                self.own(caller, action, Resource::Account)?;
                return Err(refused(action).into());
            }
        })
    }
}

#[cfg(test)]
mod tests;
