//! What a server is told: parsed, complete, defaults filled in.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use jiff::SignedDuration;
use kms_types::{AccountId, Cidr, InstanceId, RegionId, Secret};

use crate::{
    database::Place,
    gateway::{Limits, Rates},
    root::RootKeySource,
};

mod audit;
mod delivery;
mod events;
mod identity;
mod mail;
mod ram;
mod rotation;
mod webhook;

pub use audit::AuditSettings;
pub use delivery::{DeliveryService, DeliverySettings};
pub use events::EventWebhookSettings;
pub use identity::{CloudIdentity, CloudSource};
pub use mail::{MailSecurity, MailServer, MailSettings};
pub use ram::RamSettings;
pub use rotation::RotationSettings;
pub use webhook::WebhookSettings;

/// All of it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The region that the server answers as.
    pub region: RegionId,
    /// Where everything goes that has no place of its own.
    pub data_dir: PathBuf,
    /// How long an instance is being connected.
    pub instance_connect_time: SignedDuration,
    /// Where it listens.
    pub listen: Listen,
    /// Where it answers questions for names; nowhere if empty.
    pub dns: Vec<SocketAddr>,
    /// What it proves itself with.
    pub tls: Tls,
    /// Where records lie.
    pub store: StoreSettings,
    /// What opens them.
    pub root_key: RootKeySettings,
    /// Where each call is written down.
    pub audit: AuditSettings,
    /// Where it writes what it does.
    pub log: LogSettings,
    /// What one client may ask of it.
    pub limits: Limits,
    /// How often.
    pub rates: Rates,
    /// How many used nonces are remembered at most.
    pub nonces: usize,
    /// The instances whose gateways it is.
    pub instances: Vec<InstanceSettings>,
    /// How secrets are rotated.
    pub rotation: RotationSettings,
    /// The accounts whose RAM is another one than this server's.
    pub rams: Vec<RamSettings>,
    /// Who rotates secrets.
    pub webhooks: Vec<WebhookSettings>,
    /// Who is told of events.
    pub event_webhooks: Vec<EventWebhookSettings>,
    /// Who gets mail of them.
    pub mail: Vec<MailSettings>,
    /// Where findings go that channels send.
    pub deliveries: Vec<DeliverySettings>,
}

/// Where used nonces are noted, and how many are remembered.
#[derive(Clone, Debug)]
pub struct Nonces {
    /// The file.
    pub file: PathBuf,
    /// At most. When so many calls are within their quarter of an hour, others are throttled.
    pub most: usize,
}

/// Addresses; none in a list means that the listener is off.
#[derive(Clone, Debug)]
pub struct Listen {
    /// OpenAPI over TLS.
    pub https: Vec<SocketAddr>,
    /// OpenAPI without TLS.
    pub http: Vec<SocketAddr>,
    /// Who may speak to [`Self::http`] from another machine: proxies that end TLS.
    pub proxies: Vec<Cidr>,
    /// The instances' gateways, over TLS.
    pub instance: Vec<SocketAddr>,
    /// Health and metrics, without TLS.
    pub admin: Vec<SocketAddr>,
}

/// The shared gateway's certificate.
#[derive(Clone, Debug)]
pub struct Tls {
    /// Both files, PEM; without them the server is its own authority.
    pub files: Option<CertificateFiles>,
    /// What the certificate of its own authority is for.
    pub names: Vec<String>,
}

/// A certificate chain and its key, PEM.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CertificateFiles {
    /// The server's certificate first, then those between it and the root.
    pub certificate: PathBuf,
    /// PKCS #8, PKCS #1 or SEC 1.
    pub key: PathBuf,
}

/// SQLite unless a URL is given.
#[derive(Clone, Debug)]
pub struct StoreSettings {
    /// The SQLite file, if it is not in its usual place.
    pub file: Option<PathBuf>,
    /// The PostgreSQL database.
    pub url: Option<Secret<String>>,
    /// The file that holds its URL.
    pub url_file: Option<PathBuf>,
    /// Connections to it at most.
    pub connections: u32,
    /// How long one of its statements may take.
    pub statement_timeout: Duration,
}

/// Where the root key comes from.
#[derive(Clone, Debug)]
pub struct RootKeySettings {
    /// The key that the keyring is wrapped with.
    pub current: RootKeySource,
    /// The one before, while another takes its place.
    pub previous: Option<RootKeySource>,
    /// Whether the key's file may lie beside the data that it opens.
    pub same_filesystem: bool,
}

/// The log's files.
#[derive(Clone, Debug)]
pub struct LogSettings {
    /// The folder, if it is not in its usual place.
    pub dir: Option<PathBuf>,
    /// The least that is written.
    pub level: LogLevel,
    /// When the next file begins, in bytes.
    pub max_size: u64,
    /// How many older ones stay.
    pub backups: usize,
}

/// How much is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LogLevel {
    /// Everything.
    Debug,
    /// A line per call.
    Info,
    /// What somebody may have to look at.
    Warn,
    /// What somebody has to look at.
    Error,
}

/// One KMS instance.
#[derive(Clone, Debug)]
pub struct InstanceSettings {
    /// Its id.
    pub id: InstanceId,
    /// Whose it is.
    pub account: AccountId,
    /// What its gateway is called, beside its name in the cloud.
    pub names: Vec<String>,
    /// Its certificate; without one the server's own authority makes it.
    pub files: Option<CertificateFiles>,
    /// The authority that its clients are told to trust, PEM.
    pub ca_file: Option<PathBuf>,
}

/// What an instance's host name ends with, as in the cloud.
pub const INSTANCE_DOMAIN: &str = "cryptoservice.kms.aliyuncs.com";

// === impl Settings ===

impl Settings {
    /// Where the records lie.
    pub fn place(&self) -> Place {
        match (&self.store.url, &self.store.url_file) {
            (Some(url), _) => Place::Postgres {
                url: url.clone(),
                connections: self.store.connections,
                statement_timeout: self.store.statement_timeout,
            },
            (None, Some(file)) => Place::PostgresOfFile {
                file: file.clone(),
                connections: self.store.connections,
                statement_timeout: self.store.statement_timeout,
            },
            (None, None) => Place::Sqlite(
                self.store
                    .file
                    .clone()
                    .unwrap_or_else(|| self.data_dir.join("store/kms.db")),
            ),
        }
    }

    /// Where the log goes.
    pub fn log_dir(&self) -> PathBuf {
        self.log
            .dir
            .clone()
            .unwrap_or_else(|| self.data_dir.join("logs"))
    }

    /// Where used nonces are noted.
    pub fn nonces(&self) -> Nonces {
        Nonces::at(self.data_dir.join("nonces"), self.nonces)
    }

    /// Where commands beside the server would note them: its own file is the server's alone.
    pub fn operations_nonces(&self) -> Nonces {
        Nonces::at(self.data_dir.join("nonces-operations"), self.nonces)
    }
}

impl Default for Settings {
    fn default() -> Self {
        let data_dir = PathBuf::from("/var/lib/kms-server");
        let local = |port| vec![SocketAddr::from((Ipv4Addr::LOCALHOST, port))];
        Self {
            region: default_region(),
            data_dir,
            instance_connect_time: SignedDuration::ZERO,
            listen: Listen {
                https: local(9471),
                http: Vec::new(),
                proxies: Vec::new(),
                instance: local(9472),
                admin: local(9473),
            },
            dns: Vec::new(),
            tls: Tls {
                files: None,
                names: vec!["localhost".into(), "127.0.0.1".into(), "::1".into()],
            },
            store: StoreSettings {
                file: None,
                url: None,
                url_file: None,
                connections: 16,
                statement_timeout: Duration::from_secs(30),
            },
            root_key: RootKeySettings {
                current: RootKeySource::File("/etc/kms-server/root.key".into()),
                previous: None,
                same_filesystem: false,
            },
            audit: AuditSettings {
                file: None,
                server: None,
                max_size: 100 << 20,
                reserve: 16 << 20,
                socket: None,
            },
            log: LogSettings {
                dir: None,
                level: LogLevel::Info,
                max_size: 100 * 1024 * 1024,
                backups: 10,
            },
            limits: Limits::default(),
            rates: Rates::default(),
            nonces: Nonces::MOST,
            instances: Vec::new(),
            rotation: RotationSettings::default(),
            rams: Vec::new(),
            webhooks: Vec::new(),
            event_webhooks: Vec::new(),
            mail: Vec::new(),
            deliveries: Vec::new(),
        }
    }
}

// === impl Nonces ===

impl Nonces {
    /// 26,000 calls a second, all the time, in some 300 MB; memory is taken when it is used.
    pub const MOST: usize = 24_000_000;

    /// In this file, at most that many.
    pub fn at(file: PathBuf, most: usize) -> Self {
        Self { file, most }
    }
}

// === impl InstanceSettings ===

impl InstanceSettings {
    /// Everything that its gateway is called.
    pub fn all_names(&self) -> Vec<String> {
        let own = format!("{}.{INSTANCE_DOMAIN}", self.id);
        std::iter::once(own).chain(self.names.clone()).collect()
    }
}

#[expect(clippy::expect_used, reason = "a test reads the defaults")]
fn default_region() -> RegionId {
    // A region's name is letters, digits and hyphens.
    "cn-hangzhou".parse().expect("a region")
}
