use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::{Router, extract::State, http::StatusCode, response::IntoResponse};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::{
    Api, Config,
    api::{Patch, PatchParams},
};
use serde_json::json;
use tokio::{net::TcpListener, sync::watch, time::Instant};

use super::client;
use crate::leader::Leadership;

/// An API server that has too much to do, and counts who asks all the same; `busy` times it says so.
async fn server(busy: u32) -> (Config, Arc<AtomicU32>) {
    let asked = Arc::new(AtomicU32::new(0));
    let answer = move |State(asked): State<Arc<AtomicU32>>| async move {
        if asked.fetch_add(1, Ordering::SeqCst) < busy {
            return (StatusCode::TOO_MANY_REQUESTS, "{}".to_owned()).into_response();
        }
        let body = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}});
        body.to_string().into_response()
    };
    let app = Router::new()
        .fallback(answer)
        .with_state(Arc::clone(&asked));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    let url = format!("http://{address}").parse().unwrap();
    (Config::new(url), asked)
}

async fn write(config: Config, leadership: Leadership) -> Result<(), String> {
    let client = client(config, Some((leadership, 16))).unwrap();
    let maps: Api<ConfigMap> = Api::namespaced(client, "team");
    let (params, patch) = (PatchParams::default(), Patch::Merge(json!({"data": {}})));
    let written = maps.patch("a", &params, &patch).await;
    written.map(drop).map_err(|error| format!("{error:?}"))
}

#[tokio::test]
async fn what_the_api_server_had_no_time_for_is_sent_again() {
    let (config, asked) = server(3).await;
    write(config, Leadership::alone()).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn what_is_sent_again_is_sent_only_by_who_still_leads() {
    let (config, asked) = server(u32::MAX).await;
    let until = Instant::now() + Duration::from_millis(500);
    let (_until, leadership) = watch::channel(Some(until));
    let error = write(config, Leadership::until(leadership))
        .await
        .unwrap_err();
    assert!(error.contains("another replica leads"), "{error}");
    assert!(Instant::now() < until + Duration::from_secs(5));
    assert!(asked.load(Ordering::SeqCst) > 1);
}
