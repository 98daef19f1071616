//! Which use case of RAM's policies a request is for.

use kms_wire::{
    Request, Response as R,
    request::{DeleteLoginProfile, GetLoginProfile, GetUserMFAInfo, UnbindMFADevice},
};

use super::{Answer, answer, done, no};
use crate::{
    Caller, Service,
    authorise::Resource,
    ram::{Holder, PolicyRef},
    service::refused,
};

impl Service {
    /// Policies, and what nobody has.
    pub(super) fn run_policies<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        let action = request.action();
        match request {
            Request::CreatePolicyVersion(call) => answer(
                R::PolicyVersionAnswer,
                self.create_policy_version(caller, call),
            ),
            Request::DeletePolicyVersion(call) => {
                answer(R::Empty, self.delete_policy_version(caller, call))
            }
            Request::GetPolicy(call) => answer(R::GetPolicy, self.get_ram_policy(caller, call)),
            Request::GetPolicyVersion(call) => answer(
                R::PolicyVersionAnswer,
                self.get_policy_version(caller, call),
            ),
            Request::ListEntitiesForPolicy(call) => answer(
                R::ListEntitiesForPolicy,
                self.entities_for_policy(caller, call),
            ),
            Request::ListPolicyVersions(call) => answer(
                R::ListPolicyVersions,
                self.list_policy_versions(caller, call),
            ),
            Request::RamCreatePolicy(call) => {
                answer(R::PolicyAnswer, self.create_ram_policy(caller, call))
            }
            Request::RamDeletePolicy(call) => {
                answer(R::Empty, self.delete_ram_policy(caller, call))
            }
            Request::RamListPolicies(call) => {
                answer(R::RamListPolicies, self.list_ram_policies(caller, call))
            }
            Request::RamListTagResources(call) => {
                done(R::RamListTagResources, self.ram_tags(caller, &call))
            }
            Request::UpdatePolicyDescription(call) => answer(
                R::PolicyAnswer,
                self.update_policy_description(caller, call),
            ),
            Request::DeleteLoginProfile(DeleteLoginProfile { user_name })
            | Request::GetLoginProfile(GetLoginProfile { user_name }) => {
                Box::pin(
                    async move { Err(self.no_login_profile(caller, action, &user_name).await) },
                )
            }
            Request::GetUserMFAInfo(GetUserMFAInfo { user_name })
            | Request::UnbindMFADevice(UnbindMFADevice { user_name }) => {
                Box::pin(async move { Err(self.no_mfa_device(caller, action, &user_name).await) })
            }
            Request::SetDefaultPolicyVersion(call) => {
                answer(R::Empty, self.set_default_version(caller, call))
            }
            other => self.run_user_tags(caller, other),
        }
    }

    /// What users bear.
    fn run_user_tags<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        match request {
            Request::ImsListTagResources(call) => {
                answer(R::ImsListTagResources, self.list_user_tags(caller, call))
            }
            Request::ImsTagResources(call) => answer(R::Empty, self.tag_users(caller, call)),
            Request::ImsUntagResources(call) => answer(R::Empty, self.untag_users(caller, call)),
            other => self.run_attachments(caller, other),
        }
    }

    /// Who has them.
    fn run_attachments<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        let action = request.action();
        match request {
            Request::AttachPolicyToGroup(call) => answer(R::Empty, async move {
                let policy = PolicyRef::new(call.policy_type, &call.policy_name);
                let holder = Holder::Group(&call.group_name);
                self.attach_policy(caller, action, holder, policy).await
            }),
            Request::AttachPolicyToRole(call) => answer(R::Empty, async move {
                let policy = PolicyRef::new(call.policy_type, &call.policy_name);
                let holder = Holder::Role(&call.role_name);
                self.attach_policy(caller, action, holder, policy).await
            }),
            Request::AttachPolicyToUser(call) => answer(R::Empty, async move {
                let policy = PolicyRef::new(call.policy_type, &call.policy_name);
                let holder = Holder::User(&call.user_name);
                self.attach_policy(caller, action, holder, policy).await
            }),
            Request::DetachPolicyFromGroup(call) => answer(R::Empty, async move {
                let policy = PolicyRef::new(call.policy_type, &call.policy_name);
                let holder = Holder::Group(&call.group_name);
                self.detach_policy(caller, action, holder, policy).await
            }),
            Request::DetachPolicyFromRole(call) => answer(R::Empty, async move {
                let policy = PolicyRef::new(call.policy_type, &call.policy_name);
                let holder = Holder::Role(&call.role_name);
                self.detach_policy(caller, action, holder, policy).await
            }),
            Request::DetachPolicyFromUser(call) => answer(R::Empty, async move {
                let policy = PolicyRef::new(call.policy_type, &call.policy_name);
                let holder = Holder::User(&call.user_name);
                self.detach_policy(caller, action, holder, policy).await
            }),
            Request::ListPoliciesForGroup(call) => answer(R::ListAttachedPolicies, async move {
                let holder = Holder::Group(&call.group_name);
                self.policies_of(caller, action, holder).await
            }),
            Request::ListPoliciesForRole(call) => answer(R::ListAttachedPolicies, async move {
                let holder = Holder::Role(&call.role_name);
                self.policies_of(caller, action, holder).await
            }),
            Request::ListPoliciesForUser(call) => answer(R::ListAttachedPolicies, async move {
                let holder = Holder::User(&call.user_name);
                self.policies_of(caller, action, holder).await
            }),
            // What kms-wire knows and this crate does not do.
            _ => {
                let own = self.own(caller, action, Resource::Account);
                no(own.err().unwrap_or_else(|| refused(action)))
            }
        }
    }
}
