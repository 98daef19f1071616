//! An API server in memory, for tests: objects that are made, patched, watched and deleted, and a list
//! of what was asked. It checks no schema and no right; what it makes of server-side apply is enough to
//! say whose a key of data is. The real one is part `operator` of the suite.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::body::Body as Answer;
use http::{Method, Request, Response, StatusCode};
use kube::{Client, client::Body};
use serde_json::{Value, json};
use tokio::sync::watch;
use tower::service_fn;

mod objects;
mod path;
mod watching;

use objects::Objects;
use path::Path;

/// Clones share it.
#[derive(Clone)]
pub(crate) struct FakeCluster(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    /// Goes up when an object changes.
    changed: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    objects: Objects,
    asked: Vec<Asked>,
    /// Of a method, instead of doing what is asked.
    refusals: BTreeMap<String, u16>,
}

/// A way to it, which may be cut: nobody is refused then, and nobody is answered.
#[derive(Clone)]
pub(crate) struct Line(watch::Sender<Way>);

#[derive(Clone, Copy, Eq, PartialEq)]
enum Way {
    Whole,
    Cut,
    /// Whoever asks now is never answered.
    Losing,
}

/// A request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    /// With its query.
    pub(crate) target: String,
    /// Whether it asks for metadata alone.
    pub(crate) metadata: bool,
    pub(crate) body: Value,
}

// === impl FakeCluster ===

impl FakeCluster {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Shared {
            state: Mutex::default(),
            changed: watch::channel(0).0,
        }))
    }

    /// A client of it.
    pub(crate) fn client(&self) -> Client {
        self.client_over(&Line::new())
    }

    /// A client of it that has this way to it.
    pub(crate) fn client_over(&self, line: &Line) -> Client {
        let (shared, line) = (Arc::clone(&self.0), line.clone());
        let service = service_fn(move |request: Request<Body>| {
            let (shared, line) = (Arc::clone(&shared), line.clone());
            async move { Ok::<_, Infallible>(shared.answer(request, &line).await) }
        });
        Client::new(service, "default")
    }

    /// Stores an object as somebody else would: `path` is that of the object.
    pub(crate) fn put(&self, path: &str, object: Value) {
        let path = Path::parse(path);
        let mut state = self.0.lock();
        state.objects.put(&path.key(), object);
        self.0.tell(&state);
    }

    /// The object of this path.
    pub(crate) fn get(&self, path: &str) -> Option<Value> {
        let path = Path::parse(path);
        self.0.lock().objects.get(&path.key()).cloned()
    }

    /// Takes an object away.
    pub(crate) fn take(&self, path: &str) {
        let path = Path::parse(path);
        let mut state = self.0.lock();
        state.objects.take(&path.key());
        self.0.tell(&state);
    }

    /// From now on requests of this method are answered so; 0 for none.
    pub(crate) fn refuse(&self, method: &Method, status: u16) {
        let mut state = self.0.lock();
        if status == 0 {
            state.refusals.remove(method.as_str());
        } else {
            state.refusals.insert(method.to_string(), status);
        }
    }

    /// Forgets what happened, so that whoever watches has to begin anew, and ends all watches.
    pub(crate) fn expire(&self) {
        let mut state = self.0.lock();
        state.objects.expire();
        self.0.tell(&state);
    }

    /// All requests so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.0.lock().asked.clone()
    }

    /// All so far that change something, each as its method and target.
    pub(crate) fn writes(&self) -> Vec<String> {
        let asked = self.asked().into_iter();
        asked
            .filter(|one| one.method != Method::GET)
            .map(|one| format!("{} {}", one.method, one.target))
            .collect()
    }
}

// === impl Line ===

impl Line {
    pub(crate) fn new() -> Self {
        Self(watch::channel(Way::Whole).0)
    }

    /// From now on nothing gets through, or all again.
    pub(crate) fn cut(&self, cut: bool) {
        self.0.send_replace(if cut { Way::Cut } else { Way::Whole });
    }

    /// From now on what is asked gets lost, or no longer; what was lost stays so.
    pub(crate) fn lose(&self, lose: bool) {
        self.0
            .send_replace(if lose { Way::Losing } else { Way::Whole });
    }

    async fn whole(&self) {
        let mut way = self.0.subscribe();
        if *way.borrow() == Way::Losing {
            std::future::pending::<()>().await;
        }
        // Fails only if the sender is gone, and it is here.
        drop(way.wait_for(|way| *way == Way::Whole).await);
    }
}

// === impl Shared ===

impl Shared {
    async fn answer(self: &Arc<Self>, request: Request<Body>, line: &Line) -> Response<Answer> {
        let (head, body) = request.into_parts();
        let header = |name: &str| {
            let value = head.headers.get(name);
            let value = value.and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let body = body.collect_bytes().await.unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        let asked = Asked {
            method: head.method.clone(),
            target: head.uri.to_string(),
            metadata: header("accept").contains("PartialObjectMetadata"),
            body: body.clone(),
        };
        self.lock().asked.push(asked.clone());
        line.whole().await;
        let path = Path::parse(&asked.target);
        if let Some(status) = self.lock().refusals.get(head.method.as_str()) {
            return said(*status, "as the test says");
        }
        if path.is_set("watch") {
            return watching::watch(self, line, path, asked.metadata);
        }
        let mut state = self.lock();
        let done = match head.method {
            Method::GET if path.name.is_none() => Ok(state.objects.list(&path, asked.metadata)),
            Method::GET => state.objects.read(&path, asked.metadata),
            Method::POST => state.objects.create(&path, body),
            Method::PUT => state.objects.replace(&path, body),
            Method::PATCH if header("content-type").contains("apply-patch") => {
                state.objects.apply(&path, &body, asked.metadata)
            }
            Method::PATCH => state.objects.merge(&path, &body, asked.metadata),
            Method::DELETE => state.objects.delete(&path, &body),
            _ => Err((405, "what is that?")),
        };
        self.tell(&state);
        match done {
            Ok(object) => Response::new(Answer::from(object.to_string())),
            Err((status, reason)) => said(status, reason),
        }
    }

    fn tell(&self, state: &State) {
        let version = state.objects.version();
        self.changed.send_if_modified(|known| {
            let other = *known != version;
            *known = version;
            other
        });
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A Status of Kubernetes.
fn said(status: u16, message: &str) -> Response<Answer> {
    let reason = match status {
        404 => "NotFound",
        409 => "Conflict",
        422 => "Invalid",
        _ => "InternalError",
    };
    let body = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "code": status,
    });
    let mut response = Response::new(Answer::from(body.to_string()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}
