//! From the configuration to what is asked.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use kms_client::{
    Client, Endpoint, Identity, RetryPolicy, Role, Source, Transport, TransportError,
};
use kms_credentials::{DefaultCredentials, ProvideCredentials, Surroundings};
use kms_types::{Clock, Env, RegionId, Secret};
use kms_wire::{request::Product, sign::SigningKey};
use serde::Deserialize;
use thiserror::Error;
use zeroize::Zeroize;

use super::{CloudRam, CloudRams};
use crate::{
    files::read_private,
    settings::{RamIdentity, RamSettings, RamSource, Settings},
};

/// Why a RAM cannot be asked.
#[derive(Debug, Error)]
pub enum RamSetupError {
    /// The AccessKey's file.
    #[error("cannot use access_key_file {}", path.display())]
    KeyFile {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It holds none.
    #[error(
        "access_key_file {} must hold {{\"AccessKeyId\":\"…\",\"AccessKeySecret\":\"…\"}}",
        path.display()
    )]
    Key {
        /// Which.
        path: PathBuf,
    },
    /// The profile of the CLI needs a folder to lie in.
    #[error("cli_profile is read from ~/.aliyun/config.json, and HOME is not set")]
    NoHome,
    /// No TLS, or a file of certificates that is of no use.
    #[error("cannot set up calls of RAM")]
    Transport(#[from] TransportError),
}

/// How calls get to the RAM of an account.
pub(super) struct Way {
    http: Arc<Transport>,
    region: RegionId,
    ram: Option<Endpoint>,
    sts: Option<Endpoint>,
    clock: Arc<dyn Clock>,
    retry: RetryPolicy,
}

/// The shape of a hosted AccessKey's value.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Written {
    access_key_id: String,
    access_key_secret: String,
}

/// More than an AccessKey has.
const READ_LIMIT: u64 = 4096;

// === impl CloudRams ===

impl CloudRams {
    /// Reads the files that the configuration names; nobody is asked before the first call.
    ///
    /// # Errors
    /// [`RamSetupError`].
    pub fn open(
        rams: &[RamSettings],
        settings: &Settings,
        env: &Env,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, RamSetupError> {
        let one = |ram: &RamSettings| {
            let opened = open(ram, &settings.region, env, clock)?;
            Ok((ram.account.clone(), Arc::new(opened)))
        };
        rams.iter().map(one).collect::<Result<_, _>>().map(Self)
    }
}

fn open(
    settings: &RamSettings,
    region: &RegionId,
    env: &Env,
    clock: &Arc<dyn Clock>,
) -> Result<CloudRam, RamSetupError> {
    let http = Arc::new(Transport::new(env, settings.ca_file.as_deref())?);
    let around = Surroundings::new(
        env.clone(),
        Arc::<Transport>::clone(&http),
        Arc::clone(clock),
    );
    let identity = identity(settings, around)?;
    let way = Way {
        http,
        region: region.clone(),
        ram: settings.endpoint.clone(),
        sts: settings.sts_endpoint.clone(),
        clock: Arc::clone(clock),
        retry: RetryPolicy {
            attempt: settings.patience,
            // Credentials may have to be asked for first.
            total: settings.patience.saturating_add(Duration::from_secs(10)),
            ..RetryPolicy::never()
        },
    };
    Ok(CloudRam {
        account: settings.account.clone(),
        kms: way.client(identity),
        way,
    })
}

fn identity(
    settings: &RamSettings,
    around: Surroundings,
) -> Result<Arc<dyn ProvideCredentials>, RamSetupError> {
    let source = match &settings.identity {
        RamIdentity::Found => return Ok(Arc::new(DefaultCredentials::new(around))),
        RamIdentity::Of(from) => source(from, &around)?,
        RamIdentity::Role {
            source: from,
            role,
            external_id,
        } => Source::Role {
            source: Box::new(source(from, &around)?),
            role: Role {
                arn: role.to_string(),
                session_name: Some("kms-server".to_owned()),
                external_id: external_id.clone(),
                sts_endpoint: settings.sts_endpoint.clone(),
                ..Role::default()
            },
        },
    };
    Ok(Arc::new(source.credentials(around)))
}

fn source(from: &RamSource, around: &Surroundings) -> Result<Source, RamSetupError> {
    Ok(match from {
        RamSource::AccessKeyFile(path) => Source::AccessKey(access_key(path)?),
        RamSource::CliProfile(_) if around.home.is_none() => return Err(RamSetupError::NoHome),
        RamSource::CliProfile(name) => Source::CliProfile(name.clone()),
        RamSource::EcsRole(name) => Source::EcsRole(Some(name.clone())),
    })
}

fn access_key(path: &Path) -> Result<SigningKey, RamSetupError> {
    let none = || RamSetupError::Key {
        path: path.to_owned(),
    };
    let text = read_private(path, READ_LIMIT).map_err(|source| RamSetupError::KeyFile {
        path: path.to_owned(),
        source,
    })?;
    let written: Written = serde_json::from_str(&text).map_err(|_quotes_the_text| none())?;
    let mut secret = written.access_key_secret;
    let is_fine = !secret.is_empty() && secret.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_fine {
        secret.zeroize();
        return Err(none());
    }
    Ok(SigningKey {
        access_key_id: written.access_key_id.parse().map_err(|_not_an_id| none())?,
        access_key_secret: Secret::new(secret),
        security_token: None,
    })
}

// === impl Way ===

impl Way {
    /// A client with this identity; clients of one way share connections.
    pub(super) fn client(&self, identity: Arc<dyn ProvideCredentials>) -> Client {
        let kms = Endpoint::shared(&self.region);
        let http = Arc::<Transport>::clone(&self.http);
        let mut builder = Client::builder(kms, Identity::from(identity), http)
            .clock(Arc::clone(&self.clock))
            .retry(self.retry)
            .user_agent(concat!("kms-server/", env!("CARGO_PKG_VERSION")));
        if let Some(ram) = &self.ram {
            builder = builder.product_endpoint(Product::Ram, ram.clone());
        }
        if let Some(sts) = &self.sts {
            builder = builder.product_endpoint(Product::Sts, sts.clone());
        }
        builder.build()
    }
}
