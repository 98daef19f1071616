//! Requests as types. One struct per action; parsing is where wrong text ends.

use serde::{Serialize, de::DeserializeOwned};

use crate::{ApiError, Params};

mod access;
mod action;
mod billing;
mod compliance;
mod directory;
mod events;
mod fields;
mod instances;
mod keys;
mod managed_data_keys;
mod networks;
mod new;
mod nul;
mod oidc_providers;
mod param;
mod ram;
mod resource_groups;
mod roles;
mod secrets;
mod service;
mod sharing;
mod sts;
mod subject;
mod tags;
mod user_tags;

pub use access::{
    AccessControlRules, CreateApplicationAccessPoint, CreateClientKey, CreateNetworkRule,
    CreatePolicy, DeleteApplicationAccessPoint, DeleteClientKey, DeleteNetworkRule, DeletePolicy,
    DescribeApplicationAccessPoint, DescribeNetworkRule, DescribePolicy, GetClientKey,
    ListApplicationAccessPoints, ListClientKeys, ListNetworkRules, ListPolicies, NetworkKind,
    Permission, ResourcePattern, UpdateApplicationAccessPoint, UpdateNetworkRule, UpdatePolicy,
    Validity,
};
pub use action::{Action, Product, Request};
pub use billing::{
    Change, CreateInstance, InstanceOrder, ModifyInstance, Months, Payment, PeriodUnit,
    ProductCode, ProductType, ProductVersion, QueryAvailableInstances, RefundInstance,
    RenewInstance, Renewal, RenewalTerm, SetRenewal,
};
pub use compliance::{
    ActiveAggregateConfigRules, ActiveConfigRules, AggregatorAccount, AggregatorAccounts,
    AggregatorKind, ChannelKind, ChannelSettings, ComplianceType, Config2019ActiveConfigRules,
    Config2019DeleteConfigRules, Config2019StopConfigRules, CreateAggregateConfigDeliveryChannel,
    CreateAggregateConfigRule, CreateAggregator, CreateConfigDeliveryChannel, CreateConfigRule,
    DeactiveAggregateConfigRules, DeleteAggregateConfigDeliveryChannel, DeleteAggregateConfigRules,
    DeleteAggregators, DeleteConfigDeliveryChannel, DeleteConfigRules, Frequency,
    GetAggregateConfigDeliveryChannel, GetAggregateConfigRule, GetAggregator,
    GetConfigDeliveryChannel, GetConfigRule, Ids, InputParameters,
    ListAggregateConfigDeliveryChannels, ListAggregateConfigRuleEvaluationResults,
    ListAggregateConfigRules, ListAggregators, ListConfigDeliveryChannels,
    ListConfigRuleEvaluationResults, ListConfigRules, RuleScope, RuleSettings, RuleState,
    StartAggregateConfigRuleEvaluation, StartConfigRuleEvaluation, StopConfigRules, TagScope,
    Trigger, Triggers, UpdateAggregateConfigDeliveryChannel, UpdateAggregateConfigRule,
    UpdateAggregator, UpdateConfigDeliveryChannel, UpdateConfigRule,
};
pub use directory::{
    AccountNamePrefix, CreateFolder, CreateResourceAccount, DeleteFolder,
    DeregisterDelegatedAdministrator, DestroyResourceDirectory, DisplayName,
    EnableResourceDirectory, FolderName, GetAccount, GetFolder, GetResourceDirectory,
    InitResourceDirectory, InviteAccountToResourceDirectory, ListAccounts, ListAccountsForParent,
    ListAncestors, ListDelegatedAdministrators, ListFoldersForParent, MoveAccount,
    RegisterDelegatedAdministrator, ServicePrincipal, UpdateFolder,
};
pub use events::{DescribeSystemEventAttribute, Millis};
pub use instances::{
    ConnectKmsInstance, GetKmsInstance, GetKmsInstanceQuotaInfos, InstanceName, ListKmsInstances,
    QuotaKind, ReleaseKmsInstance, UpdateKmsInstance, UpdateKmsInstanceBindVpc,
};
pub use keys::{
    AsymmetricDecrypt, AsymmetricEncrypt, AsymmetricSign, AsymmetricVerify, CancelKeyDeletion,
    CreateAlias, CreateKey, CreateKeyVersion, Decrypt, DeleteAlias, DeleteKeyMaterial, DescribeKey,
    DescribeKeyVersion, DisableKey, EnableKey, Encrypt, ExportDataKey, GenerateAndExportDataKey,
    GenerateDataKey, GenerateDataKeyWithoutPlaintext, GenerateMac, GetKeyPolicy,
    GetParametersForImport, GetPublicKey, ImportKeyMaterial, KeyFilter, KeyFilterKey, ListAliases,
    ListAliasesByKeyId, ListKeyVersions, ListKeys, ReEncrypt, ScheduleKeyDeletion,
    SetDeletionProtection, SetKeyPolicy, UpdateAlias, UpdateKeyDescription, UpdateRotationPolicy,
    VerifyMac,
};
pub use managed_data_keys::{GetManagedDataKey, ListManagedDataKeyVersions};
pub use networks::{
    AcceptVpcPeerConnection, AddZone, AddZoneRecord, AttachCenChildInstance, BindZoneVpc,
    BoundVpcs, Bounded, CenFilter, CreateCen, CreateVSwitch, CreateVpc, CreateVpcPeerConnection,
    DeleteCen, DeleteVSwitch, DeleteVpc, DeleteVpcPeerConnection, DeleteZone, DeleteZoneRecord,
    DescribeCenAttachedChildInstanceAttribute, DescribeCenAttachedChildInstances, DescribeCens,
    DescribeGrantRulesToCen, DescribeRouteTableList, DescribeSyncEcsHostTask,
    DescribeVSwitchAttributes, DescribeVSwitches, DescribeVpcAttribute, DescribeVpcs,
    DescribeZoneInfo, DescribeZoneRecords, DescribeZones, DetachCenChildInstance,
    GetVpcPeerConnectionAttribute, GrantInstanceToCen, ListVpcPeerConnections,
    ModifyVSwitchAttribute, ModifyVpcAttribute, NoDryRun, NoTags, PeerVpcs, PvtzListTagResources,
    RecordKind, RecordStatus, RevokeInstanceFromCen, SetZoneRecordStatus, UpdateZoneRecord,
    ZoneVpc,
};
pub use oidc_providers::{
    AddClientIdToOIDCProvider, AddFingerprintToOIDCProvider, ClientId, CreateOIDCProvider,
    DeleteOIDCProvider, GetOIDCProvider, ListOIDCProviders, MOST_CLIENT_IDS, MOST_FINGERPRINTS,
    RemoveClientIdFromOIDCProvider, RemoveFingerprintFromOIDCProvider, UpdateOIDCProvider,
};
pub use param::{
    Base64, KeyRotationInterval, Page, RotationWindow, SecretRotationInterval, Switch, Within,
};
pub use ram::{
    AccessKeyStatus, AddUserToGroup, AttachPolicyToGroup, AttachPolicyToRole, AttachPolicyToUser,
    CreateAccessKey, CreateGroup, CreatePolicyVersion, CreateUser, DeleteAccessKey, DeleteGroup,
    DeleteLoginProfile, DeletePolicyVersion, DeleteUser, DetachPolicyFromGroup,
    DetachPolicyFromRole, DetachPolicyFromUser, GetAccessKeyLastUsed, GetGroup, GetLoginProfile,
    GetPolicy, GetPolicyVersion, GetUser, GetUserMFAInfo, ListAccessKeys, ListEntitiesForPolicy,
    ListGroups, ListGroupsForUser, ListPoliciesForGroup, ListPoliciesForRole, ListPoliciesForUser,
    ListPolicyVersions, ListUsers, ListUsersForGroup, Marked, PolicyType, PolicyVersionId,
    RamCreatePolicy, RamDeletePolicy, RamListPolicies, RamListTagResources, RamTaggable,
    RemoveUserFromGroup, SetDefaultPolicyVersion, UnbindMFADevice, UpdateAccessKey, UpdateGroup,
    UpdatePolicyDescription, UpdateUser,
};
pub use resource_groups::{
    CreateResourceGroup, DeleteResourceGroup, GetResourceGroup, ListResourceGroups, ListResources,
    MoveResources, MovedResource, MovedResources, ResourceGroupLabel, ResourceGroupName, Untagged,
    UpdateResourceGroup,
};
pub use roles::{CreateRole, DeleteRole, GetRole, ListRoles, UpdateRole};
pub use secrets::{
    BatchGetSecretValue, CreateSecret, DeleteSecret, DescribeSecret, Filter, FilterKey,
    GetRandomPassword, GetSecretPolicy, GetSecretValue, ListSecretVersionIds, ListSecrets,
    PutSecretValue, RestoreSecret, RotateSecret, SetSecretPolicy, Tag, UpdateSecret,
    UpdateSecretRotationPolicy, UpdateSecretVersionStage,
};
pub use service::{
    DescribeAccountKmsStatus, DescribeRegions, GetChallenge, GetDefaultKmsInstance, OpenKmsService,
};
pub use sharing::{
    AssociateResourceShare, AssociationStatus, AssociationType,
    CheckSharingWithResourceDirectoryStatus, CreateResourceShare, DeleteResourceShare,
    DisassociateResourceShare, EnableSharingWithResourceDirectory, GetPermission, ListPermissions,
    ListResourceShareAssociations, ListResourceSharePermissions, ListResourceShares,
    ListSharedResources, ListSharedTargets, Numbered, ParseShareTargetError, Portion,
    ResourceOwner, ShareName, ShareStatus, ShareTarget, SharedKind, SharedResource,
    SharedResources, UpdateResourceShare,
};
pub use sts::{AssumeRole, AssumeRoleWithOIDC, GetCallerIdentity, RoleSession};
pub use subject::Subject;
pub use tags::{
    ListResourceTags, ListTagResources, TagResource, TagResources, Tagged, TaggedKind,
    UntagResource, UntagResources,
};
pub use user_tags::{ImsListTagResources, ImsTagResources, ImsUntagResources, TaggedUsers};

/// A typed call: how it travels, and what comes back.
pub trait Operation: Send + Sync + Sized {
    /// What the service answers.
    type Response: Serialize + DeserializeOwned + Send;

    /// The action's name and product.
    const ACTION: Action;

    /// As parameters, in the spelling of the official SDKs; absent fields are left out.
    fn to_params(&self) -> Params;

    /// Reads the business parameters; others are ignored, as the cloud does. Checked is
    /// all that can be said without looking at stored data (reference kms-api §2.1). An
    /// empty value counts as absent, except where the action gives it a meaning.
    ///
    /// # Errors
    /// `MissingParameter` and `InvalidParameter`, naming the parameter, never its value.
    fn from_params(params: &Params) -> Result<Self, ApiError>;
}

#[cfg(test)]
mod tests;
