use std::{
    collections::HashMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use kms_types::{DataType, Secret};
use kms_wire::response::{GetSecretValue, VersionStages};
use serde_json::json;
use tokio::sync::{Notify, Semaphore};

use crate::{AuditSink, SecretRequest, Upstream, UpstreamError};

/// The secret half of all hosted AccessKeys.
pub(super) const SECRET_HALF: &str = "canary-secret-half-7d19";

/// A KMS that knows every secret, unless told otherwise; a value is the secret's name and
/// the number of the call.
pub(super) struct Kms {
    calls: AtomicUsize,
    error: Mutex<Option<UpstreamError>>,
    errors: Mutex<HashMap<String, UpstreamError>>,
    keys: Mutex<HashMap<String, (String, Option<String>)>>,
    /// A call takes a permit with it; without one it waits.
    gate: Semaphore,
    arrived: Notify,
}

impl Default for Kms {
    fn default() -> Self {
        Self {
            calls: AtomicUsize::new(0),
            error: Mutex::default(),
            errors: Mutex::default(),
            keys: Mutex::default(),
            gate: Semaphore::new(1 << 20),
            arrived: Notify::new(),
        }
    }
}

impl Kms {
    pub(super) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// From now on every call fails so, or none.
    pub(super) fn fail(&self, error: Option<UpstreamError>) {
        *self.error.lock().unwrap() = error;
    }

    /// From now on calls for this secret fail so.
    pub(super) fn fail_for(&self, name: &str, error: UpstreamError) {
        self.errors.lock().unwrap().insert(name.to_owned(), error);
    }

    /// From now on this secret hosts that AccessKey, and announces when it is another.
    pub(super) fn host(&self, name: &str, id: &str, next: Option<&str>) {
        let hosted = (id.to_owned(), next.map(str::to_owned));
        self.keys.lock().unwrap().insert(name.to_owned(), hosted);
    }

    /// From now on calls wait.
    pub(super) fn hold(&self) {
        self.gate.forget_permits(usize::MAX);
    }

    /// As many calls may go on.
    pub(super) fn release(&self, count: usize) {
        self.gate.add_permits(count);
    }

    /// Waits until so many calls came in.
    pub(super) async fn wait_for_calls(&self, count: usize) {
        loop {
            let arrived = self.arrived.notified();
            if self.calls() >= count {
                return;
            }
            arrived.await;
        }
    }
}

#[async_trait]
impl Upstream for Kms {
    async fn fetch(&self, request: &SecretRequest) -> Result<GetSecretValue, UpstreamError> {
        let number = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        self.arrived.notify_waiters();
        self.gate.acquire().await.unwrap().forget();
        let name = request.secret.to_string();
        let error = self.errors.lock().unwrap().get(&name).cloned();
        if let Some(error) = error.or_else(|| self.error.lock().unwrap().clone()) {
            return Err(error);
        }
        let version = request.version_id.as_ref().map_or("v2", |id| id.as_str());
        let stage = request
            .version_stage
            .as_ref()
            .map_or("ACSCurrent", |stage| stage.as_str());
        let hosted = self.keys.lock().unwrap().get(&name).cloned();
        let data = match &hosted {
            Some((id, _)) => json!({"AccessKeyId": id, "AccessKeySecret": SECRET_HALF}).to_string(),
            None => format!("{name} {number}"),
        };
        let kind = hosted.as_ref().map_or("Generic", |_| "RAMCredentials");
        Ok(GetSecretValue {
            secret_data: Secret::new(data),
            secret_data_type: DataType::Text,
            secret_name: name,
            version_id: version.to_owned(),
            version_stages: VersionStages {
                version_stage: vec![stage.to_owned()],
            },
            request_id: format!("call-{number}"),
            secret_type: kind.to_owned(),
            create_time: "2025-01-03T07:59:17Z".to_owned(),
            automatic_rotation: None,
            extended_config: None,
            last_rotation_date: None,
            next_rotation_date: hosted.and_then(|(_, next)| next),
            rotation_interval: None,
        })
    }
}

/// Keeps lines, unless it is full.
#[derive(Default)]
pub(super) struct Audit {
    lines: Mutex<Vec<String>>,
    full: AtomicBool,
    room: Notify,
    refused: AtomicUsize,
}

impl Audit {
    pub(super) fn set_full(&self, full: bool) {
        self.full.store(full, Ordering::SeqCst);
        self.room.notify_waiters();
    }

    /// How often a line found no room.
    pub(super) fn refused(&self) -> usize {
        self.refused.load(Ordering::SeqCst)
    }

    pub(super) fn lines(&self) -> Vec<serde_json::Value> {
        let lines = self.lines.lock().unwrap();
        lines
            .iter()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

#[async_trait]
impl AuditSink for Audit {
    fn append(&self, line: &[u8]) -> bool {
        if self.full.load(Ordering::SeqCst) {
            self.refused.fetch_add(1, Ordering::SeqCst);
            return false;
        }
        let line = String::from_utf8(line.to_vec()).unwrap();
        self.lines.lock().unwrap().push(line);
        true
    }

    async fn ready(&self) {
        let room = self.room.notified();
        if self.full.load(Ordering::SeqCst) {
            room.await;
        }
    }
}

/// KMS cannot be reached.
pub(super) fn unreachable() -> UpstreamError {
    UpstreamError::Unreachable {
        reason: "a test".to_owned(),
    }
}

/// KMS says no.
pub(super) fn refused(status: u16, code: &str) -> UpstreamError {
    UpstreamError::Refused {
        status,
        code: code.to_owned(),
        message: "a test".to_owned(),
        request_id: "call-x".to_owned(),
    }
}
