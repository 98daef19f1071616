//! As whom this server calls the cloud, from the configuration.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use kms_client::{Endpoint, Role, Source};
use kms_credentials::{DefaultCredentials, ProvideCredentials, Surroundings};
use kms_types::Secret;
use kms_wire::sign::SigningKey;
use serde::Deserialize;
use thiserror::Error;
use zeroize::Zeroize;

use crate::{
    files::read_private,
    settings::{CloudIdentity, CloudSource},
};

/// Why it cannot be that one.
#[derive(Debug, Error)]
pub enum IdentityError {
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

/// Reads the files that it names; nobody is asked before the first call.
///
/// # Errors
/// [`IdentityError`].
pub(crate) fn open(
    identity: &CloudIdentity,
    sts: Option<Endpoint>,
    around: Surroundings,
) -> Result<Arc<dyn ProvideCredentials>, IdentityError> {
    let source = match identity {
        CloudIdentity::Found => return Ok(Arc::new(DefaultCredentials::new(around))),
        CloudIdentity::Of(from) => source(from, &around)?,
        CloudIdentity::Role {
            source: from,
            role,
            external_id,
        } => Source::Role {
            source: Box::new(source(from, &around)?),
            role: Role {
                arn: role.to_string(),
                session_name: Some("kms-server".to_owned()),
                external_id: external_id.clone(),
                sts_endpoint: sts,
                ..Role::default()
            },
        },
    };
    Ok(Arc::new(source.credentials(around)))
}

fn source(from: &CloudSource, around: &Surroundings) -> Result<Source, IdentityError> {
    Ok(match from {
        CloudSource::AccessKeyFile(path) => Source::AccessKey(access_key(path)?),
        CloudSource::CliProfile(_) if around.home.is_none() => return Err(IdentityError::NoHome),
        CloudSource::CliProfile(name) => Source::CliProfile(name.clone()),
        CloudSource::EcsRole(name) => Source::EcsRole(Some(name.clone())),
    })
}

fn access_key(path: &Path) -> Result<SigningKey, IdentityError> {
    let none = || IdentityError::Key {
        path: path.to_owned(),
    };
    let text = read_private(path, READ_LIMIT).map_err(|source| IdentityError::KeyFile {
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
