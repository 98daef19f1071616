//! The agent in this process: a clock that is moved by hand, a KMS that does as it is told.

mod caching;
mod double;
mod failures;
mod hosted;
mod limits;
mod together;

use std::{
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::Duration,
};

use arc_swap::ArcSwap;
use kms_testkit::{Exchange, MockClock, RawResponse, read_one};
use kms_types::Secret;
use tokio::{
    sync::oneshot,
    task::{JoinHandle, spawn_blocking},
};

use self::double::{Audit, Kms};
use crate::{AcceptedTokens, Parts, Settings, bind, serve};

const TOKEN: &str = "the-token-of-this-test";

/// An agent that serves.
struct Running {
    address: SocketAddr,
    clock: MockClock,
    kms: Arc<Kms>,
    audit: Arc<Audit>,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Running {
    fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings::default();
        settings.server.http_port = 0;
        change(&mut settings);
        let clock = MockClock::at("2025-01-03T07:59:17Z".parse().unwrap());
        let kms = Arc::new(Kms::default());
        let audit = Arc::new(Audit::default());
        let listeners = bind(0).unwrap();
        let address = listeners[0].local_addr().unwrap();
        let parts = Parts {
            settings,
            tokens: Arc::new(ArcSwap::from_pointee(AcceptedTokens::new([&Secret::from(
                TOKEN,
            )]))),
            upstream: kms.clone(),
            audit: audit.clone(),
            clock: Arc::new(clock.clone()),
        };
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(async move {
            let stopped = async move { drop(stopped.await) };
            serve(listeners, parts, stopped).await.unwrap();
        });
        Self {
            address,
            clock,
            kms,
            audit,
            stop,
            serving,
        }
    }

    fn request(&self, target: &str) -> String {
        format!(
            "GET {target} HTTP/1.1\r\nHost: localhost:{}\r\nX-KMS-Token: {TOKEN}\r\n\r\n",
            self.address.port()
        )
    }

    /// Sends a request without waiting for its answer.
    fn ask(&self, target: &str) -> TcpStream {
        use std::io::Write;
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(self.request(target).as_bytes()).unwrap();
        stream
    }

    async fn get(&self, target: &str) -> RawResponse {
        let stream = self.ask(target);
        answer(stream).await
    }

    /// Status, and `X-Cache` with `Age`, or `-`.
    async fn read(&self, name: &str) -> (u16, String) {
        let response = self.get(&format!("/v1/{name}")).await;
        let state = match (response.header("x-cache"), response.header("age")) {
            (Some(cache), Some(age)) => format!("{cache} {age}"),
            _ => "-".to_owned(),
        };
        (response.status, state)
    }

    async fn reads(&self, name: &str) -> String {
        let (status, state) = self.read(name).await;
        assert_eq!(status, 200, "{name}");
        state
    }

    fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

async fn answer(mut stream: TcpStream) -> RawResponse {
    spawn_blocking(move || read_one(&mut stream).unwrap())
        .await
        .unwrap()
}

async fn exchange(address: SocketAddr, bytes: String, expected: usize) -> Exchange {
    spawn_blocking(move || Exchange::run(address, bytes.as_bytes(), expected, false).unwrap())
        .await
        .unwrap()
}
