//! Which use case a request is for.

use std::{
    future::{Future, ready},
    pin::Pin,
};

use kms_wire::{Product, Request, Response as R};

use crate::{Caller, Gateway, Service, failure::Failure};

mod billing;
mod compliance;
mod instances;
mod keys;
mod networks;
mod policies;
mod sharing;

/// A use case under way. In a box of its own size, and compiled where it is written: one future
/// of all of them would be as large as the largest, moved for each call, and compiled anew in
/// each program.
pub(super) type Answer<'a> = Pin<Box<dyn Future<Output = Result<R, Failure>> + Send + 'a>>;

impl Service {
    pub(super) fn run<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        let action = request.action();
        if let Err(failure) = Self::check_gateway(caller, action) {
            return no(failure);
        }
        if matches!(caller.gateway, Gateway::Instance(_)) {
            return Box::pin(async move {
                self.admit(caller).await?;
                self.run_admitted(caller, request).await
            });
        }
        self.run_admitted(caller, request)
    }

    fn run_admitted<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        match request.action().product() {
            Product::Bss => self.run_billing(caller, request),
            Product::Cen | Product::Pvtz | Product::Vpc | Product::VpcPeer => {
                self.run_networks(caller, request)
            }
            Product::Cms | Product::Config | Product::Config2019 => {
                self.run_compliance(caller, request)
            }
            Product::Kms => self.run_secrets(caller, request),
            Product::ResourceDirectory | Product::ResourceManager | Product::ResourceSharing => {
                self.run_sharing(caller, request)
            }
            _ => self.run_identities(caller, request),
        }
    }

    fn run_secrets<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        match request {
            Request::CreateSecret(call) => {
                answer(R::CreateSecret, self.create_secret(caller, call))
            }
            Request::DeleteSecret(call) => {
                answer(R::DeleteSecret, self.delete_secret(caller, call))
            }
            Request::DescribeSecret(call) => {
                answer(R::DescribeSecret, self.describe_secret(caller, call))
            }
            Request::GetSecretPolicy(call) => {
                answer(R::SecretPolicy, self.get_secret_policy(caller, call))
            }
            Request::GetRandomPassword(call) => {
                done(R::GetRandomPassword, self.random_password(caller, &call))
            }
            Request::GetSecretValue(call) => {
                answer(R::GetSecretValue, self.secret_value(caller, call))
            }
            Request::ListSecretVersionIds(call) => {
                answer(R::ListSecretVersionIds, self.list_versions(caller, call))
            }
            Request::ListSecrets(call) => answer(R::ListSecrets, self.list_secrets(caller, call)),
            Request::PutSecretValue(call) => {
                answer(R::PutSecretValue, self.put_secret_value(caller, call))
            }
            Request::RestoreSecret(call) => {
                answer(R::SecretNamed, self.restore_secret(caller, call))
            }
            Request::RotateSecret(call) => {
                answer(R::RotateSecret, self.rotate_secret(caller, call))
            }
            Request::SetSecretPolicy(call) => {
                answer(R::Empty, self.set_secret_policy(caller, call))
            }
            Request::UpdateSecret(call) => answer(R::SecretNamed, self.update_secret(caller, call)),
            Request::UpdateSecretVersionStage(call) => {
                answer(R::SecretNamed, self.update_stage(caller, call))
            }
            Request::BatchGetSecretValue(call) => {
                answer(R::BatchGetSecretValue, self.secret_values(caller, call))
            }
            Request::UpdateSecretRotationPolicy(call) => {
                answer(R::SecretNamed, self.update_secret_rotation(caller, call))
            }
            other => self.run_tags(caller, other),
        }
    }

    /// Tags, and what belongs to no resource.
    fn run_tags<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        match request {
            Request::DescribeAccountKmsStatus(call) => done(
                R::DescribeAccountKmsStatus,
                self.account_status(caller, call),
            ),
            Request::DescribeRegions(call) => {
                done(R::DescribeRegions, self.describe_regions(caller, call))
            }
            Request::GetDefaultKmsInstance(call) => done(
                R::GetDefaultKmsInstance,
                self.default_instance(caller, call),
            ),
            Request::ListResourceTags(call) => {
                answer(R::ListResourceTags, self.resource_tags(caller, call))
            }
            Request::ListTagResources(call) => {
                answer(R::ListTagResources, self.list_tag_resources(caller, call))
            }
            Request::OpenKmsService(call) => done(R::Empty, self.open_service(caller, call)),
            Request::TagResource(call) => answer(R::Empty, self.tag_resource(caller, call)),
            Request::TagResources(call) => answer(R::Empty, self.tag_resources(caller, call)),
            Request::UntagResource(call) => answer(R::Empty, self.untag_resource(caller, call)),
            Request::UntagResources(call) => answer(R::Empty, self.untag_resources(caller, call)),
            other => self.run_access(caller, other),
        }
    }

    /// Who comes in by a ClientKey.
    fn run_access<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        match request {
            Request::CreateApplicationAccessPoint(call) => {
                answer(R::AccessPoint, self.create_access_point(caller, call))
            }
            Request::CreateClientKey(call) => {
                answer(R::CreateClientKey, self.create_client_key(caller, call))
            }
            Request::CreateNetworkRule(call) => {
                answer(R::NetworkRule, self.create_network_rule(caller, call))
            }
            Request::CreatePolicy(call) => answer(R::Policy, self.create_policy(caller, call)),
            Request::DeleteApplicationAccessPoint(call) => {
                answer(R::Empty, self.delete_access_point(caller, call))
            }
            Request::DeleteClientKey(call) => {
                answer(R::Empty, self.delete_client_key(caller, call))
            }
            Request::DeleteNetworkRule(call) => {
                answer(R::Empty, self.delete_network_rule(caller, call))
            }
            Request::DeletePolicy(call) => answer(R::Empty, self.delete_policy(caller, call)),
            Request::DescribeApplicationAccessPoint(call) => {
                answer(R::AccessPoint, self.describe_access_point(caller, call))
            }
            Request::DescribeNetworkRule(call) => answer(
                R::DescribeNetworkRule,
                self.describe_network_rule(caller, call),
            ),
            Request::DescribePolicy(call) => {
                answer(R::DescribePolicy, self.describe_policy(caller, call))
            }
            Request::GetClientKey(call) => answer(R::ClientKey, self.get_client_key(caller, call)),
            Request::ListApplicationAccessPoints(call) => answer(
                R::ListApplicationAccessPoints,
                self.list_access_points(caller, call),
            ),
            Request::ListClientKeys(call) => {
                answer(R::ListClientKeys, self.list_client_keys(caller, call))
            }
            Request::ListNetworkRules(call) => {
                answer(R::ListNetworkRules, self.list_network_rules(caller, call))
            }
            Request::ListPolicies(call) => {
                answer(R::ListPolicies, self.list_policies(caller, call))
            }
            Request::UpdateApplicationAccessPoint(call) => {
                answer(R::Empty, self.update_access_point(caller, call))
            }
            Request::UpdateNetworkRule(call) => {
                answer(R::Empty, self.update_network_rule(caller, call))
            }
            Request::UpdatePolicy(call) => answer(R::Empty, self.update_policy(caller, call)),
            other => self.run_instances(caller, other),
        }
    }

    /// RAM, its identity providers, and STS.
    fn run_identities<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        match request {
            Request::AddClientIdToOIDCProvider(call) => {
                answer(R::OidcProviderAnswer, self.add_client_id(caller, call))
            }
            Request::AddFingerprintToOIDCProvider(call) => {
                answer(R::OidcProviderAnswer, self.add_fingerprint(caller, call))
            }
            Request::AssumeRole(call) => answer(R::AssumeRole, self.assume_role(caller, call)),
            Request::AssumeRoleWithOIDC(call) => answer(
                R::AssumeRoleWithOidc,
                self.assume_role_with_oidc(caller, call),
            ),
            Request::CreateOIDCProvider(call) => answer(
                R::OidcProviderAnswer,
                self.create_oidc_provider(caller, call),
            ),
            Request::CreateRole(call) => answer(R::RoleAnswer, self.create_role(caller, call)),
            Request::DeleteOIDCProvider(call) => {
                answer(R::Empty, self.delete_oidc_provider(caller, call))
            }
            Request::DeleteRole(call) => answer(R::Empty, self.delete_role(caller, call)),
            Request::GetCallerIdentity(_) => {
                done(R::GetCallerIdentity, self.caller_identity(caller))
            }
            Request::GetOIDCProvider(call) => {
                answer(R::OidcProviderAnswer, self.get_oidc_provider(caller, call))
            }
            Request::GetRole(call) => answer(R::RoleAnswer, self.get_role(caller, call)),
            Request::ListOIDCProviders(call) => {
                answer(R::ListOidcProviders, self.list_oidc_providers(caller, call))
            }
            Request::ListRoles(call) => answer(R::ListRoles, self.list_roles(caller, call)),
            Request::RemoveClientIdFromOIDCProvider(call) => {
                answer(R::OidcProviderAnswer, self.remove_client_id(caller, call))
            }
            Request::RemoveFingerprintFromOIDCProvider(call) => {
                answer(R::OidcProviderAnswer, self.remove_fingerprint(caller, call))
            }
            Request::UpdateOIDCProvider(call) => answer(
                R::OidcProviderAnswer,
                self.update_oidc_provider(caller, call),
            ),
            Request::UpdateRole(call) => answer(R::RoleAnswer, self.update_role(caller, call)),
            other => self.run_users(caller, other),
        }
    }

    /// RAM's users, their AccessKeys and groups.
    fn run_users<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        match request {
            Request::AddUserToGroup(call) => answer(R::Empty, self.add_user_to_group(caller, call)),
            Request::CreateAccessKey(call) => {
                answer(R::CreateAccessKey, self.ram_create_access_key(caller, call))
            }
            Request::CreateGroup(call) => answer(R::GroupAnswer, self.create_group(caller, call)),
            Request::CreateUser(call) => answer(R::RamUserAnswer, self.create_user(caller, call)),
            Request::DeleteAccessKey(call) => {
                answer(R::Empty, self.delete_access_key(caller, call))
            }
            Request::DeleteGroup(call) => answer(R::Empty, self.delete_group(caller, call)),
            Request::DeleteUser(call) => answer(R::Empty, self.delete_user(caller, call)),
            Request::UpdateGroup(call) => answer(R::GroupAnswer, self.update_group(caller, call)),
            Request::GetAccessKeyLastUsed(call) => answer(
                R::GetAccessKeyLastUsed,
                self.access_key_last_used(caller, call),
            ),
            Request::GetGroup(call) => answer(R::GroupAnswer, self.get_group(caller, call)),
            Request::GetUser(call) => answer(R::RamUserAnswer, self.get_user(caller, call)),
            Request::ListAccessKeys(call) => {
                answer(R::ListAccessKeys, self.list_access_keys(caller, call))
            }
            Request::ListGroups(call) => answer(R::ListGroups, self.list_groups(caller, call)),
            Request::ListGroupsForUser(call) => {
                answer(R::ListGroupsForUser, self.groups_of_user(caller, call))
            }
            Request::ListUsers(call) => answer(R::ListUsers, self.list_users(caller, call)),
            Request::ListUsersForGroup(call) => {
                answer(R::ListUsersForGroup, self.users_in_group(caller, call))
            }
            Request::RemoveUserFromGroup(call) => {
                answer(R::Empty, self.remove_user_from_group(caller, call))
            }
            Request::UpdateAccessKey(call) => {
                answer(R::Empty, self.update_access_key(caller, call))
            }
            Request::UpdateUser(call) => answer(R::RamUserAnswer, self.update_user(caller, call)),
            other => self.run_policies(caller, other),
        }
    }
}

/// What the use case gives, as the response it is.
fn answer<'a, T: 'a>(
    response: fn(T) -> R,
    given: impl Future<Output = Result<T, Failure>> + Send + 'a,
) -> Answer<'a> {
    Box::pin(async move { Ok(response(given.await?)) })
}

/// As [`answer`], where nothing is waited for.
fn done<'a, T>(response: fn(T) -> R, given: Result<T, impl Into<Failure>>) -> Answer<'a> {
    Box::pin(ready(given.map(response).map_err(Into::into)))
}

fn no<'a>(failure: impl Into<Failure>) -> Answer<'a> {
    Box::pin(ready(Err(failure.into())))
}

#[cfg(test)]
mod tests;
