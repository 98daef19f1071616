//! `cache_client_region_id` and `cache_client_dkms_config_info`: JSON in a property.

use std::path::PathBuf;

use kms_types::{RegionId, Secret};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{
    Caller, Gateway, KeyText, ManagedConfigError, Password,
    credentials::{self, KEY_FILE},
    missing, required, shown, wrong,
};
use crate::{Endpoint, managed::Properties};

/// A region's shared gateway.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    #[serde(rename = "regionId")]
    id: String,
    endpoint: Option<String>,
    vpc: Option<Flag>,
    ca_file_path: Option<String>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

/// An instance's gateway.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Instance {
    region_id: Option<String>,
    endpoint: Option<String>,
    client_key_file: Option<String>,
    client_key_content: Option<String>,
    password_from_file_path: Option<String>,
    password_from_file_path_name: Option<String>,
    password_from_env_variable: Option<String>,
    ignore_ssl_certs: Option<Flag>,
    /// The older name is that of the plug-in for Go.
    #[serde(alias = "caCert")]
    ca_file_path: Option<String>,
    protocol: Option<String>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

/// `true`, or `"true"`: both are written.
#[derive(Deserialize)]
#[serde(untagged)]
enum Flag {
    Bool(bool),
    Text(String),
}

const REGIONS: &str = "cache_client_region_id";
const INSTANCES: &str = "cache_client_dkms_config_info";

/// More regions than there are.
const MOST: usize = 64;

/// Where secrets are read. As the plug-ins do, instances count before the shared gateway and
/// make `credentials_type` and `cache_client_region_id` mean nothing.
pub(super) fn read(
    properties: &Properties,
    warnings: &mut Vec<String>,
) -> Result<Vec<Gateway>, ManagedConfigError> {
    if let Some(text) = properties.get(INSTANCES) {
        let instances: Vec<Instance> = list(INSTANCES, text)?;
        if !instances.is_empty() {
            return instances
                .into_iter()
                .enumerate()
                .map(|(at, instance)| {
                    let key = format!("{INSTANCES}[{at}]");
                    pass_over(&key, &instance.others, warnings);
                    instance.gateway(&key, properties)
                })
                .collect();
        }
    }
    let hint =
        "[{\"regionId\":\"cn-hangzhou\"}], or cache_client_dkms_config_info for a KMS instance";
    let regions: Vec<Region> = list(REGIONS, required(properties, REGIONS, hint)?)?;
    if regions.is_empty() {
        return Err(wrong(REGIONS, "names no region"));
    }
    let caller = credentials::caller(properties)?;
    regions
        .into_iter()
        .enumerate()
        .map(|(at, region)| {
            let key = format!("{REGIONS}[{at}]");
            pass_over(&key, &region.others, warnings);
            region.gateway(&key, caller.clone())
        })
        .collect()
}

/// Serde's own words would quote the value.
fn list<T: DeserializeOwned>(key: &str, text: &str) -> Result<Vec<T>, ManagedConfigError> {
    let entries: Vec<T> = serde_json::from_str(text).map_err(|error| {
        wrong(
            key,
            format!(
                "is no JSON list of objects with the names and kinds of values that are known \
                 (at byte {})",
                error.column()
            ),
        )
    })?;
    if entries.len() > MOST {
        return Err(wrong(key, format!("has more than {MOST} entries")));
    }
    Ok(entries)
}

fn pass_over(key: &str, others: &Map<String, Value>, warnings: &mut Vec<String>) {
    for name in others.keys() {
        let name = shown(name);
        warnings.push(format!("{key}: {name} is not known here and passed over"));
    }
}

fn region(key: &str, text: &str) -> Result<RegionId, ManagedConfigError> {
    text.parse()
        .map_err(|why| wrong(format!("{key} regionId"), format!("is {why}")))
}

pub(super) fn endpoint(key: &str, text: &str) -> Result<Endpoint, ManagedConfigError> {
    text.parse()
        .map_err(|why: crate::ParseEndpointError| wrong(key, why.to_string()))
}

// === impl Region ===

impl Region {
    fn gateway(self, key: &str, caller: Caller) -> Result<Gateway, ManagedConfigError> {
        let region = region(key, self.id.trim())?;
        let given = filled(self.endpoint.as_ref());
        let endpoint = match given {
            Some(text) => endpoint(&format!("{key} endpoint"), text)?,
            None if self.vpc.is_some_and(|vpc| vpc.is_true()) => endpoint(
                &format!("{key} endpoint"),
                &format!("kms-vpc.{region}.aliyuncs.com"),
            )?,
            None => Endpoint::shared(&region),
        };
        Ok(Gateway {
            region,
            endpoint,
            ca_file: filled(self.ca_file_path.as_ref()).map(PathBuf::from),
            caller,
        })
    }
}

// === impl Instance ===

impl Instance {
    fn gateway(self, key: &str, properties: &Properties) -> Result<Gateway, ManagedConfigError> {
        let needed = |name: &str, value: &Option<String>, hint| {
            filled(value.as_ref())
                .map(str::to_owned)
                .ok_or_else(|| missing(format!("{key} {name}"), hint))
        };
        let region_id = needed(
            "regionId",
            &self.region_id,
            "the region of the KMS instance",
        )?;
        let host = needed(
            "endpoint",
            &self.endpoint,
            "{instance id}.cryptoservice.kms.aliyuncs.com",
        )?;
        if self.ignore_ssl_certs.as_ref().is_some_and(Flag::is_true) {
            return Err(wrong(
                format!("{key} ignoreSslCerts"),
                "is true, but certificates are always verified here: set it to false, and \
                 caFilePath to the CA certificate of the instance",
            ));
        }
        let protocol = filled(self.protocol.as_ref()).unwrap_or("https");
        if !protocol.eq_ignore_ascii_case("https") {
            return Err(wrong(
                format!("{key} protocol"),
                "is not https; for a server on this machine the endpoint may begin with http://",
            ));
        }
        let ca_file = filled(self.ca_file_path.as_ref());
        if ca_file.is_some_and(|path| path.contains("-----BEGIN")) {
            return Err(wrong(
                format!("{key} caCert"),
                "holds the certificate itself; write it into a file and name that in caFilePath",
            ));
        }
        let shared_file = properties.get(KEY_FILE).map(str::to_owned);
        let file = filled(self.client_key_file.as_ref()).map(str::to_owned);
        let content = filled(self.client_key_content.as_ref());
        let key_text = match (file, content) {
            (Some(file), _) => KeyText::File(file.into()),
            (None, Some(content)) => KeyText::Content(Secret::from(content)),
            (None, None) => KeyText::File(PathBuf::from(shared_file.ok_or_else(|| {
                missing(format!("{key} clientKeyFile"), "the file of the ClientKey")
            })?)),
        };
        Ok(Gateway {
            region: region(key, &region_id)?,
            endpoint: endpoint(&format!("{key} endpoint"), &host)?,
            ca_file: ca_file.map(PathBuf::from),
            caller: Caller::ClientKey {
                key: key_text,
                password: self.password(properties),
            },
        })
    }

    /// `passwordFromFilePath` is the path. The two others are names of properties or
    /// variables: of what holds the path, and of what holds the variable's name.
    fn password(&self, properties: &Properties) -> Password {
        if let Some(path) = filled(self.password_from_file_path.as_ref()) {
            return Password::File(path.into());
        }
        if let Some(name) = filled(self.password_from_env_variable.as_ref()) {
            return match properties.get(name) {
                Some(variable) => Password::Variable(variable.to_owned()),
                None => Password::VariableNamedBy(name.to_owned()),
            };
        }
        if let Some(name) = filled(self.password_from_file_path_name.as_ref()) {
            return match properties.get(name) {
                Some(path) => Password::File(path.into()),
                None => Password::FileNamedBy(name.to_owned()),
            };
        }
        credentials::password(properties)
    }
}

// === impl Flag ===

impl Flag {
    fn is_true(&self) -> bool {
        match self {
            Self::Bool(value) => *value,
            Self::Text(text) => text.trim().eq_ignore_ascii_case("true"),
        }
    }
}

fn filled(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}
