use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use kms_types::SecretRef;
use kms_wire::{request, response::GetSecretValue};
use tokio::task::JoinSet;

use crate::{CallError, Client};

/// Where the value of a secret is read: a [`Client`], several of them, or a test's double.
#[async_trait]
pub trait ReadSecret: Send + Sync + 'static {
    /// The current value, retries included.
    async fn read(&self, secret: &SecretRef) -> Result<GetSecretValue, CallError>;
}

/// The same secret in several regions: the one that answered last is asked first, and the
/// others, all at once, if it cannot be reached.
pub struct Regions {
    clients: Vec<Client>,
    first: AtomicUsize,
}

#[async_trait]
impl ReadSecret for Client {
    async fn read(&self, secret: &SecretRef) -> Result<GetSecretValue, CallError> {
        self.call(&request::GetSecretValue::new(secret.clone()))
            .await
    }
}

// === impl Regions ===

impl Regions {
    /// Clients of one region each, the nearest first.
    pub fn new(first: Client, others: impl IntoIterator<Item = Client>) -> Self {
        Self {
            clients: std::iter::once(first).chain(others).collect(),
            first: AtomicUsize::new(0),
        }
    }
}

#[async_trait]
impl ReadSecret for Regions {
    async fn read(&self, secret: &SecretRef) -> Result<GetSecretValue, CallError> {
        let first = self.first.load(Ordering::Relaxed);
        let mut clients = self.clients.iter().enumerate();
        let mut asking = JoinSet::new();
        let mut failure = None;
        if let Some(client) = self.clients.get(first) {
            match client.read(secret).await {
                Err(error) if error.is_transient() => failure = Some(error),
                other => return other,
            }
        }
        for (at, client) in clients.by_ref().filter(|(at, _)| *at != first) {
            let (client, secret) = (client.clone(), secret.clone());
            asking.spawn(async move { (at, client.read(&secret).await) });
        }
        // What is still on its way when one has answered ends with the set.
        while let Some(asked) = asking.join_next().await {
            match asked {
                Ok((at, Ok(value))) => {
                    self.first.store(at, Ordering::Relaxed);
                    return Ok(value);
                }
                // A refusal says more than an outage.
                Ok((_, Err(error))) if failure.is_none() || !error.is_transient() => {
                    failure = Some(error);
                }
                Ok(_) | Err(_) => {}
            }
        }
        Err(failure.unwrap_or_else(|| CallError::Unsupported {
            action: "GetSecretValue".to_owned(),
            reason: "no region is configured".to_owned(),
        }))
    }
}

#[cfg(test)]
mod tests;
