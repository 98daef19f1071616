//! From the configuration to places.

use std::{collections::BTreeMap, sync::Arc};

use kms_client::{
    Endpoint, Source, Transport, TransportError,
    delivery::{Logstore, OssBucket, S3Bucket, Sender},
};
use kms_credentials::{ProvideCredentials, Surroundings};
use kms_types::{Clock, Env, Secret};
use kms_wire::sign::SigningKey;
use thiserror::Error;

use super::{
    Accounts, Deliveries, Mapped, Place,
    bucket::{Bucket, Objects},
};
use crate::{
    cloud_identity::{self, IdentityError},
    events,
    settings::{CloudIdentity, DeliveryService, DeliverySettings, Settings},
    webhook::WebhookError,
};

/// Why findings cannot be delivered.
#[derive(Debug, Error)]
pub enum DeliveryError {
    /// A program.
    #[error("cannot deliver to {url}")]
    Webhook {
        /// Which.
        url: String,
        /// Why.
        #[source]
        source: WebhookError,
    },
    /// As whom.
    #[error("cannot deliver to {target}")]
    Identity {
        /// For which target.
        target: String,
        /// Why.
        #[source]
        source: IdentityError,
    },
    /// No TLS, or a file of certificates that is of no use.
    #[error("cannot deliver to {target}")]
    Transport {
        /// For which target.
        target: String,
        /// Why.
        #[source]
        source: TransportError,
    },
    /// S3 has no chain of credentials of this cloud's.
    #[error(
        "nobody is named who puts objects for {target}: set access_key_file, cli_profile or \
         ecs_role, or the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    )]
    Nobody {
        /// For which target.
        target: String,
    },
}

// === impl Deliveries ===

impl Deliveries {
    /// Reads the files that the configuration names; nobody is asked before the first finding.
    ///
    /// # Errors
    /// [`DeliveryError`].
    pub fn open(
        settings: &Settings,
        env: &Env,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, DeliveryError> {
        let mut mapped = BTreeMap::new();
        for one in &settings.event_webhooks {
            let Some(target) = &one.target else { continue };
            let hook = events::hook(one, clock).map_err(|source| DeliveryError::Webhook {
                url: one.url.to_string(),
                source,
            })?;
            let hook = Mapped {
                place: Arc::new(hook),
                accounts: Accounts::Everybody,
                limit: None,
            };
            mapped.insert(target.clone(), hook);
        }
        for one in &settings.deliveries {
            let place = Mapped {
                place: place(one, env, clock)?,
                accounts: Accounts::of(&one.target, &one.accounts),
                limit: one.limit,
            };
            mapped.insert(one.target.clone(), place);
        }
        Ok(Self {
            mapped,
            ..Self::of_files(settings.data_dir.join("deliveries"))
        })
    }
}

fn place(
    settings: &DeliverySettings,
    env: &Env,
    clock: &Arc<dyn Clock>,
) -> Result<Arc<dyn Place>, DeliveryError> {
    let sender = sender(settings, env, clock)?;
    let addressing = settings.addressing;
    let endpoint = |usual: String| {
        let usual = || Endpoint::central(&usual);
        settings.endpoint.clone().unwrap_or_else(usual)
    };
    let (bucket, prefix) = match settings.service.clone() {
        DeliveryService::Sls {
            region,
            project,
            logstore,
        } => {
            let at = endpoint(format!("{region}.log"));
            let logstore = Logstore::new(sender, &region, project, logstore);
            return Ok(Arc::new(logstore.endpoint(at, addressing)));
        }
        DeliveryService::Oss {
            region,
            bucket,
            prefix,
            encryption,
        } => {
            let at = endpoint(format!("oss-{region}"));
            let bucket = OssBucket::new(sender, region, bucket).endpoint(at, addressing);
            (Bucket::Oss(bucket.encryption(encryption)), prefix)
        }
        DeliveryService::S3 {
            endpoint,
            region,
            bucket,
            prefix,
            encryption,
        } => {
            let bucket = S3Bucket::new(sender, endpoint, addressing, region, bucket);
            (Bucket::S3(bucket.encryption(encryption)), prefix)
        }
    };
    Ok(Arc::new(Objects { bucket, prefix }))
}

fn sender(
    settings: &DeliverySettings,
    env: &Env,
    clock: &Arc<dyn Clock>,
) -> Result<Sender, DeliveryError> {
    let target = || settings.target.clone();
    let http = Transport::new(env, settings.ca_file.as_deref());
    let http = http.map_err(|source| DeliveryError::Transport {
        target: target(),
        source,
    })?;
    let http = Arc::new(http);
    let around = Surroundings::new(
        env.clone(),
        Arc::<Transport>::clone(&http),
        Arc::clone(clock),
    );
    let is_s3 = matches!(settings.service, DeliveryService::S3 { .. });
    let identity: Arc<dyn ProvideCredentials> =
        if is_s3 && settings.identity == CloudIdentity::Found {
            let key = aws(env).ok_or_else(|| DeliveryError::Nobody { target: target() })?;
            Arc::new(Source::AccessKey(key).credentials(around))
        } else {
            let sts = settings.sts_endpoint.clone();
            let opened = cloud_identity::open(&settings.identity, sts, around);
            opened.map_err(|source| DeliveryError::Identity {
                target: target(),
                source,
            })?
        };
    Ok(Sender::new(http, identity)
        .clock(Arc::clone(clock))
        .patience(settings.patience))
}

/// The variables that every client of S3 reads.
fn aws(env: &Env) -> Option<SigningKey> {
    let said = |name| env.get(name).filter(|text| !text.is_empty());
    Some(SigningKey {
        access_key_id: said("AWS_ACCESS_KEY_ID")?.parse().ok()?,
        access_key_secret: Secret::from(said("AWS_SECRET_ACCESS_KEY")?),
        security_token: said("AWS_SESSION_TOKEN").map(Secret::from),
    })
}
