//! `kms-server serve`: a store that was made before, opened, checked and served.

use std::{fmt, io, net::SocketAddr, path::PathBuf, sync::Arc};

use jiff::Timestamp;
use kms_crypto::{Keyring, KeyringError};
use kms_service::{SetupError, UnlockError};
use kms_store::StoreError;
use kms_telemetry::{Exit, Lifecycle};
use kms_types::{Clock, Env};
use thiserror::Error;

use crate::{
    admin, audit,
    backend::{self, Backend, BackendError, Opener},
    cloud_ram::{CloudRams, RamSetupError},
    database::{Database, DatabaseError, Place},
    deliveries::{Deliveries, DeliveryError},
    dns,
    events::{EventsError, Receivers},
    files::write_private,
    gateway::{self, Listener, Routes},
    root::SourceError,
    rotation,
    serving::{self, Serving},
    settings::{Nonces, Settings},
    tls::{self, TlsError},
    webhook::{WebhookError, Webhooks},
};

mod bought;
mod certificates;
mod renewal;
mod terms;

use bought::Bought;
pub use bought::BoughtError;
use certificates::CertificateSet;

/// Where a running server listens.
#[derive(Clone, Debug, Default)]
pub struct Addresses {
    /// OpenAPI over TLS.
    pub https: Vec<SocketAddr>,
    /// OpenAPI without TLS.
    pub http: Vec<SocketAddr>,
    /// The instances' gateways.
    pub instance: Vec<SocketAddr>,
    /// Health and metrics.
    pub admin: Vec<SocketAddr>,
    /// Names.
    pub dns: Vec<SocketAddr>,
}

/// What a process writes for itself, beside the store.
#[derive(Clone, Debug)]
pub struct Records {
    audit: audit::Options,
    nonces: Nonces,
}

/// Why a server does not start.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The root key.
    #[error(transparent)]
    RootKey(#[from] SourceError),
    /// The store cannot be opened.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The store cannot be unsealed or served.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// An instance of the configuration.
    #[error("cannot set up the instance {id}")]
    Instance {
        /// Which.
        id: String,
        /// Why.
        #[source]
        source: SetupError,
    },
    /// Instances that were bought.
    #[error(transparent)]
    Bought(#[from] BoughtError),
    /// Certificates.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// Who rotates secrets.
    #[error("[[webhook]]")]
    Webhook(#[from] WebhookError),
    /// Who is told of events.
    #[error("[[event_webhook]]")]
    Events(#[from] EventsError),
    /// Where findings go.
    #[error("[[delivery]]")]
    Delivery(#[from] DeliveryError),
    /// Whose AccessKeys are rotated at another RAM.
    #[error("[[ram]]")]
    Ram(#[from] RamSetupError),
    /// The key that the audit log is verified with.
    #[error("cannot write {}", path.display())]
    AuditKey {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// An address.
    #[error("cannot listen on {address} ({key})")]
    Bind {
        /// Where.
        address: SocketAddr,
        /// Which key named it.
        key: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// Opens what the settings name, tells `ready` where it listens, and serves until it is
/// ordered to end: requests in progress are finished, then the store is closed.
///
/// # Errors
/// [`ServeError`]; [`ServeError::exit`] says how a program should end then.
pub async fn run(
    settings: &Settings,
    env: &Env,
    clock: Arc<dyn Clock>,
    mut lifecycle: Lifecycle,
    ready: impl FnOnce(&Addresses),
) -> Result<(), ServeError> {
    let backend = open(settings, Records::of_server(settings), env, &clock).await?;
    let audit_key = settings.audit().path.with_extension("pub");
    let digits = format!("{}\n", backend.audit.public_key().to_hex());
    write_private(&audit_key, digits.as_bytes()).map_err(|source| ServeError::AuditKey {
        path: audit_key.clone(),
        source,
    })?;
    let webhooks = Webhooks::open(&settings.webhooks, Arc::clone(&clock))?;
    let rams = CloudRams::open(&settings.rams, settings, env, &clock)?;
    let (webhooks, rams) = (Arc::new(webhooks), Arc::new(rams));
    rotation::set(&backend, webhooks, rams, &settings.rotation);
    rotation::inherit(&backend).await;
    let receivers = Receivers::open(settings, &clock)?;
    let deliveries = Deliveries::open(settings, env, &clock)?;
    let certificates = CertificateSet::load(settings, clock.now())?;
    announce_instances(settings, &backend, &certificates).await?;
    let serving = Serving::new(
        &backend,
        &clock,
        settings.limits,
        settings.rates,
        Some(certificates.in_use()),
    );
    let metrics = serving.metrics();
    let instances = instance_routes(settings, &serving);
    let (mut doors, mut addresses) = listen(settings, &serving, &certificates, &instances).await?;
    let bought = Bought::open(
        backend.service.clone(),
        serving.clone(),
        certificates.in_use(),
        instances,
        Arc::clone(&clock),
    )
    .await?;
    for address in &settings.listen.admin {
        let listener = bind(*address, "[listen] admin", &mut addresses.admin).await?;
        let (database, shutdown) = (backend.database.clone(), lifecycle.shutdown.clone());
        let router = admin::router(database, metrics.clone(), shutdown);
        doors.push((listener, router.into()));
    }
    let mut sockets = Vec::with_capacity(settings.dns.len());
    for address in &settings.dns {
        let failed = |source| ServeError::Bind {
            address: *address,
            key: "[dns] listen",
            source,
        };
        let socket = dns::Socket::bind(*address).await.map_err(failed)?;
        addresses.dns.push(socket.address().map_err(failed)?);
        sockets.push(socket);
    }
    let mut tasks = serving::serve(
        serving,
        doors,
        &settings.rotation,
        (receivers, deliveries),
        &lifecycle.shutdown,
    );
    dns::serve(&mut tasks, sockets, &backend.service, &lifecycle.shutdown);
    tasks.spawn(terms::watch(
        backend.service.clone(),
        lifecycle.shutdown.clone(),
    ));
    tasks.spawn(bought.watch(lifecycle.shutdown.clone()));
    let (audit, shutdown) = (backend.audit.clone(), lifecycle.shutdown.clone());
    audit.note("start", &[("version", env!("CARGO_PKG_VERSION"))]);
    tasks.spawn(serving::reopen(audit, lifecycle.clone(), shutdown));
    let watched = lifecycle.clone();
    let settings = Arc::new(settings.clone());
    tasks.spawn(renewal::watch(
        settings,
        certificates,
        metrics,
        clock,
        watched,
    ));
    ready(&addresses);
    tokio::select! {
        () = async {
            while tasks.join_next().await.is_some() {}
            backend.close().await;
        } => {}
        () = lifecycle.shutdown.at_once() => {}
    }
    Ok(())
}

/// Everything that must be right before anybody is let in.
///
/// # Errors
/// [`ServeError`].
pub async fn open(
    settings: &Settings,
    place: Records,
    env: &Env,
    clock: &Arc<dyn Clock>,
) -> Result<Backend, ServeError> {
    let keys = &settings.root_key;
    let store = settings.place();
    if let Place::Sqlite(file) = &store
        && !keys.same_filesystem
    {
        keys.current.check_apart(file)?;
    }
    let (current, previous) = keys.load(env).await?;
    let database = store.open().await?;
    let store = database.store();
    let (keyring, opener) = backend::unseal(&*store, &current, previous.as_ref(), &**clock).await?;
    if opener == Opener::Previous {
        tracing::warn!("the keyring is wrapped by the previous root key: run kms-server rekey");
    }
    let backend = Backend::new(
        database,
        keyring,
        settings.region.clone(),
        &place.nonces,
        place.audit,
        clock,
    )?;
    backend
        .service
        .set_connect_time(settings.instance_connect_time);
    // Nobody else makes new terms while this process holds the file.
    if matches!(backend.database, Database::Postgres(_)) {
        let roots = [current].into_iter().chain(previous).collect();
        backend.service.set_root_keys(roots);
    }
    Ok(backend)
}

/// The keyring alone, for who looks into a server's files.
///
/// # Errors
/// [`ServeError`].
pub async fn keyring(
    settings: &Settings,
    env: &Env,
    clock: &dyn Clock,
) -> Result<Keyring, ServeError> {
    let (current, previous) = settings.root_key.load(env).await?;
    let database = settings.place().open().await?;
    let opened = backend::unseal(&*database.store(), &current, previous.as_ref(), clock).await;
    database.close().await;
    Ok(opened?.0)
}

/// When the first certificate of the settings' own files ends, if there are some; nothing
/// is made.
///
/// # Errors
/// [`TlsError`] for the first that cannot be used.
pub fn certificates_end(
    settings: &Settings,
    now: Timestamp,
) -> Result<Option<Timestamp>, TlsError> {
    let instances = settings.instances.iter().map(|instance| &instance.files);
    let mut first = None;
    for files in instances.chain([&settings.tls.files]).flatten() {
        let (_pair, end) = tls::certified(files, now)?;
        first = Some(first.map_or(end, |first: Timestamp| first.min(end)));
    }
    Ok(first)
}

/// Instances of the configuration are in the store before their gateways answer.
async fn announce_instances(
    settings: &Settings,
    backend: &Backend,
    certificates: &CertificateSet,
) -> Result<(), ServeError> {
    for instance in &settings.instances {
        let (account, id) = (&instance.account, &instance.id);
        let failed = |source| ServeError::Instance {
            id: id.to_string(),
            source,
        };
        let service = &backend.service;
        service.ensure_instance(account, id).await.map_err(failed)?;
        if let Some(ca) = certificates.ca_of(instance)? {
            service
                .set_instance_ca(account, id, &ca)
                .await
                .map_err(failed)?;
        }
    }
    Ok(())
}

async fn listen(
    settings: &Settings,
    serving: &Serving,
    certificates: &CertificateSet,
    instances: &Routes,
) -> Result<(Vec<(Listener, Routes)>, Addresses), ServeError> {
    let config = tls::server_config(certificates.in_use())?;
    let wanted = &settings.listen;
    let mut doors = Vec::new();
    let mut addresses = Addresses::default();
    for address in &wanted.https {
        let listener = bind(*address, "[listen] https", &mut addresses.https).await?;
        doors.push((listener.with_tls(Arc::clone(&config)), serving.openapi()));
    }
    for address in &wanted.http {
        let listener = bind(*address, "[listen] http", &mut addresses.http).await?;
        let listener = listener.behind(wanted.proxies.clone());
        doors.push((listener, serving.openapi()));
    }
    // Also where the configuration has no instance: somebody may buy one.
    for address in &wanted.instance {
        let listener = bind(*address, "[listen] instance", &mut addresses.instance).await?;
        doors.push((listener.with_tls(Arc::clone(&config)), instances.clone()));
    }
    Ok((doors, addresses))
}

/// Who answers at the instances of the configuration.
fn instance_routes(settings: &Settings, serving: &Serving) -> Routes {
    let instances: Vec<_> = settings
        .instances
        .iter()
        .map(|instance| (instance.id.clone(), instance.all_names()))
        .collect();
    serving.instances(&instances)
}

async fn bind(
    address: SocketAddr,
    key: &'static str,
    bound: &mut Vec<SocketAddr>,
) -> Result<Listener, ServeError> {
    let failed = |source| ServeError::Bind {
        address,
        key,
        source,
    };
    let listener = gateway::bind_to(address).await.map_err(failed)?;
    bound.push(listener.address().map_err(failed)?);
    Ok(listener)
}

// === impl Records ===

impl Records {
    /// Of the server itself.
    pub fn of_server(settings: &Settings) -> Self {
        Self {
            audit: settings.audit(),
            nonces: settings.nonces(),
        }
    }

    /// Of a command beside it.
    pub fn of_operation(settings: &Settings) -> Self {
        Self {
            audit: settings.operations_audit(),
            nonces: settings.operations_nonces(),
        }
    }
}

// === impl Addresses ===

/// A line for each.
impl fmt::Display for Addresses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, addresses) in [
            ("https", &self.https),
            ("http", &self.http),
            ("instance", &self.instance),
            ("admin", &self.admin),
            ("dns", &self.dns),
        ] {
            for address in addresses {
                writeln!(f, "{what} {address}")?;
            }
        }
        Ok(())
    }
}

// === impl ServeError ===

impl ServeError {
    /// How a program should end after this.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Tls(_)
            | Self::Webhook(_)
            | Self::Events(_)
            | Self::Delivery(_)
            | Self::Ram(_)
            | Self::Instance {
                source: SetupError::InstanceOfAnother { .. },
                ..
            } => Exit::Usage,
            Self::RootKey(reason) => reason.exit(),
            Self::Database(reason) => reason.exit(),
            Self::Backend(reason) => match reason {
                BackendError::Empty => Exit::Usage,
                BackendError::Unlock(UnlockError::Keyring(
                    KeyringError::OtherRootKey { .. } | KeyringError::Damaged,
                )) => Exit::Refused,
                BackendError::Unlock(UnlockError::Store(StoreError::Unavailable(_))) => {
                    Exit::Unavailable
                }
                _ => Exit::Failure,
            },
            Self::Bought(_) | Self::Instance { .. } | Self::Bind { .. } | Self::AuditKey { .. } => {
                Exit::Failure
            }
        }
    }
}
