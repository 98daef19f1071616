use http::{Request, header::CONTENT_TYPE};
use kms_service::{Gateway, Service};
use kms_wire::ApiError;

use super::{arrived::Arrived, instance, openapi, outcome::Outcome};

/// What is spoken over HTTP.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Protocol {
    /// All RPC products, told apart by version and action.
    OpenApi,
    /// An instance's own, `dkms-gcs-0.2`.
    Instance,
}

// === impl Protocol ===

impl Protocol {
    /// What this request is written in. Instances alone speak their own protocol, and
    /// whoever speaks it says so in every request, as the media type or by naming the API.
    pub(super) fn of<B>(gateway: &Gateway, request: &Request<B>) -> Self {
        let headers = request.headers();
        let is_protobuf = || {
            let value = headers.get(CONTENT_TYPE).map(http::HeaderValue::as_bytes);
            value.is_some_and(|value| {
                let media_type = value.split(|b| *b == b';').next().unwrap_or_default();
                media_type
                    .trim_ascii()
                    .eq_ignore_ascii_case(kms_wire::instance::CONTENT_TYPE.as_bytes())
            })
        };
        match gateway {
            Gateway::Instance(_) if headers.contains_key(API_NAME) || is_protobuf() => {
                Self::Instance
            }
            _ => Self::OpenApi,
        }
    }

    /// For the log.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::OpenApi => "openapi",
            Self::Instance => "dkms-gcs",
        }
    }

    /// Verifies the request, carries it out and writes the answer.
    pub(super) async fn answer(self, service: &Service, arrived: &Arrived) -> Outcome {
        match self {
            Self::OpenApi => openapi::answer(service, arrived).await,
            Self::Instance => instance::answer(service, arrived).await,
        }
    }

    /// Says no before anything was read.
    pub(super) fn refuse(self, arrived: &Arrived, error: &ApiError) -> Outcome {
        match self {
            Self::OpenApi => openapi::refuse(arrived, error),
            Self::Instance => instance::refuse(arrived, error),
        }
    }
}

/// Only the instances' protocol has this header.
const API_NAME: &str = "x-kms-apiname";
