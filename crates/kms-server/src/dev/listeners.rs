//! The server's ports.

use std::{net::SocketAddr, sync::Arc};

use rustls::ServerConfig;

use super::{DevError, Options};
use crate::gateway::{self, Listener};

/// All of them, open.
pub(super) struct Listeners {
    pub(super) http: Listener,
    pub(super) tls: Listener,
    pub(super) instance: Listener,
}

/// Where they are.
#[derive(Clone, Copy)]
pub(super) struct Addresses {
    pub(super) http: SocketAddr,
    pub(super) tls: SocketAddr,
    pub(super) instance: SocketAddr,
}

// === impl Listeners ===

impl Listeners {
    /// Opens them.
    ///
    /// # Errors
    /// [`DevError::Port`].
    pub(super) async fn open(options: &Options) -> Result<(Self, Addresses), DevError> {
        let (http, http_address) = open(options.port, "--port").await?;
        let (tls, tls_address) = open(options.tls_port, "--tls-port").await?;
        let (instance, instance_address) = open(options.instance_port, "--instance-port").await?;
        Ok((
            Self {
                http,
                tls,
                instance,
            },
            Addresses {
                http: http_address,
                tls: tls_address,
                instance: instance_address,
            },
        ))
    }

    /// With TLS where it belongs.
    pub(super) fn with_tls(self, config: &Arc<ServerConfig>) -> Self {
        Self {
            http: self.http,
            tls: self.tls.with_tls(Arc::clone(config)),
            instance: self.instance.with_tls(Arc::clone(config)),
        }
    }
}

async fn open(port: u16, flag: &'static str) -> Result<(Listener, SocketAddr), DevError> {
    let failed = |source| DevError::Port { port, flag, source };
    let listener = gateway::bind(port).await.map_err(failed)?;
    let address = listener.address().map_err(failed)?;
    Ok((listener, address))
}
