//! `[[delivery]]`.

use kms_client::{
    Endpoint,
    delivery::{Addressing, Encryption},
};
use kms_service::{DeliveryPlace, DeliveryTarget};
use kms_types::RegionId;

use super::{
    Wrong,
    identity::{self, endpoint, text},
    lists::{Entry, List},
    value::{Value, path},
    words::{list, optional},
};
use crate::settings::{CloudIdentity, DeliveryService, DeliverySettings};

pub(super) const LIST: List = List {
    name: "delivery",
    keys: &[
        "target",
        "service",
        "accounts",
        "endpoint",
        "path_style",
        "bucket",
        "region",
        "prefix",
        "encryption",
        "limit_bytes",
        "access_key_file",
        "cli_profile",
        "ecs_role",
        "role_arn",
        "external_id",
        "sts_endpoint",
        "timeout_seconds",
        "ca_file",
    ],
    apply: |to, entries| {
        to.deliveries = entries.iter().map(one).collect::<Result<_, _>>()?;
        Ok(())
    },
    show: |of| of.deliveries.iter().map(shown).collect(),
};

/// What the names of objects begin with, as in buckets of the cloud's audit services.
const PREFIX: &str = "AliyunLogs/Config";

/// The longest that a call may take; credentials may take as long, and both are less than what a
/// server has to itself.
const LONGEST_PATIENCE: u64 = 30;

fn one(entry: &Entry<'_, '_>) -> Result<DeliverySettings, Wrong> {
    let needed = "target, the ARN that channels name";
    let target: DeliveryTarget = entry.need("target", needed, Value::parsed)?;
    let service = service(entry, &target)?;
    let endpoint = match service {
        DeliveryService::S3 { .. } => None,
        _ => entry.get("endpoint", endpoint)?,
    };
    let identity = identity::read(entry)?;
    let sts_endpoint = entry.get("sts_endpoint", identity::endpoint)?;
    if sts_endpoint.is_some() && !matches!(identity, CloudIdentity::Role { .. }) {
        return Err(entry.wrong("sts_endpoint is for a role_arn"));
    }
    let is_path = entry.get("path_style", Value::boolean)?;
    let patience = entry.get("timeout_seconds", |value| {
        value.seconds(1..=LONGEST_PATIENCE)
    })?;
    Ok(DeliverySettings {
        target: entry.need("target", needed, text)?,
        accounts: entry.get("accounts", Value::list)?.unwrap_or_default(),
        service,
        endpoint,
        addressing: if is_path == Some(true) {
            Addressing::Path
        } else {
            Addressing::Host
        },
        limit: entry.get("limit_bytes", |value| value.size(1024..=5_242_880))?,
        identity,
        sts_endpoint,
        patience: patience.unwrap_or(std::time::Duration::from_secs(10)),
        ca_file: entry.get("ca_file", path)?,
    })
}

fn service(entry: &Entry<'_, '_>, target: &DeliveryTarget) -> Result<DeliveryService, Wrong> {
    let service = entry.need("service", "service, what it goes to: oss, s3 or sls", text)?;
    if service == "sls" {
        for key in ["bucket", "prefix", "encryption"] {
            if entry.get(key, |_value| Ok(()))?.is_some() {
                return Err(entry.wrong(format!("{key} is for oss and s3")));
            }
        }
        let DeliveryPlace::Logstore { project, name } = &target.place else {
            return Err(entry.wrong("service = sls is for a target that begins with acs:log:"));
        };
        return Ok(DeliveryService::Sls {
            region: region(entry, target)?,
            project: project.clone(),
            logstore: name.clone(),
        });
    }
    let bucket = match (entry.get("bucket", bucket)?, &target.place) {
        (Some(said), _) => said,
        (None, DeliveryPlace::Bucket(named)) => named.clone(),
        (None, _) => return Err(entry.wrong("the target names no bucket; bucket does")),
    };
    let prefix = entry.get("prefix", prefix)?;
    let prefix = prefix.unwrap_or_else(|| PREFIX.to_owned());
    let encryption = entry.get("encryption", encryption)?;
    match service.as_str() {
        "oss" => Ok(DeliveryService::Oss {
            region: region(entry, target)?,
            bucket,
            prefix,
            encryption,
        }),
        "s3" => Ok(DeliveryService::S3 {
            endpoint: entry
                .get("endpoint", endpoint)?
                .ok_or_else(|| entry.wrong("service = s3 needs endpoint, where it is"))?,
            region: entry
                .get("region", Value::parsed::<RegionId>)?
                .map_or_else(|| "us-east-1".to_owned(), |region| region.to_string()),
            bucket,
            prefix,
            encryption,
        }),
        _ => Err(entry.wrong("service must be oss, s3 or sls")),
    }
}

fn region(entry: &Entry<'_, '_>, target: &DeliveryTarget) -> Result<RegionId, Wrong> {
    let said = entry.get("region", Value::parsed)?;
    Ok(said.unwrap_or_else(|| target.region.clone()))
}

/// A bucket may have dots at services that are not the cloud's.
fn bucket(value: &Value<'_, '_>) -> Result<String, Wrong> {
    let text = value.text()?;
    let is_edge = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    let is_fine = (3..=63).contains(&bytes.len())
        && bytes
            .iter()
            .all(|byte| is_edge(byte) || matches!(byte, b'-' | b'.'))
        && bytes.first().is_some_and(is_edge)
        && bytes.last().is_some_and(is_edge)
        && !text.contains("..");
    if !is_fine {
        return Err(value.wrong(
            "must be 3 to 63 lower-case letters, digits, hyphens and dots, a letter or digit at \
             both ends",
        ));
    }
    Ok(text.to_owned())
}

fn prefix(value: &Value<'_, '_>) -> Result<String, Wrong> {
    let text = value.text()?;
    let is_part = |part: &str| {
        let is_mark = |byte| matches!(byte, b'-' | b'_' | b'.' | b'=');
        !matches!(part, "" | "." | "..")
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || is_mark(byte))
    };
    if text.len() > 256 || !text.split('/').all(is_part) {
        return Err(value.wrong(
            "must be names between slashes, of letters, digits and -_.=, without a slash at either end",
        ));
    }
    Ok(text.to_owned())
}

fn encryption(value: &Value<'_, '_>) -> Result<Encryption, Wrong> {
    match value.text()? {
        "AES256" => Ok(Encryption::Aes256),
        "KMS" => Ok(Encryption::Kms),
        _ => Err(value.wrong("must be AES256 or KMS")),
    }
}

fn shown(delivery: &DeliverySettings) -> Vec<String> {
    let url = |at: Option<&Endpoint>| at.map(ToString::to_string).unwrap_or_default();
    let mut at = delivery.endpoint.as_ref();
    let (region, bucket, prefix, encryption) = match &delivery.service {
        DeliveryService::Oss {
            region,
            bucket,
            prefix,
            encryption,
        } => (
            region.as_str(),
            bucket.as_str(),
            prefix.as_str(),
            *encryption,
        ),
        DeliveryService::S3 {
            endpoint,
            region,
            bucket,
            prefix,
            encryption,
        } => {
            at = Some(endpoint);
            (
                region.as_str(),
                bucket.as_str(),
                prefix.as_str(),
                *encryption,
            )
        }
        DeliveryService::Sls { region, .. } => (region.as_str(), "", "", None),
    };
    let limit = delivery.limit.map(|limit| limit.to_string());
    let [file, profile, ecs, role, external_id] = identity::shown(&delivery.identity);
    vec![
        delivery.target.clone(),
        delivery.service.as_str().to_owned(),
        list(&delivery.accounts),
        url(at),
        (delivery.addressing == Addressing::Path).to_string(),
        bucket.to_owned(),
        region.to_owned(),
        prefix.to_owned(),
        encryption
            .map(Encryption::as_str)
            .unwrap_or_default()
            .to_owned(),
        limit.unwrap_or_default(),
        file,
        profile,
        ecs,
        role,
        external_id,
        url(delivery.sts_endpoint.as_ref()),
        delivery.patience.as_secs().to_string(),
        optional(delivery.ca_file.as_ref()),
    ]
}
