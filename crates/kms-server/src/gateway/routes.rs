use std::{collections::BTreeMap, sync::Arc};

use axum::Router;

/// Where a connection's requests go: by the name that its client asked for in the TLS
/// handshake, for the `Host` header is anybody's.
#[derive(Clone)]
pub struct Routes(Arc<Inner>);

struct Inner {
    by_name: BTreeMap<String, Router>,
    other: Option<Router>,
}

impl Routes {
    /// Names in lower case; clients that ask for none of them go to `other`, or are sent
    /// away where there is none.
    pub fn by_name(by_name: BTreeMap<String, Router>, other: Option<Router>) -> Self {
        Self(Arc::new(Inner { by_name, other }))
    }

    pub(super) fn of(&self, name: Option<&str>) -> Option<Router> {
        let own = &self.0;
        name.and_then(|name| own.by_name.get(&name.to_ascii_lowercase()))
            .or(own.other.as_ref())
            .cloned()
    }
}

impl From<Router> for Routes {
    fn from(router: Router) -> Self {
        Self::by_name(BTreeMap::new(), Some(router))
    }
}
