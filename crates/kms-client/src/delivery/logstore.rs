use http::Method;
use kms_types::RegionId;
use kms_wire::sls::{LogGroup, PutLogs};
use prost::Message as _;
use serde_json::Value;

use super::{Addressing, Sender, sender::Outgoing};
use crate::{CallError, Endpoint};

/// A store of logs of Simple Log Service.
#[derive(Clone)]
pub struct Logstore {
    sender: Sender,
    endpoint: Endpoint,
    addressing: Addressing,
    project: String,
    name: String,
}

// === impl Logstore ===

impl Logstore {
    /// The cloud's, at `<project>.<region>.log.aliyuncs.com`. Both names are 3 to 63 lower-case
    /// letters, digits and hyphens; that of a store may have underscores.
    pub fn new(sender: Sender, region: &RegionId, project: String, name: String) -> Self {
        Self {
            sender,
            endpoint: Endpoint::central(&format!("{region}.log")),
            addressing: Addressing::Host,
            project,
            name,
        }
    }

    /// At another endpoint: over the VPC, or of somebody else who speaks the same.
    #[must_use]
    pub fn endpoint(mut self, endpoint: Endpoint, addressing: Addressing) -> Self {
        self.endpoint = endpoint;
        self.addressing = addressing;
        self
    }

    /// Puts logs. Who puts the same twice has them there twice.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn put(&self, logs: &LogGroup) -> Result<(), CallError> {
        let body = logs.encode_to_vec();
        let project = self.endpoint.below(&self.project);
        let (root, host) = match self.addressing {
            Addressing::Host => (project.to_string(), None),
            // As the official SDKs do it where the endpoint is an address.
            Addressing::Path => (self.endpoint.to_string(), Some(project.authority())),
        };
        let signed = |with: &_, now| {
            let put = PutLogs {
                logstore: &self.name,
                body: &body,
                now,
            };
            let mut headers = put.headers(with);
            headers.extend(host.clone().map(|host| ("host".to_owned(), host)));
            Outgoing {
                method: Method::POST,
                url: format!("{root}{}", put.path()),
                headers,
                body: body.clone(),
            }
        };
        self.sender
            .send(self.endpoint.host(), signed, code, "x-log-requestid")
            .await
    }
}

/// Of `{"errorCode":"…","errorMessage":"…"}`.
fn code(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    body.get("errorCode")?.as_str().map(str::to_owned)
}
