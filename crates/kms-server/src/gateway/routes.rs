use std::{collections::BTreeMap, convert::Infallible, sync::Arc};

use arc_swap::ArcSwap;
use axum::{Router, body::Body};
use http::{Request, Response};
use tower::ServiceExt as _;

use super::{Peer, http::Calls, stream::Watched};

/// Where a connection's requests go: by the name that its client asked for in the TLS
/// handshake, for the `Host` header is anybody's.
#[derive(Clone)]
pub struct Routes(Arc<Inner>);

struct Inner {
    by_name: BTreeMap<String, Target>,
    bought: ArcSwap<BTreeMap<String, Target>>,
    other: Option<Target>,
}

/// Who answers.
#[derive(Clone)]
pub enum Target {
    /// A gateway.
    Calls(Calls),
    /// Pages beside it.
    Pages(Router),
}

impl Routes {
    /// Names in lower case; clients that ask for none of them go to `other`, or are sent
    /// away where there is none.
    pub fn by_name(by_name: BTreeMap<String, Target>, other: Option<Target>) -> Self {
        Self(Arc::new(Inner {
            by_name,
            bought: ArcSwap::default(),
            other,
        }))
    }

    pub(super) fn of(&self, name: Option<&str>) -> Option<Target> {
        let own = &self.0;
        name.and_then(|name| {
            let name = name.to_ascii_lowercase();
            let known = own.by_name.get(&name).cloned();
            known.or_else(|| own.bought.load().get(&name).cloned())
        })
        .or_else(|| own.other.clone())
    }

    /// From now on these, too, in all copies; connections that stand keep their target.
    pub(crate) fn replace_bought(&self, bought: BTreeMap<String, Target>) {
        self.0.bought.store(Arc::new(bought));
    }
}

impl From<Router> for Routes {
    fn from(router: Router) -> Self {
        Self::by_name(BTreeMap::new(), Some(Target::Pages(router)))
    }
}

impl From<Calls> for Routes {
    fn from(calls: Calls) -> Self {
        Self::by_name(BTreeMap::new(), Some(Target::Calls(calls)))
    }
}

// === impl Target ===

impl Target {
    /// Answers one request.
    ///
    /// # Errors
    /// Never.
    pub(super) async fn answer(
        &self,
        peer: Peer,
        request: Request<Watched>,
    ) -> Result<Response<Body>, Infallible> {
        match self {
            Self::Calls(calls) => Ok(calls.answer(peer, request).await),
            Self::Pages(router) => router.clone().oneshot(request.map(Body::new)).await,
        }
    }
}
