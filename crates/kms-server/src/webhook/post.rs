//! One POST on a connection of its own.

use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use kms_service::RotatorError;
use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;
use zeroize::Zeroizing;

pub(crate) use super::message::sign;
use super::{message::Call, url::WebhookUrl};

/// Longest answer in bytes: a value of 30,720 with each of its bytes escaped by another.
const LONGEST: usize = 64 * 1024;

/// The body of a 200 or 204.
pub(crate) async fn post(
    url: &WebhookUrl,
    tls: &TlsConnector,
    call: Call,
) -> Result<Zeroizing<Vec<u8>>, RotatorError> {
    let plain = TcpStream::connect((url.host(), url.port()))
        .await
        .map_err(|_why| RotatorError::Unreachable("no connection"))?;
    if !url.is_tls() {
        return exchange(url, plain, call).await;
    }
    let name = ServerName::try_from(url.host().to_owned())
        .map_err(|_no_name| RotatorError::Unreachable("its host is no name for a certificate"))?;
    let secured = tls
        .connect(name, plain)
        .await
        .map_err(|_why| RotatorError::Unreachable("no TLS that is trusted"))?;
    exchange(url, secured, call).await
}

async fn exchange<S>(
    url: &WebhookUrl,
    stream: S,
    call: Call,
) -> Result<Zeroizing<Vec<u8>>, RotatorError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let broken = |_why| RotatorError::Unreachable("the connection broke");
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(broken)?;
    // Ends when the sender is dropped; what breaks it breaks the answer, too.
    let driver = tokio::spawn(connection);
    let request = Request::post(url.path())
        .header(header::HOST, url.authority())
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json")
        .header(header::CONNECTION, "close")
        .header(
            header::USER_AGENT,
            concat!("kms-server/", env!("CARGO_PKG_VERSION")),
        )
        .header("x-kms-timestamp", &call.timestamp)
        .header("x-kms-nonce", &call.nonce)
        .header("x-kms-signature", &call.signature)
        // Wiped when it was sent.
        .body(Full::new(Bytes::from_owner(call.body)))
        .map_err(|_why| RotatorError::Unreachable("the call cannot be written"))?;
    let response = sender.send_request(request).await.map_err(broken)?;
    let status = response.status();
    if !matches!(status, StatusCode::OK | StatusCode::NO_CONTENT) {
        driver.abort();
        return Err(RotatorError::Refused(status.as_u16()));
    }
    let body = Limited::new(response.into_body(), LONGEST).collect().await;
    drop(sender);
    driver.abort();
    match body {
        Ok(body) => Ok(Zeroizing::new(body.to_bytes().to_vec())),
        Err(why) if why.is::<LengthLimitError>() => {
            Err(RotatorError::Answer("it is longer than 64 KiB"))
        }
        Err(_why) => Err(RotatorError::Unreachable("the connection broke")),
    }
}
