//! The words every other crate speaks: secrets that cannot be printed, names and
//! ids that cannot be wrong, error codes, the clock and the environment.
//!
//! No IO, no async, no cryptography; [`SystemClock`] alone asks the machine for the time.

mod arn;
mod cidr;
mod clock;
mod code;
mod env;
mod id;
mod issuer;
mod key;
mod name;
mod network;
mod ram_arn;
mod secret;
mod secret_type;

pub use arn::{Arn, ParseArnError};
pub use cidr::{Cidr, ParseCidrError};
pub use clock::{Clock, SystemClock};
pub use code::ErrorCode;
pub use env::Env;
pub use id::{
    AccessKeyId, AccountId, DirectoryId, Fingerprint, FolderId, GroupName, InstanceId,
    OidcProviderName, ParseIdError, PolicyName, RegionId, RequestId, ResourceName, RoleName,
    ShareId, UserName,
};
pub use issuer::{IssuerUrl, ParseIssuerUrlError};
pub use key::{
    AliasName, DataKeySpec, EncryptionAlgorithm, EncryptionContext, KeyFormat, KeyId, KeyName,
    KeyOrigin, KeyRef, KeySpec, KeyState, KeyUsage, KeyVersionId, MacAlgorithm, MessageType,
    ParseNamedError, ProtectionLevel, SignatureAlgorithm, WrappingAlgorithm, WrappingKeySpec,
};
pub use name::{DataType, ParseNameError, SecretName, SecretRef, VersionId, VersionStage};
pub use network::{ParseBlockError, PrivateBlock, VSwitchBlock, VpcBlock};
pub use ram_arn::{OidcProviderArn, ParseRamArnError, RoleArn};
pub use secret::Secret;
pub use secret_type::{ParseSecretTypeError, SecretType};
