//! What `cargo xtask bench agent` measures the agent against: hyper alone, which answers
//! every request with the same bytes under the same headers. No token, no cache, no log.
//!
//! `bare_hyper FILE` reads the body from a file, takes a free port of 127.0.0.1 and
//! writes the port on a line.

use std::{convert::Infallible, env, fs, io::Write};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{
    Response,
    header::{self, HeaderName, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let file = env::args_os().nth(1);
    let body = Bytes::from(fs::read(file.unwrap_or_default())?);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    writeln!(std::io::stdout(), "{}", listener.local_addr()?.port())?;
    loop {
        let (socket, _) = listener.accept().await?;
        socket.set_nodelay(true)?;
        let body = body.clone();
        tokio::spawn(async move {
            let service = service_fn(|_request| {
                let body = body.clone();
                async move { Ok::<_, Infallible>(answer(body)) }
            });
            // The other end may break off.
            drop(
                http1::Builder::new()
                    .serve_connection(TokioIo::new(socket), service)
                    .await,
            );
        });
    }
}

fn answer(body: Bytes) -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::new(body));
    let headers = answer.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        HeaderName::from_static("x-cache"),
        HeaderValue::from_static("HIT"),
    );
    headers.insert(header::AGE, HeaderValue::from_static("1"));
    answer
}
