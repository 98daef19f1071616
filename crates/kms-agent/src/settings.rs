use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use kms_types::SecretName;

/// Everything that `config.toml` says, defaults filled in, checked (seed 002).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Settings {
    /// `[Server]`.
    pub server: ServerSettings,
    /// `[Kms]`.
    pub kms: KmsSettings,
    /// `[Cache]`.
    pub cache: CacheSettings,
    /// `[Log]`.
    pub log: LogSettings,
    /// `[[Render]]`, once for each file. Ours; none by default.
    pub render: Vec<RenderSettings>,
}

/// `[Server]`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ServerSettings {
    /// `HttpPort`; 0 asks the system for a free one.
    pub http_port: u16,
    /// `SSRFHeaders`: names in lower case, at least one.
    pub ssrf_headers: Vec<String>,
    /// `SSRFEnvVariables`: at least one.
    pub ssrf_env_variables: Vec<String>,
    /// `PathPrefix`: begins and ends with `/`.
    pub path_prefix: String,
    /// `MaxConn`: requests in progress at once.
    pub max_conn: usize,
    /// `ResponseType`.
    pub response_type: ResponseType,
    /// `IgnoreTransientErrors`.
    pub ignore_transient_errors: bool,
    /// `VaultMounts`: mount name to KV version, 1 or 2. Ours; none by default.
    pub vault_mounts: BTreeMap<String, u8>,
    /// `CredentialsUriSecrets`: hosted AccessKeys that are answered in the shape of
    /// CredentialsURI. Ours; none by default.
    pub credentials_uri_secrets: Vec<SecretName>,
    /// `CredentialsUriToken`: where the token may stand on that route. Ours.
    pub credentials_uri_token: UriToken,
    /// Which refusals of our own are switched off, one rule at a time (security reference §0).
    pub relaxed_rules: Vec<String>,
}

/// `ResponseType`: whose answer is imitated.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum ResponseType {
    /// 1: AWS Secrets Manager.
    Aws,
    /// 0: KMS itself.
    #[default]
    Kms,
    /// 2: Vault KV.
    Vault,
}

/// `CredentialsUriToken`: where else than in its header the token may stand, on the route of
/// CredentialsURI alone.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum UriToken {
    /// Nowhere else.
    #[default]
    Header,
    /// As the parameter `token`, if it is not in the header.
    Query,
    /// As the path's first segment behind `/credentials/`, and there only.
    Path,
}

/// `[[Render]]`: a file with a hosted AccessKey, which the agent keeps fresh.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RenderSettings {
    /// `Secret`: the name of the secret that hosts the AccessKey.
    pub secret: SecretName,
    /// `File`: where to.
    pub file: PathBuf,
    /// `Format`.
    pub format: RenderFormat,
    /// `Profile`: what the profile or the section is called; `default` unless given.
    pub profile: String,
    /// `Mode`: whether the file's group may read it, too (0640 instead of 0600).
    pub group: bool,
}

/// `Format` of a rendered file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RenderFormat {
    /// `profile`: `config.json` of the aliyun CLI, with one profile of mode AK.
    Profile,
    /// `ini`: the credentials file that the SDKs share, with one section.
    Ini,
    /// `env`: two lines `NAME=value`.
    Env,
}

/// `[Kms]`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KmsSettings {
    /// `Region`.
    pub region: String,
    /// `Endpoint`: host, host:port or URL; derived from the region if absent.
    pub endpoint: String,
    /// `CaFile`: a PEM file whose certificates are trusted beside the usual ones. Ours.
    pub ca_file: Option<PathBuf>,
    /// `ClientKeyFile`: the identity is this ClientKey and not the default chain's. Ours.
    pub client_key_file: Option<PathBuf>,
    /// `ClientKeyPasswordFile`: its password; else the variable KMS_CLIENT_KEY_PASSWORD. Ours.
    pub client_key_password_file: Option<PathBuf>,
}

/// `[Cache]`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CacheSettings {
    /// `CacheSize` in secrets; 0 switches the cache off.
    pub size: usize,
    /// `TtlSeconds`; zero asks upstream each time but keeps values for failures.
    pub ttl: Duration,
    /// `EnableLRU`: evict the least recently used instead of the first stored.
    pub lru: bool,
    /// `NegativeTtlSeconds`: how long a not-found or forbidden is remembered; zero: not at all. Ours.
    pub negative_ttl: Duration,
    /// `MaxStaleSeconds`: how long past its TTL a value may stand in; `None`: for ever. Ours.
    pub max_stale: Option<Duration>,
}

/// `[Log]`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LogSettings {
    /// `LogLevel`.
    pub level: LogLevel,
    /// `LogPath`: a directory, or `/dev/stdout`.
    pub path: PathBuf,
    /// `MaxSize` of one file, in bytes (the key counts MB of 1,048,576).
    pub max_size: u64,
    /// `MaxBackups` beside the live file.
    pub max_backups: usize,
}

/// `LogLevel`.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub enum LogLevel {
    /// The default of seed 002, and safe at that.
    #[default]
    Debug,
    /// Starts, stops, changes.
    Info,
    /// What may need a look.
    Warn,
    /// What needs one.
    Error,
}

// === impl defaults: seed 002's full configuration ===

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            http_port: 2025,
            ssrf_headers: vec!["x-kms-token".to_owned(), "x-vault-token".to_owned()],
            ssrf_env_variables: [
                "KMS_TOKEN",
                "KMS_SESSION_TOKEN",
                "KMS_CONTAINER_AUTHORIZATION_TOKEN",
            ]
            .map(str::to_owned)
            .to_vec(),
            path_prefix: "/v1/".to_owned(),
            max_conn: 800,
            response_type: ResponseType::default(),
            ignore_transient_errors: true,
            vault_mounts: BTreeMap::new(),
            credentials_uri_secrets: Vec::new(),
            credentials_uri_token: UriToken::default(),
            relaxed_rules: Vec::new(),
        }
    }
}

impl Default for KmsSettings {
    fn default() -> Self {
        Self {
            region: "cn-hangzhou".to_owned(),
            endpoint: "kms.cn-hangzhou.aliyuncs.com".to_owned(),
            ca_file: None,
            client_key_file: None,
            client_key_password_file: None,
        }
    }
}

impl Default for CacheSettings {
    fn default() -> Self {
        Self {
            size: 1000,
            ttl: Duration::from_mins(5),
            lru: false,
            negative_ttl: Duration::from_secs(2),
            max_stale: Some(Duration::from_hours(24)),
        }
    }
}

impl Default for LogSettings {
    fn default() -> Self {
        Self {
            level: LogLevel::default(),
            path: PathBuf::from("./logs/"),
            max_size: 100 * 1024 * 1024,
            max_backups: 2,
        }
    }
}
