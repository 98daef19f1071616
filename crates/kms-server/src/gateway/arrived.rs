use std::{error::Error, fmt::Display, mem, net::SocketAddr};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Request, header::HOST, request::Parts};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use kms_service::{Caller, Gateway, Principal};
use kms_store::Moment;
use kms_types::{ErrorCode, RequestId};
use kms_wire::{ApiError, RawRequest};
use tokio::sync::OwnedSemaphorePermit;

use super::Admission;

/// Who is at the other end of the connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    /// Its address.
    pub address: SocketAddr,
    /// Whether it speaks TLS with us.
    pub is_tls: bool,
}

/// Where a request came in.
pub(super) struct Entrance {
    pub(super) peer: Peer,
    pub(super) gateway: Gateway,
    pub(super) admission: Option<Admission>,
}

/// A request that is all here, or as much of it as there will be.
pub(super) struct Arrived {
    pub(super) request_id: RequestId,
    pub(super) peer: Peer,
    /// The `Host` header, which goes back to the client in errors.
    pub(super) host: String,
    pub(super) whole: Result<Whole, ApiError>,
    gateway: Gateway,
    admission: Option<Admission>,
}

/// The request itself.
pub(super) struct Whole {
    parts: Parts,
    query: String,
    body: Vec<u8>,
}

// === impl Arrived ===

impl Arrived {
    /// Waits for the whole of a request whose body has no more than `most` bytes. A long
    /// query is looked for in `query_header`.
    pub(super) async fn collect<B>(
        entrance: Entrance,
        request: Request<B>,
        most: usize,
        query_header: &HeaderName,
    ) -> Self
    where
        B: hyper::body::Body<Data = Bytes>,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let Entrance {
            peer,
            gateway,
            admission,
        } = entrance;
        let host = request.headers().get(HOST);
        let host = host.and_then(|host| host.to_str().ok());
        Self {
            request_id: RequestId::random(),
            peer,
            host: host
                .filter(|host| host.len() <= 255)
                .unwrap_or_default()
                .to_owned(),
            whole: Whole::collect(request, most, query_header).await,
            gateway,
            admission,
        }
    }

    /// A place among the calls that are worked on, for as long as it is held.
    ///
    /// # Errors
    /// `Rejected.Throttling`.
    pub(super) async fn seat(&self) -> Result<Option<OwnedSemaphorePermit>, ApiError> {
        match &self.admission {
            Some(admission) => admission.seat().await.map(Some),
            None => Ok(None),
        }
    }

    /// Waits until the principal's rate allows one more call.
    ///
    /// # Errors
    /// `Rejected.Throttling`.
    pub(super) async fn rate(&self, principal: &Principal) -> Result<(), ApiError> {
        match &self.admission {
            Some(admission) => admission.rate(principal).await,
            None => Ok(()),
        }
    }

    /// Where it came in, for the records.
    pub(super) fn gateway_name(&self) -> &str {
        match &self.gateway {
            Gateway::Shared => "shared",
            Gateway::Instance(id) => id.as_str(),
        }
    }

    /// Lets the map of the request's headers serve for those of its answer: hyper keeps that one
    /// for the connection's next request, which then fits into it.
    pub(super) fn lend_headers(self, of_answer: &mut HeaderMap) {
        if let Ok(whole) = self.whole {
            let mut larger = whole.parts.headers;
            larger.clear();
            larger.extend(mem::take(of_answer));
            *of_answer = larger;
        }
    }

    /// The principal, and where it calls from; with the store as it was when that was told.
    pub(super) fn caller(&self, principal: Principal, moment: Option<Moment>) -> Caller {
        Caller {
            principal,
            source: self.peer.address.ip(),
            gateway: self.gateway.clone(),
            secure_transport: self.peer.is_tls,
            request_id: self.request_id,
            moment,
        }
    }
}

// === impl Whole ===

impl Whole {
    async fn collect<B>(
        request: Request<B>,
        most: usize,
        query_header: &HeaderName,
    ) -> Result<Self, ApiError>
    where
        B: hyper::body::Body<Data = Bytes>,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let (mut parts, body) = request.into_parts();
        let query = match parts.headers.remove(query_header) {
            Some(long) => String::from_utf8(long.as_bytes().to_vec())
                .map_err(|_reason| unreadable("the query is not UTF-8"))?,
            None => parts.uri.query().unwrap_or_default().to_owned(),
        };
        let body = Limited::new(body, most).collect().await.map_err(|reason| {
            if reason.is::<LengthLimitError>() {
                unreadable(format_args!("the body is longer than {most} bytes"))
            } else {
                unreadable("the body did not arrive whole")
            }
        })?;
        Ok(Self {
            parts,
            query,
            body: body.to_bytes().into(),
        })
    }

    /// The request as signatures see it.
    pub(super) fn raw<'a>(&'a self, headers: &'a [(&'a str, &'a [u8])]) -> RawRequest<'a> {
        RawRequest {
            method: self.parts.method.as_str(),
            path: self.parts.uri.path(),
            query: &self.query,
            headers,
            body: &self.body,
        }
    }

    /// Names in lower case, values untouched.
    pub(super) fn headers(&self) -> Vec<(&str, &[u8])> {
        self.parts
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect()
    }
}

fn unreadable(why: impl Display) -> ApiError {
    ApiError::new(
        ErrorCode::ParseRequestParameter,
        format!("The request cannot be read: {why}."),
    )
}
