use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:literal;)*) => {
        /// A code that the service answers with, and its HTTP status (reference kms-api §1.8).
        ///
        /// Despite their names, `Forbidden.*NotFound` are 404 and `Rejected.*` 400, 409 or 429.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[$doc])* $name,)*
        }

        impl ErrorCode {
            /// Every code, for tables and tests.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// As it travels.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The HTTP status that it travels with.
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// The code of that spelling, if this server knows it.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($code => Some(Self::$name),)* _ => None }
            }
        }
    };
}

codes! {
    /// The AccessKey is disabled.
    AccessKeyInactive = "InvalidAccessKeyId.Inactive", 400;
    /// No such AccessKey.
    AccessKeyNotFound = "InvalidAccessKeyId.NotFound", 404;
    /// No such action in this version of the product.
    ActionNotFound = "InvalidAction.NotFound", 404;
    /// The action is known, but not for this kind of secret or state.
    UnsupportedOperation = "UnsupportedOperation", 400;
    /// `DryRun` was asked for and would have succeeded.
    DryRunOperation = "DryRunOperationError", 400;
    /// The principal lacks the permission.
    NoPermission = "Forbidden.NoPermission", 403;
    /// RAM and STS: the principal lacks the permission.
    RamForbidden = "NoPermission", 403;
    /// RAM and STS: no such role.
    RoleNotFound = "EntityNotExist.Role", 404;
    /// RAM: a role of that name is there already.
    RoleExists = "EntityAlreadyExists.Role", 409;
    /// RAM: a role's name has characters that none may have.
    RoleNameChars = "InvalidParameter.RoleName.InvalidChars", 400;
    /// RAM: a role's name is too long.
    RoleNameLength = "InvalidParameter.RoleName.Length", 400;
    /// RAM: the account has as many roles as it may.
    RoleLimit = "LimitExceeded.Role", 409;
    /// RAM: no such user.
    UserNotFound = "EntityNotExist.User", 404;
    /// RAM: a user of that name is there already.
    UserExists = "EntityAlreadyExists.User", 409;
    /// RAM: a user's name has characters that none may have.
    UserNameChars = "InvalidParameter.UserName.InvalidChars", 400;
    /// RAM: a user's name is too long.
    UserNameLength = "InvalidParameter.UserName.Length", 400;
    /// RAM: a user's new name has characters that none may have.
    NewUserNameChars = "InvalidParameter.NewUserName.InvalidChars", 400;
    /// RAM: a user's new name is too long.
    NewUserNameLength = "InvalidParameter.NewUserName.Length", 400;
    /// RAM: the account has as many users as it may.
    UserLimit = "LimitExceeded.User", 409;
    /// RAM: the user still has AccessKeys.
    UserHasKeys = "DeleteConflict.User.AccessKey", 409;
    /// RAM: the user is still in a group.
    UserInGroup = "DeleteConflict.User.Group", 409;
    /// RAM: the user still has policies.
    UserHasPolicies = "DeleteConflict.User.Policy", 409;
    /// RAM: the user has no such AccessKey.
    UserKeyNotFound = "EntityNotExist.User.AccessKey", 404;
    /// RAM: the user has as many AccessKeys as it may.
    UserKeyLimit = "LimitExceeded.User.AccessKey", 409;
    /// RAM: the user has no password for a console.
    LoginProfileNotFound = "EntityNotExist.User.LoginProfile", 404;
    /// RAM: the user has no device for a second factor.
    MfaDeviceNotFound = "EntityNotExist.User.MFADevice", 404;
    /// RAM: the user is not in the group.
    MembershipNotFound = "EntityNotExist.User.Group", 404;
    /// RAM: the user is in the group already.
    MembershipExists = "EntityAlreadyExists.User.Group", 409;
    /// RAM: the user is in as many groups as it may.
    MembershipLimit = "LimitExceeded.User.Group", 409;
    /// RAM: no such group.
    GroupNotFound = "EntityNotExist.Group", 404;
    /// RAM: a group of that name is there already.
    GroupExists = "EntityAlreadyExists.Group", 409;
    /// RAM: a group's name has characters that none may have.
    GroupNameChars = "InvalidParameter.GroupName.InvalidChars", 400;
    /// RAM: a group's name is too long.
    GroupNameLength = "InvalidParameter.GroupName.Length", 400;
    /// RAM: a group's new name has characters that none may have.
    NewGroupNameChars = "InvalidParameter.NewGroupName.InvalidChars", 400;
    /// RAM: a group's new name is too long.
    NewGroupNameLength = "InvalidParameter.NewGroupName.Length", 400;
    /// RAM: the account has as many groups as it may.
    GroupLimit = "LimitExceeded.Group", 409;
    /// RAM: the group still has users.
    GroupHasUsers = "DeleteConflict.Group.User", 409;
    /// RAM: the group still has policies.
    GroupHasPolicies = "DeleteConflict.Group.Policy", 409;
    /// RAM: no such policy.
    PolicyNotFound = "EntityNotExist.Policy", 404;
    /// RAM: a policy of that name is there already.
    PolicyExists = "EntityAlreadyExists.Policy", 409;
    /// RAM: a policy's name has characters that none may have.
    PolicyNameChars = "InvalidParameter.PolicyName.InvalidChars", 400;
    /// RAM: a policy's name is too long.
    PolicyNameLength = "InvalidParameter.PolicyName.Length", 400;
    /// RAM: neither `System` nor `Custom`.
    PolicyTypeInvalid = "InvalidParameter.PolicyType", 400;
    /// RAM: a policy's document is too long.
    PolicyDocumentLength = "InvalidParameter.PolicyDocument.Length", 400;
    /// RAM: the account has as many policies of its own as it may.
    PolicyLimit = "LimitExceeded.Policy", 409;
    /// RAM: the policy is still attached to a user.
    PolicyHasUsers = "DeleteConflict.Policy.User", 409;
    /// RAM: the policy is still attached to a group.
    PolicyHasGroups = "DeleteConflict.Policy.Group", 409;
    /// RAM: the policy is still attached to a role.
    PolicyHasRoles = "DeleteConflict.Policy.Role", 409;
    /// RAM: the policy still has versions besides the default one.
    PolicyHasVersions = "DeleteConflict.Policy.Version", 409;
    /// RAM: no such version of the policy.
    PolicyVersionNotFound = "EntityNotExist.Policy.Version", 404;
    /// RAM: not the form of a version's id.
    PolicyVersionFormat = "InvalidParameter.VersionId.Format", 400;
    /// RAM: the policy has as many versions as it may.
    PolicyVersionLimit = "LimitExceeded.Policy.Version", 409;
    /// RAM: the default version of a policy goes with the policy only.
    PolicyVersionDefault = "DeleteConflict.Policy.Version.Default", 409;
    /// RAM: the user does not have the policy.
    UserPolicyNotFound = "EntityNotExist.User.Policy", 404;
    /// RAM: the user has the policy already.
    UserPolicyExists = "EntityAlreadyExists.User.Policy", 409;
    /// RAM: the user has as many policies as it may.
    UserPolicyLimit = "LimitExceeded.User.Policy", 409;
    /// RAM: the group does not have the policy.
    GroupPolicyNotFound = "EntityNotExist.Group.Policy", 404;
    /// RAM: the group has the policy already.
    GroupPolicyExists = "EntityAlreadyExists.Group.Policy", 409;
    /// RAM: the group has as many policies as it may.
    GroupPolicyLimit = "LimitExceeded.Group.Policy", 409;
    /// RAM: the role does not have the policy.
    RolePolicyNotFound = "EntityNotExist.Role.Policy", 404;
    /// RAM: the role has the policy already.
    RolePolicyExists = "EntityAlreadyExists.Role.Policy", 409;
    /// RAM: the role has as many policies as it may.
    RolePolicyLimit = "LimitExceeded.Role.Policy", 409;
    /// RAM: the role still has policies.
    RoleHasPolicies = "DeleteConflict.Role.Policy", 409;
    /// RAM: a policy document that does not parse.
    PolicyMalformed = "MalformedPolicyDocument", 400;
    /// RAM: no such OIDC identity provider.
    OidcProviderNotFound = "EntityNotExist.OIDCProvider", 404;
    /// RAM: an OIDC identity provider of that name or issuer is there already.
    OidcProviderExists = "EntityAlreadyExists.OIDCProvider", 409;
    /// RAM: the account has as many OIDC identity providers as it may.
    OidcProviderLimit = "LimitExceeded.OIDCProvider", 409;
    /// STS: longer than the role or the caller's own session allows.
    SessionDuration = "InvalidParameter.DurationSeconds", 400;
    /// STS: no role's ARN.
    RoleArnInvalid = "InvalidParameter.RoleArn", 400;
    /// STS: no OIDC identity provider's ARN.
    OidcProviderArnInvalid = "InvalidParameter.OIDCProviderArn", 400;
    /// STS: a session policy that does not parse.
    PolicyGrammar = "InvalidParameter.PolicyGrammar", 400;
    /// STS: no such provider, or its tokens may not assume the role.
    OidcForbidden = "AuthenticationFail.NoPermission", 401;
    /// STS: the OIDC token is for somebody else.
    OidcAudience = "AuthenticationFail.OIDCToken.AudienceNotMatch", 401;
    /// STS: the OIDC token's time is over.
    OidcExpired = "AuthenticationFail.OIDCToken.Expired", 401;
    /// STS: the issuer of OIDC tokens cannot be asked for its keys.
    OidcIssuerUnreachable = "AuthenticationFail.OIDCToken.HttpsUrlInvalid", 401;
    /// STS: no OIDC token, or one that must not be believed.
    OidcInvalid = "AuthenticationFail.OIDCToken.Invalid", 401;
    /// STS: no key of the issuer makes the OIDC token's signature.
    OidcSignature = "AuthenticationFail.OIDCToken.InvalidSignature", 401;
    /// STS: the issuer shows none of the certificates that its provider is pinned to.
    OidcFingerprint = "AuthenticationFail.OIDCToken.PublicKeyFingerprintMismatch", 401;
    /// ResourceSharing: the account is in no resource directory, or in another.
    AccountNotInDirectory = "AccountNotInResourceDirectory", 409;
    /// Resource directories: only the account that manages it may.
    ActionNotPermitted = "ActionNotPermitted", 409;
    /// ResourceSharing: it is switched on for the resource directory already.
    SharingAlreadyEnabled = "AlreadyEnabled", 409;
    /// ResourceSharing: a target was given for resources, or a resource for targets.
    AssociationTypeConflict = "ConflictedAssociationType", 400;
    /// Resource directories: the folder still has accounts.
    FolderHasAccounts = "DeleteConflict.Folder.Account", 409;
    /// Resource directories: the folder still has folders.
    FolderHasFolders = "DeleteConflict.Folder.SubFolder", 409;
    /// Resource directories: it still has accounts.
    DirectoryHasAccounts = "DeleteConflict.ResourceDir.Account", 409;
    /// Resource directories: it still has folders.
    DirectoryHasFolders = "DeleteConflict.ResourceDir.Folder", 409;
    /// ResourceSharing: the share does not have that resource or target.
    DisassociateInvalid = "DisassociateInvalid", 400;
    /// Resource directories: the account is in another.
    AccountInOtherDirectory = "AccountInAnotherResourceDir", 409;
    /// Resource directories: the account administers that service already.
    DelegationExists = "AccountAlreadyRegistered", 409;
    /// Resource directories: the account is in one already.
    DirectoryExists = "EntityAlreadyExists.ResourceDirectory", 409;
    /// Resource directories: a folder of that name is there already.
    FolderExists = "InvalidParameter.Folder.Name.AlreadyUsed", 400;
    /// Resource directories: no such account in it.
    MemberNotFound = "EntityNotExists.Account", 404;
    /// Resource directories: the account is no delegated administrator of that service.
    DelegationNotFound = "AccountNotRegistered", 409;
    /// Resource directories: no such folder.
    FolderNotFound = "EntityNotExists.Folder", 404;
    /// Resource directories: the account is in none.
    DirectoryNotFound = "EntityNotExists.ResourceDirectory", 404;
    /// ResourceSharing: no such share in the account.
    ShareNotFound = "EntityNotExists.ResourceShare", 404;
    /// Resource directories: as many folders as there may be, or as deep.
    FolderLimit = "LimitExceeded.Folder", 409;
    /// ResourceSharing: the account has as many shares as it may.
    ShareLimit = "LimitExceeded.ResourceShare", 409;
    /// ResourceSharing: the management account has not switched it on for the directory.
    SharingNotEnabled = "ActionNotPermitted.SharingNotEnabled", 409;
    /// More accounts and networks than the instance's access management quota lets in.
    ShareQuotaExceedLimit = "Rejected.ShareQuotaExceedLimit", 400;
    /// The KMS instance is not connected.
    InstanceState = "Forbidden.DKMSInstanceStateInvalid", 403;
    /// Resource groups: no such group in the account.
    ResourceGroupNotFound = "EntityNotExists.ResourceGroup", 404;
    /// Resource groups: one of that name is there already.
    ResourceGroupExists = "EntityAlreadyExists.ResourceGroup", 409;
    /// Resource groups: something is in it still.
    ResourceGroupHasResources = "DeleteConflict.ResourceGroup.Resource", 409;
    /// Resource groups: the account has as many as it may.
    ResourceGroupLimit = "LimitExceeded.ResourceGroup", 409;
    /// Config: a rule of that name is there already.
    ConfigRuleExists = "ConfigRuleExists", 400;
    /// Config: the account has as many rules as it may.
    ConfigRuleLimit = "ExceedMaxRuleCount", 400;
    /// Config: no such rule.
    ConfigRuleNotFound = "ConfigRuleNotExists", 400;
    /// Config: there is an account group of the whole directory already.
    AggregatorExists = "AggregatorAlreadyExist", 400;
    /// Config: the account has as many account groups as it may.
    AggregatorLimit = "ExceedMaxAggregatorCount", 400;
    /// Config: no such account group.
    AggregatorNotFound = "Invalid.AggregatorId.Value", 400;
    /// Config: no such delivery channel.
    DeliveryChannelNotFound = "DeliveryChannelNotExists", 400;
    /// The key that protects the secret is gone.
    KeyNotFound = "Forbidden.KeyNotFound", 404;
    /// The key has no such version.
    KeyVersionNotFound = "Forbidden.KeyVersionNotFound", 404;
    /// No key has that alias.
    AliasNotFound = "Forbidden.AliasNotFound", 404;
    /// A key has that alias already.
    AliasExists = "AliasAlreadyExists", 400;
    /// The key is disabled.
    KeyDisabled = "Rejected.Disabled", 409;
    /// The key waits for deletion.
    KeyPendingDeletion = "Rejected.PendingDeletion", 409;
    /// The key has no material yet, or no longer.
    KeyPendingImport = "Rejected.PendingImport", 409;
    /// The key's state does not allow the change.
    KeyState = "Rejected.StateModifiedFailed", 409;
    /// No such secret, version or stage.
    ResourceNotFound = "Forbidden.ResourceNotFound", 404;
    /// No such KMS instance.
    InstanceNotFound = "Forbidden.DKMSInstanceNotFound", 403;
    /// Billing: no such thing was bought.
    OrderNotFound = "ResourceNotExists", 404;
    /// Billing: the same ClientToken for another order.
    TokenMismatch = "IdempotentParameterMismatch", 400;
    /// The request has no Timestamp.
    IllegalTimestamp = "IllegalTimestamp", 400;
    /// A part of the signature is missing or of an unknown kind.
    IncompleteSignature = "IncompleteSignature", 400;
    /// Something broke inside.
    InternalFailure = "InternalFailure", 500;
    /// Instance gateway: no such API.
    ApiNameInvalid = "InvalidApiName", 400;
    /// Instance gateway: no such version of the API.
    ApiVersionInvalid = "InvalidApiVersion", 400;
    /// Instance gateway: a header's value is not allowed.
    InvalidHeader = "InvalidParam", 400;
    /// Instance gateway: the date lies outside the window of 15 minutes.
    RequestTimeTooSkewed = "RequestTimeTooSkewed", 400;
    /// Instance gateway: the signature is not the one that the key makes.
    SignatureNotMatch = "SignatureNotMatch", 401;
    /// Vpc: something still uses it.
    DependencyViolation = "DependencyViolation", 400;
    /// Vpc: the VPC still has vSwitches.
    VpcHasVSwitches = "DependencyViolation.VSwitch", 400;
    /// Vpc: the block has addresses of another vSwitch.
    BlockOverlaps = "InvalidCidrBlock.Overlapped", 400;
    /// Vpc: the block does not lie in that of the VPC.
    BlockOutside = "InvalidCidrBlock.Malformed", 400;
    /// Vpc: no such VPC.
    VpcNotFound = "InvalidVpcId.NotFound", 404;
    /// Vpc: no such vSwitch.
    VSwitchNotFound = "InvalidVSwitchId.NotFound", 404;
    /// Vpc: the vSwitch has no address left.
    AddressesExhausted = "InvalidVSwitchId.IpNotEnough", 400;
    /// Vpc: the account has as many of them as it may.
    NetworkQuota = "QuotaExceeded", 400;
    /// An instance's gateway: the caller's address lies in none of the instance's networks. In
    /// the cloud nobody answers at all.
    VpcNotBound = "Forbidden.VpcNotBound", 403;
    /// VpcPeer: no such connection.
    PeerNotFound = "ResourceNotFound.InstanceId", 404;
    /// VpcPeer: no such VPC.
    PeerVpcNotFound = "ResourceNotFound.VpcId", 404;
    /// VpcPeer: the two are connected already.
    PeerExists = "ResourceAlreadyExist.RouteInstance", 400;
    /// VpcPeer: not in this state.
    PeerStatus = "IncorrectStatus.VpcPeer", 400;
    /// Cbn: no such network.
    CenNotFound = "ParameterCenInstanceId", 400;
    /// Cbn: no such VPC, or it is not attached.
    CenChildNotFound = "ParameterInstanceId", 400;
    /// Cbn: the network still has VPCs.
    CenStatus = "InvalidOperation.CenInstanceStatus", 400;
    /// Cbn: the VPC is attached already.
    CenChildAttached = "InvalidOperation.ChildInstanceStatus", 400;
    /// Cbn: the VPC's owner has not granted it.
    CenNotGranted = "InvalidOperation.NotGranted", 403;
    /// Pvtz: no such zone.
    ZoneNotFound = "Zone.NotExists", 400;
    /// Pvtz: a zone's name that is none.
    ZoneName = "Zone.Invalid.Name", 400;
    /// Pvtz: the account has a zone of that name.
    ZoneExists = "Zone.Exists", 400;
    /// Pvtz: VPCs are still bound to the zone.
    ZoneHasVpcs = "Zone.VpcExists", 400;
    /// Pvtz: a VPC that is to be bound does not exist.
    ZoneVpcNotFound = "ZoneVpc.NotExists.VpcId", 400;
    /// Pvtz: the record contradicts another one.
    RecordConflict = "Record.Conflict", 400;
    /// Pvtz: no such record.
    RecordNotFound = "Record.NotExists", 400;
    /// Pvtz: the record's value is none of its type.
    RecordValue = "Record.Invalid.Value", 400;
    /// Pvtz: no hosts are synchronised.
    SyncTaskNotFound = "Ecs.SyncTask.NotExists", 400;
    /// A parameter's value is not allowed.
    InvalidParameter = "InvalidParameter", 400;
    /// A temporary credential has expired.
    SecurityTokenExpired = "InvalidSecurityToken.Expired", 400;
    /// A temporary credential's token is not one of ours.
    SecurityTokenMalformed = "InvalidSecurityToken.Malformed", 400;
    /// The token belongs to another AccessKey.
    SecurityTokenMismatch = "InvalidSecurityToken.MismatchWithAccessKey", 400;
    /// A temporary AccessKey came without its token.
    SecurityTokenMissing = "MissingSecurityToken", 400;
    /// The timestamp lies outside the window of 15 minutes.
    TimestampExpired = "InvalidTimeStamp.Expired", 400;
    /// The timestamp is not of the form `YYYY-MM-DDThh:mm:ssZ`.
    TimestampFormat = "InvalidTimeStamp.Format", 400;
    /// No such version of the API.
    VersionInvalid = "InvalidVersion", 400;
    /// A required parameter is absent.
    MissingParameter = "MissingParameter", 400;
    /// The request cannot be read at all.
    ParseRequestParameter = "ParseRequestParameterException", 400;
    /// Parameters contradict each other or the state.
    InvalidRequest = "Rejected.InvalidRequest", 400;
    /// KMS is switched on for the account already.
    AlreadyOpen = "Forbidden.Opened", 400;
    /// A quota is used up.
    LimitExceeded = "Rejected.LimitExceeded", 400;
    /// The secret waits for deletion.
    ResourceInDeleteWindow = "Rejected.ResourceInDeleteWindow", 409;
    /// The secret is live: nothing to restore.
    ResourceInUse = "Rejected.ResourceInUse", 409;
    /// The name or version id is taken.
    ResourceExist = "Rejected.ResourceExist", 409;
    /// Too many requests.
    Throttling = "Rejected.Throttling", 429;
    /// Sealed, starting or overloaded: try again.
    ServiceUnavailable = "ServiceUnavailableTemporary", 503;
    /// The nonce was seen within the window.
    SignatureNonceUsed = "SignatureNonceUsed", 400;
    /// The signature is not the one that the secret makes.
    SignatureDoesNotMatch = "SignatureDoesNotMatch", 400;
    /// Neither GET nor POST.
    UnsupportedHttpMethod = "UnsupportedHTTPMethod", 403;
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests;
