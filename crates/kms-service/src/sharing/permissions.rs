use kms_types::ErrorCode;
use kms_wire::{
    Action, ApiError,
    request::{GetPermission, ListPermissions, ListResourceSharePermissions, Numbered, SharedKind},
    response,
};

use super::{
    change::{ALL, resource},
    list::is_active,
    portion,
    share::Share,
};
use crate::{Caller, Service, failure::Failure};

/// What a share lets those do whom it names, if their own policies do, too. There is one for
/// each kind, the default one, and none can be made (reference accesskey §1, rows 12 and 15).
struct Permission {
    name: &'static str,
    kind: SharedKind,
    document: &'static str,
}

const PERMISSIONS: [Permission; 2] = [
    Permission {
        name: "AliyunRSDefaultPermissionKMSInstance",
        kind: SharedKind::KmsInstance,
        document: r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":["kms:CreateKey","kms:CreateSecret","kms:CreatePolicy","kms:Describe*","kms:Get*","kms:List*"],"Resource":"acs:kms:*:*:keystore/*"}]}"#,
    },
    Permission {
        name: "AliyunRSDefaultPermissionVSwitch",
        kind: SharedKind::VSwitch,
        document: r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":["kms:ConnectKmsInstance","kms:UpdateKmsInstanceBindVpc","vpc:DescribeVSwitches"],"Resource":"acs:vpc:*:*:vswitch/*"}]}"#,
    },
];

/// There is one version of each, as old as the API.
const VERSION: &str = "v1";
const SINCE: &str = "2020-01-10T00:00:00Z";

impl Service {
    /// ListPermissions.
    pub(crate) fn list_share_permissions(
        &self,
        caller: &Caller,
        call: &ListPermissions,
    ) -> Result<response::ListPermissions, ApiError> {
        self.own(caller, Action::ListPermissions, ALL)?;
        let all = PERMISSIONS.iter();
        let all = all.filter(|own| call.kind.is_none_or(|kind| kind == own.kind));
        part(all.collect(), &call.portion)
    }

    /// GetPermission.
    pub(crate) fn get_share_permission(
        &self,
        caller: &Caller,
        call: &GetPermission,
    ) -> Result<response::GetPermission, ApiError> {
        self.own(caller, Action::GetPermission, ALL)?;
        let found = find(&call.name).ok_or_else(|| unknown("PermissionName"))?;
        if call
            .version
            .as_deref()
            .is_some_and(|version| version != VERSION)
        {
            return Err(unknown("PermissionVersion"));
        }
        let summary = found.summary();
        Ok(response::GetPermission {
            permission: response::SharePermission {
                permission_name: summary.permission_name,
                permission_version: summary.permission_version,
                resource_type: summary.resource_type,
                default_permission: summary.default_permission,
                default_version: summary.default_version,
                permission: found.document.to_owned(),
                create_time: summary.create_time,
                update_time: summary.update_time,
            },
        })
    }

    /// ListResourceSharePermissions: those of the kinds that are in the share.
    pub(crate) async fn list_permissions_of_share(
        &self,
        caller: &Caller,
        call: ListResourceSharePermissions,
    ) -> Result<response::ListPermissions, Failure> {
        let action = Action::ListResourceSharePermissions;
        let account = self.own(caller, action, resource(&call.share))?;
        let named = Numbered(vec![call.share.clone()]);
        let found = self.shares(account, call.owner, &named).await?.pop();
        let (_, share) = found
            .filter(|(_, share)| is_active(&share.body))
            .ok_or_else(|| {
                ApiError::new(ErrorCode::ShareNotFound, "There is no such resource share.")
            })?;
        let all = PERMISSIONS.iter();
        let all = all.filter(|own| gives(&share.body, own.name));
        Ok(part(all.collect(), &call.portion)?)
    }
}

/// Whether the share lets those whom it names do that.
pub(super) fn gives(share: &Share, permission: &str) -> bool {
    find(permission).is_some_and(|own| share.shared().any(|shared| shared.kind == own.kind))
}

/// # Errors
/// `InvalidParameter` for a name that there is not.
pub(super) fn check(names: &Numbered<String>) -> Result<(), ApiError> {
    if names.0.iter().all(|name| find(name).is_some()) {
        return Ok(());
    }
    Err(unknown("PermissionNames"))
}

// === impl Permission ===

impl Permission {
    fn summary(&self) -> response::SharePermissionSummary {
        response::SharePermissionSummary {
            permission_name: self.name.to_owned(),
            permission_version: VERSION.to_owned(),
            resource_type: self.kind.as_str().to_owned(),
            default_permission: true,
            default_version: true,
            create_time: SINCE.to_owned(),
            update_time: SINCE.to_owned(),
        }
    }
}

fn find(name: &str) -> Option<&'static Permission> {
    PERMISSIONS.iter().find(|own| own.name == name)
}

fn unknown(parameter: &str) -> ApiError {
    ApiError::invalid_parameter(
        parameter,
        "the permissions are AliyunRSDefaultPermissionKMSInstance and \
         AliyunRSDefaultPermissionVSwitch, in version v1",
    )
}

fn part(
    all: Vec<&Permission>,
    portion: &kms_wire::request::Portion,
) -> Result<response::ListPermissions, ApiError> {
    let keyed = all
        .into_iter()
        .map(|own| (vec![own.name.to_owned()], own.summary()));
    let (permissions, next_token) = portion::take(keyed.collect(), portion)?;
    Ok(response::ListPermissions {
        next_token,
        permissions,
    })
}
