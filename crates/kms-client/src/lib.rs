//! A client of Alibaba Cloud KMS: finds the identity that the program runs under, signs,
//! talks TLS, tries again what may pass.
//!
//! # Reading a secret
//!
//! ```
//! use kms_client::{Connection, request::GetSecretValue};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let kms = kms_testkit::FakeKms::start()?;
//! # kms.set("app/db", kms_testkit::Reply::Text("hunter2".to_owned()));
//! # let endpoint = kms.url();
//! // A program takes its whole environment: std::env::vars().collect()
//! let env = [
//!     ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tExample"),
//!     ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "example"),
//! ];
//! let client = Connection::new(env.into_iter().collect(), "cn-hangzhou".parse()?)
//!     .endpoint(endpoint.parse()?) // without it: kms.cn-hangzhou.aliyuncs.com
//!     .open()?;
//!
//! let value = client.call(&GetSecretValue::new("app/db".parse()?)).await?;
//! assert_eq!(value.secret_data.expose(), "hunter2");
//! # Ok(())
//! # }
//! ```
//!
//! Every action is a type in [`request`], which knows its answer in [`response`]; one
//! method, [`Client::call`], makes them all. Values are [`Secret`]s: they cannot be
//! printed, and are wiped when let go.
//!
//! # Who calls
//!
//! Unless told otherwise the default credential chain finds out, in the order and under the
//! names of the official SDKs: environment, OIDC (RRSA on ACK), the CLI's configuration,
//! the INI file, the ECS machine's role, the credentials URI. What it found is renewed
//! before it ends. A source that is half configured is an error that says what to mend, and
//! not a reason to become somebody else:
//!
//! ```
//! # use kms_client::{CallError, Connection, request::GetSecretValue};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let env = [("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tExample")];
//! let client = Connection::new(env.into_iter().collect(), "cn-hangzhou".parse()?).open()?;
//!
//! let Err(CallError::Credentials(reason)) =
//!     client.call(&GetSecretValue::new("app/db".parse()?)).await
//! else {
//!     panic!("there are no credentials");
//! };
//! assert_eq!(
//!     reason.to_string(),
//!     "env: ALIBABA_CLOUD_ACCESS_KEY_ID is set, but ALIBABA_CLOUD_ACCESS_KEY_SECRET is not"
//! );
//! # Ok(())
//! # }
//! ```
//!
//! A program that knows who it is names one [`Source`] instead, see
//! [`Connection::source`]:
//!
//! ```
//! use kms_client::{Connection, Source};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let env = kms_client::Env::default();
//! let client = Connection::new(env, "cn-hangzhou".parse()?)
//!     .source(Source::EcsRole(Some("app-role".to_owned())))
//!     .open()?;
//! # Ok(())
//! # }
//! ```
//!
//! A ClientKey of an application access point is an identity of its own, see
//! [`Connection::identity`]. It reads values on the shared gateway and on that of its
//! instance. A [`ClientKeyFile`] may be replaced while the program runs.
//!
//! # What goes wrong
//!
//! [`CallError`] tells a refusal from an outage, and [`CallError::is_transient`] whether the
//! same call may succeed later. Transport errors, timeouts, 429 and 5xx are tried again,
//! see [`RetryPolicy`]; what is returned has been tried.
//!
//! ```
//! # use kms_client::{CallError, Connection, request::GetSecretValue};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let kms = kms_testkit::FakeKms::start()?;
//! # kms.set("app/db", kms_testkit::Reply::not_found());
//! # let env = [("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tExample"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "example")];
//! # let client = Connection::new(env.into_iter().collect(), "cn-hangzhou".parse()?)
//! #     .endpoint(kms.url().parse()?).open()?;
//! match client.call(&GetSecretValue::new("app/db".parse()?)).await {
//!     Err(CallError::Service { status: 404, code, .. }) => {
//!         assert_eq!(code, "Forbidden.ResourceNotFound");
//!     }
//!     other => panic!("{other:?}"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # A hosted AccessKey
//!
//! A program that calls other services with a fixed AccessKey names the secret that hosts it
//! instead. The key behind the name changes, on schedule or at once after a leak, and calls
//! go on:
//!
//! ```
//! use std::sync::Arc;
//! use kms_client::{CallError, Connection, ManagedAccessKey};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let kms = kms_testkit::FakeKms::start()?;
//! # let value = r#"{"AccessKeyId":"LTAI5tHosted","AccessKeySecret":"example"}"#;
//! # kms.set("acs/ram/user/app", kms_testkit::Reply::Text(value.to_owned()));
//! # let env = [("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tExample"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "example")];
//! # let client = Connection::new(env.into_iter().collect(), "cn-hangzhou".parse()?)
//! #     .endpoint(kms.url().parse()?).open()?;
//! let key = ManagedAccessKey::open("acs/ram/user/app".parse()?, Arc::new(client));
//!
//! // Called once more, with the new key, if the service says that this one is gone.
//! let caller = key
//!     .with(|key| async move {
//!         // … a call that signs with key.signing_key()
//!         Ok::<_, CallError>(key.id)
//!     })
//!     .await?;
//! assert_eq!(caller.as_str(), "LTAI5tHosted");
//! # Ok(())
//! # }
//! ```
//!
//! [`ManagedAccessKeys`] reads `managed_credentials_providers.properties`, the file of the
//! official plug-ins, as it is.
//!
//! # Deliveries
//!
//! [`delivery`] puts objects into buckets of OSS and S3, and logs into stores of SLS.
//!
//! Nothing here logs, shows or keeps a secret: errors and traces hold no value, no token and
//! no URL's query.

mod answer;
mod chance;
mod client;
mod connection;
pub mod delivery;
mod error;
mod managed;
mod retry;
mod transport;

pub use client::{Client, ClientBuilder, Identity, Signature};
pub use connection::Connection;
pub use error::CallError;
pub use kms_credentials::{
    ClientKey, ClientKeyError, ClientKeyFile, ClientKeyPassword, Endpoint, OidcRole, OidcToken,
    ParseEndpointError, Role, Source,
};
pub use kms_types::{AccessKeyId, Env, RegionId, Secret, SecretRef, VersionId, VersionStage};
pub use kms_wire::{request, response, sign::SigningKey};
pub use managed::{
    AccessKeyPair, EXPIRED_CODES, KeyHealth, ManagedAccessKey, ManagedAccessKeyBuilder,
    ManagedAccessKeyError, ManagedAccessKeys, ManagedCallError, ManagedConfig, ManagedConfigError,
    OpenManagedError, Pace, ParseAccessKeyPairError, ParsePropertiesError, ReadSecret, Regions,
    ServiceError,
};
pub use retry::RetryPolicy;
pub use transport::{CaBundle, ParseCaBundleError, Transport, TransportError};
