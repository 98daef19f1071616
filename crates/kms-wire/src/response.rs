//! Answers as types. Field names are the cloud's; RequestId is added when the answer
//! is rendered.

use serde::{Deserialize, Serialize};

mod access;
mod billing;
mod compliance;
mod directory;
mod events;
mod instances;
mod keys;
mod managed_data_keys;
mod networks;
mod oidc_providers;
mod ram;
mod resource_groups;
mod revealed;
mod roles;
mod secrets;
mod service;
mod sharing;
mod sts;
mod tags;

pub use access::{
    AccessPoint, AccessPointSummary, ApplicationAccessPoints, ClientKey, CreateClientKey,
    DescribeNetworkRule, DescribePolicy, ListApplicationAccessPoints, ListClientKeys,
    ListNetworkRules, ListPolicies, NetworkRule, NetworkRuleSummary, NetworkRules, Policies,
    Policy, PolicySummary,
};
pub use billing::{
    AvailableInstance, AvailableInstances, InstanceChanged, InstanceOrdered, Order,
    OrderedInstance, QueryAvailableInstances, RenewalSet,
};
pub use compliance::{
    Aggregator, AggregatorMember, AggregatorNamed, AggregatorsResult, ConfigDeliveryChannel,
    ConfigDeliveryChannelNamed, ConfigRule, ConfigRuleCompliance, ConfigRuleCreator,
    ConfigRuleNamed, ConfigRuleScope, ConfigRuleSource, ConfigRuleSourceDetail, ConfigRuleStatus,
    ConfigRuleSummary, ConfigRules, EvaluationResult, EvaluationResultIdentifier,
    EvaluationResultQualifier, EvaluationResults, GetAggregator, GetConfigDeliveryChannel,
    GetConfigRule, ListAggregators, ListConfigDeliveryChannels, ListConfigRuleEvaluationResults,
    ListConfigRules, OperateAggregator, OperateAggregators, OperateAggregatorsResult,
    OperateConfigRules, OperateRuleItem, OperateRuleResult, StartConfigRuleEvaluation,
};
pub use directory::{
    AccountAnswer, Ancestors, DelegatedAdministrator, DelegatedAdministrators, Folder,
    FolderAnswer, FolderSummary, Folders, ListAccounts, ListDelegatedAdministrators, ListFolders,
    Member, Members, ResourceDirectory, ResourceDirectoryAnswer,
};
pub use events::{DescribeSystemEventAttribute, SystemEvent, SystemEvents};
pub use instances::{
    BindVpc, BindVpcs, GetDefaultKmsInstance, GetKmsInstance, GetKmsInstanceQuotaInfos,
    KmsInstance, KmsInstanceQuotaInfo, KmsInstanceSummary, KmsInstances, ListKmsInstances,
};
pub use keys::{
    AliasSummary, Aliases, CreateKey, Decrypted, DescribeKey, Encrypted, ExportedDataKey,
    GenerateAndExportDataKey, GenerateDataKey, GenerateMac, GetParametersForImport, GetPublicKey,
    KeyMetadata, KeyPolicy, KeySummary, KeyVersion, KeyVersionSummary, KeyVersions, Keys,
    ListAliases, ListKeyVersions, ListKeys, SignatureVerified, Signed, VerifyMac,
};
pub use managed_data_keys::{
    GetManagedDataKey, ListManagedDataKeyVersions, ManagedDataKeyVersion, ManagedDataKeyVersions,
};
pub use networks::{
    AddZone, AddZoneRecord, AssociatedCen, AssociatedCens, Cen, CenBandwidthPackageIds, CenChild,
    CenChildAttributes, CenChildSummary, CenChildren, CenGrantRule, CenGrantRules, Cens, CreateCen,
    CreateVSwitch, CreateVpc, CreateVpcPeerConnection, DeleteZone,
    DescribeCenAttachedChildInstances, DescribeCens, DescribeGrantRulesToCen,
    DescribeRouteTableList, DescribeVSwitchAttributes, DescribeVSwitches, DescribeVpcAttribute,
    DescribeVpcs, DescribeZoneInfo, DescribeZoneRecords, DescribeZones, ListVpcPeerConnections,
    ListZoneTags, PeerConnection, PeerVpc, RecordChanged, RouteTable, RouteTableOfVSwitch,
    RouteTableVSwitches, RouteTables, SetZoneRecordStatus, VSwitch, VSwitchIds, VSwitches, Vpc,
    VpcRouteTableIds, Vpcs, Zone, ZoneRecord, ZoneRecords, ZoneTag, ZoneVpc, ZoneVpcs, Zones,
};
pub use oidc_providers::{ListOidcProviders, OidcProvider, OidcProviderAnswer, OidcProviders};
pub use ram::{
    AccessKey, AccessKeyLastUsed, AccessKeySummary, AccessKeys, AttachedPolicy, CreateAccessKey,
    GetAccessKeyLastUsed, GetLoginProfile, GetPolicy, Group, GroupAnswer, GroupOfUser,
    GroupWithPolicy, Groups, ListAccessKeys, ListAttachedPolicies, ListEntitiesForPolicy,
    ListGroups, ListGroupsForUser, ListPolicyVersions, ListUsers, ListUsersForGroup, LoginProfile,
    MfaDevice, MfaDeviceAnswer, PolicyAnswer, PolicyVersion, PolicyVersionAnswer, PolicyVersions,
    RamListPolicies, RamListTagResources, RamPolicies, RamPolicy, RamUser, RamUserAnswer,
    RoleWithPolicy, RolesWithPolicy, UserInGroup, UserWithPolicy, Users,
};
pub use resource_groups::{
    GroupedResource, GroupedResources, ListResourceGroups, ListResources, MoveResources,
    ResourceGroup, ResourceGroupAnswer, ResourceGroupRegion, ResourceGroupRegions, ResourceGroups,
    ResourceMoved,
};
pub use roles::{ListRoles, Role, RoleAnswer, RoleSummary, Roles};
pub use secrets::{
    BatchError, BatchGetSecretValue, CreateSecret, DeleteSecret, DescribeSecret, GetRandomPassword,
    GetSecretValue, LatestRotation, ListSecretVersionIds, ListSecrets, PutSecretValue,
    RotateSecret, SecretList, SecretNamed, SecretPolicy, SecretSummary, Tags, VersionIds,
    VersionStages, VersionSummary,
};
pub use service::{DescribeAccountKmsStatus, DescribeRegions, GetChallenge, Region, Regions};
pub use sharing::{
    AssociationFailure, CheckSharingWithResourceDirectoryStatus, GetPermission, ListPermissions,
    ListResourceShares, ListSharedResources, ListSharedTargets, ResourceShare, ResourceShareAnswer,
    ResourceShareAssociation, ResourceShareAssociations, SharePermission, SharePermissionSummary,
    SharedResource, SharedTarget,
};
pub use sts::{
    AssumeRole, AssumeRoleWithOidc, AssumedRoleUser, Credentials, GetCallerIdentity, OidcTokenInfo,
};
pub use tags::{
    ImsListTagResources, KeyTag, KeyTags, ListResourceTags, ListTagResources, TagResources,
    TaggedResource,
};

macro_rules! responses {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        /// Any answer.
        #[derive(Clone, Debug, Serialize)]
        #[serde(untagged)]
        #[non_exhaustive]
        pub enum Response {
            $(#[doc = concat!("See [`", stringify!($name), "`].")] $name($name),)*
        }

        $(impl From<$name> for Response {
            fn from(answer: $name) -> Self {
                Self::$name(answer)
            }
        })*
    };
}

responses! {
    AccessPoint;
    AccountAnswer;
    AddZone;
    AddZoneRecord;
    AggregatorNamed;
    Ancestors;
    AssumeRole;
    AssumeRoleWithOidc;
    BatchGetSecretValue;
    CenChild;
    CheckSharingWithResourceDirectoryStatus;
    ClientKey;
    ConfigDeliveryChannelNamed;
    ConfigRuleNamed;
    CreateAccessKey;
    CreateCen;
    CreateClientKey;
    CreateKey;
    CreateSecret;
    CreateVSwitch;
    CreateVpc;
    CreateVpcPeerConnection;
    Decrypted;
    DeleteSecret;
    DeleteZone;
    DescribeAccountKmsStatus;
    DescribeCenAttachedChildInstances;
    DescribeCens;
    DescribeGrantRulesToCen;
    DescribeKey;
    DescribeNetworkRule;
    DescribePolicy;
    DescribeRegions;
    DescribeRouteTableList;
    DescribeSecret;
    DescribeVSwitches;
    DescribeVpcAttribute;
    DescribeVpcs;
    DescribeZoneInfo;
    DescribeZoneRecords;
    DescribeZones;
    DescribeSystemEventAttribute;
    Empty;
    Encrypted;
    ExportedDataKey;
    FolderAnswer;
    GenerateAndExportDataKey;
    GenerateDataKey;
    GenerateMac;
    GetAccessKeyLastUsed;
    GetAggregator;
    GetCallerIdentity;
    GetChallenge;
    GetConfigDeliveryChannel;
    GetConfigRule;
    GetDefaultKmsInstance;
    GetKmsInstance;
    GetKmsInstanceQuotaInfos;
    GetManagedDataKey;
    GetParametersForImport;
    GetPermission;
    GetPolicy;
    GetPublicKey;
    GetRandomPassword;
    GetSecretValue;
    GroupAnswer;
    ImsListTagResources;
    InstanceChanged;
    InstanceOrdered;
    KeyPolicy;
    KeyVersion;
    ListAccessKeys;
    ListAccounts;
    ListAggregators;
    ListAliases;
    ListApplicationAccessPoints;
    ListAttachedPolicies;
    ListClientKeys;
    ListDelegatedAdministrators;
    ListConfigDeliveryChannels;
    ListConfigRuleEvaluationResults;
    ListConfigRules;
    ListEntitiesForPolicy;
    ListFolders;
    ListGroups;
    ListGroupsForUser;
    ListKeyVersions;
    ListKeys;
    ListKmsInstances;
    ListManagedDataKeyVersions;
    ListNetworkRules;
    ListOidcProviders;
    ListPermissions;
    ListPolicies;
    ListPolicyVersions;
    ListResourceGroups;
    ListResourceShares;
    ListResourceTags;
    ListResources;
    ListRoles;
    ListSecretVersionIds;
    ListSecrets;
    ListSharedResources;
    ListSharedTargets;
    ListTagResources;
    ListUsers;
    ListUsersForGroup;
    ListVpcPeerConnections;
    ListZoneTags;
    MoveResources;
    NetworkRule;
    OidcProviderAnswer;
    PeerConnection;
    OperateAggregators;
    OperateConfigRules;
    Policy;
    PolicyAnswer;
    PolicyVersionAnswer;
    PutSecretValue;
    QueryAvailableInstances;
    RamListPolicies;
    RamListTagResources;
    RamUserAnswer;
    RecordChanged;
    ResourceDirectoryAnswer;
    ResourceGroupAnswer;
    ResourceShareAnswer;
    ResourceShareAssociations;
    RenewalSet;
    RoleAnswer;
    RotateSecret;
    SecretNamed;
    SecretPolicy;
    SetZoneRecordStatus;
    SignatureVerified;
    Signed;
    VSwitch;
    StartConfigRuleEvaluation;
    VerifyMac;
}

/// An answer with nothing but its RequestId.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
pub struct Empty {}
