use std::sync::{Arc, atomic::AtomicI64};

use kms_credentials::Exchange;
use kms_types::{Clock, Secret, SystemClock};
use kms_wire::{
    Params,
    request::{Operation, Product},
};

use crate::{
    CallError, Endpoint, RetryPolicy,
    chance::{Chance, SystemChance},
    retry::Budget,
};

mod attempts;
mod call;
mod endpoints;
mod gateway;
mod identity;

use call::Call;
use endpoints::Endpoints;
use gateway::Gateway;
pub use identity::{Identity, Signature};

/// Calls KMS. Cheap to clone; clones share connections, credentials and the budget of
/// retries.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

/// What a [`Client`] is made of; begins with [`Client::builder`].
pub struct ClientBuilder {
    endpoints: Endpoints,
    identity: Identity,
    signature: Signature,
    ways: Ways,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    retry: RetryPolicy,
    user_agent: String,
}

/// The ways out: at a KMS instance a private CA is believed and no other, and the products
/// around it show certificates of the public ones.
struct Ways {
    to_kms: Arc<dyn Exchange>,
    to_others: Arc<dyn Exchange>,
}

struct Inner {
    endpoints: Endpoints,
    identity: Identity,
    signature: Signature,
    gateway: Gateway,
    ways: Ways,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    retry: RetryPolicy,
    budget: Budget,
    user_agent: String,
    /// Seconds that the service's clock is ahead of ours.
    skew: AtomicI64,
    /// The day on which the end of a ClientKey was last warned of, since 1970.
    warned: AtomicI64,
}

/// A value has at most 30,720 bytes, which JSON may write six times as long, and
/// ExtendedConfig 1,024 characters (reference kms-api §2.1).
const LARGEST_VALUE: usize = 256 << 10;

/// A page has at most 100 secrets with 20 tags of 256 characters each.
const LARGEST_LIST: usize = 4 << 20;

// === impl Client ===

impl Client {
    /// A client of this endpoint, with this identity (a provider of credentials or a
    /// ClientKey), over this way out: a [`crate::Transport`].
    pub fn builder(
        endpoint: Endpoint,
        identity: impl Into<Identity>,
        http: Arc<dyn Exchange>,
    ) -> ClientBuilder {
        ClientBuilder {
            endpoints: Endpoints::new(endpoint),
            identity: identity.into(),
            signature: Signature::V3,
            ways: Ways {
                to_others: Arc::clone(&http),
                to_kms: http,
            },
            clock: Arc::new(SystemClock),
            chance: Arc::new(SystemChance),
            retry: RetryPolicy::default(),
            user_agent: concat!("kms-client/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }

    /// Makes a call, retries included.
    ///
    /// Tried again, each time with a fresh nonce and timestamp: transport errors,
    /// timeouts, 429 and 5xx, up to three times within the deadline. A clock that is off
    /// is corrected once by the service's `Date`; refused credentials are looked up once
    /// more, for they may have been replaced meanwhile.
    ///
    /// That goes for calls that change something, too: an attempt whose answer was lost may
    /// have done its work, and the next one then finds that what it wants to make is there.
    /// [`RetryPolicy::never`] leaves that to the caller.
    ///
    /// # Errors
    /// [`CallError`]; no part of the request's values is in it.
    pub async fn call<O: Operation>(&self, operation: &O) -> Result<O::Response, CallError> {
        let action = O::ACTION;
        let call = self.named(action.product(), action.as_str(), operation.to_params());
        self.inner.attempts(&call).await?.read(call.endpoint.host())
    }

    /// Makes a call that is known by its name only, as [`Client::call`] does: for programs
    /// that are told at run time what to call. The answer is its JSON.
    ///
    /// # Errors
    /// [`CallError`]; no part of the request's values is in it.
    pub async fn call_by_name(
        &self,
        product: Product,
        action: &str,
        params: Params,
    ) -> Result<Secret<Vec<u8>>, CallError> {
        let call = self.named(product, action, params);
        self.inner.attempts(&call).await?.json(call.endpoint.host())
    }

    fn named<'a>(&'a self, product: Product, action: &'a str, params: Params) -> Call<'a> {
        Call {
            endpoint: self.inner.endpoints.of(product),
            product,
            action,
            params,
            largest_answer: if action.starts_with("List") {
                LARGEST_LIST
            } else {
                LARGEST_VALUE
            },
        }
    }
}

// === impl Ways ===

impl Ways {
    fn to(&self, product: Product) -> &dyn Exchange {
        match product {
            Product::Kms => self.to_kms.as_ref(),
            _ => self.to_others.as_ref(),
        }
    }
}

// === impl ClientBuilder ===

impl ClientBuilder {
    /// Where another product than KMS answers. Unless given: STS at `sts.aliyuncs.com`,
    /// RAM and its identity providers at `ram.aliyuncs.com` and `ims.aliyuncs.com`; all at
    /// the endpoint of KMS itself if that is none of the cloud's, for `kms-server` serves
    /// them together.
    #[must_use]
    pub fn product_endpoint(mut self, product: Product, endpoint: Endpoint) -> Self {
        self.endpoints.put(product, endpoint);
        self
    }

    /// Another way to STS, RAM and its identity providers than to KMS, if certificates of
    /// other CAs count there.
    #[must_use]
    pub fn way_to_other_products(mut self, http: Arc<dyn Exchange>) -> Self {
        self.ways.to_others = http;
        self
    }

    /// How calls are signed with credentials, [`Signature::V3`] unless given; a ClientKey
    /// has its own signatures.
    #[must_use]
    pub fn signature(mut self, signature: Signature) -> Self {
        self.signature = signature;
        self
    }

    /// The time, for signatures.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// How long and how often calls are tried.
    #[must_use]
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// The program's name and version, for the cloud's audit trail.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    #[cfg(test)]
    pub(crate) fn chance(mut self, chance: Arc<dyn Chance>) -> Self {
        self.chance = chance;
        self
    }

    /// The client.
    pub fn build(self) -> Client {
        Client {
            inner: Arc::new(Inner {
                gateway: Gateway::of(self.endpoints.of(Product::Kms)),
                endpoints: self.endpoints,
                identity: self.identity,
                signature: self.signature,
                ways: self.ways,
                clock: self.clock,
                chance: self.chance,
                retry: self.retry,
                budget: Budget::new(),
                user_agent: self.user_agent,
                skew: AtomicI64::new(0),
                warned: AtomicI64::new(0),
            }),
        }
    }
}

#[cfg(test)]
mod tests;
