use std::{collections::VecDeque, sync::Arc};

use axum::body::Body as Answer;
use futures_util::stream;
use http::Response;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::{Line, Shared, objects::shown, path::Path};

/// What happens to the objects of a path, told one by one for as long as somebody listens.
struct Watching {
    shared: Arc<Shared>,
    line: Line,
    changed: watch::Receiver<u64>,
    path: Path,
    metadata: bool,
    version: u64,
    due: VecDeque<Value>,
    over: bool,
}

pub(super) fn watch(
    shared: &Arc<Shared>,
    line: &Line,
    path: Path,
    metadata: bool,
) -> Response<Answer> {
    let version = path
        .query("resourceVersion")
        .and_then(|text| text.parse().ok());
    let watching = Watching {
        shared: Arc::clone(shared),
        line: line.clone(),
        changed: shared.changed.subscribe(),
        version: version.unwrap_or(0),
        path,
        metadata,
        due: VecDeque::new(),
        over: false,
    };
    let lines = stream::unfold(watching, |mut watching| async move {
        let next = watching.next().await?;
        Some((
            Ok::<_, std::convert::Infallible>(format!("{next}\n")),
            watching,
        ))
    });
    Response::new(Answer::from_stream(lines))
}

// === impl Watching ===

impl Watching {
    async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some(next) = self.due.pop_front() {
                return Some(next);
            }
            if self.over {
                return None;
            }
            self.line.whole().await;
            self.changed.borrow_and_update();
            self.look();
            if self.due.is_empty() && self.changed.changed().await.is_err() {
                return None;
            }
        }
    }

    fn look(&mut self) {
        let state = self.shared.lock();
        let Some(events) = state.objects.since(&self.path, self.version) else {
            self.over = true;
            self.due.push_back(json!({"type": "ERROR", "object": {
                "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
                "message": "too old resource version", "reason": "Expired", "code": 410,
            }}));
            return;
        };
        for (version, kind, object) in events {
            self.version = version;
            let object = shown(object, self.metadata);
            self.due.push_back(json!({"type": kind, "object": object}));
        }
    }
}
