use kms_types::ErrorCode;

use super::{Operation, nul};
use crate::{ApiError, Params};

/// A product of the cloud: one version of one API.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Product {
    /// BssOpenApi 2017-12-14: what is bought.
    Bss,
    /// Cbn 2017-09-12: Cloud Enterprise Network.
    Cen,
    /// Cms 2019-01-01: CloudMonitor, where events are listed.
    Cms,
    /// Config 2020-09-07: Cloud Config.
    Config,
    /// Config 2019-01-08, which the official Terraform provider still calls for some actions.
    Config2019,
    /// Ims 2019-08-15: who may sign in.
    Ims,
    /// Kms 2016-01-20.
    Kms,
    /// Oos 2019-06-01: Parameter Store. Called by name only; no server here has it.
    Oos,
    /// Pvtz 2018-01-01: names in private networks.
    Pvtz,
    /// Ram 2015-05-01.
    Ram,
    /// ResourceDirectoryMaster 2022-04-19: a directory of accounts.
    ResourceDirectory,
    /// ResourceManager 2020-03-31.
    ResourceManager,
    /// ResourceSharing 2020-01-10.
    ResourceSharing,
    /// Sts 2015-04-01.
    Sts,
    /// Vpc 2016-04-28.
    Vpc,
    /// VpcPeer 2022-01-01: connections between two VPCs.
    VpcPeer,
}

/// What an action is called on the wire: as its type, unless a second name is given.
macro_rules! wire_name {
    ($name:ident) => {
        stringify!($name)
    };
    ($name:ident $wire:literal) => {
        $wire
    };
}

macro_rules! actions {
    ($($product:ident $name:ident $(= $wire:literal)?;)*) => {
        /// The actions that this server knows.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum Action {
            $(#[doc = concat!("`", stringify!($name), "` of ", stringify!($product), ".")] $name,)*
        }

        /// Any request, parsed.
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum Request {
            $(#[doc = concat!("See [`super::", stringify!($name), "`].")] $name(super::$name),)*
        }

        impl Action {
            /// Every action, for tables and tests.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name on the wire, unique within its product.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => wire_name!($name $($wire)?),)* }
            }

            /// The name of its type here, unique among all products: Kms and Ram both have
            /// a CreatePolicy.
            pub fn type_name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// Whose it is.
            pub fn product(self) -> Product {
                match self { $(Self::$name => Product::$product,)* }
            }
        }

        impl Request {
            /// The typed request for these parameters.
            ///
            /// # Errors
            /// Those of [`Operation::from_params`].
            pub fn parse(action: Action, params: &Params) -> Result<Self, ApiError> {
                nul::refuse(params)?;
                match action {
                    $(Action::$name => super::$name::from_params(params).map(Self::$name),)*
                }
            }

            /// As the client's side writes it.
            pub fn to_params(&self) -> Params {
                match self { $(Self::$name(request) => request.to_params(),)* }
            }

            /// Which action it is.
            pub fn action(&self) -> Action {
                match self { $(Self::$name(_) => Action::$name,)* }
            }
        }
    };
}

actions! {
    Bss CreateInstance;
    Bss ModifyInstance;
    Bss QueryAvailableInstances;
    Bss RefundInstance;
    Bss RenewInstance;
    Bss SetRenewal;
    Cen AttachCenChildInstance;
    Cen CreateCen;
    Cen DeleteCen;
    Cen DescribeCenAttachedChildInstanceAttribute;
    Cen DescribeCenAttachedChildInstances;
    Cen DescribeCens;
    Cen DetachCenChildInstance;
    Cms DescribeSystemEventAttribute;
    Config ActiveAggregateConfigRules;
    Config ActiveConfigRules;
    Config CreateAggregateConfigDeliveryChannel;
    Config CreateAggregateConfigRule;
    Config CreateAggregator;
    Config CreateConfigDeliveryChannel;
    Config CreateConfigRule;
    Config DeactiveAggregateConfigRules;
    Config DeleteAggregateConfigDeliveryChannel;
    Config DeleteAggregateConfigRules;
    Config DeleteAggregators;
    Config DeleteConfigDeliveryChannel;
    Config DeleteConfigRules;
    Config GetAggregateConfigDeliveryChannel;
    Config GetAggregateConfigRule;
    Config GetAggregator;
    Config GetConfigDeliveryChannel;
    Config GetConfigRule;
    Config ListAggregateConfigDeliveryChannels;
    Config ListAggregateConfigRuleEvaluationResults;
    Config ListAggregateConfigRules;
    Config ListAggregators;
    Config ListConfigDeliveryChannels;
    Config ListConfigRuleEvaluationResults;
    Config ListConfigRules;
    Config StartAggregateConfigRuleEvaluation;
    Config StartConfigRuleEvaluation;
    Config StopConfigRules;
    Config UpdateAggregateConfigDeliveryChannel;
    Config UpdateAggregateConfigRule;
    Config UpdateAggregator;
    Config UpdateConfigDeliveryChannel;
    Config UpdateConfigRule;
    Config2019 Config2019ActiveConfigRules = "ActiveConfigRules";
    Config2019 Config2019DeleteConfigRules = "DeleteConfigRules";
    Config2019 Config2019StopConfigRules = "StopConfigRules";
    Ims AddClientIdToOIDCProvider;
    Ims AddFingerprintToOIDCProvider;
    Ims CreateOIDCProvider;
    Ims DeleteOIDCProvider;
    Ims GetOIDCProvider;
    Ims ImsListTagResources = "ListTagResources";
    Ims ImsTagResources = "TagResources";
    Ims ImsUntagResources = "UntagResources";
    Ims ListOIDCProviders;
    Ims RemoveClientIdFromOIDCProvider;
    Ims RemoveFingerprintFromOIDCProvider;
    Ims UpdateOIDCProvider;
    Kms AsymmetricDecrypt;
    Kms AsymmetricEncrypt;
    Kms AsymmetricSign;
    Kms AsymmetricVerify;
    Kms BatchGetSecretValue;
    Kms CancelKeyDeletion;
    Kms ConnectKmsInstance;
    Kms CreateAlias;
    Kms CreateApplicationAccessPoint;
    Kms CreateClientKey;
    Kms CreateKey;
    Kms CreateKeyVersion;
    Kms CreateNetworkRule;
    Kms CreatePolicy;
    Kms CreateSecret;
    Kms Decrypt;
    Kms DeleteAlias;
    Kms DeleteApplicationAccessPoint;
    Kms DeleteClientKey;
    Kms DeleteKeyMaterial;
    Kms DeleteNetworkRule;
    Kms DeletePolicy;
    Kms DeleteSecret;
    Kms DescribeAccountKmsStatus;
    Kms DescribeApplicationAccessPoint;
    Kms DescribeKey;
    Kms DescribeKeyVersion;
    Kms DescribeNetworkRule;
    Kms DescribePolicy;
    Kms DescribeRegions;
    Kms DescribeSecret;
    Kms DisableKey;
    Kms EnableKey;
    Kms Encrypt;
    Kms ExportDataKey;
    Kms GenerateAndExportDataKey;
    Kms GenerateDataKey;
    Kms GenerateDataKeyWithoutPlaintext;
    Kms GenerateMac;
    Kms GetChallenge;
    Kms GetClientKey;
    Kms GetDefaultKmsInstance;
    Kms GetKeyPolicy;
    Kms GetKmsInstance;
    Kms GetKmsInstanceQuotaInfos;
    Kms GetManagedDataKey;
    Kms GetParametersForImport;
    Kms GetPublicKey;
    Kms GetRandomPassword;
    Kms GetSecretPolicy;
    Kms GetSecretValue;
    Kms ImportKeyMaterial;
    Kms ListAliases;
    Kms ListAliasesByKeyId;
    Kms ListApplicationAccessPoints;
    Kms ListClientKeys;
    Kms ListKeyVersions;
    Kms ListKeys;
    Kms ListKmsInstances;
    Kms ListManagedDataKeyVersions;
    Kms ListNetworkRules;
    Kms ListPolicies;
    Kms ListResourceTags;
    Kms ListSecretVersionIds;
    Kms ListSecrets;
    Kms ListTagResources;
    Kms OpenKmsService;
    Kms PutSecretValue;
    Kms ReEncrypt;
    Kms ReleaseKmsInstance;
    Kms RestoreSecret;
    Kms RotateSecret;
    Kms ScheduleKeyDeletion;
    Kms SetDeletionProtection;
    Kms SetKeyPolicy;
    Kms SetSecretPolicy;
    Kms TagResource;
    Kms TagResources;
    Kms UntagResource;
    Kms UntagResources;
    Kms UpdateAlias;
    Kms UpdateApplicationAccessPoint;
    Kms UpdateKeyDescription;
    Kms UpdateKmsInstance;
    Kms UpdateKmsInstanceBindVpc;
    Kms UpdateNetworkRule;
    Kms UpdatePolicy;
    Kms UpdateRotationPolicy;
    Kms UpdateSecret;
    Kms UpdateSecretRotationPolicy;
    Kms UpdateSecretVersionStage;
    Kms VerifyMac;
    Pvtz AddZone;
    Pvtz AddZoneRecord;
    Pvtz BindZoneVpc;
    Pvtz DeleteZone;
    Pvtz DeleteZoneRecord;
    Pvtz DescribeSyncEcsHostTask;
    Pvtz DescribeZoneInfo;
    Pvtz DescribeZoneRecords;
    Pvtz DescribeZones;
    Pvtz PvtzListTagResources = "ListTagResources";
    Pvtz SetZoneRecordStatus;
    Pvtz UpdateZoneRecord;
    Ram AddUserToGroup;
    Ram AttachPolicyToGroup;
    Ram AttachPolicyToRole;
    Ram AttachPolicyToUser;
    Ram CreateAccessKey;
    Ram CreateGroup;
    Ram CreatePolicyVersion;
    Ram CreateRole;
    Ram CreateUser;
    Ram DeleteAccessKey;
    Ram DeleteGroup;
    Ram DeleteLoginProfile;
    Ram DeletePolicyVersion;
    Ram DeleteRole;
    Ram DeleteUser;
    Ram DetachPolicyFromGroup;
    Ram DetachPolicyFromRole;
    Ram DetachPolicyFromUser;
    Ram GetAccessKeyLastUsed;
    Ram GetGroup;
    Ram GetLoginProfile;
    Ram GetPolicy;
    Ram GetPolicyVersion;
    Ram GetRole;
    Ram GetUser;
    Ram GetUserMFAInfo;
    Ram ListAccessKeys;
    Ram ListEntitiesForPolicy;
    Ram ListGroups;
    Ram ListGroupsForUser;
    Ram ListPoliciesForGroup;
    Ram ListPoliciesForRole;
    Ram ListPoliciesForUser;
    Ram ListPolicyVersions;
    Ram ListRoles;
    Ram ListUsers;
    Ram ListUsersForGroup;
    Ram RamCreatePolicy = "CreatePolicy";
    Ram RamDeletePolicy = "DeletePolicy";
    Ram RamListPolicies = "ListPolicies";
    Ram RamListTagResources = "ListTagResources";
    Ram RemoveUserFromGroup;
    Ram SetDefaultPolicyVersion;
    Ram UnbindMFADevice;
    Ram UpdateAccessKey;
    Ram UpdateGroup;
    Ram UpdatePolicyDescription;
    Ram UpdateRole;
    Ram UpdateUser;
    ResourceDirectory CreateFolder;
    ResourceDirectory CreateResourceAccount;
    ResourceDirectory DeleteFolder;
    ResourceDirectory DeregisterDelegatedAdministrator;
    ResourceDirectory DestroyResourceDirectory;
    ResourceDirectory EnableResourceDirectory;
    ResourceDirectory GetAccount;
    ResourceDirectory GetFolder;
    ResourceDirectory GetResourceDirectory;
    ResourceDirectory InviteAccountToResourceDirectory;
    ResourceDirectory ListAccounts;
    ResourceDirectory ListAccountsForParent;
    ResourceDirectory ListAncestors;
    ResourceDirectory ListDelegatedAdministrators;
    ResourceDirectory ListFoldersForParent;
    ResourceDirectory MoveAccount;
    ResourceDirectory RegisterDelegatedAdministrator;
    ResourceDirectory UpdateFolder;
    ResourceManager CreateResourceGroup;
    ResourceManager DeleteResourceGroup;
    ResourceManager GetResourceGroup;
    ResourceManager InitResourceDirectory;
    ResourceManager ListResourceGroups;
    ResourceManager ListResources;
    ResourceManager MoveResources;
    ResourceManager UpdateResourceGroup;
    ResourceSharing AssociateResourceShare;
    ResourceSharing CheckSharingWithResourceDirectoryStatus;
    ResourceSharing CreateResourceShare;
    ResourceSharing DeleteResourceShare;
    ResourceSharing DisassociateResourceShare;
    ResourceSharing EnableSharingWithResourceDirectory;
    ResourceSharing GetPermission;
    ResourceSharing ListPermissions;
    ResourceSharing ListResourceShareAssociations;
    ResourceSharing ListResourceSharePermissions;
    ResourceSharing ListResourceShares;
    ResourceSharing ListSharedResources;
    ResourceSharing ListSharedTargets;
    ResourceSharing UpdateResourceShare;
    Sts AssumeRole;
    Sts AssumeRoleWithOIDC;
    Sts GetCallerIdentity;
    Vpc CreateVSwitch;
    Vpc CreateVpc;
    Vpc DeleteVSwitch;
    Vpc DeleteVpc;
    Vpc DescribeGrantRulesToCen;
    Vpc DescribeRouteTableList;
    Vpc DescribeVSwitchAttributes;
    Vpc DescribeVSwitches;
    Vpc DescribeVpcAttribute;
    Vpc DescribeVpcs;
    Vpc GrantInstanceToCen;
    Vpc ModifyVSwitchAttribute;
    Vpc ModifyVpcAttribute;
    Vpc RevokeInstanceFromCen;
    VpcPeer AcceptVpcPeerConnection;
    VpcPeer CreateVpcPeerConnection;
    VpcPeer DeleteVpcPeerConnection;
    VpcPeer GetVpcPeerConnectionAttribute;
    VpcPeer ListVpcPeerConnections;
}

// === impl Product ===

impl Product {
    /// Every product that has an [`Action`], for tables and tests.
    pub const ALL: &[Self] = &[
        Self::Bss,
        Self::Cen,
        Self::Cms,
        Self::Config,
        Self::Config2019,
        Self::Ims,
        Self::Kms,
        Self::Pvtz,
        Self::Ram,
        Self::ResourceDirectory,
        Self::ResourceManager,
        Self::ResourceSharing,
        Self::Sts,
        Self::Vpc,
        Self::VpcPeer,
    ];

    /// The version that names it on the wire.
    pub fn version(self) -> &'static str {
        match self {
            Self::Bss => "2017-12-14",
            Self::Cen => "2017-09-12",
            Self::Cms => "2019-01-01",
            Self::Config => "2020-09-07",
            Self::Config2019 => "2019-01-08",
            Self::Ims => "2019-08-15",
            Self::Kms => "2016-01-20",
            Self::Oos => "2019-06-01",
            Self::Pvtz => "2018-01-01",
            Self::Ram => "2015-05-01",
            Self::ResourceDirectory => "2022-04-19",
            Self::ResourceManager => "2020-03-31",
            Self::ResourceSharing => "2020-01-10",
            Self::Sts => "2015-04-01",
            Self::Vpc => "2016-04-28",
            Self::VpcPeer => "2022-01-01",
        }
    }

    /// Its name in endpoints, policies and signatures.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bss => "BssOpenApi",
            Self::Cen => "Cbn",
            Self::Cms => "Cms",
            Self::Config | Self::Config2019 => "Config",
            Self::Ims => "Ims",
            Self::Kms => "Kms",
            Self::Oos => "Oos",
            Self::Pvtz => "Pvtz",
            Self::Ram => "Ram",
            Self::ResourceDirectory => "ResourceDirectoryMaster",
            Self::ResourceManager => "ResourceManager",
            Self::ResourceSharing => "ResourceSharing",
            Self::Sts => "Sts",
            Self::Vpc => "Vpc",
            Self::VpcPeer => "VpcPeer",
        }
    }
}

// === impl Action ===

impl Action {
    /// Whether it says who calls by a signature; AssumeRoleWithOIDC brings a token instead.
    pub fn is_signed(self) -> bool {
        self != Self::AssumeRoleWithOIDC
    }

    /// The version of its product's API.
    pub fn version(self) -> &'static str {
        self.product().version()
    }

    /// The action of that name in that version of the API.
    ///
    /// # Errors
    /// `InvalidVersion` or `InvalidAction.NotFound`.
    pub fn parse(version: &str, action: &str) -> Result<Self, ApiError> {
        let product = Product::ALL
            .iter()
            .copied()
            .find(|product| product.version() == version)
            .ok_or_else(|| {
                ApiError::new(
                    ErrorCode::VersionInvalid,
                    "Specified parameter Version is not valid.",
                )
            })?;
        let known = |product: Product| {
            let mut all = Self::ALL.iter().copied();
            all.find(|own| own.product() == product && own.as_str() == action)
        };
        // The directory's actions were ResourceManager's once: under its version they are
        // still called, and are the same.
        let former = match product {
            Product::ResourceManager => known(Product::ResourceDirectory),
            _ => None,
        };
        known(product).or(former).ok_or_else(|| {
            ApiError::new(
                ErrorCode::ActionNotFound,
                "Specified api is not found, please check your url and method.",
            )
        })
    }
}
