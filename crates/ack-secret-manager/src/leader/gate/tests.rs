use std::{convert::Infallible, time::Duration};

use http::{Method, Request, Response};
use tokio::{sync::watch, time::Instant};
use tower::{Layer as _, ServiceExt as _, service_fn};

use super::GateLayer;
use crate::leader::Leadership;

async fn asked(leadership: &Leadership, method: Method) -> Result<(), String> {
    let inner = service_fn(|_: Request<()>| async { Ok::<_, Infallible>(Response::new(())) });
    let gate = GateLayer::new(leadership.clone()).layer(inner);
    let request = Request::builder().method(method).body(()).unwrap();
    let answer = gate.oneshot(request).await;
    answer.map(drop).map_err(|error| error.to_string())
}

#[tokio::test(start_paused = true)]
async fn who_does_not_lead_reads_and_does_not_write() {
    let (until, seen) = watch::channel(None);
    let leadership = Leadership(seen);
    assert!(asked(&leadership, Method::GET).await.is_ok());
    assert!(asked(&leadership, Method::PATCH).await.is_err());

    until.send_replace(Some(Instant::now() + Duration::from_secs(10)));
    for method in [Method::PATCH, Method::POST, Method::PUT, Method::DELETE] {
        assert!(asked(&leadership, method).await.is_ok());
    }

    tokio::time::advance(Duration::from_secs(11)).await;
    for method in [Method::PATCH, Method::POST, Method::PUT, Method::DELETE] {
        assert!(asked(&leadership, method).await.is_err());
    }
}
