//! The identities, and how an agent gets each.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use kms_testkit::{RoleCredentials, agent::AgentSetup};
use serde_json::json;

/// Who the agent is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Identity {
    /// An AccessKey in the environment; it has no end.
    AccessKey,
    /// Temporary credentials in the environment.
    StsToken,
    /// A role by a profile of the CLI (`RamRoleArn`).
    CliProfile,
    /// Temporary credentials by the INI file, which somebody else keeps fresh.
    IniProfile,
    /// The role of an ECS machine.
    EcsRole,
    /// A role by the token of a ServiceAccount.
    Rrsa,
    /// A ClientKey on the shared gateway.
    ClientKeyShared,
    /// A ClientKey on the gateway of an instance.
    ClientKeyInstance,
}

/// Where an agent finds things.
pub(super) struct Place<'a> {
    /// The agent.
    pub(super) program: &'a str,
    /// Homes, keys, tokens.
    pub(super) folder: &'a Path,
    /// An AccessKey, id and secret, of a user who may assume roles.
    pub(super) access_key: [&'a str; 2],
    pub(super) account: &'a str,
    pub(super) openapi: String,
    pub(super) openapi_tls: String,
    pub(super) instance: String,
    pub(super) ca: &'a str,
    pub(super) sts: String,
    pub(super) imds: String,
}

/// The cluster of the service account.
pub(super) const CLUSTER: &str = "suite-cluster";

/// The role that its token is good for.
pub(super) const RRSA_ROLE: &str = "suite-rrsa";

// === impl Identity ===

impl Identity {
    pub(super) const ALL: [Self; 8] = [
        Self::AccessKey,
        Self::StsToken,
        Self::CliProfile,
        Self::IniProfile,
        Self::EcsRole,
        Self::Rrsa,
        Self::ClientKeyShared,
        Self::ClientKeyInstance,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::AccessKey => "environment-access-key",
            Self::StsToken => "environment-sts-token",
            Self::CliProfile => "cli-profile",
            Self::IniProfile => "ini-profile",
            Self::EcsRole => "ecs-role",
            Self::Rrsa => "rrsa",
            Self::ClientKeyShared => "client-key-shared",
            Self::ClientKeyInstance => "client-key-instance",
        }
    }

    /// An agent that finds this identity and no other, and asks the server each time.
    pub(super) fn setup(self, place: &Place<'_>) -> Result<AgentSetup> {
        let endpoint = match self {
            Self::ClientKeyShared => &place.openapi_tls,
            Self::ClientKeyInstance => &place.instance,
            _ => &place.openapi,
        };
        let home = place.folder.join("home").join(self.name());
        let setup = AgentSetup::new(place.program, endpoint)
            .config("Cache", "TtlSeconds = 0")
            .env("ALIBABA_CLOUD_ACCESS_KEY_ID", None)
            .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", None)
            .env("HOME", home.to_str());
        Ok(match self {
            Self::AccessKey => setup
                .env("ALIBABA_CLOUD_ACCESS_KEY_ID", Some(place.access_key[0]))
                .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", Some(place.access_key[1])),
            Self::StsToken => {
                let credentials = credentials(&place.folder.join("environment.json"))?;
                let (id, secret) = (credentials.access_key_id, credentials.access_key_secret);
                let token = credentials.security_token;
                setup
                    .env("ALIBABA_CLOUD_ACCESS_KEY_ID", Some(&id))
                    .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", Some(&secret))
                    .env("ALIBABA_CLOUD_SECURITY_TOKEN", Some(&token))
            }
            Self::CliProfile => {
                write(&home.join(".aliyun/config.json"), &cli_profile(place))?;
                setup.env("KMS_STS_ENDPOINT", Some(&place.sts))
            }
            Self::IniProfile => setup,
            Self::EcsRole => setup
                .env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", None)
                .env("KMS_IMDS_ENDPOINT", Some(&place.imds)),
            Self::Rrsa => {
                let account = place.account;
                let role = format!("acs:ram::{account}:role/{RRSA_ROLE}");
                let provider = format!("acs:ram::{account}:oidc-provider/{CLUSTER}");
                setup
                    .env("KMS_STS_ENDPOINT", Some(&place.sts))
                    .env("ALIBABA_CLOUD_ROLE_ARN", Some(&role))
                    .env("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", Some(&provider))
                    .env(
                        "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
                        place.folder.join("token").to_str(),
                    )
            }
            Self::ClientKeyShared | Self::ClientKeyInstance => {
                let path = |name: &str| place.folder.join(name).display().to_string();
                let line = |key: &str, value: &str| format!("{key} = {value:?}");
                let key = path(&format!("{}.json", self.name()));
                let password = path("password.txt");
                setup
                    .config("Kms", &line("CaFile", place.ca))
                    .config("Kms", &line("ClientKeyFile", &key))
                    .config("Kms", &line("ClientKeyPasswordFile", &password))
            }
        })
    }
}

/// As the CLI writes it.
fn cli_profile(place: &Place<'_>) -> String {
    let [id, secret] = place.access_key;
    json!({
        "current": "default",
        "profiles": [{
            "name": "default",
            "mode": "RamRoleArn",
            "access_key_id": id,
            "access_key_secret": secret,
            "ram_role_arn": format!("acs:ram::{}:role/suite-cli", place.account),
            "ram_session_name": "suite",
            "expired_seconds": 3600,
            "region_id": "cn-hangzhou",
        }],
    })
    .to_string()
}

/// The INI file of [`Identity::IniProfile`], in one step.
pub(super) fn write_ini(folder: &Path, credentials: &RoleCredentials) -> Result<()> {
    let home = folder.join("home").join(Identity::IniProfile.name());
    let text = format!(
        "[default]\ntype = sts\naccess_key_id = {}\naccess_key_secret = {}\nsecurity_token = {}\n",
        credentials.access_key_id, credentials.access_key_secret, credentials.security_token
    );
    write(&home.join(".alibabacloud/credentials"), &text)
}

/// What STS answered, as `identities.py` kept it.
pub(super) fn credentials(file: &Path) -> Result<RoleCredentials> {
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let fields: serde_json::Value = serde_json::from_str(&text).context("credentials")?;
    let field = |name: &str| {
        let value = fields.get(name).and_then(serde_json::Value::as_str);
        value
            .map(str::to_owned)
            .with_context(|| format!("the credentials have no {name}"))
    };
    Ok(RoleCredentials {
        access_key_id: field("AccessKeyId")?,
        access_key_secret: field("AccessKeySecret")?,
        security_token: field("SecurityToken")?,
        expiration: field("Expiration")?,
    })
}

fn write(path: &Path, text: &str) -> Result<()> {
    let beside = path.with_extension("new");
    path.parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(&beside, text))
        .and_then(|()| fs::rename(&beside, path))
        .with_context(|| format!("writing {}", path.display()))
}
