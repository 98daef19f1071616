use kms_credentials::HttpResponse;
use kms_wire::{
    Params,
    request::{Action, Product},
};

use crate::Endpoint;

/// A call that only lacks its signature.
pub(super) struct Call<'a> {
    pub(super) endpoint: &'a Endpoint,
    pub(super) product: Product,
    /// Its name on the wire.
    pub(super) action: &'a str,
    pub(super) params: Params,
    pub(super) largest_answer: usize,
}

/// An answer, and how it is to be read.
pub(super) struct Answer {
    pub(super) response: HttpResponse,
    pub(super) protocol: Protocol,
}

/// How a call and its answer are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Protocol {
    /// Parameters, and JSON.
    OpenApi,
    /// Protobuf.
    Instance,
}

// === impl Call ===

impl Call<'_> {
    pub(super) fn is_signed(&self) -> bool {
        Action::parse(self.product.version(), self.action).map_or(true, Action::is_signed)
    }
}
